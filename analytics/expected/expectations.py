"""Expected use against actual use, by the hour and by the day: results of one building."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.grid import (
    HOUR_US,
    Bools,
    Floats,
    Grid,
    Key,
    Micros,
    empty_grid,
    instant_of,
    micros_of,
)
from quotawatt.spans import HOUR

ELECTRICITY = "electricity_import_kwh"
TEMPERATURE = "outdoor_temperature_c"

HOURLY = (
    "electricity_expected_kwh",
    "electricity_expected_low_kwh",
    "electricity_expected_high_kwh",
)
EXCESS_PCT = "electricity_excess_pct"
DAILY = (*HOURLY, "electricity_excess_kwh", EXCESS_PCT)

BAND = ("expected", "low", "high")
"""Columns of a prediction, in the order of ``HOURLY``."""

JUDGED_COVERAGE = 0.95
"""Share of a day that must be known for its use to be held against what was expected."""

JUDGED_ESTIMATED_H = 6
"""Hours of a day that may be estimated: what is spread evenly over more says little about one day."""

INERTIA_H = 24
"""A building answers to the weather of about a day, not of the moment alone."""

LEAD = INERTIA_H * HOUR
"""Weather before the first predicted hour that a prediction needs."""

ModelAt = Callable[[datetime], FittedBaseline | None]
"""The model that an hour is to be predicted with; None: there is none."""


def hourly_expectations(
    building: str, starts: Micros, temperature_c: Floats, month_edges: Micros, model_at: ModelAt
) -> Grid:
    """Expected use and band for UTC hours in a row, after the first 24, which lead the weather in.

    month_edges
        Local beginnings of months, from the one that holds the first hour on: models change there.
    """
    grid = empty_grid([Key(building, name) for name in HOURLY], starts[INERTIA_H:])
    edges = np.append(month_edges, starts[-1] + HOUR_US)
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        hours = (starts >= max(start, starts[INERTIA_H])) & (starts < end)
        model = model_at(instant_of(start)) if hours.any() else None
        if model is None:
            continue
        led = (starts >= starts[hours][0] - INERTIA_H * HOUR_US) & (starts < end)
        weather = pd.DataFrame({"temperature_c": temperature_c[led]}, index=_index(starts[led]))
        expected = model.predict(weather)[list(BAND)].to_numpy()
        grid.value[:, hours[INERTIA_H:]] = expected[INERTIA_H:].T
    return _as_estimates(grid)


def daily_expectations(
    building: str,
    expected: Grid,
    actual: Grid,
    day_edges: Micros,
    month_edges: Micros,
    model_at: ModelAt,
    now: datetime,
) -> Grid:
    """Expected use of whole days that are over, with the band of days, and the excess over it.

    expected
        As ``hourly_expectations`` gives it, over the hours of the days.
    actual
        The building's hourly use over the same hours, one row.
    month_edges
        Local beginnings of months, from the one that holds the first day on.

    A day has an expected value where each of its hours has; an excess where also enough of its use is
    known (``JUDGED_COVERAGE``) and little of it estimated.
    """
    days = empty_grid([Key(building, name) for name in DAILY], day_edges[:-1])
    over = day_edges[1:] <= micros_of(now)
    month = np.searchsorted(month_edges, day_edges[:-1], side="right") - 1
    for start in month_edges[np.unique(month[over])].tolist():
        mine = over & (month_edges[month] == start)
        model = model_at(instant_of(start))
        if model is not None:
            days.value[:3, mine] = _sums(model, expected, day_edges, mine)
    column = np.searchsorted(expected.starts, day_edges)
    for day in np.flatnonzero(~np.isnan(days.value[0])).tolist():
        hours = slice(int(column[day]), int(column[day + 1]))
        if _can_be_judged(actual, hours):
            used = float(np.nansum(actual.value[0, hours]))
            days.value[3:, day] = excess(used, *days.value[[0, 2], day].tolist())
    return _as_estimates(days)


def excess(actual_kwh: float, expected_kwh: float, high_kwh: float) -> tuple[float, float]:
    """Use above expectation in kWh (negative: below), and beyond the band in % of the expected use.

    The latter is 0 inside or below the band, and where nothing is expected.
    """
    beyond = max(actual_kwh - high_kwh, 0.0)
    return actual_kwh - expected_kwh, 100 * beyond / expected_kwh if expected_kwh > 0 else 0.0


def _sums(model: FittedBaseline, expected: Grid, day_edges: Micros, days: Bools) -> Floats:
    """Sum and band of some days in a row, a column each."""
    first, last = np.flatnonzero(days)[[0, -1]]
    edges = day_edges[first : last + 2]
    hours = (expected.starts >= edges[0]) & (expected.starts < edges[-1])
    predicted = pd.DataFrame(
        expected.value[:, hours].T, columns=list(BAND), index=_index(expected.starts[hours])
    )
    return np.asarray(model.sum_interval(predicted, _index(edges))[list(BAND)].to_numpy().T)


def _index(starts: Micros) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC", name="start")


def _as_estimates(grid: Grid) -> Grid:
    known = grid.known()
    return Grid(grid.keys, grid.starts, grid.value, known.astype(np.float64), known)


def _can_be_judged(actual: Grid, hours: slice) -> bool:
    covered = float(actual.coverage[0, hours].mean())
    estimated = int(actual.estimated[0, hours].sum())
    return covered >= JUDGED_COVERAGE and estimated <= JUDGED_ESTIMATED_H
