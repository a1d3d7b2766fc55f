"""Hours explained and books closed, over the stores that the analyser filled."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from analytics.jobs import Analyser
from quotawatt.register.model import Binding
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.storage.horizon import announce_horizon, freeze_results
from quotawatt.storage.intake import store_readings
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import at, binding, meter, reading, register
from tests.api.scene import Client, build_scene

QUARTER = timedelta(minutes=15)

# Two root meters behind BLD-1: one that rolls over, falls silent, glitches and is replaced, and one that
# keeps its pace. Behind that one without a counter.
REGISTER = register(
    binding("old", multiplier=40.0, register_size=1000.0, valid_until=at(20)),
    Binding("new", "MTR-1", at(20), multiplier=20.0),
    binding("steady", "MTR-2"),
    binding("flow", "MTR-3", quantity="electricity_power_kw"),
    meters=[
        meter(),
        meter("MTR-2"),
        meter("MTR-3", parent="MTR-2"),
        meter("W-1", carrier="water"),
    ],
)


def _readings() -> list[Any]:
    found = []
    for n in range(20 * 4 + 1):
        shown = (990 + 0.25 * n) % 1000
        if 30 <= n <= 45:
            continue
        found.append(reading(at(n / 4), 3.0 if n == 60 else shown, "old"))
    found += [reading(at(20 + n / 4 + 0.1 * (n > 0)), 5 + 0.5 * n, "new") for n in range(17)]
    found += [reading(at(n / 2), 6.0, "flow", "electricity_power_kw") for n in range(9)]
    return found + [reading(at(n / 4), 100 + n, "steady") for n in range(97)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The API over results that the analyser made."""
    series = MemorySeriesStore()
    home = tmp_path_factory.mktemp("explain")
    scene = build_scene(
        home, REGISTER, series=series, register_source=lambda: REGISTER, clock=lambda: at(30)
    )
    store_readings(series, scene.records, _readings())
    analyser = Analyser(series, scene.records, lambda: REGISTER, load_rulebook(), Settings())
    analyser.run(at(30))
    return Client(scene.app, scene.bearer)


def ask(client: Client, verb: str, **query: str) -> Any:
    named = {"from" if name == "first" else name: value for name, value in query.items()}
    answer = client.get(f"/api/v1/consumption/{verb}?{urlencode(named)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def span(first: float, until: float) -> dict[str, str]:
    return {"first": at(first).isoformat(), "until": at(until).isoformat()}


def test_every_stored_hour_equals_the_explained_one(client: Client) -> None:
    answer = ask(client, "explain", subject="MTR-1", **span(0, 24))
    assert len(answer["hours"]) == 24
    for hour in answer["hours"]:
        assert hour["value"] == pytest.approx(hour["stored"]["value"], rel=1e-12)
        assert hour["quality"] == hour["stored"]["quality"]
        assert sum(step["use"] for step in hour["steps"]) == pytest.approx(hour["value"], rel=1e-9)


def test_the_rules_are_named(client: Client) -> None:
    hours = ask(client, "explain", subject="MTR-1", **span(0, 24))["hours"]
    rules = [{step["rule"] for step in hour["steps"]} for hour in hours]
    assert rules[0] == {"difference"}
    # From 07:15 to 11:30 nothing came, and the register went round in that time.
    assert rules[9] == {"rollover"}
    assert hours[9]["quality"] == "estimated"
    assert rules[21] == {"difference", "interpolated"}
    assert [reading["shown"] for reading in hours[15]["left_out"]] == [3.0]


def test_without_an_end_it_is_the_hour_that_holds_the_instant(client: Client) -> None:
    answer = ask(client, "explain", subject="MTR-1", first=(at(2) + QUARTER).isoformat())
    (hour,) = answer["hours"]
    assert hour["start"] == "2023-03-01T02:00:00Z"
    assert [step["multiplier"] for step in hour["steps"]] == [40.0] * 4
    assert [step["use"] for step in hour["steps"]] == [10.0] * 4


def test_an_auditor_adds_the_hours_up_and_finds_the_counters(client: Client) -> None:
    books = ask(client, "audit", subject="MTR-1", **span(0, 24))
    old, new = books["sections"]
    # 990 -> 10 over 1000 is 20 on the register: 800 kWh; then 5 -> 12.8 or so by 20.
    assert (old["opening"]["shown"], old["closing"]["shown"]) == (990.0, 10.0)
    assert (old["opening"]["read"], old["closing"]["read"]) == (True, True)
    assert [event["step"]["rule"] for event in old["events"]] == ["rollover"]
    assert old["passed"] == pytest.approx(800.0)
    assert new["opening"]["shown"] == 5.0
    assert not new["closing"]["read"]
    assert books["total"] == pytest.approx(books["hours_total"], rel=1e-9)
    assert books["difference"] == pytest.approx(0, abs=1e-9 * books["total"])


def test_a_power_is_integrated_by_the_analyser_and_explained(client: Client) -> None:
    for hour in ask(client, "explain", subject="MTR-3", **span(0, 4))["hours"]:
        assert hour["stored"] == {"value": 6.0, "quality": "estimated", "coverage": 1.0}
        assert [(s["rule"], s["before"], s["use"]) for s in hour["steps"]] == [("power", 6, 3)] * 2
    books = ask(client, "audit", subject="MTR-3", **span(0, 24))
    assert (books["total"], books["hours"], books["difference"]) == (24, 4, 0)


def test_a_total_is_the_list_of_its_parts(client: Client) -> None:
    answer = ask(client, "explain", subject="BLD-1", **span(2, 3))
    (hour,) = answer["hours"]
    assert [(p["subject"], p["weight"], p["value"]) for p in hour["parts"]] == [
        ("MTR-1", 1.0, 40.0),
        ("MTR-2", 1.0, 4.0),
    ]
    assert hour["value"] == hour["stored"]["value"] == 44.0
    books = ask(client, "audit", subject="ORG-TOP", **span(0, 24))
    assert [part["subject"] for part in books["parts"]] == ["BLD-1"]
    assert books["difference"] == pytest.approx(0, abs=1e-6)


def test_of_a_total_only_parts_that_can_have_the_quantity_are_listed(client: Client) -> None:
    # W-1 is a water meter at the same building.
    subjects = [p["subject"] for p in ask(client, "audit", subject="BLD-1", **span(0, 24))["parts"]]
    assert subjects == ["MTR-1", "MTR-2"]
    (hour,) = ask(client, "explain", subject="BLD-1", **span(2, 3))["hours"]
    assert [part["subject"] for part in hour["parts"]] == ["MTR-1", "MTR-2"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"subject": "NONE", "from": "2023-03-01"}, 404, "got 'NONE'"),
        (
            {"subject": "MTR-1", "from": "2023-03-01", "measure": "voltage_v"},
            422,
            "got 'voltage_v'",
        ),
        ({"subject": "MTR-1", "from": "2023-03-01", "until": "2023-03-09"}, 422, "at most 2 days"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    client: Client, query: dict[str, str], status: int, words: str
) -> None:
    answer = client.get(f"/api/v1/consumption/explain?{urlencode(query)}")
    assert answer.status_code == status
    assert words in answer.text


def test_nothing_is_explained_from_before_the_readings_that_are_kept(tmp_path: Path) -> None:
    scene = build_scene(tmp_path)
    with scene.records.begin() as conn:
        announce_horizon(conn, at(0))
        freeze_results(conn, at(0))
    query = urlencode({"subject": "MTR-1", "from": at(-1).isoformat()})
    answer = Client(scene.app, scene.bearer).get(f"/api/v1/consumption/explain?{query}")
    assert answer.status_code == 409
    assert "raw_expired" in answer.text
