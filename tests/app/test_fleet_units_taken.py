"""Units that a log does not say, and numbers as people write them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from analytics.fleet.track import Track
from quotawatt.app.fleet_log import Log, LogLayout, read_logs
from quotawatt.app.fleet_numbers import plain_numbers
from quotawatt.app.fleet_times import Clockwork

LAYOUT = LogLayout(clock=Clockwork(zone=ZoneInfo("Asia/Shanghai")))
SECONDS = np.arange(0, 1800, 10)
KM = SECONDS * 0.02  # 72 km/h to the north
NORTH = 36.0 + KM / 111.195


def log_of(path: Path, **columns: object) -> Log:
    frame = pd.DataFrame({"time": 1_709_510_400 + SECONDS, **columns})
    frame.to_csv(path, index=False)
    return read_logs([path], LAYOUT)


def taken(log: Log) -> dict[object, object]:
    return {f.detail["column"]: f.detail["unit"] for f in log.findings}


@pytest.mark.parametrize(
    ("speed", "unit"),
    [
        (72.0, None),
        (72 / 1.852, "knots"),
        (72 / 1.609344, "mph"),
        (20.0, "m/s"),
        (720.0, "0.1 km/h"),
    ],
)
def test_places_tell_what_a_speed_is_in(tmp_path: Path, speed: float, unit: str | None) -> None:
    log = log_of(tmp_path / "a.csv", lat=NORTH, lon=117.0, speed=speed)
    assert log.tracks[0].column("speed_kmh") == pytest.approx(np.full(len(KM), 72.0), rel=0.001)
    assert taken(log) == ({"speed": unit} if unit else {})


@pytest.mark.parametrize(("factor", "unit"), [(1.0, None), (1.609344, "mi"), (0.001, "m")])
def test_places_tell_what_an_odometer_is_in(
    tmp_path: Path, factor: float, unit: str | None
) -> None:
    log = log_of(tmp_path / "a.csv", lat=NORTH, lon=117.0, odometer=(500 + KM) / factor)
    assert log.tracks[0].column("odometer_km") == pytest.approx(500 + KM)
    assert taken(log) == ({"odometer": unit} if unit else {})


def test_what_is_said_is_not_judged_and_what_no_unit_explains_stays(tmp_path: Path) -> None:
    said = log_of(tmp_path / "a.csv", lat=NORTH, lon=117.0, **{"speed (km/h)": 20.0})
    assert said.tracks[0].column("speed_kmh")[0] == 20.0
    slow = log_of(tmp_path / "b.csv", lat=NORTH, lon=117.0, speed=50.0)
    assert slow.tracks[0].column("speed_kmh")[0] == 50.0
    assert taken(slow) == {}


def test_tenths_of_a_kilometre_beside_tenths_of_a_speed(tmp_path: Path) -> None:
    """The plain integers of GB/T 32960.3."""
    log = log_of(tmp_path / "a.csv", speed=720, mileage=(5000 + KM * 10).round(), charge_status=3)
    assert np.ptp(log.tracks[0].column("odometer_km")) == pytest.approx(np.ptp(KM), abs=0.1)
    assert not log.tracks[0].column("charging").any()
    assert taken(log) == {"speed": "0.1 km/h", "mileage": "0.1 km"}


def test_a_crow_that_flies_farther_than_the_car_drove_tells_miles(tmp_path: Path) -> None:
    hours = np.arange(6)
    frame = {"time": 1_709_510_400 + hours * 3600, "lat": 36 + hours * 0.2, "lon": 117.0}
    for detour, unit in ((1.25, "mi"), (1.0, None)):
        odometer = 500 + hours * 0.2 * 111.195 * detour / (1.609344 if unit else 1.0)
        path = tmp_path / f"{detour}.csv"
        pd.DataFrame({**frame, "odometer": odometer}).to_csv(path, index=False)
        assert taken(read_logs([path], LAYOUT)) == ({"odometer": unit} if unit else {})


def test_positions_as_integers_and_the_wrong_way_round(tmp_path: Path) -> None:
    for factor, first, second in (
        (1e7, "lat_E7", "lon_E7"),
        (1e6, "lat", "lng"),
        (1, "lng", "lat"),
    ):
        scaled = {first: np.round(NORTH * factor, 6), second: 117.0 * factor}
        track = log_of(tmp_path / f"{factor}.csv", **scaled).tracks[0]
        assert track.column("latitude_deg") == pytest.approx(NORTH, abs=1e-6)
        assert track.column("longitude_deg")[0] == pytest.approx(117.0)


def test_a_power_is_one_of_the_battery_where_there_is_one(tmp_path: Path) -> None:
    track = log_of(tmp_path / "a.csv", speed=50, power=12, battery_level=80).tracks[0]
    kw = track.column("traction_voltage_v") * track.column("traction_current_a") / 1000
    assert kw == pytest.approx(np.full(len(SECONDS), 12.0))
    assert set(log_of(tmp_path / "b.csv", speed=50, power=12).tracks[0].columns) == {"speed_kmh"}


def test_days_by_number_place_each_drive(tmp_path: Path) -> None:
    path = tmp_path / "ved.csv"
    path.write_text("DayNum,Timestamp(ms),Speed\n2.5,0,1\n2.5,1500,2\n3.25,0,3\n")
    start = datetime(2017, 11, 1, tzinfo=ZoneInfo("UTC"))
    layout = LogLayout(clock=Clockwork(zone=ZoneInfo("UTC"), start=start))
    track: Track = read_logs([path], layout).tracks[0]
    hours = (track.times_us / 1e6 - start.timestamp()) / 3600
    assert hours == pytest.approx([36, 36 + 1.5 / 3600, 54])


def test_traccars_own_columns_are_in_its_own_units(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    at = "2024-03-04T00:00:00Z"
    path.write_text(f"serverTime,fixTime,speed,totalDistance\n{at},{at},10,5000\n")
    (track,) = read_logs([path], LAYOUT).tracks
    assert track.column("speed_kmh")[0] == pytest.approx(18.52)
    assert track.column("odometer_km")[0] == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("texts", "what", "numbers", "unit"),
    [
        (["36,6", "36,75"], "latitude_deg", [36.6, 36.75], ""),
        (["12.345,6", "12.346,1"], "odometer_km", [12345.6, 12346.1], ""),
        (["12,345.6", "987.1"], "odometer_km", [12345.6, 987.1], ""),
        (["12,345", "12,346"], "odometer_km", [12345, 12346], ""),
        (["45 km/h", "0 km/h"], "speed_kmh", [45, 0], "km/h"),
        (["1.2 kn", ""], "speed_kmh", [1.2, np.nan], "kn"),
        (["20123公里"], "odometer_km", [20123], "公里"),
        (["45 apples", "7"], "speed_kmh", [np.nan, 7], ""),
        (["1 km/h", "1 mph"], "speed_kmh", [np.nan, np.nan], ""),
    ],
)
def test_numbers_as_people_write_them(
    texts: list[str], what: str, numbers: list[float], unit: str
) -> None:
    found, behind = plain_numbers(pd.Series(texts), what)
    np.testing.assert_allclose(found, numbers)
    assert behind == unit
