"""The model of a period, brought to the sums of that period, with its errors."""

from dataclasses import dataclass

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.savings.unbiased import Calibration, Sums, baseline_sums, calibration_of
from analytics.savings.uncertainty import Residuals, residuals_of


@dataclass(frozen=True)
class PeriodModel:
    """The model of a period, brought to its sums, with its errors."""

    model: FittedBaseline
    calibration: Calibration
    residuals: Residuals


def period_model(model: FittedBaseline, series: UseSeries) -> PeriodModel:
    """The model of the period that it was fitted to."""
    sums = baseline_sums(model, series)
    calibration = calibration_of(sums)
    return PeriodModel(model, calibration, baseline_residuals(sums, calibration, model))


def baseline_residuals(sums: Sums, calibration: Calibration, model: FittedBaseline) -> Residuals:
    """The errors of a model on what it learnt from, by day (hours summed up) or month.

    The parameters of an hourly model count by the share of its points that they bind.
    """
    expected = calibration.apply(sums.expected, sums.days)
    parameters = model.in_sample.p
    if model.interval is Interval.HOUR:
        parameters = -(-parameters // 24)
    interval = Interval.MONTH if model.interval is Interval.MONTH else Interval.DAY
    return residuals_of(sums.actual, expected, interval, parameters)
