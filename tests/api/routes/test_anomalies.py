"""Anomalies over the api: listed by what goes on, filtered, drawn, and called ordinary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analytics.anomalies.event import Likely
from analytics.events.event import EventState
from analytics.jobs.anomalybook import enter_explained, event_of, read_anomaly
from quotawatt.ledger import Ledger
from tests.api.anomaly_samples import add_anomaly, anomaly
from tests.api.scene import REGISTER, Client, Scene

ANOMALIES = "/api/v1/anomalies"


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


@pytest.fixture
def numbers(scene: Scene) -> tuple[int, ...]:
    """A meter's event that goes on, one of another building that is over, and one withdrawn."""
    over = anomaly("BLD-2", likely=Likely.HIGH_USE, open=False, confidence=0.6)
    early = timedelta(days=100)
    gone = anomaly("MTR-1", start=over.start - early, end=over.end - early)
    return (
        add_anomaly(scene.records, REGISTER, anomaly("MTR-1-A")),
        add_anomaly(scene.records, REGISTER, over, EventState.OVER),
        add_anomaly(scene.records, REGISTER, gone, EventState.WITHDRAWN),
    )


def listed(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"{ANOMALIES}{query}").json()
    assert answer["total"] >= len(answer["items"])
    return [item["id"] for item in answer["items"]]


def test_what_goes_on_comes_first_and_what_was_withdrawn_only_when_asked_for(
    client: Client, numbers: tuple[int, ...]
) -> None:
    assert listed(client) == [numbers[0], numbers[1]]
    assert listed(client, "?state=withdrawn") == [numbers[2]]
    assert listed(client, "?limit=1&offset=1") == [numbers[1]]


def test_what_a_part_explains_is_listed_when_asked_for(
    scene: Scene, client: Client, numbers: tuple[int, ...]
) -> None:
    meter, building, _ = numbers
    with scene.records.begin() as conn:
        events = [event_of(read_anomaly(conn, number)) for number in (meter, building)]
        enter_explained(conn, events, {building: meter})
    assert listed(client) == [meter]
    assert listed(client, "?explained=true") == [meter, building]


def test_filters(client: Client, numbers: tuple[int, ...]) -> None:
    meter, building, gone = numbers
    assert listed(client, "?asset=BLD-1") == [meter]
    assert listed(client, "?asset=ORG-1") == [meter, building]
    assert listed(client, "?likely=high_use&likely=leak") == [building]
    assert listed(client, "?min_confidence=0.8") == [meter]
    assert listed(client, "?measure=water_m3") == []
    everything = "?state=open&state=over&state=withdrawn"
    assert listed(client, f"{everything}&until=2023-10-01") == [gone]
    assert listed(client, f"{everything}&from=2023-10-01") == [meter, building]


@pytest.mark.parametrize("query", ["?measure=strange", "?from=yesterday", "?min_confidence=2"])
def test_what_cannot_be_asked(client: Client, query: str) -> None:
    assert client.get(f"{ANOMALIES}{query}").status_code == 422


def test_an_asset_that_is_not_there(client: Client) -> None:
    assert client.get(f"{ANOMALIES}?asset=BLD-9").status_code == 404
    assert client.get(f"{ANOMALIES}/99").status_code == 404


def test_one_event_in_words_and_hours(client: Client, numbers: tuple[int, ...]) -> None:
    item = client.get(f"{ANOMALIES}/{numbers[1]}").json()
    assert (item["unit"], item["organisation"], item["state"]) == ("kWh", "ORG-2", "over")
    assert item["title"] == {"zh": "用量高于预期", "en": "More use than expected"}
    assert "Building Two" in item["sentence"]["en"]
    assert all(text.endswith(("。", ".")) for text in item["advice"].values())
    assert item["evidence"] == {"nights": 9}
    course = item["course"]
    assert datetime.fromisoformat(course[0]["start"]) == datetime(2023, 12, 13, 14, tzinfo=UTC)
    assert len(course) == 24 * 18
    known = [hour["actual"] for hour in course if hour["actual"] is not None]
    assert known
    # No baseline is kept by the version that the event was judged by.
    assert {hour["expected"] for hour in course} == {None}


def test_a_long_event_is_drawn_from_its_beginning(scene: Scene, client: Client) -> None:
    found = anomaly("BLD-2")
    number = add_anomaly(
        scene.records, REGISTER, replace(found, start=found.end - timedelta(days=200))
    )
    assert len(client.get(f"{ANOMALIES}/{number}").json()["course"]) == 24 * 42


def test_an_event_is_called_ordinary_and_that_is_taken_back(
    scene: Scene, client: Client, numbers: tuple[int, ...]
) -> None:
    address = f"{ANOMALIES}/{numbers[0]}"
    assert client.post(f"{address}/ordinary", json={"comment": ""}).status_code == 422
    said = client.post(f"{address}/ordinary", json={"comment": "night shift"}).json()
    assert (said["state"], said["note"]) == ("ordinary", "night shift")
    assert listed(client) == [numbers[1]]
    assert client.post(f"{address}/ordinary", json={"comment": "again"}).status_code == 409
    actions = [entry.action for entry in Ledger(scene.records).entries(10)]
    assert "anomaly_ordinary" in actions
    assert client.post(f"{address}/not-ordinary").json()["state"] == "over"
    assert client.post(f"{address}/not-ordinary").status_code == 409
