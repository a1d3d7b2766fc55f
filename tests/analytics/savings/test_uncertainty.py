"""The uncertainty of savings against figures reckoned by hand, and as often right as it says."""

from math import isnan, sqrt

import numpy as np
import pytest

from analytics.baselines.series import Interval
from analytics.savings.uncertainty import (
    LEVELS,
    Residuals,
    half_width,
    half_width_constant,
    residuals_of,
    student_t,
)


@pytest.mark.parametrize(
    ("level", "freedom", "known"),
    [
        (0.68, 10, 1.0464),
        (0.90, 10, 1.8125),
        (0.95, 10, 2.2281),
        (0.95, 5, 2.5706),
        (0.90, 1e6, 1.6449),
    ],
)
def test_quantiles_of_student_are_those_of_the_tables(
    level: float, freedom: float, known: float
) -> None:
    assert student_t(level, freedom) == pytest.approx(known, rel=2e-3)


def test_the_formula_by_hand() -> None:
    # n = 365, r = 0.5: n' = 121.67. CV 20 %, adjusted 10,000, m = 365: without t and constant
    # 0.2 * 10000 * sqrt(3 * (1 + 2 / 121.67) / 365) = 182.8.
    residuals = Residuals(Interval.DAY, 365, 5, 30.0, 6.0, 0.5)
    assert residuals.effective_n == pytest.approx(121.667, abs=1e-3)
    plain = 2000 * sqrt(3 * (1 + 2 / 121.667) / 365)
    t = student_t(0.9, 121.667 - 5)
    assert half_width_constant(residuals, 10_000, 365, 0.9) == pytest.approx(1.26 * t * plain)
    months = 365 / (365.25 / 12)
    coefficient = -0.00024 * months**2 + 0.03535 * months + 1.00286
    assert half_width(residuals, 10_000, 365, 0.9) == pytest.approx(coefficient * t * plain)


def test_it_widens_with_the_level_and_with_correlation() -> None:
    loose = Residuals(Interval.DAY, 365, 5, 30.0, 6.0, 0.8)
    tight = Residuals(Interval.DAY, 365, 5, 30.0, 6.0, 0.0)
    widths = [half_width(tight, 10_000, 365, level) for level in LEVELS]
    assert widths == sorted(widths)
    assert half_width(loose, 10_000, 365, 0.9) > 2 * widths[1]


def test_nothing_is_said_where_nothing_can_be() -> None:
    none = residuals_of(np.full(5, np.nan), np.ones(5), Interval.DAY, 2)
    assert none.n == 0
    assert isnan(half_width(none, 100.0, 10, 0.9))
    few = Residuals(Interval.DAY, 4, 5, 30.0, 6.0, 0.0)
    assert isnan(half_width(few, 100.0, 10, 0.9))


def test_correlation_is_that_of_neighbours_that_are_known() -> None:
    rng = np.random.default_rng(3)
    error = np.zeros(2000)
    for i in range(1, len(error)):
        error[i] = 0.6 * error[i - 1] + rng.normal()
    actual = 100 + error
    actual[::7] = np.nan
    found = residuals_of(actual, np.full(2000, 100.0), Interval.DAY, 1)
    assert found.correlation == pytest.approx(0.6, abs=0.06)
    assert found.n == int(np.isfinite(actual).sum())


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_sums_lie_within_as_often_as_it_says(rho: float) -> None:
    """A known mean with correlated errors: what a mean of one year says of the sum of the next."""
    rng = np.random.default_rng(8)
    inside, draws = 0, 400
    for _ in range(draws):
        error = rng.normal(0, sqrt(1 - rho**2), 730)
        for i in range(1, 730):
            error[i] += rho * error[i - 1]
        use = 20 + 4 * error
        expected = np.full(365, use[:365].mean())
        residuals = residuals_of(use[:365], expected, Interval.DAY, 1)
        width = half_width(residuals, float(expected.sum()), 365, 0.9)
        inside += abs(use[365:].sum() - expected.sum()) <= width
    assert 0.85 <= inside / draws <= 0.97
