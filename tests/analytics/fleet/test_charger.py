from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.charger import ChargerSession, sessions_by_counter, sessions_by_power
from analytics.fleet.told import Told
from analytics.fleet.track import microseconds
from tests.analytics.fleet.driving import MINUTE_US, START, at


def told(minutes: np.ndarray, values: np.ndarray) -> Told:
    times = microseconds(START) + (np.asarray(minutes) * MINUTE_US).astype(np.int64)
    return Told(times, np.asarray(values, dtype=float))


def day(*sessions: tuple[int, int], kw: float = 7.0, standby_kw: float = 0.03) -> np.ndarray:
    """Power by the minute."""
    power = np.full(1440, standby_kw)
    for start, end in sessions:
        power[start:end] = kw
    return power


def counter(power: np.ndarray, every: int, start_kwh: float = 4321.0) -> Told:
    """A counter of 0.01 kWh, read each so many minutes."""
    total = start_kwh + np.concatenate([[0.0], np.cumsum(power / 60)])
    rows = np.arange(0, len(total), every)
    return told(rows, np.round(total[rows], 2))


@pytest.mark.parametrize("every", [1, 15, 60])
@pytest.mark.parametrize("standby_kw", [0.0, 0.03, 0.9])
def test_sessions_in_a_counter(every: int, standby_kw: float) -> None:
    power = day((120, 300), (600, 690), standby_kw=standby_kw)
    found = sessions_by_counter("CHG", counter(power, every))
    assert len(found) == 2
    for session, (start, end) in zip(found, ((120, 300), (600, 690)), strict=True):
        step = max(every, 3)  # of 0.01 kWh a minute's reading is no power
        assert at(start - step) <= session.start <= at(start)
        assert at(end) <= session.end <= at(end + step)
        assert session.kwh == pytest.approx(
            (end - start) / 60 * 7, abs=0.02 + every * standby_kw / 60
        )


def test_sessions_in_powers() -> None:
    (session,) = sessions_by_power("CHG", told(np.arange(1440), day((120, 300))))
    assert session.kwh == pytest.approx(21, abs=0.2)
    assert session.mean_kw == pytest.approx(7, rel=0.03)


def test_short_breaks_join_and_a_tried_plug_is_none() -> None:
    power = day((120, 180), (190, 240), (600, 601), (900, 960))
    found = sessions_by_counter("CHG", counter(power, 1))
    assert [s.kwh for s in found] == pytest.approx([110 / 60 * 7, 7], abs=0.05)
    assert at(117) <= found[0].start < found[0].end <= at(243)


def test_a_charger_that_never_rests_has_no_standby() -> None:
    (session,) = sessions_by_counter("CHG", counter(day((0, 1440)), 15))
    assert session.kwh == pytest.approx(24 * 7)


def test_a_counter_that_falls_or_was_silent_invents_no_session() -> None:
    reading = counter(day((600, 660)), 15)
    fallen = Told(
        reading.times_us, np.where(np.arange(97) >= 60, reading.values - 4000, reading.values)
    )
    assert [s.kwh for s in sessions_by_counter("CHG", fallen)] == [pytest.approx(7, abs=0.05)]
    silent = reading.kept((np.arange(97) < 30) | (np.arange(97) > 60))
    assert sessions_by_counter("CHG", silent) == []


def test_nothing_read_is_nothing_charged() -> None:
    assert sessions_by_counter("CHG", told(np.array([]), np.array([]))) == []
    assert sessions_by_power("CHG", told(np.array([3]), np.array([7.0]))) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 22), min_size=2, max_size=96))
def test_sessions_never_hold_more_than_the_counter(powers: list[float]) -> None:
    reading = counter(np.repeat(powers, 15), 15)
    found = sessions_by_counter("CHG", reading)
    assert sum(s.kwh for s in found) <= reading.values[-1] - reading.values[0] + 0.01 * len(found)
    assert all(_before(a, b) for a, b in pairwise(found))


def _before(one: ChargerSession, other: ChargerSession) -> bool:
    return one.start < one.end < other.start < other.end
