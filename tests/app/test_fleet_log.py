"""Logs of vehicles as tracks: headings in many spellings, times in many forms, what is broken left out."""

import gzip
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.fleet.track import Track, microseconds
from quotawatt.app.fleet_columns import meanings_of
from quotawatt.app.fleet_log import Log, LogLayout, read_logs
from quotawatt.app.fleet_times import Clockwork
from quotawatt.errors import InputError
from quotawatt.geography.datum import wgs84_to_gcj02

ZONE = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2024, 3, 4, 8, tzinfo=ZONE)


def read(path: Path, text: str, clock: dict[str, Any] | None = None, **more: Any) -> Log:
    path.write_text(text, encoding="utf-8")
    layout = LogLayout(clock=Clockwork(zone=ZONE, **(clock or {})), **more)
    return read_logs([path], layout)


def times(track: Track) -> list[int]:
    return [int(us) for us in (track.times_us - microseconds(EIGHT)) // 1_000_000]


@pytest.mark.parametrize(
    ("heading", "what", "factor"),
    [
        ("Speed (OBD)(km/h)", "speed_kmh", 1.0),
        ("GPS Speed (Meters/second)", "speed_kmh", 3.6),
        ("VEHICLE_SPEED ()", "speed_kmh", 0.0),
        ("speed_mph", "speed_kmh", 1.609344),
        ("odo[m]", "odometer_km", 0.001),
        ("总里程(km)", "odometer_km", 1.0),
        ("SOC%", "battery_soc_pct", 1.0),
        ("HV Battery SOC[%]", "battery_soc_pct", 1.0),
        ("engineOn", "ignition", 0.0),
        ("ACC状态", "ignition", 0.0),
        ("ENGINE_RPM", "engine_rpm", 0.0),
        ("FUEL_TANK", "fuel_level_pct", 0.0),
        ("Fuel Level (L)", "fuel_level_l", 1.0),
        ("Fuel Rate[L/hr]", "fuel_rate_l_h", 1.0),
        ("Latitude[deg]", "latitude_deg", 1.0),
        ("lng", "longitude_deg", 0.0),
        ("Timestamp(ms)", "elapsed_ms", 0.0),
        ("ENGINE_RUN_TINE", "elapsed_s", 0.0),
        ("车牌号", "vehicle", 0.0),
        ("Fuel flow rate/hour(l/hr)", "fuel_rate_l_h", 1.0),
        ("Fuel flow rate/minute(cc/min)", "fuel_rate_l_h", 0.06),
        ("attributes.totalDistance", "odometer_km", 0.0),
        ("数据采集时间", "time", 0.0),
        ("Kilometerstand", "odometer_km", 0.0),
        ("DayNum", "day_number", 0.0),
    ],
)
def test_headings_say_what_columns_are(heading: str, what: str, factor: float) -> None:
    (meaning,) = meanings_of([heading], {}).values()
    assert (meaning.what, meaning.factor) == (what, pytest.approx(factor))


@pytest.mark.parametrize(
    "heading", ["SpeedLimit", "12V%", "address", "EV range", "Mode", "x", "Fuel flow (L/100km)"]
)
def test_what_only_sounds_alike_is_left(heading: str) -> None:
    assert meanings_of([heading], {}) == {}


def test_of_two_speeds_the_vehicles_own_is_taken_unless_somebody_says_otherwise() -> None:
    headings = ["time", "GpsSpeed", "Speed", "Odd"]
    assert meanings_of(headings, {})["speed_kmh"].heading == "Speed"
    said = meanings_of(headings, {"GpsSpeed": "speed_kmh", "Odd": "odometer_km:mi", "time": "-"})
    assert said["speed_kmh"].heading == "GpsSpeed"
    assert said["odometer_km"].factor == pytest.approx(1.609344)
    assert "time" not in said
    for wrong in ({"Odd": "velocity"}, {"Nowhere": "speed_kmh"}, {"Odd": "speed_kmh:furlong"}):
        with pytest.raises(InputError):
            meanings_of(headings, wrong)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-03-04 08:00:00", "2024-03-04 08:00:30"),
        ("2024-03-04T00:00:00Z", "2024-03-04T00:00:30Z"),
        ("2024-03-04 01:00:00+01:00", "2024-03-04 01:00:30+01:00"),
        ("1709510400", "1709510430"),
        ("1709510400000", "1709510430000"),
        ("2024/03/04 08:00:00", "2024/03/04 08:00:30"),
        ("04-Mar-2024 08:00:00.000", "04-Mar-2024 08:00:30.000"),
        ("20240304 080000", "20240304 080030"),
        ("Mon Mar 04 08:00:00 GMT+08:00 2024", "Mon Mar 04 08:00:30 GMT+08:00 2024"),
        ("Mon Mar 04 01:00:00 GMT+01:00 2024", "Mon Mar 04 01:00:30 GMT+01:00 2024"),
        ("2024年03月04日 08:00:00", "2024年03月04日 08:00:30"),
    ],
)
def test_times_are_read_in_many_forms(tmp_path: Path, first: str, second: str) -> None:
    log = read(tmp_path / "car.csv", f"time,speed\n{first},10\n{second},12\n")
    (track,) = log.tracks
    assert (track.vehicle, times(track)) == ("car", [0, 30])


def test_months_and_days_are_told_apart_by_a_day_that_is_no_month(tmp_path: Path) -> None:
    path = tmp_path / "car.csv"
    log = read(path, "Date,Time,Speed\n03/29/2021,11:13:45,1\n03/29/2021,11:13:46,2\n")
    first = datetime(2021, 3, 29, 11, 13, 45, tzinfo=ZONE)
    assert log.tracks[0].times_us[0] == microseconds(first)
    text = "time,speed\n03/04/2024 08:00,1\n03/04/2024 08:01,2\n"
    log = read(path, text)
    assert times(log.tracks[0]) == [0, 60]
    assert [(f.code, f.detail["form"]) for f in log.findings] == [
        ("log_date_taken", "%m/%d/%Y %H:%M")
    ]
    assert read(path, text, {"form": "%m/%d/%Y %H:%M"}).findings == ()
    days = read(path, "time,speed\n03/02/2024 08:00,1\n04/02/2024 08:00,2\n").tracks[0]
    assert np.diff(days.times_us).tolist() == [86_400_000_000]  # two days in a row, not two months


def test_broken_dates_are_taken_from_the_rows_around_where_the_time_of_day_fits(
    tmp_path: Path,
) -> None:
    rows = [f"03/29/2021,11:13:{s:02},{s}" for s in range(20)]
    rows[7] = "90/02/2032,11:13:07,7"
    rows[12] = "90/02/2032,15:00:00,12"
    log = read(tmp_path / "car.csv", "Date,Time,Speed\n" + "\n".join(rows))
    speeds = log.tracks[0].column("speed_kmh")
    assert speeds.tolist() == [s for s in range(20) if s != 12]
    assert {(f.code, f.detail["count"], f.detail["line"]) for f in log.findings} == {
        ("log_time_mended", 1, 9),
        ("log_time_unreadable", 1, 14),
    }
    rows[19] = "90/02/2032,11:13:19,19"  # nothing after it says that it was on that day
    late = read(tmp_path / "car.csv", "Date,Time,Speed\n" + "\n".join(rows))
    assert len(late.tracks[0]) == 18


def test_seconds_of_its_own_need_a_start_and_go_on_where_they_start_anew(tmp_path: Path) -> None:
    path = tmp_path / "obd.csv"
    text = "ENGINE_RUN_TINE,VEHICLE_SPEED\n0,0\n1,10\n1,20\n9,30\n0,5\n2,6\n"
    with pytest.raises(InputError, match="--start must say when"):
        read(path, text)
    log = read(path, text, {"start": EIGHT})
    (track,) = log.tracks
    assert times(track) == [0, 1, 9, 11]
    assert track.column("speed_kmh")[1] == pytest.approx(15.0)  # the mean of what came at once
    assert [finding.code for finding in log.findings] == ["log_seconds_restart"]


def test_cells_are_numbers_of_the_quantity_or_a_finding(tmp_path: Path) -> None:
    log = read(
        tmp_path / "car.csv",
        "time;Speed (m/s);SOC;engineOn;odometer\n"
        "2024-03-04 08:00;10;0,5;True;52000000\n"
        "2024-03-04 08:01;oops;0,75;off;52001000\n"
        "2024-03-04 08:02;--;1,0;0;52002000\n",
    )
    (track,) = log.tracks
    np.testing.assert_allclose(track.column("speed_kmh"), [36.0, np.nan, np.nan])
    np.testing.assert_allclose(track.column("battery_soc_pct"), [50, 75, 100])
    np.testing.assert_allclose(track.column("ignition"), [1, 0, 0])
    np.testing.assert_allclose(track.column("odometer_km"), [52_000, 52_001, 52_002])
    found = {(f.code, f.detail["column"]) for f in log.findings}
    assert found == {
        ("log_value_unreadable", "Speed (m/s)"),
        ("log_unit_taken", "SOC"),
        ("log_unit_taken", "odometer"),
    }


def test_a_rate_of_fuel_becomes_a_counter(tmp_path: Path) -> None:
    rows = [f"2024-03-04 08:{m:02},20,{rate}" for m, rate in enumerate([6, 6, 12, "", 0])]
    log = read(tmp_path / "car.csv", "time,speed,Fuel Rate[L/hr]\n" + "\n".join(rows))
    litres = log.tracks[0].column("fuel_used_l")
    np.testing.assert_allclose(litres, [0, 0.1, 0.2, np.nan, 0.4])


def test_vehicles_of_one_file_and_files_of_one_vehicle(tmp_path: Path) -> None:
    one = "time,plate,speed\n2024-03-04 08:00,A,1\n2024-03-04 08:00,B,2\n2024-03-04 08:01,A,3\n"
    log = read(tmp_path / "two.csv", one)
    assert [(track.vehicle, len(track)) for track in log.tracks] == [("A", 2), ("B", 1)]
    later = tmp_path / "later.csv.gz"
    later.write_bytes(gzip.compress(b"time,speed\n2024-03-04 09:00,5\n"))
    (tmp_path / "first.csv").write_text("time,speed\n2024-03-04 08:00,5\n")
    layout = LogLayout(clock=Clockwork(zone=ZONE), vehicle="CAR-1")
    (track,) = read_logs([later, tmp_path / "first.csv"], layout).tracks
    assert (track.vehicle, times(track)) == ("CAR-1", [0, 3600])


def test_a_row_a_reading_and_positions_in_gcj02(tmp_path: Path) -> None:
    north, east = wgs84_to_gcj02(36.6, 117.0)
    at = "2024-03-04T08:00:00+08:00"
    log = read(
        tmp_path / "long.csv",
        "time,asset,quantity,value\n"
        f"{at},CAR-3,speed_kmh,20\n{at},CAR-3,odometer_km,1000\n{at},CAR-4,speed_kmh,5\n",
    )
    assert [track.vehicle for track in log.tracks] == ["CAR-3", "CAR-4"]
    assert log.tracks[0].column("odometer_km")[0] == 1000
    assert log.offset is not None
    assert log.offset.utcoffset(EIGHT) == timedelta(hours=8)
    wide = read(tmp_path / "w.csv", f"time,lat,lon\n{at},{north},{east}\n", gcj02=True)
    assert wide.tracks[0].column("latitude_deg")[0] == pytest.approx(36.6, abs=1e-6)
    with pytest.raises(InputError, match=r"long.csv:2: a quantity must be"):
        read(tmp_path / "long.csv", f"time,quantity,value\n{at},velocity,20\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,temperature\n2024-03-04 08:00,20\n", "must tell a speed"),
        ("where,speed\nhere,20\n", "must have a column of times"),
        ("time,speed\nyesterday,20\n", "a time must be in ISO 8601"),
        ("time,speed\n", "must have rows"),
    ],
)
def test_what_tells_no_way_or_no_time_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path / "bad.csv", text)
