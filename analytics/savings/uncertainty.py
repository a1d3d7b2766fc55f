"""How sure savings are: ASHRAE Guideline 14-2014, annex B, for models of weather with correlated residuals.

The adjusted baseline of m points, from a model fitted to n points with p parameters, is uncertain by

    dE = t(level, n' - p) * c(M) * CV * E_adjusted * sqrt(n / n' * (1 + 2 / n') / m)

with CV the root mean square residual, divided by n - p, over the mean use, and n' = n (1 - r) / (1 + r) the
points that n correlated ones are worth, r the correlation of a residual with the next. The guideline has the
constant 1.26 for c. Sun and Baltazar (2013) fitted polynomials in the months M of the reporting period to it,
which OpenEEmeter uses too; they are what is used here, the constant is shown beside. The fractional savings
uncertainty (FSU) is dE over the savings; the guideline accepts savings whose FSU is at most 50 % at 68 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.series import Interval

Floats = NDArray[np.float64]

LEVELS = (0.68, 0.90, 0.95)
ACCEPTED_FSU_PCT = 50.0
"""At 68 %; ASHRAE Guideline 14-2014, clause 4.2.2 (performance path)."""
ASHRAE_CONSTANT = 1.26

_POLYNOMIALS: Mapping[Interval, tuple[float, float, float]] = MappingProxyType(
    {
        Interval.DAY: (-0.00024, 0.03535, 1.00286),
        Interval.MONTH: (-0.00022, 0.03306, 0.94054),
    }
)
_LEAST_FREEDOM = 3
_HIGHEST_CORRELATION = 0.99


@dataclass(frozen=True, slots=True)
class Residuals:
    """What a baseline period says of the errors of its model.

    interval
        Days or months; hours are summed to days first, their correlation reaches too far for the formula.
    n, p
        Points and parameters of the model.
    mean
        Mean use of an interval.
    rmse
        Root of the squared residuals' sum over n - p, in the unit of use.
    correlation
        Of each residual with the next, 0 or above.
    """

    interval: Interval
    n: int
    p: int
    mean: float
    rmse: float
    correlation: float

    @property
    def effective_n(self) -> float:
        """The independent points that the correlated ones are worth, n'."""
        return self.n * (1 - self.correlation) / (1 + self.correlation)


def residuals_of(
    actual: Floats, expected: Floats, interval: Interval, parameters: int
) -> Residuals:
    """Figures of the residuals, intervals in order; NaN where either is missing."""
    error = actual - expected
    known = np.isfinite(error)
    n = int(known.sum())
    freedom = max(n - parameters, 1)
    rmse = sqrt(float(np.sum(error[known] ** 2)) / freedom) if n else np.nan
    mean = float(actual[known].mean()) if n else np.nan
    return Residuals(interval, n, parameters, mean, rmse, _correlation(error))


def _correlation(error: Floats) -> float:
    """Of neighbours that are both known; 0 where there is none or it is negative."""
    before, after = error[:-1], error[1:]
    both = np.isfinite(before) & np.isfinite(after)
    if both.sum() < _LEAST_FREEDOM or before[both].std() == 0 or after[both].std() == 0:
        return 0.0
    found = float(np.corrcoef(before[both], after[both])[0, 1])
    return min(max(found, 0.0), _HIGHEST_CORRELATION)


def half_width(residuals: Residuals, adjusted: float, points: float, level: float) -> float:
    """How far the savings may lie off to each side, in the unit of use; NaN where nothing can be said.

    adjusted
        Adjusted baseline of the reporting period.
    points
        Days or months of the reporting period, m.
    """
    width = _without_constant(residuals, adjusted, points, level)
    months = points if residuals.interval is Interval.MONTH else points / (365.25 / 12)
    return width * _coefficient(residuals.interval, months)


def half_width_constant(
    residuals: Residuals, adjusted: float, points: float, level: float
) -> float:
    """The same with the guideline's constant 1.26."""
    return _without_constant(residuals, adjusted, points, level) * ASHRAE_CONSTANT


def _without_constant(residuals: Residuals, adjusted: float, points: float, level: float) -> float:
    effective = residuals.effective_n
    if (
        points <= 0
        or not residuals.effective_n > 0
        or residuals.n <= residuals.p
        or not residuals.mean
    ):
        return np.nan
    t = student_t(level, max(effective - residuals.p, _LEAST_FREEDOM))
    spread = residuals.n / effective * (1 + 2 / effective) / points
    return t * residuals.rmse / abs(residuals.mean) * abs(adjusted) * sqrt(spread)


def _coefficient(interval: Interval, months: float) -> float:
    square, linear, constant = _POLYNOMIALS[interval]
    return square * months**2 + linear * months + constant


def student_t(level: float, freedom: float) -> float:
    """Two-sided quantile of Student's t, by the expansion of Abramowitz and Stegun 26.7.5.

    Its error is below 1 % from 3 degrees of freedom on, up to a level of 0.95.
    """
    x = NormalDist().inv_cdf((1 + level) / 2)
    first = (x**3 + x) / 4
    second = (5 * x**5 + 16 * x**3 + 3 * x) / 96
    third = (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384
    return x + first / freedom + second / freedom**2 + third / freedom**3
