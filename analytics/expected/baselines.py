"""What a building is expected to use: one scikit-learn pipeline a building, by calendar and weather.

A ridge regression on the hour of the day (of working and of other days apart) and on outdoor
temperature, piecewise linear so that heating and cooling sides bend by themselves, of the hour and of
the day before it. It is trained on what came before the predicted time only. The band that ordinary
hours stay in comes from residuals on weeks that were left out of the training (5 to 95 %), for days from
the residuals of whole days: hourly bands do not add up to daily ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.expected.weather import fill_gaps, trailing_mean
from analytics.grid import Bools, Floats, Micros
from quotawatt.calendars import is_working_day
from quotawatt.findings import Finding

MIN_DAYS = 28
"""Days' worth of hours that a model needs: four weeks."""

TRAINING_DAYS = 366
"""How far back a model looks: a year has every season once."""

FLAGGED_PCT = 15.0
"""Days with a larger ``electricity_excess_pct`` are left out of training (rule use-above-expected)."""

BAND = (0.05, 0.95)

TEMPERATURE_MARGIN_C = 1.5
"""How far outside the daily temperatures it has seen a model still answers."""

_HEATING_KNOTS_C = (18.0, 12.0, 6.0, 0.0)
_COOLING_KNOTS_C = (20.0, 24.0, 28.0)
_DAYTIME = (7, 19)  # local hours in which offices are used
_MIN_DAYS_OF_A_KIND = 10
_FOLDS = 3
_RIDGE_ALPHA = 1.0


class Calendar(NamedTuple):
    """What the local clock says of each hour: hour of the day, working day or not, days since 1970."""

    hour: NDArray[np.int64]
    working: Bools
    day: NDArray[np.int64]


class Expected(NamedTuple):
    """Expected use of each interval in kWh and the band of ordinary ones; NaN where there is none."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Baseline:
    """A trained model of one building.

    as_of
        Training ended before this instant.
    training_days
        Days' worth of hours that it was trained on.
    cv_rmse_pct
        Root mean square error on left-out weeks, in percent of mean use.
    """

    building: str
    as_of: datetime
    training_days: float
    cv_rmse_pct: float
    zone: ZoneInfo
    pipeline: Pipeline
    temperature_range_c: tuple[float, float]
    daily_range_c: tuple[float, float]
    hour_band_kwh: NDArray[np.float64]
    day_band_kwh: Mapping[bool, tuple[float, float]]

    def hours(self, starts: Micros, temperature_c: Floats) -> Expected:
        """Expected use of UTC hours in a row.

        temperature_c
            Of the same hours; those before the first wanted one must reach back a day. Where it is not
            known, or colder or warmer than any day the model has seen, there is no answer.
        """
        calendar = local_calendar(starts, self.zone)
        filled = fill_gaps(temperature_c)
        daily = trailing_mean(filled)
        low, high = self.daily_range_c
        known = (daily >= low - TEMPERATURE_MARGIN_C) & (daily <= high + TEMPERATURE_MARGIN_C)
        value = np.full(len(starts), np.nan)
        if known.any():
            at = np.clip(filled, *self.temperature_range_c)
            rows = _features(calendar, at, np.clip(daily, low, high))[known]
            value[known] = np.maximum(self.pipeline.predict(rows), 0.0)
        band = self.hour_band_kwh[_classes(calendar)]
        return Expected(value, np.maximum(value + band[:, 0], 0.0), value + band[:, 1])

    def day_band(self, expected_kwh: float, working: bool) -> tuple[float, float]:
        """The band of a whole day whose hours sum up to ``expected_kwh``."""
        low, high = self.day_band_kwh[working]
        return max(expected_kwh + low, 0.0), expected_kwh + high


def fit_baseline(
    building: str,
    starts: Micros,
    use_kwh: Floats,
    temperature_c: Floats,
    zone: ZoneInfo,
    as_of: datetime,
) -> Baseline | Finding:
    """Train a model on hours in a row, all before ``as_of``.

    use_kwh
        NaN for hours not to learn from: missing, estimated, or of flagged days.
    temperature_c
        Of the building's site; NaN where missing.

    Returns the finding ``baseline_insufficient`` where less than 28 days' worth of hours have both.
    """
    calendar = local_calendar(starts, zone)
    temperature = fill_gaps(temperature_c)
    daily = trailing_mean(temperature)
    usable = ~np.isnan(use_kwh) & ~np.isnan(daily)
    days = float(usable.sum()) / 24
    if days < MIN_DAYS:
        detail: dict[str, str | float | int | None] = {
            "as_of": as_of.isoformat(),
            "needed_days": MIN_DAYS,
            "days_with_use": round(float((~np.isnan(use_kwh)).sum()) / 24, 1),
            "days_with_use_and_temperature": round(days, 1),
        }
        return Finding("baseline_insufficient", building, detail)
    # Half the precision is far more than the data has, and trains in half the time.
    rows = _features(calendar, temperature, daily)[usable].astype(np.float32)
    use = use_kwh[usable]
    used = Calendar(calendar.hour[usable], calendar.working[usable], calendar.day[usable])
    pipeline = make_pipeline(StandardScaler(), Ridge(alpha=_RIDGE_ALPHA))
    weeks = PredefinedSplit((used.day // 7) % _FOLDS)
    residuals = use - cross_val_predict(pipeline, rows, use, cv=weeks)
    mean = float(use.mean())
    error = float(np.sqrt(np.mean(residuals**2)))
    return Baseline(
        building=building,
        as_of=as_of,
        training_days=days,
        cv_rmse_pct=100 * error / mean if mean > 0 else 0.0,
        zone=zone,
        pipeline=pipeline.fit(rows, use),
        temperature_range_c=_range(temperature[usable]),
        daily_range_c=_range(daily[usable]),
        hour_band_kwh=_hour_bands(_classes(used), residuals),
        day_band_kwh=_day_bands(used, residuals),
    )


def excess(actual_kwh: float, expected_kwh: float, high_kwh: float) -> tuple[float, float]:
    """Use above expectation in kWh (negative: below), and beyond the band in % of the expected use.

    The latter is 0 inside or below the band, and where nothing is expected.
    """
    beyond = max(actual_kwh - high_kwh, 0.0)
    return actual_kwh - expected_kwh, 100 * beyond / expected_kwh if expected_kwh > 0 else 0.0


def local_calendar(starts: Micros, zone: ZoneInfo) -> Calendar:
    """What the local clock says at each start."""
    local = pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC").tz_convert(zone)
    day = local.tz_localize(None).to_numpy().astype("datetime64[D]")
    days, inverse = np.unique(day, return_inverse=True)
    working = np.array([is_working_day(d) for d in days.tolist()], dtype=bool)
    return Calendar(local.hour.to_numpy().astype(np.int64), working[inverse], day.astype(np.int64))


def _classes(calendar: Calendar) -> NDArray[np.int64]:
    """0: not a working day, 1: working day, not in use; 2: working day in use."""
    daytime = (calendar.hour >= _DAYTIME[0]) & (calendar.hour < _DAYTIME[1])
    return np.where(calendar.working, np.where(daytime, 2, 1), 0)


def _features(calendar: Calendar, temperature_c: Floats, daily_c: Floats) -> Floats:
    """One row an hour: its place in the working calendar, and temperature within each class of hours."""
    profile = np.eye(48)[calendar.hour + 24 * calendar.working]
    classes = np.eye(3)[_classes(calendar)]
    sides = _sides(temperature_c)
    by_class = (classes[:, :, None] * sides[:, None, :]).reshape(len(sides), -1)
    return np.hstack([profile, by_class, _sides(daily_c)])


def _sides(temperature_c: Floats) -> Floats:
    """How far temperature is below each heating knot and above each cooling knot."""
    below = np.maximum(np.array(_HEATING_KNOTS_C) - temperature_c[:, None], 0.0)
    above = np.maximum(temperature_c[:, None] - np.array(_COOLING_KNOTS_C), 0.0)
    return np.hstack([below, above])


def _range(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _band(residuals: Floats) -> tuple[float, float]:
    """The band's edges; they hold zero, so that what is expected is ordinary."""
    low, high = np.quantile(residuals, BAND)
    return min(float(low), 0.0), max(float(high), 0.0)


def _hour_bands(classes: NDArray[np.int64], residuals: Floats) -> Floats:
    """Low and high edge relative to the expected value, one row a class of hours."""
    bands = np.zeros((3, 2))
    for one in range(3):
        mine = residuals[classes == one]
        bands[one] = _band(mine if len(mine) else residuals)
    return bands


def _day_bands(calendar: Calendar, residuals: Floats) -> dict[bool, tuple[float, float]]:
    """Edges for working and other days, from days all of whose hours were usable."""
    days, inverse, hours = np.unique(calendar.day, return_inverse=True, return_counts=True)
    total = np.bincount(inverse, weights=residuals).astype(np.float64)
    working = np.zeros(len(days), dtype=bool)
    working[inverse] = calendar.working
    whole = hours >= 23  # 23 on the day that loses one to DST
    bands = {}
    for kind in (True, False):
        mine = total[whole & (working == kind)]
        enough = len(mine) >= _MIN_DAYS_OF_A_KIND
        everything = total[whole] if whole.any() else total
        bands[kind] = _band(mine if enough else everything)
    return bands
