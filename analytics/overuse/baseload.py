"""What changes the level of days whatever the weather: base load that creeps up, and steps."""

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from analytics.overuse.daytable import HOURS, NIGHT, DayTable, day_table
from analytics.overuse.levels import (
    Step,
    Trend,
    bend_left,
    best_bend,
    best_step,
    confidence_of,
    trend,
    weekly,
)

LEAST_WEEKS = 10
"""So many weeks must be known for a trend to be one."""

LEAST_GROWTH = 0.10
"""By so much of its beginning the base load must have grown."""

_CHANCE = 0.01
"""Trends that chance gives more often than this are none."""

LEAST_STEP = 0.05
"""A step is one from so much of the use of a usual day on."""

_STEP_Z = 5.0
_STEP_DAYS = 10
_BALANCE_C = (16.0, 22.0)
"""Below the first buildings are heated, above the second cooled."""


def base_load_creep(series: UseSeries, expected: pd.DataFrame | None = None) -> Anomaly | None:
    """A base load that grows week by week up to the end; None where it does not, or a step explains it.

    The base is the median use of an hour at night, by weeks; what was expected of those hours, where given,
    is taken out, so that a colder season is no creep. It begins where a level and then a slope fit best. The
    growth (Theil-Sen) counts where chance would seldom give it (Mann-Kendall) and it comes to a tenth of the
    base at least. The size is the growth around the clock, as base load runs in all hours.
    """
    table = day_table(series, expected)
    if table is None:
        return None
    weeks = weekly(_night_level(table))
    if np.isfinite(weeks).sum() < LEAST_WEEKS:
        return None
    begin = best_bend(weeks, LEAST_WEEKS)
    found = trend(weeks[begin:])
    if found is None or found.p >= _CHANCE or found.slope <= 0:
        return None
    last = int(np.flatnonzero(np.isfinite(weeks))[-1])
    step = best_step(weeks, 2)
    growth = found.slope * (last - begin)
    if growth <= LEAST_GROWTH * abs(found.start) or (step and step.left < bend_left(weeks, begin)):
        return None
    return _creep(series, table, found, begin, last)


def weather_independent_jump(series: UseSeries, expected: pd.DataFrame) -> Anomaly | None:
    """A step up in the days' use that what was expected, and so the weather, does not explain.

    The best split of the days' excess in two levels; it counts from five standard errors on, from 5 % of a
    usual day, and where it stands beside the temperature in a regression. Up to the end of the series.
    """
    table = day_table(series, expected)
    if table is None:
        return None
    excess, usual = _day_excess(table)
    step = best_step(excess, _STEP_DAYS)
    if step is None or step.size <= LEAST_STEP * usual or step.z < _STEP_Z or usual <= 0:
        return None
    beside = _beside_weather(excess, table, step)
    if beside is not None and beside < 0.5 * step.size:
        return None
    return _jump(series, table, excess, usual, step, weather_known=beside is not None)


def _night_level(table: DayTable) -> Floats:
    """By day the base less what was expected of it, at the height of the expectation's mean."""
    base = table.night_base
    forecast: Floats = table.expected[:, NIGHT].mean(axis=1)
    if not np.isfinite(forecast).any():
        return base
    return base - forecast + float(np.nanmean(forecast))


def _creep(series: UseSeries, table: DayTable, found: Trend, begin: int, last: int) -> Anomaly:
    days = 7 * (last + 1 - begin)
    after = found.start + found.slope * (last - begin)
    growth = found.slope * np.arange(days) / 7
    return Anomaly(
        series.subject,
        series.measure,
        Shape.DAY,
        Likely.CREEP,
        table.instant(7 * begin),
        table.instant(7 * (last + 1)),
        open=7 * (last + 2) >= len(table),
        hours=HOURS * days,
        size=float(growth.sum() * HOURS),
        expected=float(found.start * HOURS * days),
        confidence=round(float(min(0.97, 1 - found.p) * (1 - found.left) ** 0.25), 2),
        evidence={
            "days": days,
            "weeks": last + 1 - begin,
            "base_before_per_h": round(found.start, 4),
            "base_after_per_h": round(after, 4),
            "growth_pct": round(100 * (after / found.start - 1), 1) if found.start > 0 else None,
            "chance_p": float(f"{found.p:.2g}"),
        },
    )


def _day_excess(table: DayTable) -> tuple[Floats, float]:
    """By day the mean excess times 24, NaN of days known by less than half; and what a usual day uses."""
    difference = table.use - table.expected
    known = np.isfinite(difference)
    count = known.sum(axis=1)
    mean = np.where(known, difference, 0.0).sum(axis=1) / np.maximum(count, 1)
    excess = np.where(count >= HOURS // 2, HOURS * mean, np.nan)
    usual = float(np.mean(table.expected[known])) * HOURS if known.any() else 0.0
    return excess, usual


def _beside_weather(excess: Floats, table: DayTable, step: Step) -> float | None:
    """The step's size where heating and cooling degrees may explain it too; None: no temperatures."""
    known_t = np.isfinite(table.temperature_c)
    count = known_t.sum(axis=1)
    mean_c = np.where(known_t, table.temperature_c, 0.0).sum(axis=1) / np.maximum(count, 1)
    known = np.isfinite(excess) & (count >= HOURS // 2)
    if known.sum() < 3 * _STEP_DAYS:
        return None
    later = (np.arange(len(excess)) >= step.at).astype(float)
    cold, hot = np.maximum(_BALANCE_C[0] - mean_c, 0), np.maximum(mean_c - _BALANCE_C[1], 0)
    rows = np.column_stack([np.ones(len(excess)), later, cold, hot])[known]
    return float(np.linalg.lstsq(rows, excess[known], rcond=None)[0][1])


def _jump(
    series: UseSeries,
    table: DayTable,
    excess: Floats,
    usual: float,
    step: Step,
    *,
    weather_known: bool,
) -> Anomaly:
    later = excess[step.at :]
    days = int(np.isfinite(later).sum())
    confidence = confidence_of(step.z)
    return Anomaly(
        series.subject,
        series.measure,
        Shape.DAY,
        Likely.JUMP,
        table.instant(step.at),
        table.instant(len(table)),
        open=True,
        hours=HOURS * days,
        size=step.size * days,
        expected=usual * days,
        confidence=confidence if weather_known else min(confidence, 0.6),
        evidence={
            "days": days,
            "step_per_day": round(step.size, 4),
            "step_pct": round(100 * step.size / usual, 1),
            "standard_errors": round(min(step.z, 99.0), 1),
        },
    )
