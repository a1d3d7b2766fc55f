"""Logs of other makers: a leap that stays, a frozen receiver, a current of the other sign."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.track import Track, track_from_readings
from analytics.fleet.travelling import Travelled, travelled
from quotawatt.fleet.trips import DistanceBy, EnergyBy
from quotawatt.register.kinds import Vehicle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START_US = 1_709_510_400_000_000
CAR = Vehicle("V", "V", "V", "ORG", "", "sedan", "electric", None, None)

# Rest, a drive of 40 minutes that slows down to a halt every two minutes, rest; a message a second.
T = np.arange(3600)
DRIVES = (T >= 600) & (T < 3000)
SPEED = np.where(DRIVES, np.clip(30 - 40 * np.cos(2 * np.pi * (T - 600) / 120), 0, None), 0.0)
KM = np.cumsum(SPEED) / 3600


def drive(**columns: np.ndarray) -> Travelled:
    told = {"speed_kmh": SPEED, **columns}
    return travelled(Track("V", START_US + T * 1_000_000, told), CAR, DEFAULTS, NOW)


def test_a_leap_that_stays_adds_no_way() -> None:
    """A receiver that finds itself 1,000 km away in the middle of a drive, and stays there."""
    north = 36.0 + KM / 111.195 + np.where(T > 1800, 9.0, 0.0)
    (trip,) = drive(latitude_deg=north, longitude_deg=np.full(len(T), 117.0)).trips
    assert trip.distance_km == pytest.approx(KM[-1], rel=0.02)


def test_a_receiver_that_is_frozen_all_along_leaves_the_speed() -> None:
    found = drive(latitude_deg=np.full(len(T), 36.0), longitude_deg=np.full(len(T), 117.0))
    (trip,) = found.trips
    assert trip.distance_by is DistanceBy.SPEED
    assert trip.distance_km == pytest.approx(KM[-1], rel=0.005)
    assert "track_position_stale" in {finding.code for finding in found.findings}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_current_of_either_sign_gives_what_the_battery_gave(sign: float) -> None:
    """Power as physics has it: more while it gains speed, back while it slows down."""
    power = np.where(DRIVES, 8.0 + 15 * np.gradient(SPEED), 0.0)
    volts, amperes = np.full(len(T), 400.0), sign * power * 1000 / 400
    found = drive(traction_voltage_v=volts, traction_current_a=amperes)
    (trip,) = found.trips
    assert trip.electricity_by is EnergyBy.POWER
    assert trip.electricity_kwh == pytest.approx(power.sum() / 3600, rel=0.02)
    said = {finding.code for finding in found.findings}
    assert ("vehicle_current_reversed" in said) is (sign < 0)


def test_a_nought_beside_a_value_of_the_same_instant_says_nothing() -> None:
    """Clouds tell a message again before they know the car: 0/0 and 0 %."""
    names = ["latitude_deg"] * 2 + ["battery_soc_pct"] * 2 + ["speed_kmh"] * 2
    values = [36.0, 0.0, 0.0, 76.0, 0.0, 10.0]
    at = pd.Timestamp("2024-03-04", tz="UTC")
    frame = pd.DataFrame({"quantity": names, "time": at, "value": values})
    track = track_from_readings("V", frame)
    told = {name: float(column[0]) for name, column in track.columns.items()}
    assert told == {"latitude_deg": 36.0, "battery_soc_pct": 76.0, "speed_kmh": 5.0}
    nought = frame[(frame["value"] == 0) & (frame["quantity"] == "battery_soc_pct")]
    assert track_from_readings("V", nought).column("battery_soc_pct")[0] == 0.0
