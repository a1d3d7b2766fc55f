"""A stream cut, repeated or shuffled anywhere gives the trips of all messages at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.cleaning import clean
from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.segmenting import Segments, segment
from analytics.fleet.streaming import StreamState, advance, flush, restart_from
from analytics.fleet.track import Track, instant, microseconds
from quotawatt.fleet.trips import Trip, VehicleEvent
from tests.analytics.fleet.journeys import NOW, Leg, drive, journey, rest, rows, without

_DRIVES = st.builds(drive, st.floats(0.2, 40), st.floats(8, 110))
_RESTS = st.builds(
    lambda minutes, idles: rest(minutes, idles=idles), st.floats(0.5, 90), st.booleans()
)


@dataclass(frozen=True, slots=True)
class Told:
    """A journey as some device tells it: how often, what, and with what lost on the way."""

    legs: tuple[Leg, ...]
    every_s: float
    rest_every_s: float
    odometer_step_km: float
    dropped: tuple[str, ...]
    lost_share: float
    gap: tuple[float, float]
    seed: int

    def track(self) -> Track:
        made = journey(
            [rest(60), *self.legs],
            every_s=self.every_s,
            rest_every_s=self.rest_every_s,
            odometer_step_km=self.odometer_step_km,
        )
        kept = np.random.default_rng(self.seed).random(len(made)) >= self.lost_share
        share = np.arange(len(made)) / len(made)
        kept &= ~((share > self.gap[0]) & (share < sum(self.gap)))
        kept[0] = True
        return rows(without(made, *self.dropped), kept)


told = st.builds(
    Told,
    st.lists(st.one_of(_DRIVES, _RESTS), min_size=1, max_size=8).map(tuple),
    st.sampled_from([5.0, 10.0, 30.0]),
    st.sampled_from([60.0, 300.0, 3600.0]),
    st.sampled_from([0.1, 1.0]),
    st.sampled_from([(), ("odometer_km",), ("speed_kmh", "ignition"), ("ignition",)]),
    st.sampled_from([0.0, 0.05, 0.5]),
    st.tuples(st.floats(0, 1), st.floats(0, 0.3)),
    st.integers(0, 2**16),
)


def whole(track: Track) -> Segments:
    return segment(clean(track, DEFAULTS, NOW).track, DEFAULTS)


def streamed(chunks: Sequence[Track]) -> tuple[list[Trip], list[VehicleEvent], float]:
    """All that a stream gives out, the unsettled rest included."""
    state, trips, idlings, unassigned = StreamState(), [], [], 0.0
    for chunk in chunks:
        state, given_out = advance(state, chunk, DEFAULTS, NOW)
        trips += given_out.trips
        idlings += given_out.idlings
        unassigned += given_out.unassigned_km
    last = flush(state, DEFAULTS, NOW)
    return [*trips, *last.trips], [*idlings, *last.idlings], unassigned + last.unassigned_km


@settings(max_examples=25, deadline=None)
@given(told, st.lists(st.floats(0, 1), max_size=6))
def test_splitting_a_stream_anywhere_changes_nothing(journeyed: Told, cuts: list[float]) -> None:
    track = journeyed.track()
    edges = [0, *sorted(int(cut * len(track)) for cut in cuts), len(track)]
    chunks = [rows(track, np.arange(first, last)) for first, last in pairwise(edges)]
    all_at_once = whole(track)
    trips, idlings, unassigned = streamed(chunks)
    assert trips == list(all_at_once.trips)
    assert idlings == list(all_at_once.idlings)
    assert unassigned == pytest.approx(all_at_once.unassigned_km, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(told, st.integers(0, 2**16))
def test_repeating_and_shuffling_within_the_lateness_changes_nothing(
    journeyed: Told, seed: int
) -> None:
    track = journeyed.track()
    rng = np.random.default_rng(seed)
    limit_us = int(DEFAULTS.lateness_s * 1e6) - 1
    twice = np.concatenate([np.arange(len(track)), rng.integers(0, len(track), 20)])
    came = track.times_us[twice] + rng.integers(0, limit_us, len(twice))
    order = twice[np.argsort(came, kind="stable")]
    chunks = [rows(track, np.unique(part)) for part in np.array_split(order, 12) if len(part)]
    trips, idlings, _ = streamed(chunks)
    assert trips == list(whole(track).trips)
    assert idlings == list(whole(track).idlings)


@settings(max_examples=15, deadline=None)
@given(told, st.floats(0, 1))
def test_computing_anew_from_a_restart_gives_the_whole(journeyed: Told, at: float) -> None:
    track = journeyed.track()
    since_row = min(int(at * len(track)), len(track) - 1)
    since_us = int(track.times_us[since_row])
    before = whole(track.between(0, since_us)).trips
    all_at_once = whole(track)
    restart = restart_from(before, instant(since_us))
    anew = whole(track.between(microseconds(restart), 2**62)).trips
    kept = [trip for trip in before if trip.start <= restart]
    assert [*kept, *(trip for trip in anew if trip.start > restart)] == list(all_at_once.trips)


@settings(max_examples=15, deadline=None)
@given(told)
def test_no_kilometre_of_the_odometer_is_lost_or_doubled(journeyed: Told) -> None:
    track = journeyed.track()
    odometer = track.column("odometer_km")
    shown = odometer[np.isfinite(odometer)]
    found = whole(track)
    on_trips = sum(
        (trip.odometer_end_km or 0.0) - (trip.odometer_start_km or 0.0) for trip in found.trips
    )
    span = shown[-1] - shown[0] if len(shown) else 0.0
    assert on_trips + found.unassigned_km == pytest.approx(span, abs=1e-6)
    for earlier, later in pairwise(found.trips):
        assert earlier.end <= (later.start_after or later.start)
        assert (earlier.odometer_end_km or 0.0) <= (later.odometer_start_km or 0.0) + 1e-9


def test_the_state_stays_bounded() -> None:
    days = journey([rest(300), drive(40), rest(200), drive(90), rest(810)] * 4)
    state = StreamState()
    sizes = []
    for chunk in np.array_split(np.arange(len(days)), 60):
        state, _ = advance(state, rows(days, chunk), DEFAULTS, NOW)
        assert state.tail is not None
        sizes.append(len(state.tail))
    assert max(sizes[30:]) <= max(sizes[:30]) + 10
    assert max(sizes) < len(days) / 2


def test_messages_for_a_settled_time_are_counted_as_late() -> None:
    track = journey((rest(60), drive(30), rest(300)))
    state, given_out = advance(StreamState(), track, DEFAULTS, NOW)
    assert len(given_out.trips) == 1
    state, again = advance(state, rows(track, np.arange(3)), DEFAULTS, NOW)
    assert state.late == 3
    assert again.trips == ()


def test_a_vehicle_that_never_rests_is_settled_all_the_same() -> None:
    track = journey((rest(60), Leg(3 * 86_400.0, 60.0)), every_s=60)
    state, given_out = advance(StreamState(), track, DEFAULTS, NOW)
    assert len(given_out.trips) == 1
    assert state.tail is not None
    assert len(state.tail) < 40


def test_without_earlier_trips_a_month_is_read() -> None:
    since = instant(int(journey((rest(1),)).times_us[0]))
    assert restart_from((), since) == since - timedelta(days=31)
