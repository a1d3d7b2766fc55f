"""What is left of a time, and what lies together."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.intervals import free_of, runs

intervals = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda p: (p[0], p[0] + p[1])), max_size=6
)


@given(intervals, st.integers(0, 20), st.integers(1, 20))
def test_free_is_what_nothing_takes(taken: list[tuple[int, int]], start: int, length: int) -> None:
    free = list(free_of(start, start + length, taken))
    held = [t for a, b in free for t in range(a, b)]
    expected = [t for t in range(start, start + length) if not any(a <= t < b for a, b in taken)]
    assert held == expected
    assert all(a < b for a, b in free)


@given(intervals)
def test_runs_take_what_the_intervals_take_and_stand_apart(found: list[tuple[int, int]]) -> None:
    start, end = (np.array([pair[k] for pair in found], dtype=np.int64) for k in (0, 1))
    together = runs(start, end)
    assert {t for a, b in together for t in range(a, b)} == {
        t for a, b in found for t in range(a, b)
    }
    assert all(one[1] < other[0] for one, other in pairwise(together))
