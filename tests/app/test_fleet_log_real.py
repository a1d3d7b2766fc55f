"""The logs of real vehicles as they were published: what is recognised, and what the command says of them."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from analytics.fleet.track import instant
from quotawatt.app.fleet_read import read_source
from quotawatt.app.fleet_source import LogSource
from quotawatt.app.main import app
from tests.app.real_data import real_data

pytestmark = pytest.mark.real_data


class Expected(NamedTuple):
    first: datetime
    messages: int
    mended: int
    quantities: frozenset[str]


_TWIZY = frozenset({"speed_kmh", "latitude_deg", "longitude_deg", "altitude_m", "battery_soc_pct"})
_OBD = frozenset({"speed_kmh", "engine_rpm", "fuel_level_pct", "vehicle_supply_voltage_v"})
_CLOUD = frozenset(
    {"odometer_km", "latitude_deg", "longitude_deg", "battery_soc_pct", "ignition", "charging"}
    | {"plugged"}
)
LOGS = {
    "vehicle_twizy_ev/T1_03_29_2021.csv.gz": Expected(
        datetime(2021, 3, 29, 10, 13, 45, tzinfo=UTC), 6189, 10, _TWIZY
    ),
    "vehicle_twizy_ev/T2_03_29_2021.csv.gz": Expected(
        datetime(2021, 3, 29, 15, 49, 29, tzinfo=UTC), 8521, 57, _TWIZY
    ),
    "vehicle_carobd/live25.csv.gz": Expected(datetime(2021, 3, 1, 7, tzinfo=UTC), 1035, 0, _OBD),
    "vehicle_carobd/idle29.csv.gz": Expected(datetime(2021, 3, 1, 7, tzinfo=UTC), 762, 0, _OBD),
    "vehicle_ev_monitor/monitor.csv": Expected(
        datetime(2023, 1, 13, 8, 4, 4, tzinfo=UTC), 24, 0, _CLOUD
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_each_log_is_read_without_a_word_about_its_columns(name: str) -> None:
    folder, _, file = name.partition("/")
    path, expected = real_data(folder) / file, LOGS[name]
    source = LogSource(csv=[path], start="2021-03-01T08:00", timezone="Africa/Casablanca")
    log, _ = read_source(source, "", "Asia/Shanghai")
    (track,) = log.tracks
    assert frozenset(track.columns) == expected.quantities
    assert (instant(int(track.times_us[0])), len(track)) == (expected.first, expected.messages)
    mended = [f.detail["count"] for f in log.findings if f.code == "log_time_mended"]
    assert mended == ([expected.mended] if expected.mended else [])
    assert "log_time_unreadable" not in {f.code for f in log.findings}


def test_the_command_finds_the_drive_and_invents_none_at_rest() -> None:
    drive, idle = (str(real_data("vehicle_carobd") / f"{n}.csv.gz") for n in ("live25", "idle29"))
    words = ["trips", "--csv", drive, "--csv", idle, "--start", "2021-03-01T08:00", "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    rows = [json.loads(row) for row in result.output.splitlines()]
    (trip,) = [row for row in rows if row["record"] == "trip"]
    assert (trip["vehicle"], trip["distance_by"]) == ("live25", "speed")
    assert trip["distance_km"] == pytest.approx(12.9, rel=0.02)
    idling = [row for row in rows if row["record"] == "event" and row["vehicle"] == "idle29"]
    assert [row["kind"] for row in idling] == ["idling"]
