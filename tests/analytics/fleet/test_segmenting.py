"""Trips, halts, gaps and drift out of made journeys."""

import numpy as np
import pytest

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.segmenting import Segments, segment
from analytics.fleet.track import Track, instant
from quotawatt.fleet.trips import DistanceBy
from tests.analytics.fleet.journeys import (
    START,
    drive,
    journey,
    rest,
    rows,
    seconds,
    without,
)

DAY = (rest(60), drive(30), rest(120), drive(45, 60), rest(60))


def found(track: Track) -> Segments:
    return segment(track, DEFAULTS)


def after(track: Track, start_s: float, end_s: float) -> Track:
    """Without the messages between two times."""
    when = seconds(track)
    return rows(track, (when <= start_s) | (when >= end_s))


def test_two_drives_are_two_trips() -> None:
    segments = found(journey(DAY))
    assert [round(t.distance_km) for t in segments.trips] == [20, 45]
    first, second = segments.trips
    assert abs((first.start - START).total_seconds() - 3600) <= 10
    assert abs((first.end - START).total_seconds() - 5400) <= 10
    assert first.start_after is None
    assert first.end_before is None
    assert second.max_speed_kmh == 60
    assert first.coverage == 1.0
    assert first.moving_s == pytest.approx(1800, abs=11)
    assert not first.open
    assert segments.unassigned_km == 0.0


@pytest.mark.parametrize(
    ("dropped", "by"),
    [
        ((), DistanceBy.ODOMETER),
        (("odometer_km",), DistanceBy.POSITIONS),
        (("odometer_km", "speed_kmh"), DistanceBy.POSITIONS),
        (("odometer_km", "latitude_deg", "longitude_deg"), DistanceBy.SPEED),
        (("latitude_deg", "longitude_deg", "speed_kmh"), DistanceBy.ODOMETER),
        (("ignition", "speed_kmh", "odometer_km"), DistanceBy.POSITIONS),
    ],
)
def test_whatever_is_told_gives_the_same_trips(dropped: tuple[str, ...], by: DistanceBy) -> None:
    segments = found(without(journey(DAY), *dropped))
    assert [t.distance_by for t in segments.trips] == [by, by]
    assert [t.distance_km for t in segments.trips] == pytest.approx([20, 45], rel=0.02)


def test_dense_speed_and_positions_are_averaged() -> None:
    track = without(journey(DAY, every_s=1), "odometer_km")
    assert {t.distance_by for t in found(track).trips} == {DistanceBy.POSITIONS_AND_SPEED}
    assert [t.distance_km for t in found(track).trips] == pytest.approx([20, 45], rel=0.005)


def test_measures_that_differ_are_told() -> None:
    track = without(journey(DAY, every_s=1), "odometer_km")
    fast = track.replaced({"speed_kmh": track.column("speed_kmh") * 1.3})
    codes = [finding.code for finding in found(fast).findings]
    assert codes == ["trip_measures_differ", "trip_measures_differ"]


def test_a_short_halt_ends_no_trip_and_a_long_one_does() -> None:
    lights = found(journey((rest(60), drive(10), rest(4), drive(10), rest(60))))
    assert len(lights.trips) == 1
    assert lights.trips[0].moving_s == pytest.approx(1200, abs=21)
    parked = found(journey((rest(60), drive(10), rest(6), drive(10), rest(60))))
    assert len(parked.trips) == 2


def test_an_ignition_never_off_ends_trips_all_the_same() -> None:
    always_on = (rest(60), drive(20), rest(30, idles=True), drive(20), rest(60))
    assert len(found(journey(always_on)).trips) == 2


def test_a_gap_under_way_does_not_split_a_trip() -> None:
    track = journey((rest(30), drive(120, 80), rest(60)))
    trip = found(after(track, 3600, 6600)).trips
    assert len(trip) == 1
    assert trip[0].distance_km == pytest.approx(160, rel=0.01)
    assert trip[0].coverage == pytest.approx(1 - 3000 / 7200, abs=0.01)


def test_a_gap_at_rest_makes_no_trip() -> None:
    track = journey(DAY)
    assert len(found(after(track, 5500, 12_000)).trips) == 2
    assert len(found(after(without(track, "odometer_km"), 5500, 12_000)).trips) == 2


def test_a_gap_between_two_rests_is_one_trip_with_bounds() -> None:
    track = journey(DAY)
    segments = found(after(track, 3500, 6000))
    trip = segments.trips[0]
    assert len(segments.trips) == 2
    assert trip.start_after is not None
    assert trip.end_before is not None
    assert (trip.start_after - START).total_seconds() <= 3500
    assert (trip.end_before - START).total_seconds() >= 6000
    assert trip.start == trip.end == trip.end_before
    assert trip.distance_km == pytest.approx(20, abs=0.11)
    assert trip.coverage == 0.0


def test_weeks_of_silence_are_no_trip() -> None:
    track = journey((rest(60), drive(60, 60), rest(60), drive(30), rest(60)))
    later = track.times_us + np.where(seconds(track) > 5400, int(8 * 86_400e6), 0)
    silent = after(Track(track.vehicle, later, track.columns), 3000, 8 * 86_400 + 9000)
    segments = found(silent)
    (only,) = segments.trips
    assert round(only.distance_km) == 20
    assert only.start_after is None
    assert segments.unassigned_km == pytest.approx(60, abs=0.5)


def test_an_arrival_or_a_departure_in_a_gap_is_bounded() -> None:
    track = journey(DAY)
    arrived = found(after(track, 5000, 7000)).trips[0]
    assert arrived.start_after is None
    assert arrived.end_before is not None
    assert (arrived.end - START).total_seconds() == 5000
    assert arrived.distance_km == pytest.approx(20, abs=0.11)
    left = found(after(track, 3300, 4500)).trips[0]
    assert left.start_after is not None
    assert left.end_before is None
    assert (left.start - START).total_seconds() == 4500
    assert left.distance_km == pytest.approx(20, abs=0.11)


def test_a_night_without_messages_between_two_drives_does_split() -> None:
    track = journey((rest(30), drive(60), rest(600), drive(60), rest(30)))
    segments = found(after(track, 1800 + 3000, 1800 + 3600 + 36_000 + 600))
    assert len(segments.trips) == 2
    assert sum(t.distance_km for t in segments.trips) == pytest.approx(80, abs=0.2)


def test_drift_at_rest_is_no_trip() -> None:
    still = journey((rest(600),), rest_every_s=10)
    rng = np.random.default_rng(5)
    wander = rng.normal(0, 2.5e-4, len(still))  # some 28 m
    drifting = without(
        still.replaced(
            {
                "latitude_deg": still.column("latitude_deg") + wander,
                "speed_kmh": np.abs(rng.normal(0, 4, len(still))),
            }
        ),
        "odometer_km",
    )
    assert found(drifting).trips == ()
    assert found(without(drifting, "speed_kmh")).trips == ()


def test_a_carried_vehicle_made_no_trip() -> None:
    track = journey((rest(30), drive(60), rest(30)))
    towed = track.replaced(
        {
            "odometer_km": np.full(len(track), 12_345.6),
            "ignition": np.zeros(len(track)),
        }
    )
    segments = found(towed)
    assert segments.trips == ()
    assert [finding.code for finding in segments.findings] == ["track_carried"]


def test_an_odometer_that_stands_on_a_real_trip_is_told() -> None:
    track = journey((rest(30), drive(60), rest(30)))
    segments = found(track.replaced({"odometer_km": np.full(len(track), 12_345.6)}))
    assert [finding.code for finding in segments.findings] == ["track_odometer_stands"]
    assert segments.trips[0].distance_by is DistanceBy.POSITIONS
    assert segments.trips[0].distance_km == pytest.approx(40, rel=0.02)


def test_below_the_minimal_distance_kilometres_are_unassigned() -> None:
    segments = found(journey((rest(30), drive(0.4, 30), rest(30), drive(30), rest(30))))
    assert len(segments.trips) == 1
    assert segments.unassigned_km == pytest.approx(0.2, abs=0.11)


def test_coarse_odometers_leave_short_trips_to_positions() -> None:
    track = journey((rest(30), drive(9), rest(30)), odometer_step_km=1.0)
    trip = found(track).trips[0]
    assert trip.distance_by is DistanceBy.POSITIONS
    assert trip.distance_km == pytest.approx(6, rel=0.02)


def test_idling_is_told_at_rest_and_on_the_way() -> None:
    segments = found(
        journey(
            (rest(30), rest(10, idles=True), drive(20), rest(4, idles=True), drive(9), rest(30))
        )
    )
    assert len(segments.trips) == 1
    assert [(e.end - e.start).total_seconds() for e in segments.idlings] == pytest.approx(
        [600, 240], abs=20
    )
    assert segments.trips[0].idling_s == pytest.approx(240, abs=20)


def test_an_ignition_that_hangs_is_not_idling() -> None:
    segments = found(journey((rest(600, idles=True), drive(20), rest(60))))
    assert segments.idlings == ()
    assert [finding.code for finding in segments.findings] == ["track_ignition"]


def test_the_trip_under_way_is_open() -> None:
    trip = found(journey((rest(30), drive(20)))).trips[0]
    assert trip.open
    assert trip.end == instant(int(journey((rest(30), drive(20))).times_us[-1]))


def test_no_messages_no_trips() -> None:
    empty = journey((rest(30),)).between(0, 1)
    assert found(empty) == Segments()
