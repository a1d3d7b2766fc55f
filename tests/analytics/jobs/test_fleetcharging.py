"""Charging matched on the stores: the event says which charger, how much it gave, and what was lost."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quotawatt.fleet.book import events_within, replace_within
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Building, Charger, Register, Site
from quotawatt.spans import Span
from tests.analytics.jobs.drives import CAR, MINUTE, MONDAY, Drives, bound, drives

NOW = MONDAY + timedelta(days=1)
EV = replace(CAR, energy="electric", tank_l=None, battery_kwh=40.0)
WHOLE = Span(MONDAY - timedelta(days=1), NOW)


@pytest.fixture
def made(tmp_path: Path) -> Drives:
    """A vehicle that charged from 20 to 60 % within two hours, and a charger of its own with a meter."""
    made = drives(tmp_path)
    organisations = list(made.register.organisations.values())
    made.register = Register(
        organisations=organisations,
        sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B", 36.6, 117.0)],
        buildings=[Building("BLD-1", "楼", "House", "SITE-1", "ORG-1", 100.0)],
        chargers=[Charger("CH-1", "桩", "Charger", "BLD-1", 11.0)],
        vehicles=[EV],
        bindings=[bound("gps-1"), bound("meter-1", "CH-1", multiplier=10.0)],
    )
    told = []
    for minute in range(0, 301, 5):
        at, done = MONDAY + minute * MINUTE, min(max(minute - 60, 0), 120) / 120
        told += [
            Reading("gps-1", "", "battery_soc_pct", at, 20 + 40 * done, arrived=at),
            Reading("gps-1", "", "charging", at, float(60 <= minute < 180), arrived=at),
            Reading("gps-1", "", "odometer_km", at, 1000.0, arrived=at),
            Reading("gps-1", "", "latitude_deg", at, 36.6, arrived=at),
            Reading("gps-1", "", "longitude_deg", at, 117.0, arrived=at),
            Reading("meter-1", "", "electricity_import_kwh", at, 50 + 1.76 * done, arrived=at),
        ]
    made.series.write_readings(readings_table(told))
    with made.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": MONDAY})
    return made


def charged(made: Drives) -> VehicleEvent:
    with made.records.connect() as conn:
        (event,) = events_within(conn, WHOLE, kinds=[EventKind.CHARGING])
    return event


def test_a_session_is_matched_with_its_charger(made: Drives) -> None:
    made.keeper.run(NOW)
    event = charged(made)
    assert event.amount == pytest.approx(16.0, rel=0.02)
    assert (event.detail["charger"], event.detail["charged_at"]) == ("CH-1", "own")
    assert event.detail["charger_kwh"] == pytest.approx(17.6, rel=0.01)
    assert event.detail["loss_kwh"] == pytest.approx(1.6, abs=0.4)
    made.keeper.run(NOW)
    assert charged(made) == event


def test_what_no_charger_of_ours_gave_was_charged_elsewhere(made: Drives) -> None:
    made.keeper.run(NOW)
    away = replace(charged(made), start=MONDAY + 200 * MINUTE, end=MONDAY + 260 * MINUTE, detail={})
    with made.records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [], [away])
    made.keeper.run(NOW)
    assert charged(made).detail["charger"] is None
    assert charged(made).detail["charged_at"] == "elsewhere"
