"""Normal-year savings: both periods' models in the same weather, that of one or more whole years.

Avoided use is what was saved in the weather that came; what a measure is worth on average asks for the
weather of a normal year. A typical meteorological year is one year of weather here. Where several real years
are given, each is computed by itself and the uses are averaged: averaging temperatures first would take the
cold and the warm days away that heating and cooling come from.
"""

from dataclasses import dataclass
from math import hypot

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval
from analytics.savings.adjustments import interval_edges, local_days
from analytics.savings.learnt import PeriodModel
from analytics.savings.uncertainty import LEVELS, Residuals, half_width
from quotawatt.errors import InputError

_LEAST_KNOWN = 0.99
_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class YearSavings:
    """What both models say of one local calendar year of weather, in the series' unit."""

    year: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class NormalYear:
    """Use of a normal year before and after the measure.

    half_widths
        By level, of the savings: both models' errors taken together.
    """

    years: tuple[YearSavings, ...]
    before: float
    after: float
    half_widths: dict[float, float]

    @property
    def savings(self) -> float:
        """What the measure saves in a normal year."""
        return self.before - self.after

    @property
    def savings_pct(self) -> float:
        """In percent of the use before; NaN where that is 0."""
        return 100 * self.savings / self.before if self.before else float("nan")


def normal_year(
    before: PeriodModel,
    after: PeriodModel,
    weather: pd.DataFrame,
) -> NormalYear:
    """Savings of a normal year.

    before, after
        Of the baseline and the reporting period; both by the same interval.
    weather
        Index ``start`` (UTC, intervals of the models), column ``temperature_c``; the local calendar years
        of which at least 99 % is there are taken.

    Raises InputError where the models' intervals differ or no whole year is given.
    """
    if (before.model.interval, before.model.zone) != (after.model.interval, after.model.zone):
        raise InputError("both models must be by the same interval and zone, got two")
    years = tuple(
        YearSavings(year, _use(before, part), _use(after, part))
        for year, part in _whole_years(weather, before.model)
    )
    if not years:
        raise InputError(
            f"weather must cover at least one local calendar year, got {len(weather)} intervals"
        )
    use_before = float(np.mean([year.before for year in years]))
    use_after = float(np.mean([year.after for year in years]))
    widths = _half_widths(before.residuals, after.residuals, use_before, use_after)
    return NormalYear(years, use_before, use_after, widths)


def _whole_years(weather: pd.DataFrame, model: FittedBaseline) -> list[tuple[int, pd.DataFrame]]:
    local = pd.DatetimeIndex(weather.index).tz_convert(model.zone)
    per_year = {
        Interval.HOUR: _YEAR_DAYS * 24,
        Interval.DAY: _YEAR_DAYS,
        Interval.MONTH: 12.0,
    }[model.interval]
    found = []
    for year in sorted(set(local.year)):
        part = weather[local.year == year]
        if part["temperature_c"].notna().sum() >= _LEAST_KNOWN * per_year:
            found.append((int(year), part))
    return found


def _use(period: PeriodModel, weather: pd.DataFrame) -> float:
    """Of a year; intervals without an answer (up to 1 %) count as the mean of the others."""
    model = period.model
    expected = model.predict(weather)["expected"].to_numpy(float)
    edges = interval_edges(pd.DatetimeIndex(weather.index), model.zone, model.interval)
    expected = period.calibration.apply(expected, local_days(edges, model.zone))
    return float(np.nanmean(expected) * len(expected)) if np.isfinite(expected).any() else np.nan


def _half_widths(
    before: Residuals, after: Residuals, use_before: float, use_after: float
) -> dict[float, float]:
    """The errors of the two models are independent: their squares add up.

    Each is taken as if its year were measured, noise included: wider than the models alone would be.
    """
    return {
        level: hypot(
            half_width(before, use_before, _points(before), level),
            half_width(after, use_after, _points(after), level),
        )
        for level in LEVELS
    }


def _points(residuals: Residuals) -> float:
    return 12.0 if residuals.interval is Interval.MONTH else _YEAR_DAYS
