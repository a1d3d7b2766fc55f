"""A device that tells its power and has no counter: from its messages to hours of electricity."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from collectors.decoded import Message
from collectors.making import make_pipeline
from quotawatt.app.main import app
from quotawatt.app.system import System, open_system
from quotawatt.clock import system_clock
from quotawatt.register.model import Building, Meter, Organisation, PvPlant, Register, Site
from quotawatt.register.repository import load_register, save_register
from quotawatt.settings import Settings

NOW = datetime(2023, 7, 1, 12, tzinfo=UTC)
HOURS = ("--from", "2023-07-01T12:00Z", "--until", "2023-07-01T15:00Z")


@contextmanager
def opened(home: Path) -> Iterator[System]:
    system = open_system(Settings(home=home), system_clock)
    yield system
    system.close()


@pytest.fixture
def home(tmp_path: Path, both_stores: str) -> Path:
    """A home folder with an electricity meter and a plant, and two hours of a clamp that nobody knows.

    The clamp sends every five minutes: 6 kW for an hour, then 3 kW backwards.
    """
    home = tmp_path / "home"
    with opened(home) as system:
        save_register(system.records, _register(), "test", NOW)
        send(system, *range(0, 121, 5))
    return home


def _register() -> Register:
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院区", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG")],
        meters=[Meter("MTR-1", "电表", "Meter", "BLD", "electricity")],
        pv_plants=[PvPlant("PV-1", "光伏", "Plant", "BLD", 20.0)],
    )


def send(system: System, *minutes: int) -> None:
    pipeline = make_pipeline(system.settings, system.series, system.records, system.register)
    pipeline.process([message(minute) for minute in minutes])


def message(minute: int) -> Message:
    at = NOW + timedelta(minutes=minute)
    values = {"electricity_power_kw": 6.0 if minute <= 60 else -3.0, "voltage_v": 230.0}
    body = {"time": at.isoformat(), "values": values}
    return Message("quotawatt/clamp/readings", json.dumps(body).encode(), at)


def do(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    assert result.exception is None, result.output
    return result.stdout


def run(home: Path, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in do(home, *arguments, "--json").splitlines()]


def used(home: Path, subject: str, measure: str) -> list[tuple[float, str]]:
    """Value and quality of each hour that has a result."""
    rows = run(home, "consumption", subject, *HOURS, "--grain", "hour", "--measure", measure)
    return [(round(row["value"], 9), row["quality"]) for row in rows if row["value"] is not None]


def test_an_adopted_power_becomes_hours_of_electricity(home: Path) -> None:
    (adopted,) = run(home, "devices", "adopt", "clamp", "--asset", "MTR-1")
    assert [b["quantity"] for b in adopted["bindings"]] == ["electricity_power_kw"]
    assert adopted["warnings"] == []
    assert adopted["replay"]["readings"] == 50
    do(home, "analyse")
    # Power crosses zero two thirds into the five minutes after 13:00; 6 kW / 2 over that, 3 kW / 2 after.
    there, back = 6 / 2 * 200 / 3600, 3 / 2 * 100 / 3600 + 3 * 55 / 60
    found = used(home, "MTR-1", "electricity_import_kwh")
    assert found == [(6.0, "estimated"), (pytest.approx(there), "estimated")]
    found = used(home, "MTR-1", "electricity_export_kwh")
    assert found == [(0.0, "estimated"), (pytest.approx(back), "estimated")]
    assert used(home, "BLD", "electricity_import_kwh")[0] == (6.0, "estimated")


def test_at_a_plant_it_is_what_the_plant_generates(home: Path) -> None:
    (adopted,) = run(home, "devices", "adopt", "clamp", "--asset", "PV-1")
    assert adopted["bindings"][0]["point_quantity"] == "pv_generation_kwh"
    do(home, "analyse")
    assert used(home, "PV-1", "pv_generation_kwh")[0] == (6.0, "estimated")
    assert used(home, "PV-1", "electricity_import_kwh") == []


def test_what_it_sends_besides_is_stored_and_not_listed_again(home: Path) -> None:
    run(home, "devices", "adopt", "clamp", "--asset", "MTR-1")
    with opened(home) as system:
        send(system, 125)
        assert len(load_register(system.records).bindings) == 1
    assert run(home, "devices", "list") == []
    assert run(home, "deadletters", "list") == []
