"""Which values can follow each other."""

import numpy as np
import pytest

from analytics.fleet.chains import believable
from analytics.fleet.track import Bools, Ints


def kept(values: list[float], cost: int = 5) -> list[float]:
    """Values that follow each other in steps of 1 at most a place."""
    series = np.array(values)

    def reachable(earlier: Ints, later: int) -> Bools:
        near: Bools = np.abs(series[later] - series[earlier]) <= later - earlier
        return near

    follows = np.ones(len(series), dtype=np.bool_)
    follows[1:] = np.abs(np.diff(series)) <= 1
    return series[believable(follows, reachable, cost)].tolist()


@pytest.mark.parametrize("wrong", [[90.0], [90.0, 90.5], [-50.0, 90.0, -50.0]])
def test_outliers_and_runs_of_them_go(wrong: list[float]) -> None:
    before, after = [1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]
    assert kept([*before, *wrong, *after]) == [*before, *after]


def test_wrong_values_at_the_ends_go() -> None:
    right = [float(n) for n in range(10)]
    assert kept([70.0, *right]) == right
    assert kept([*right, 70.0]) == right


def test_a_leap_that_nothing_returns_from_stays() -> None:
    values = [float(n) for n in range(10)] + [500.0 + n for n in range(10)]
    assert kept(values) == values


def test_all_that_fits_stays() -> None:
    assert kept([1.0, 1.5, 1.0, 2.0]) == [1.0, 1.5, 1.0, 2.0]
