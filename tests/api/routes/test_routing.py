"""Whom a case would be told to, over the api."""

from datetime import date
from pathlib import Path

import pytest

from quotawatt.register.kinds import Duty
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of
from tests.api.scene import REGISTER, Client, build_scene

DUTIES = [
    Duty("ORG-1", "owner", "能源管理员", date(2020, 1, 1), email="owner@example.org"),
    Duty("ORG-1", "deputy", "值班员", date(2020, 1, 1), valid_until=date(2021, 1, 1)),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    home: Path = tmp_path_factory.mktemp("home")
    register = Register(**{**records_of(REGISTER), "duties": DUTIES})
    scene = build_scene(home, register)
    return Client(scene.app, scene.bearer)


def test_every_route_says_why_it_does_or_does_not_count(client: Client) -> None:
    found = client.get("/api/v1/routing?asset=MTR-1&rule=quota-exhausted").json()
    assert found["severity"] == "critical"
    whys = {look["route"]: look["why"] for look in found["routes"]}
    assert whys == {
        "systems": "fits",
        "critical": "fits",
        "warnings": "not_reached",
        "notes": "not_reached",
    }


def test_what_does_not_fit_is_named(client: Client) -> None:
    place = "/api/v1/routing?asset=MTR-1&rule=quota-exhausted&severity=info"
    whys = {look["route"]: look["why"] for look in client.get(place).json()["routes"]}
    assert (whys["critical"], whys["warnings"], whys["notes"]) == (
        "severities",
        "severities",
        "fits",
    )


def test_no_address_is_shown(client: Client) -> None:
    answer = client.get("/api/v1/routing?asset=MTR-1&rule=meter-silent")
    assert answer.status_code == 200
    assert "owner@example.org" not in answer.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("asset=gone&rule=meter-silent", 404, "a code must be one of the register"),
        ("asset=MTR-1&rule=none", 404, "a rule must be one of the rulebook"),
        ("asset=MTR-1&rule=finding:x&severity=loud", 422, "severity must be one of"),
    ],
)
def test_what_there_is_not_is_refused(client: Client, query: str, status: int, words: str) -> None:
    answer = client.get(f"/api/v1/routing?{query}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]
