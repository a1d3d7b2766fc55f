"""Time that teaches nothing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.expected.flagged import flagged_days, joined
from analytics.grid import HOUR_US, micros_of
from quotawatt.spans import HOUR, Span

START = datetime(2023, 3, 1, tzinfo=UTC)
WITHIN = Span(START, START + timedelta(hours=100))
HOURS = st.lists(st.tuples(st.integers(-20, 130), st.integers(0, 40)), max_size=8)


def test_days_far_above_expectation_are_flagged() -> None:
    edges = micros_of(START) + 24 * HOUR_US * np.arange(5, dtype=np.int64)
    found = flagged_days(edges, np.array([15.0, 15.1, np.nan, 80.0]))
    assert [(s.start - START).days for s in found] == [1, 3]
    assert all(s.hours == 24 for s in found)


@given(HOURS)
def test_joined_covers_the_same_hours_in_spans_that_do_not_touch(
    pairs: list[tuple[int, int]],
) -> None:
    spans = [Span(START + a * HOUR, START + (a + n) * HOUR) for a, n in pairs]
    found = joined(spans, WITHIN)
    for hour in range(100):
        instant = START + hour * HOUR
        assert any(s.contains(instant) for s in found) == any(s.contains(instant) for s in spans)
    assert all(WITHIN.start <= s.start < s.end <= WITHIN.end for s in found)
    assert all(a.end < b.start for a, b in pairwise(found))
