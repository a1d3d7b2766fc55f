"""From expected and actual use to savings by interval, by month and in all, with their uncertainty."""

from collections.abc import Iterator, Sequence
from math import hypot, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import Interval, UseSeries
from analytics.savings.adjustments import adjustments, edges_of, local_days
from analytics.savings.learnt import PeriodModel
from analytics.savings.result import MONTH_LEVEL, Amounts, Band, MonthSavings
from analytics.savings.uncertainty import Residuals, half_width
from quotawatt.performance.values import NonRoutineEvent

Floats = NDArray[np.float64]

_MONTH_DAYS = 365.25 / 12


def savings_frame(
    series: UseSeries, expected: Floats, events: Sequence[NonRoutineEvent]
) -> pd.DataFrame:
    """Use, adjusted baseline and savings by interval; see ``Savings.frame``."""
    added, excluded = adjustments(series, expected, events)
    actual = series.frame["use"].to_numpy(float)
    out = excluded | ~np.isfinite(actual) | ~np.isfinite(expected)
    values = {
        "actual": actual,
        "expected": expected,
        "adjustment": added,
        "adjusted": expected + added,
        "savings": expected + added - actual,
    }
    return pd.DataFrame(
        {name: np.where(out, np.nan, value) for name, value in values.items()},
        index=series.frame.index,
    )


def amounts(
    series: UseSeries, frame: pd.DataFrame, events: Sequence[NonRoutineEvent] = ()
) -> Amounts:
    """Sums over the intervals that are known."""
    days = local_days(edges_of(series), series.zone)
    known = frame["savings"].notna().to_numpy()
    _, excluded = adjustments(series, np.zeros(len(frame)), events)
    asked = float(days[~excluded].sum())
    counted = float(days[known].sum())
    return Amounts(
        actual=float(frame["actual"].sum()),
        expected=float(frame["expected"].sum()),
        adjustment=float(frame["adjustment"].sum()),
        days=counted,
        coverage=counted / asked if asked else float("nan"),
    )


def band(learnt: PeriodModel, total: Amounts, years_apart: float, level: float) -> Band:
    """The uncertainty of savings at a level; ``years_apart`` lie between the middles of the periods."""
    width = _width(learnt.residuals, total.expected, total.days, level)
    fsu = 100 * width / total.savings if total.savings > 0 else float("nan")
    z = NormalDist().inv_cdf((1 + level) / 2)
    drift = z * learnt.model.band.drift * sqrt(years_apart) * abs(total.expected)
    return Band(level, width, fsu, hypot(width, drift))


def months(
    series: UseSeries, frame: pd.DataFrame, residuals: Residuals | None
) -> Iterator[MonthSavings]:
    """Each local month of the period, with what has come together by its end."""
    local = pd.DatetimeIndex(frame.index).tz_convert(series.zone).tz_localize(None)
    days = local_days(edges_of(series), series.zone)
    expected, savings_so_far, counted = 0.0, 0.0, 0.0
    for month in local.to_period("M").unique():
        inside = np.asarray(local.to_period("M") == month)
        one = _month(frame[inside], days[inside])
        expected += one.expected
        savings_so_far += one.savings
        counted += one.days
        yield MonthSavings(
            first_day=month.start_time.date(),
            amounts=one,
            half_width=_width(residuals, one.expected, one.days, MONTH_LEVEL),
            cumulative=savings_so_far,
            cumulative_half_width=_width(residuals, expected, counted, MONTH_LEVEL),
        )


def _month(frame: pd.DataFrame, days: Floats) -> Amounts:
    known = frame["savings"].notna().to_numpy()
    counted = float(days[known].sum())
    return Amounts(
        actual=float(frame["actual"].sum()),
        expected=float(frame["expected"].sum()),
        adjustment=float(frame["adjustment"].sum()),
        days=counted,
        coverage=counted / float(days.sum()),
    )


def _width(residuals: Residuals | None, expected: float, days: float, level: float) -> float:
    if residuals is None:
        return float("nan")
    points = days if residuals.interval is Interval.DAY else days / _MONTH_DAYS
    return half_width(residuals, expected, points, level)
