"""A model's expectation brought to the sums of its baseline period.

Savings are a difference of sums, so a model that they are measured by must not err to one side over the
baseline period: ASHRAE Guideline 14-2014 allows a net determination bias of 0.005 %. Models that are robust
against outliers, or shrunk, expect ordinary use and so less than the mean of skewed use. A straight line
through the daily (or monthly) sums by least squares takes that away; a least-squares model stays as
it is.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.savings.adjustments import edges_of, local_days

Floats = NDArray[np.float64]

_STEEPEST = 2.0
_LEAST_POINTS = 12


@dataclass(frozen=True, slots=True)
class Sums:
    """Use and expectation by local day (hours summed up) or month; NaN where one part of it is not known."""

    actual: Floats
    expected: Floats
    days: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected use is ``slope`` times the model's and ``a_day`` (in the unit of use) more for each day."""

    slope: float
    a_day: float

    def apply(self, expected: Floats, days: Floats) -> Floats:
        """Expected use of intervals that have so many days."""
        return self.slope * expected + self.a_day * days


def calibration_of(sums: Sums) -> Calibration:
    """The line by least squares; only a shift where the sums do not bear a slope from 1/2 to 2."""
    known = np.isfinite(sums.actual) & np.isfinite(sums.expected)
    if not known.any():
        return Calibration(1.0, 0.0)
    actual, expected, days = sums.actual[known], sums.expected[known], sums.days[known]
    slope = 1.0
    if known.sum() >= _LEAST_POINTS and float(np.ptp(expected / days)) > 0:
        slope = float(np.polyfit(expected / days, actual / days, 1, w=np.sqrt(days))[0])
        slope = slope if 1 / _STEEPEST <= slope <= _STEEPEST else 1.0
    return Calibration(slope, float((actual.sum() - slope * expected.sum()) / days.sum()))


def baseline_sums(model: FittedBaseline, baseline: UseSeries) -> Sums:
    """What a model was fitted to and what it says of it, by local day or month."""
    frame = baseline.frame
    actual = frame["use"].to_numpy(float).copy()
    for span in model.saw.excluded:
        actual[(frame.index >= span.start) & (frame.index < span.end)] = np.nan
    expected = model.predict(baseline)["expected"].to_numpy(float)
    days = local_days(edges_of(baseline), baseline.zone)
    if baseline.interval is not Interval.HOUR:
        return Sums(actual, expected, days)
    return _by_day(baseline, actual, expected)


def _by_day(series: UseSeries, use: Floats, expectation: Floats) -> Sums:
    day = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone).normalize()
    known = np.isfinite(use) & np.isfinite(expectation)
    frame = pd.DataFrame({"actual": use, "expected": expectation, "known": known}, index=day)
    grouped = frame.groupby(level=0)
    whole = grouped["known"].all().to_numpy()
    actual, expected = (
        np.where(whole, grouped[name].sum().to_numpy(float), np.nan)
        for name in ("actual", "expected")
    )
    return Sums(actual, expected, np.ones(len(whole)))
