"""Savings and energy-performance contracts over HTTP, on a building whose savings are known.

MTR-2 used 50 kWh a day and 4 kWh a degree below 15 °C in 2022, and 10 % less in 2023.
"""

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.readings import RESULTS, Grain
from tests.analytics.savings.synthetic import years
from tests.api.register_scene import stored_scene
from tests.api.savings_samples import contract_body
from tests.api.scene import ZONE, Client, Scene, result_rows
from tests.quotawatt.access.people import add_ready_user

PERFORMANCE = "/api/v1/performance"
IMPORT = "electricity_import_kwh"
ASKED: dict[str, Any] = {
    "subject": "MTR-2",
    "measure": IMPORT,
    "baseline_first": "2022-01-01",
    "baseline_last": "2022-12-31",
    "first_day": "2023-01-01",
    "last_day": "2023-12-31",
    "interval": "day",
}
WHOLE_YEAR = {"first_day": "2023-01-01", "last_day": "2023-12-31", "interval": "day"}
MODELLED = {
    **contract_body(2),
    "agreed_use": None,
    "baseline_from": "2022-01-01",
    "baseline_until": "2023-01-01",
}


def rows(subject: str, measure: str, starts: Any, values: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for start, value in zip(starts, values, strict=True):
        made += result_rows(subject, measure, [start.to_pydatetime()], float(value))
    return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    scene = stored_scene(tmp_path_factory.mktemp("savings"))
    for series in years(0.9):
        frame = series.frame
        kept = rows("MTR-2", IMPORT, frame.index, frame["use"])
        kept += rows("SITE-1", "outdoor_temperature_c", frame.index, frame["temperature_c"])
        scene.series.write_results(Grain.DAY, pa.Table.from_pylist(kept, RESULTS))
    whole = [(year, month) for year in (2020, 2021, 2022) for month in range(1, 13)]
    starts = [datetime(year, month, 1, tzinfo=ZONE) for year, month in whole]
    used = [100.0 if start.year < 2022 else 90.0 for start in starts]
    kept = [
        row
        for start, value in zip(starts, used, strict=True)
        for row in result_rows("MTR-2", IMPORT, [start], value)
    ]
    scene.series.write_results(Grain.MONTH, pa.Table.from_pylist(kept, RESULTS))
    return scene


@pytest.fixture(scope="module")
def client(world: Scene) -> Client:
    return Client(world.app, world.bearer)


@pytest.fixture(scope="module")
def second(world: Scene) -> Client:
    """Somebody else who may verify."""
    add_ready_user(world.records, "wang", Grant(Role.MANAGER, ""))
    gate = world.app.state.gate
    with world.records.begin() as conn:
        secret = gate.sessions.open(conn, "wang", "", gate.clock())
    cookie = {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)}
    return Client(world.app, cookie)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def made(client: Client, body: dict[str, Any]) -> int:
    return int(ok(client.post(f"{PERFORMANCE}/contracts", json=body), 201)["number"])


def test_savings_of_a_tenth_are_found(client: Client) -> None:
    asked = {**ASKED, "normal_year": [2022, 2023]}
    report = ok(client.get("/api/v1/savings", params=asked))["report"]
    assert report["total"]["savings_pct"] == pytest.approx(10, abs=1)
    assert report["accepted"] is True
    assert len(report["months"]) == 12
    assert [band["level"] for band in report["uncertainty"]] == [0.68, 0.9, 0.95]
    assert report["normal_year"]["savings_pct"] == pytest.approx(10, abs=1)
    assert report["model"]["kind"]
    assert report["name"]["zh"] == "二号楼总表"


def test_the_report_can_be_printed(client: Client) -> None:
    page = client.get("/api/v1/savings/document", params={**ASKED, "lang": "en"})
    assert page.status_code == 200
    assert "Measurement and Verification of Savings" in page.text
    assert "(not verified)" in page.text


def test_data_that_bear_nothing_are_answered_with_findings(client: Client) -> None:
    asked = {**ASKED, "subject": "MTR-1"}
    answer = ok(client.get("/api/v1/savings", params=asked))
    assert answer["report"] is None
    assert [finding["code"] for finding in answer["findings"]] == ["series_without_values"]
    assert answer["findings"][0]["sentence"]
    assert client.get("/api/v1/savings/document", params=asked).status_code == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"last_day": "2022-12-31"}, 422),
        ({"first_day": "2022-06-01"}, 422),
        ({"interval": "month", "last_day": "2023-12-30"}, 422),
        ({"measure": "nonsense"}, 422),
        ({"subject": "NONE"}, 404),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: Client, change: dict[str, Any], status: int
) -> None:
    answer = client.get("/api/v1/savings", params={**ASKED, **change})
    assert answer.status_code == status, answer.text


def test_the_baseline_of_custody(client: Client) -> None:
    asked = {"subject": "MTR-2", "measure": IMPORT, "year": 2023}
    found = ok(client.get("/api/v1/savings/custody-baseline", params=asked))
    assert found["years"] == {"2020": 1200, "2021": 1200, "2022": 1080}
    assert (found["use"], found["rule"]) == (pytest.approx(1160), "mean")
    unknown = client.get("/api/v1/savings/custody-baseline", params={**asked, "year": 2025})
    assert unknown.status_code == 409


def test_a_contract_is_reckoned_with_its_events(client: Client) -> None:
    number = made(client, MODELLED)
    plain = ok(client.get(f"{PERFORMANCE}/contracts/{number}/savings", params=WHOLE_YEAR))
    settled = plain["report"]["settlement"]
    worth = 0.5 * plain["report"]["total"]["savings"]
    assert settled["saved_cny"] == pytest.approx(worth, abs=0.01)
    assert settled["provider_cny"] == pytest.approx(0.6 * worth, abs=0.01)
    event = {
        "first_day": "2023-03-01",
        "last_day": "2023-03-31",
        "kind": "amount",
        "amount": -10,
        "reason": "a wing was closed",
    }
    entry = ok(client.post(f"{PERFORMANCE}/contracts/{number}/events", json=event), 201)
    told = ok(client.get(f"{PERFORMANCE}/contracts/{number}/savings", params=WHOLE_YEAR))["report"]
    assert told["total"]["adjustment"] == pytest.approx(-310)
    assert [one["reason"] for one in told["events"]] == ["a wing was closed"]
    ok(client.post(f"{PERFORMANCE}/events/{entry['id']}/withdraw"))
    listed = ok(client.get(f"{PERFORMANCE}/contracts/{number}/events"))["items"]
    assert [one["withdrawn_by"] is not None for one in listed] == [True]


def test_two_people_verify_a_period_and_it_is_closed(client: Client, second: Client) -> None:
    number = made(client, {**contract_body(2), "agreed_use": 40_000})
    proposing = f"{PERFORMANCE}/contracts/{number}/verifications"
    proposed = ok(client.post(proposing, json=WHOLE_YEAR), 201)
    deciding = f"{PERFORMANCE}/verifications/{proposed['id']}/decide"
    assert client.post(deciding, json={"verified": True}).status_code == 409
    draft = client.get(f"{PERFORMANCE}/verifications/{proposed['id']}/document").text
    assert "（未核证）" in draft
    done = ok(second.post(deciding, json={"verified": True}))
    assert (done["state"], done["decided_by"]) == ("verified", "wang")
    page = client.get(f"{PERFORMANCE}/verifications/{proposed['id']}/document").text
    assert done["number"] in page
    assert client.post(proposing, json=WHOLE_YEAR).status_code == 409  # says the same
    assert [one["state"] for one in ok(client.get(proposing))["items"]] == ["verified"]
    body = {**contract_body(2), "price_cny": 0.9}
    assert client.send("PUT", f"{PERFORMANCE}/contracts/{number}", json=body).status_code == 409


def test_days_to_come_and_days_half_known_are_not_verified(client: Client) -> None:
    number = made(client, {**contract_body(2), "valid_until": "2025-01-01", "terms": [{}, {}]})
    proposing = f"{PERFORMANCE}/contracts/{number}/verifications"
    later = client.post(proposing, json={"first_day": "2024-01-01", "last_day": "2024-12-31"})
    assert later.status_code == 409
    assert "must be over" in later.text
    by_hour = client.post(proposing, json={**WHOLE_YEAR, "interval": "hour"})
    assert by_hour.status_code == 409
    assert "must be known for 90 %" in by_hour.text


def test_a_contract_that_breaks_a_rule_is_refused(client: Client) -> None:
    answer = client.post(f"{PERFORMANCE}/contracts", json={**contract_body(2), "terms": [{}, {}]})
    assert answer.status_code == 422
    assert "one entry a year of the contract, 1, got 2" in answer.text


def test_contracts_are_listed_with_their_names(client: Client) -> None:
    number = made(client, contract_body(2))
    one = ok(client.get(f"{PERFORMANCE}/contracts/{number}"))
    assert (one["unit"], one["name"]["en"]) == ("kWh", "Building Two, main")
    items = ok(client.get(f"{PERFORMANCE}/contracts"))["items"]
    assert number in [item["number"] for item in items]
    ok(client.post(f"{PERFORMANCE}/contracts/{number}/withdraw"))
    assert client.get(f"{PERFORMANCE}/contracts/{number}").status_code == 404
    assert date.fromisoformat(one["valid_from"]) == date(2023, 1, 1)
