"""Nights in which something runs on that used to be switched off."""

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from analytics.overuse.daytable import HOURS, NIGHT, DayTable, day_table
from analytics.overuse.levels import Rise, confidence_of, rises

LEAST_RISE = 0.2
"""A night is above habit from so much of the usual level of a day's hours on."""

_OFFICE = slice(10, 16)
_AS_MUCH = 0.7
"""Of the night's rise; from so much on what rose runs around the clock."""

_LAST_HOUR = 19
_FIRST_HOUR = 7
"""Local hours that are no night, from the first, before the last."""


def night_running(series: UseSeries, expected: pd.DataFrame | None = None) -> list[Anomaly]:
    """Stretches of at least three nights whose base is well above its habit and what was expected.

    The size is what was used beyond the usual course from 19 to 7 o'clock, or beyond what was expected where
    that is known. Nights are those of the local days that they are in: one from Monday to Tuesday has a part
    in both. What rises as much by day is no matter of the night, and none of this.
    """
    table = day_table(series, expected)
    if table is None:
        return []
    base = _unexpected(table)
    level = _level(table)
    if not level > 0:
        return []
    return [
        _event(series, table, rise, base)
        for rise in rises(base, LEAST_RISE * level)
        if not _is_around_the_clock(table, rise, base)
    ]


def _is_around_the_clock(table: DayTable, rise: Rise, base: Floats) -> bool:
    """Whether the use of office hours rose nearly as much as that of the night."""
    nights = np.array(rise.days)
    by_day = (table.use - _usual(table, rise))[nights][:, _OFFICE]
    known = by_day[np.isfinite(by_day)]
    above = float(np.median(base[nights])) - rise.habit
    return len(known) > 0 and float(np.median(known)) >= _AS_MUCH * above


def _unexpected(table: DayTable) -> Floats:
    """By day the night's base, less what was expected of it where that is known."""
    forecast: Floats = table.expected[:, NIGHT].mean(axis=1)
    return table.night_base - forecast if np.isfinite(forecast).any() else table.night_base


def _level(table: DayTable) -> float:
    known = table.use[np.isfinite(table.use)]
    return float(np.median(known)) if len(known) else 0.0


def _event(series: UseSeries, table: DayTable, rise: Rise, base: Floats) -> Anomaly:
    nights = np.array(rise.days)
    usual = _usual(table, rise)
    hours = np.r_[0:_FIRST_HOUR, _LAST_HOUR:HOURS]
    use, course = table.use[nights][:, hours], usual[nights][:, hours]
    known = np.isfinite(use) & np.isfinite(course)
    beyond = float((use[known] - course[known]).sum())
    return Anomaly(
        series.subject,
        series.measure,
        Shape.DAY,
        Likely.NIGHT_RUNNING,
        table.instant(rise.first),
        table.instant(rise.last, HOURS),
        open=not np.isfinite(base[rise.last + 1 :]).any(),
        hours=int(known.sum()),
        size=beyond,
        expected=float(course[known].sum()),
        confidence=confidence_of(rise.strength),
        evidence={
            "nights": len(nights),
            "above_habit_per_h": round(float(np.median(base[nights])) - rise.habit, 4),
        },
    )


def _usual(table: DayTable, rise: Rise) -> Floats:
    """What was to be expected of each hour: the expectation, else the median of the days before by hour."""
    before = table.use[max(0, rise.first - 40) : rise.first]
    known = np.isfinite(before).any(axis=0)
    course = np.full(HOURS, np.nan)
    course[known] = np.nanmedian(before[:, known], axis=0)
    return np.where(np.isfinite(table.expected), table.expected, course)
