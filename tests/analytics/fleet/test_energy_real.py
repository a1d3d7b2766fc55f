"""Litres and kilowatt-hours of logs of real vehicles, against what their owners' tools say."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.track import Track
from analytics.fleet.travelling import Travelled, travelled
from quotawatt.fleet.trips import EnergyBy, EventKind
from tests.analytics.fleet.driving import vehicle
from tests.app.real_data import real_data

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONITOR_KWH = 72.6
"""The battery that the monitor's tool reckons with: its 22 % are 16.0 kWh, 48 % 34.8, 98 % 71.1."""


def _track(times: "pd.Series[pd.Timestamp]", columns: dict[str, np.ndarray]) -> Track:
    micros = times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
    micros, rows = np.unique(micros.astype(np.int64), return_index=True)
    return Track("V", micros, {n: np.asarray(c, dtype=float)[rows] for n, c in columns.items()})


def _twizy(name: str) -> Track:
    log = pd.read_csv(real_data("vehicle_twizy_ev") / f"{name}_03_29_2021.csv.gz")
    said = log["Date"] + " " + log["Time"]
    times = pd.to_datetime(said, format="%m/%d/%Y %H:%M:%S", errors="coerce")
    log, times = log[times.notna()], times[times.notna()]
    columns = {
        "battery_soc_pct": log["Soc"],
        "speed_kmh": log["Speed"],
        "latitude_deg": log["LAT"],
        "longitude_deg": log["LON"],
    }
    return _track(times.dt.tz_localize("Africa/Casablanca"), columns)


def _monitor() -> Path:
    return real_data("vehicle_ev_monitor")


def _monitored() -> Travelled:
    log = pd.read_csv(_monitor() / "monitor.csv", skipinitialspace=True)
    columns = {
        "battery_soc_pct": log["SOC%"],
        "odometer_km": log["odometer"],
        "ignition": log["engineOn"],
        "charging": log["charging"],
        "plugged": log["plugged"],
        "latitude_deg": log["latitude"],
        "longitude_deg": log["longitude"],
    }
    track = _track(pd.to_datetime(log["datetime"], utc=True), columns)
    return travelled(track, vehicle("electric", battery_kwh=MONITOR_KWH), DEFAULTS, NOW)


def _obd(name: str) -> Track:
    log = pd.read_csv(real_data("vehicle_carobd") / f"{name}.csv.gz")
    run = log["ENGINE_RUN_TINE"]  # whole seconds: rows of one second are spread over it
    at = run + log.groupby(run).cumcount() / run.groupby(run).transform("size")
    columns = {
        "speed_kmh": log["VEHICLE_SPEED"],
        "engine_rpm": log["ENGINE_RPM"],
        "fuel_level_pct": log["FUEL_TANK"],
    }
    return _track(pd.to_datetime(at + 1.6e9, unit="s", utc=True), columns)


@pytest.mark.parametrize(("name", "kwh"), [("T1", 4.425), ("T2", 4.813)])
def test_the_twizys_state_of_charge_gives_its_kilowatt_hours(name: str, kwh: float) -> None:
    found = travelled(_twizy(name), vehicle("electric", battery_kwh=6.1), DEFAULTS, NOW)
    (only,) = found.trips
    assert only.electricity_by is EnergyBy.SOC
    assert only.electricity_kwh == pytest.approx(kwh, rel=0.05)
    assert [
        e for e in found.events if e.kind is EventKind.CHARGING
    ] == []  # its jitter is no charge


def test_the_monitors_trips_use_what_its_own_summary_says() -> None:
    """All eleven, to the rounding of the summary."""
    summary = pd.read_csv(_monitor() / "summary.trip.csv", skipinitialspace=True)
    trips = _monitored().trips
    assert len(trips) == len(summary) == 11
    for trip, (_, row) in zip(trips, summary.iterrows(), strict=True):
        assert trip.electricity_kwh is not None
        assert trip.electricity_kwh == pytest.approx(-row["-kWh"], abs=0.051)
        assert trip.distance_km == pytest.approx(row["distance"], abs=0.051)


def test_the_monitors_days_use_and_charge_what_its_own_summary_says() -> None:
    summary = pd.read_csv(_monitor() / "summary.day.csv", skipinitialspace=True)
    found = _monitored()
    used: dict[date, float] = {}
    charged: dict[date, float] = {}
    for trip in found.trips:
        day = trip.end.astimezone(AMSTERDAM).date()
        used[day] = used.get(day, 0.0) + (trip.electricity_kwh or 0.0)
    for event in found.events:
        if event.kind is EventKind.CHARGING:
            day = event.start.astimezone(AMSTERDAM).date()
            charged[day] = charged.get(day, 0.0) + (event.amount or 0.0)
    for _, row in summary.iterrows():
        day = date.fromisoformat(row["date"])
        assert used[day] == pytest.approx(-row["-kWh"], abs=0.051)
        assert charged.get(day, 0.0) == pytest.approx(row["+kWh"], rel=0.05, abs=0.051)


def test_the_monitors_charge_is_one_with_its_place_and_levels() -> None:
    """The summary has one on the days of the log: 15 January, 34.8 kWh. Its first 5 % came before the first
    message that said so; a battery that is fuller than before was charged."""
    summary = pd.read_csv(_monitor() / "summary.charge.csv", skipinitialspace=True)
    (kwh,) = summary.loc[summary["date"] == "2023-01-15", "+kWh"]
    (charge,) = [e for e in _monitored().events if e.kind is EventKind.CHARGING]
    assert charge.amount == pytest.approx(kwh, abs=0.051)
    assert (charge.before, charge.after) == (35, 83)
    assert charge.odometer_km == pytest.approx(22245.5)
    assert charge.place is not None
    assert charge.place.longitude_deg == pytest.approx(5.696136)


def test_a_sloshing_tank_tells_no_litres_of_a_short_drive() -> None:
    """The level goes 36, 9, 54, 32 % over 12.9 km: about a litre was used, nothing filled or stolen."""
    found = travelled(_obd("live25"), vehicle("petrol", tank_l=50.0), DEFAULTS, NOW)
    (only,) = found.trips
    assert (only.fuel_l, only.fuel_by) == (None, EnergyBy.NONE)
    assert only.idling_fuel_l == pytest.approx(only.idling_s / 3600 * 0.8, abs=0.001)
    assert {event.kind for event in found.events} <= {EventKind.IDLING}


def test_an_engine_at_idle_burns_the_usual_rate() -> None:
    found = travelled(_obd("idle29"), vehicle("petrol", tank_l=50.0), DEFAULTS, NOW)
    assert found.trips == ()
    (idling,) = found.events
    assert idling.kind is EventKind.IDLING
    assert idling.amount == pytest.approx(1381 / 3600 * 0.8, rel=0.02)
    assert idling.detail["litres_by"] == "usual_rate"
