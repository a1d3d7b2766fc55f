"""Expected use against actual use, by the hour and by the day: results of one building."""

from collections.abc import Callable
from datetime import datetime

import numpy as np

from analytics.expected.baselines import Baseline, excess, local_calendar
from analytics.expected.weather import INERTIA_H
from analytics.grid import (
    HOUR_US,
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
DAILY = (*HOURLY, "electricity_excess_kwh", "electricity_excess_pct")

JUDGED_COVERAGE = 0.95
"""Share of a day that must be known for its use to be held against what was expected."""

JUDGED_ESTIMATED_H = 6
"""Hours of a day that may be estimated: what is spread evenly over more says little about one day."""

LEAD = INERTIA_H * HOUR
"""Weather before the first predicted hour that a prediction needs."""

ModelAt = Callable[[datetime], Baseline | None]
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
        expected = model.hours(starts[led], temperature_c[led])
        for row, values in enumerate(expected):
            grid.value[row, hours[INERTIA_H:]] = values[INERTIA_H:]
    return _as_estimates(grid)


def daily_expectations(
    building: str,
    expected: Grid,
    actual: Grid,
    day_edges: Micros,
    model_at: ModelAt,
    now: datetime,
) -> Grid:
    """Expected use of whole days that are over, with the band of days, and the excess over it.

    expected
        As ``hourly_expectations`` gives it, over the hours of the days.
    actual
        The building's hourly use over the same hours, one row.

    A day has an expected value where each of its hours has; an excess where also enough of its use is
    known (``JUDGED_COVERAGE``) and little of it estimated.
    """
    days = empty_grid([Key(building, name) for name in DAILY], day_edges[:-1])
    column = np.searchsorted(expected.starts, day_edges)
    for day in range(len(day_edges) - 1):
        hours = slice(int(column[day]), int(column[day + 1]))
        total = float(np.sum(expected.value[0, hours]))
        start = instant_of(day_edges[day])
        model = None if np.isnan(total) else model_at(start)
        if model is None or day_edges[day + 1] > micros_of(now):
            continue
        working = bool(local_calendar(day_edges[day : day + 1], model.zone).working[0])
        low, high = model.day_band(total, working)
        days.value[:3, day] = total, low, high
        if _can_be_judged(actual, hours):
            used = float(np.nansum(actual.value[0, hours]))
            days.value[3:, day] = excess(used, total, high)
    return _as_estimates(days)


def _as_estimates(grid: Grid) -> Grid:
    known = grid.known()
    return Grid(grid.keys, grid.starts, grid.value, known.astype(np.float64), known)


def _can_be_judged(actual: Grid, hours: slice) -> bool:
    covered = float(actual.coverage[0, hours].mean())
    estimated = int(actual.estimated[0, hours].sum())
    return covered >= JUDGED_COVERAGE and estimated <= JUDGED_ESTIMATED_H
