"""Faults put into a series: the truth beside says what they did."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.spans import Span
from simulators.drawnfaults import LENGTHS_H, draw_faults
from simulators.seriesfaults import FACTORS, Lost, SeriesFault, SeriesFaultKind, inject

ZONE = ZoneInfo("America/New_York")
START = datetime(2025, 1, 6, 5, tzinfo=UTC)  # a Monday there
K = SeriesFaultKind


def _frame(hours: int = 24 * 90) -> pd.DataFrame:
    starts = pd.date_range(START, periods=hours, freq="h")
    local = starts.tz_convert(ZONE)
    busy = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18)
    use = np.where(busy, 60.0, 10.0) + np.sin(np.arange(hours))
    return pd.DataFrame({"use": use, "temperature_c": 5.0}, index=starts)


def _fault(kind: SeriesFaultKind, first_h: int, hours: int, **more: object) -> SeriesFault:
    start = START + timedelta(hours=first_h)
    return SeriesFault(kind, start, start + timedelta(hours=hours), **more)  # type: ignore[arg-type]


_FAULTS = st.builds(
    _fault,
    st.sampled_from(list(K)),
    st.integers(0, 24 * 85),
    st.integers(1, 24 * 20),
    strength=st.none() | st.floats(0.01, 1000),
    lost=st.sampled_from(list(Lost)),
)


@settings(max_examples=25)
@given(faults=st.lists(_FAULTS, max_size=4), seed=st.integers(0, 2**31))
def test_sizes_add_up_to_the_difference_of_the_sums(faults: list[SeriesFault], seed: int) -> None:
    frame = _frame()
    broken, truth = inject(frame, faults, ZONE, seed)
    difference = broken["use"].sum() - frame["use"].sum()
    assert truth["size"].sum() == pytest.approx(difference, rel=1e-9, abs=1e-6)
    assert list(truth["kind"]) == [fault.kind for fault in faults]


@settings(max_examples=15)
@given(fault=_FAULTS)
def test_nothing_changes_outside_the_fault_but_what_is_caught_up(fault: SeriesFault) -> None:
    frame = _frame()
    broken, _ = inject(frame, [fault], ZONE, seed=1)
    until = fault.end + timedelta(hours=1)
    outside = (frame.index < fault.start) | (frame.index >= until)
    pd.testing.assert_frame_equal(broken[outside], frame[outside])
    assert (broken["temperature_c"] == 5.0).all()


@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        (K.NIGHT_RUNNING, {22, 23, 0, 1, 2, 3, 4, 5}),
        (K.WEEKEND_RUNNING, set(range(8, 18))),
        (K.LATE_SWITCH_OFF, {18, 19, 20, 21}),
        (K.LEAK, set(range(24))),
    ],
)
def test_faults_live_in_their_hours_of_the_local_clock(
    kind: SeriesFaultKind, hours: set[int]
) -> None:
    frame = _frame()
    fault = _fault(kind, 24 * 50, 24 * 21, strength=0.5)  # over the change to summer time
    broken, _ = inject(frame, [fault], ZONE, seed=1)
    changed = pd.DatetimeIndex(frame.index[broken["use"] != frame["use"]]).tz_convert(ZONE)
    assert set(changed.hour) == hours
    assert (kind is K.WEEKEND_RUNNING) == (changed.day_of_week >= 5).all()


def test_an_outage_can_be_caught_up() -> None:
    frame = _frame()
    broken, truth = inject(frame, [_fault(K.OUTAGE, 100, 10, lost=Lost.CATCH_UP)], ZONE, seed=1)
    assert (broken["use"].iloc[100:110] == 0).all()
    assert broken["use"].iloc[110] == pytest.approx(frame["use"].iloc[100:111].sum())
    assert truth["size"].iloc[0] == pytest.approx(0)


def test_creep_grows_and_a_spike_is_above_the_peak() -> None:
    frame = _frame()
    faults = [_fault(K.CREEP, 0, 240, strength=0.5), _fault(K.SPIKE, 500, 1, strength=2.0)]
    broken, _ = inject(frame, faults, ZONE, seed=1)
    added = (broken["use"] - frame["use"]).to_numpy()
    assert (np.diff(added[:240]) > 0).all()
    assert added[239] == pytest.approx(0.5 * frame["use"].mean(), rel=0.01)
    assert added[500] >= 2 * frame["use"].quantile(0.95) * 0.99


def test_what_is_not_said_is_drawn_from_the_seed() -> None:
    frame = _frame()
    fault = _fault(K.UNIT_MISTAKE, 100, 10)
    first, again, other = (inject(frame, [fault], ZONE, seed)[0]["use"] for seed in (1, 1, 5))
    pd.testing.assert_series_equal(first, again)
    ratios = {round(float(s.iloc[100] / frame["use"].iloc[100]), 6) for s in (first, other)}
    assert ratios <= set(FACTORS)


def test_an_empty_series_stays_empty() -> None:
    frame = _frame(hours=0)
    broken, truth = inject(frame, [_fault(kind, 0, 24) for kind in K], ZONE, seed=1)
    assert broken.empty
    assert (truth["size"] == 0).all()


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (SeriesFault(K.LEAK, START, START), "must end after its start"),
        (_fault(K.LEAK, 0, 5, strength=-1.0), "strength must be a number above 0"),
        (_fault(K.LEAK, 0, 5, strength=float("nan")), "strength must be a number above 0"),
    ],
)
def test_a_fault_must_make_sense(fault: SeriesFault, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        inject(_frame(), [fault], ZONE, seed=1)


def test_a_frame_must_have_use_and_a_zone() -> None:
    with pytest.raises(InputError, match="column use"):
        inject(_frame()[["temperature_c"]], [], ZONE, seed=1)
    with pytest.raises(InputError, match="time zone"):
        inject(_frame().tz_localize(None), [], ZONE, seed=1)


@settings(max_examples=30)
@given(seed=st.integers(0, 1000))
def test_drawn_faults_lie_in_the_span_apart_and_as_long_as_they_should(seed: int) -> None:
    span = Span(START, START + timedelta(days=365))
    faults = draw_faults(span, ZONE, list(K), seed)
    assert len(faults) >= len(K) - 1
    for before, after in pairwise(faults):
        assert after.start - before.end >= timedelta(days=10)
    for fault in faults:
        shortest, longest = LENGTHS_H[fault.kind]
        assert shortest <= (fault.end - fault.start) / timedelta(hours=1) <= longest
        assert (
            span.start - timedelta(days=1)
            <= fault.start
            < fault.end
            <= span.end + timedelta(days=1)
        )
    assert faults == draw_faults(span, ZONE, list(K), seed)


def test_a_short_span_leaves_faults_out() -> None:
    assert draw_faults(Span(START, START + timedelta(hours=3)), ZONE, [K.CREEP], seed=1) == []
