"""Readings laid side by side, and tracks put together."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from analytics.fleet.track import Track, instant, joined, microseconds, track_from_readings
from tests.analytics.fleet.journeys import drive, journey, rest, rows

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def frame(*lines: tuple[str, int, float], zone: str | None = "UTC") -> pd.DataFrame:
    times = pd.to_datetime([AT.replace(tzinfo=None) + pd.Timedelta(s, "s") for _, s, _ in lines])
    return pd.DataFrame(
        {
            "quantity": [name for name, _, _ in lines],
            "time": times.tz_localize("UTC").tz_convert(zone) if zone else times,
            "value": [value for _, _, value in lines],
        }
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", None])
def test_readings_of_one_instant_are_one_message(zone: str | None) -> None:
    track = track_from_readings(
        "V", frame(("speed_kmh", 10, 5), ("odometer_km", 0, 7), ("speed_kmh", 0, 3), zone=zone)
    )
    assert [instant(int(time)) for time in track.times_us] == [AT, AT.replace(second=10)]
    assert track.column("speed_kmh").tolist() == [3, 5]
    assert track.column("odometer_km")[0] == 7
    assert np.isnan(track.column("odometer_km")[1])
    assert np.isnan(track.column("ignition")).all()


def test_several_values_of_one_instant_do_not_depend_on_their_order() -> None:
    lines = [("speed_kmh", 0, 0.1), ("speed_kmh", 0, 0.2), ("speed_kmh", 0, 0.3)]
    counted = [("odometer_km", 0, 4.0), ("odometer_km", 0, 5.0)]
    one = track_from_readings("V", frame(*lines, *counted))
    other = track_from_readings("V", frame(*counted[::-1], *lines[::-1]))
    assert one.column("speed_kmh")[0] == other.column("speed_kmh")[0] == pytest.approx(0.2)
    assert one.column("odometer_km")[0] == other.column("odometer_km")[0] == 5.0


def test_what_is_not_a_number_is_left_out() -> None:
    track = track_from_readings("V", frame(("speed_kmh", 0, np.nan), ("speed_kmh", 5, 1.0)))
    assert len(track) == 1


def test_joining_overlapping_parts_gives_the_whole() -> None:
    whole = journey((rest(10), drive(10), rest(10)))
    parts = [rows(whole, np.arange(30, len(whole))), rows(whole, np.arange(0, 45))]
    again = joined(parts)
    assert np.array_equal(again.times_us, whole.times_us)
    for name, column in whole.columns.items():
        assert np.array_equal(again.column(name), column)
    assert joined([parts[0]]) is parts[0]


def test_tracks_of_two_vehicles_are_not_joined() -> None:
    one = journey((rest(10),))
    with pytest.raises(ValueError, match="too many values"):
        joined([one, Track("OTHER", one.times_us, one.columns)])


def test_a_part_by_time_is_half_open() -> None:
    whole = journey((rest(10), drive(10), rest(10)))
    part = whole.between(int(whole.times_us[3]), int(whole.times_us[9]))
    assert np.array_equal(part.times_us, whole.times_us[3:9])
    assert np.array_equal(part.column("speed_kmh"), whole.column("speed_kmh")[3:9])


def test_instants_are_exact_to_the_microsecond() -> None:
    when = datetime(2026, 3, 2, 8, 0, 0, 123457, tzinfo=UTC)
    assert instant(microseconds(when)) == when
