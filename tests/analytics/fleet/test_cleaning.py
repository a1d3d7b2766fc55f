"""What no vehicle can have told is taken out, told, and makes no trip."""

from datetime import UTC, datetime

import numpy as np
import pytest

from analytics.fleet.cleaning import clean
from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.segmenting import segment
from analytics.fleet.track import Track, joined, microseconds
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.finding_texts import finding_texts
from tests.analytics.fleet.journeys import (
    NOW,
    changed,
    drive,
    journey,
    rest,
    rows,
    without,
)

DAY = (rest(60), drive(30), rest(120), drive(45, 60), rest(60))


def trips_of(track: Track) -> tuple[Trip, ...]:
    return segment(clean(track, DEFAULTS, NOW).track, DEFAULTS).trips


def codes_of(track: Track) -> list[str]:
    codes = [finding.code for finding in clean(track, DEFAULTS, NOW).findings]
    assert set(codes) <= finding_texts().keys()
    return codes


def same_trips(track: Track, other: Track) -> None:
    """The same times and, within 2 %, kilometres."""
    found, wanted = trips_of(track), trips_of(other)
    assert [(t.start, t.end) for t in found] == [(t.start, t.end) for t in wanted]
    assert [t.distance_km for t in found] == pytest.approx(
        [t.distance_km for t in wanted], rel=0.02
    )


def moved(track: Track, where: slice, latitude: float, longitude: float) -> Track:
    there = changed(track, "latitude_deg", where, latitude)
    return changed(there, "longitude_deg", where, longitude)


def test_a_clean_track_stays_as_it_is() -> None:
    track = journey(DAY)
    cleaned = clean(track, DEFAULTS, NOW)
    assert cleaned.track is track
    assert cleaned.findings == ()


@pytest.mark.parametrize("odometer", [True, False])
@pytest.mark.parametrize("messages", [1, 3, 60])
def test_positions_at_zero_and_in_the_sea_go(odometer: bool, messages: int) -> None:
    track = journey(DAY) if odometer else without(journey(DAY), "odometer_km")
    middle = slice(100, 100 + messages)
    zero, sea = moved(track, middle, 0.0, 0.0), moved(track, middle, 20.0, 130.0)
    assert codes_of(zero) == ["track_position_zero"]
    assert codes_of(sea) == ["track_position_jump"]
    same_trips(zero, track)
    same_trips(sea, track)


def test_a_finding_says_when_where_and_how_many() -> None:
    (finding,) = clean(moved(journey(DAY), slice(100, 103), 20.0, 130.0), DEFAULTS, NOW).findings
    times = journey(DAY).times_us
    assert finding.subject == "VEH-1"
    assert finding.detail["count"] == 3
    assert finding.detail["latitude_deg"] == 20.0
    assert microseconds(datetime.fromisoformat(str(finding.detail["since"]))) == times[100]
    assert microseconds(datetime.fromisoformat(str(finding.detail["until"]))) == times[102]


def test_where_all_positions_are_wrong_the_odometer_decides() -> None:
    track = moved(journey(DAY), slice(None), 20.0, 130.0)
    assert [t.distance_by for t in trips_of(track)] == [DistanceBy.ODOMETER] * 2
    assert [t.distance_km for t in trips_of(track)] == pytest.approx([20, 45], abs=0.2)


def test_a_relocation_after_a_gap_stays() -> None:
    track = without(journey((rest(60), drive(20), rest(600), drive(20), rest(60))), "odometer_km")
    half = len(track) // 2
    far = track.column("latitude_deg").copy()
    far[half:] += 2.0  # 222 km farther after a night without messages
    silent = np.ones(len(track), dtype=np.bool_)
    silent[half - 50 : half] = False
    gone = rows(track.replaced({"latitude_deg": far}), silent)
    assert codes_of(gone) == []
    assert max(t.distance_km for t in trips_of(gone)) == pytest.approx(222, rel=0.05)


@pytest.mark.parametrize("year", [2004, 2032])
def test_clocks_of_another_year_go(year: int) -> None:
    track = journey(DAY)
    wrong = rows(track, np.arange(50, 70))
    shift = microseconds(datetime(year, 1, 1, tzinfo=UTC)) - int(wrong.times_us[0])
    dated = Track(track.vehicle, wrong.times_us + shift, wrong.columns)
    mixed = joined([track, dated])
    assert codes_of(mixed) == ["track_clock"]
    same_trips(mixed, track)


def test_an_odometer_that_was_exchanged_counts_on() -> None:
    track = journey(DAY)
    odometer = track.column("odometer_km").copy()
    odometer[150:] -= 12_300.0
    swapped = track.replaced({"odometer_km": odometer})
    assert codes_of(swapped) == ["track_odometer_exchanged"]
    same_trips(swapped, track)
    assert all(t.distance_km > 0 for t in trips_of(swapped))


@pytest.mark.parametrize("value", [0.0, 11.0, 999_999.0])
@pytest.mark.parametrize("messages", [1, 4])
def test_an_odometer_that_falls_or_leaps_for_a_moment_goes(value: float, messages: int) -> None:
    track = journey(DAY)
    wrong = changed(track, "odometer_km", slice(120, 120 + messages), value)
    assert codes_of(wrong) == ["track_odometer"]
    same_trips(wrong, track)


def test_a_speed_of_300_and_a_level_of_255_go() -> None:
    track = journey(DAY)
    level = np.full(len(track), 60.0)
    level[40:50] = 255.0
    wrong = changed(track, "speed_kmh", 60, 300.0).replaced({"fuel_level_pct": level})
    findings = clean(wrong, DEFAULTS, NOW).findings
    assert [(f.code, f.detail["quantity"], f.detail["highest"]) for f in findings] == [
        ("track_value", "speed_kmh", 300.0),
        ("track_value", "fuel_level_pct", 255.0),
    ]
    assert np.isnan(clean(wrong, DEFAULTS, NOW).track.column("fuel_level_pct")[40:50]).all()
    same_trips(wrong, track)
    assert all((t.max_speed_kmh or 0) <= 60 for t in trips_of(wrong))


def test_a_speed_that_hangs_while_the_vehicle_stands_makes_no_trip() -> None:
    track = journey((rest(60), drive(30), rest(300), drive(30), rest(60)), rest_every_s=10)
    speed = track.column("speed_kmh").copy()
    standing = speed == 0
    speed[standing] = 43.0
    hanging = track.replaced({"speed_kmh": speed})
    assert set(codes_of(hanging)) == {"track_speed"}
    assert [t.distance_km for t in trips_of(hanging)] == pytest.approx([20, 20], abs=0.15)
    no_odometer = without(hanging, "odometer_km")
    assert [t.distance_km for t in trips_of(no_odometer)] == pytest.approx([20, 20], rel=0.03)


def test_a_dead_speed_signal_loses_no_trip() -> None:
    track = journey(DAY)
    dead = track.replaced({"speed_kmh": np.zeros(len(track))})
    assert set(codes_of(dead)) == {"track_speed"}
    assert [t.distance_km for t in trips_of(dead)] == pytest.approx([20, 45], rel=0.02)


def test_an_old_position_repeated_under_way_is_not_believed() -> None:
    track = journey((rest(60), drive(60), rest(60)), every_s=5)
    speed = track.column("speed_kmh") * np.random.default_rng(3).uniform(0.7, 1.3, len(track))
    held = track.column("latitude_deg").copy()
    held[120:320] = held[120]
    tunnel = without(track.replaced({"latitude_deg": held, "speed_kmh": speed}), "odometer_km")
    assert codes_of(tunnel) == ["track_position_stale"]
    (trip,) = trips_of(tunnel)
    assert trip.distance_km == pytest.approx(40, rel=0.02)


def test_a_receiver_that_lost_its_place_for_good_leaves_the_speed() -> None:
    track = without(journey((rest(60), drive(60), rest(60)), every_s=5), "odometer_km")
    speed = track.column("speed_kmh") * np.random.default_rng(3).uniform(0.7, 1.3, len(track))
    lost = moved(track.replaced({"speed_kmh": speed}), slice(None), 36.65, 117.0)
    (trip,) = trips_of(lost)
    assert trip.distance_by is DistanceBy.SPEED
    assert trip.distance_km == pytest.approx(40, rel=0.03)


def test_every_day_has_its_own_finding() -> None:
    track = journey((rest(60), drive(30), rest(1500), drive(30), rest(60)))
    wrong = changed(changed(track, "speed_kmh", 60, 300.0), "speed_kmh", -60, 300.0)
    ats = [finding.detail["at"] for finding in clean(wrong, DEFAULTS, NOW).findings]
    assert ats == ["2026-03-02T00:00:00+00:00", "2026-03-03T00:00:00+00:00"]


@pytest.mark.parametrize("row", [5, 120, 200, 212])
def test_a_fix_aside_of_both_neighbours_goes_though_it_could_be_reached(row: int) -> None:
    """At rest, half a minute's drive away; under way, a kilometre aside within ten seconds and back."""
    track = without(journey(DAY), "odometer_km")
    wrong = changed(track, "longitude_deg", row, 117.0 + 1.2 / 89.0)
    assert codes_of(wrong) == ["track_position_jump"]
    same_trips(wrong, track)
