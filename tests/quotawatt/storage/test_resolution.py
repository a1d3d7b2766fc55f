"""Which reading wins: the short way for a batch without rivals answers like the long one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.readings import SeriesKey
from quotawatt.storage.resolution import Candidates, no_candidates, resolve

FAR_US = 9_000_000_000_000_000


def _candidates(rows: list[tuple[int, int, int]]) -> Candidates:
    """Series, time in microseconds, value."""
    series, time_us, value = (
        np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)
    )
    size = len(rows)
    sound = np.ones(size, dtype=np.bool_)
    return Candidates(series, time_us, np.zeros(size, dtype=np.int64), sound, value.astype(float))


def _name(series: int) -> SeriesKey:
    return SeriesKey("meter", "", f"{series}")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900), st.sampled_from([-FAR_US, 0, 1, 2, FAR_US]), st.integers(0, 2)
        ),
        min_size=1,
        max_size=20,
    )
)
def test_an_empty_store_and_one_that_holds_something_else_give_the_same(
    rows: list[tuple[int, int, int]],
) -> None:
    batch = _candidates(rows)
    alone = resolve(batch, no_candidates(), _name)
    beside = resolve(batch, _candidates([(1000, 7, 7)]), _name)
    assert alone.write.tolist() == beside.write.tolist()
    assert alone.replacing.tolist() == beside.replacing.tolist() == []
    assert (alone.duplicates, alone.conflicts) == (beside.duplicates, beside.conflicts)
    assert len(alone.write) == len({row[:2] for row in rows})


def test_an_empty_batch_writes_nothing() -> None:
    outcome = resolve(no_candidates(), no_candidates(), _name)
    assert (outcome.write.tolist(), outcome.duplicates, outcome.conflicts) == ([], 0, ())
