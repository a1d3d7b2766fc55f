"""Random streams."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulators.streams import autoregressive, stream


def test_streams_differ_by_name_and_seed_and_repeat() -> None:
    first = stream(1, "a", "b").random(4)
    assert np.array_equal(first, stream(1, "a", "b").random(4))
    assert not np.array_equal(first, stream(1, "a", "c").random(4))
    assert not np.array_equal(first, stream(2, "a", "b").random(4))


@given(st.integers(0, 2**32), st.integers(1, 200), st.integers(0, 200))
def test_a_longer_draw_begins_with_the_shorter_one(seed: int, short: int, more: int) -> None:
    long = stream(seed, "x").standard_normal(short + more)
    assert np.array_equal(long[:short], stream(seed, "x").standard_normal(short))


def test_autoregressive_keeps_unit_variance_and_remembers() -> None:
    series = autoregressive(stream(3, "noise").standard_normal(50_000), 0.7)
    assert abs(series.std() - 1) < 0.03
    assert abs(np.corrcoef(series[1:], series[:-1])[0, 1] - 0.7) < 0.02
