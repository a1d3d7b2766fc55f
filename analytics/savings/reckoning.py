"""From expected and actual use to savings by interval, by month and in all, with their uncertainty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.savings.adjustments import adjustments, interval_edges, local_days
from analytics.savings.result import MONTH_LEVEL, Amounts, Band, MonthSavings
from analytics.savings.uncertainty import Residuals, half_width, residuals_of
from quotawatt.performance.values import NonRoutineEvent

Floats = NDArray[np.float64]

_MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class _Days:
    """Hours summed to local days, or intervals as they are."""

    actual: Floats
    expected: Floats


def baseline_residuals(model: FittedBaseline, baseline: UseSeries) -> Residuals:
    """The errors of a model on what it learnt from, by day (hours summed) or month.

    The parameters of an hourly model count by the share of its points that they bind.
    """
    actual = baseline.frame["use"].to_numpy(float).copy()
    for span in model.saw.excluded:
        actual[(baseline.frame.index >= span.start) & (baseline.frame.index < span.end)] = np.nan
    expected = model.predict(baseline)["expected"].to_numpy(float)
    parameters = model.in_sample.p
    if baseline.interval is Interval.HOUR:
        days = _by_day(baseline, actual, expected)
        return residuals_of(days.actual, days.expected, Interval.DAY, -(-parameters // 24))
    return residuals_of(actual, expected, baseline.interval, parameters)


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
    days = local_days(series, interval_edges(series))
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


def band(residuals: Residuals, total: Amounts, level: float) -> Band:
    """The uncertainty of savings at a level."""
    width = _width(residuals, total.expected, total.days, level)
    fsu = 100 * width / total.savings if total.savings > 0 else float("nan")
    return Band(level, width, fsu)


def months(
    series: UseSeries, frame: pd.DataFrame, residuals: Residuals | None
) -> Iterator[MonthSavings]:
    """Each local month of the period, with what has come together by its end."""
    local = pd.DatetimeIndex(frame.index).tz_convert(series.zone).tz_localize(None)
    days = local_days(series, interval_edges(series))
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


def _by_day(series: UseSeries, actual: Floats, expected: Floats) -> _Days:
    """Sums of local days; NaN where an hour of the day is not known."""
    day = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone).normalize()
    known = np.isfinite(actual) & np.isfinite(expected)
    frame = pd.DataFrame({"actual": actual, "expected": expected, "known": known}, index=day)
    sums = frame.groupby(level=0).agg(
        actual=("actual", "sum"), expected=("expected", "sum"), known=("known", "all")
    )
    sums = sums.where(sums["known"]).astype(float)
    return _Days(sums["actual"].to_numpy(), sums["expected"].to_numpy())
