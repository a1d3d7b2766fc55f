"""Forecasts of many days, each as it would have been made before the day: the next day's included."""

from dataclasses import dataclass

import numpy as np

from analytics.forecast.days import DayTable
from analytics.forecast.level import corrections
from analytics.forecast.spread import intervals
from analytics.grid import Floats


@dataclass(frozen=True)
class Replayed:
    """Forecasts of the days of a table, in its unit; NaN where nothing can be said.

    expected, low, high
        One row a day, one column an hour of the clock.
    total_below, total_above
        Edges of whole days' use, relative to what is expected of them.
    floor
        What no forecast goes below; minus infinity where use may be negative.
    """

    expected: Floats
    low: Floats
    high: Floats
    total_below: Floats
    total_above: Floats
    floor: float


def replay(table: DayTable, lead_days: int, level: float, first_row: int = 0) -> Replayed:
    """Forecast each day from those that lie at least ``lead_days`` before it.

    level
        Share of hours, and of days, that the intervals shall hold.
    first_row
        Days before it get no interval.

    Where the series never goes below 0 neither does a forecast.
    """
    floor = 0.0 if _never_negative(table.use) else -np.inf
    expected = np.maximum(table.foreseen + corrections(table, lead_days), floor)
    error = table.use - expected
    below, above = intervals(error, table.off, lead_days, level, first_row)
    # A sum with an hour that is not known is none.
    missed = error.sum(axis=1, keepdims=True)
    total_below, total_above = intervals(missed, table.off, lead_days, level, first_row)
    return Replayed(
        expected=expected,
        low=np.maximum(expected + below, floor),
        high=expected + above,
        total_below=total_below[:, 0],
        total_above=total_above[:, 0],
        floor=floor,
    )


def _never_negative(use: Floats) -> bool:
    known = use[np.isfinite(use)]
    return bool((known >= 0).all())
