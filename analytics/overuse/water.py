"""Water that runs away: nights in which the flow never falls to what it used to."""

import numpy as np

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from analytics.overuse.daytable import HOURS, DayTable, day_table
from analytics.overuse.levels import Rise, confidence_of, rises

FLOWING = frozenset({"water_m3", "reclaimed_water_m3"})
"""What a leak loses: the measures that the minimum flow of the night is looked at of."""

_LEAST_KNOWN = 2
_QUIET = slice(2, 5)
"""Local hours of the least use, in which the smallest flow is nearly all leakage."""

LEAST_RISE = 0.1
"""A night is above habit from so much of the mean flow on."""

LEAST_NIGHTS = 3
_ALWAYS_NIGHTS = 28
"""A flow that never stops is said from so many nights on."""

_ALWAYS_SHARE = 0.1
"""It is said where the least flow is so much of the mean flow at least."""


def water_leak(series: UseSeries) -> list[Anomaly]:
    """Stretches of nights in which the least flow was above habit; else a flow that never stopped.

    The least flow of a night is the smallest hourly use from two to five o'clock. What is above its habit, or
    above nothing where it never stopped in at least 28 nights, is lost in all hours of the day. A flow that
    never stopped may be meant (a cooling tower, a kitchen at night), so it is only possible, never sure.
    None of what is no water, or not by the hour.
    """
    table = day_table(series) if series.measure in FLOWING else None
    if table is None:
        return []
    flows = night_flows(table)
    known = table.use[np.isfinite(table.use)]
    mean = float(known.mean()) if len(known) else 0.0
    if mean <= 0:
        return []
    found = [
        _leak(series, table, rise, flows)
        for rise in rises(flows, LEAST_RISE * mean, least_days=LEAST_NIGHTS, gap=1)
    ]
    always = None if found else _always(series, table, flows, mean)
    return found if always is None else [always]


def night_flows(table: DayTable) -> Floats:
    """By day the smallest hourly use of the quiet hours; NaN where fewer than two of them are known."""
    quiet = table.use[:, _QUIET]
    enough = np.isfinite(quiet).sum(axis=1) >= _LEAST_KNOWN
    found = np.full(len(table), np.nan)
    if enough.any():
        found[enough] = np.nanmin(quiet[enough], axis=1)
    return found


def _leak(series: UseSeries, table: DayTable, rise: Rise, flows: Floats) -> Anomaly:
    nights = np.array(rise.days)
    lost_per_h = float(np.median(flows[nights])) - rise.habit
    days = rise.last - rise.first + 1
    is_open = not np.isfinite(flows[rise.last + 1 :]).any()
    return _event(
        series,
        table,
        (rise.first, rise.last),
        lost=lost_per_h * HOURS * days,
        is_open=is_open,
        confidence=confidence_of(rise.strength),
        evidence={
            "days": days,
            "nights_above": len(nights),
            "night_flow_usual_m3_h": round(rise.habit, 4),
            "night_flow_m3_h": round(float(np.median(flows[nights])), 4),
            "lost_m3_d": round(lost_per_h * HOURS, 3),
        },
    )


def _always(series: UseSeries, table: DayTable, flows: Floats, mean: float) -> Anomaly | None:
    nights = np.flatnonzero(np.isfinite(flows))
    least = float(flows[nights].min()) if len(nights) else 0.0
    if len(nights) < _ALWAYS_NIGHTS or least < _ALWAYS_SHARE * mean:
        return None
    days = int(nights[-1] - nights[0]) + 1
    return _event(
        series,
        table,
        (int(nights[0]), int(nights[-1])),
        lost=least * HOURS * days,
        is_open=True,
        confidence=0.5,
        evidence={
            "days": days,
            "nights_above": len(nights),
            "night_flow_m3_h": round(least, 4),
            "lost_m3_d": round(least * HOURS, 3),
        },
    )


def _event(
    series: UseSeries,
    table: DayTable,
    days: tuple[int, int],
    *,
    lost: float,
    is_open: bool,
    confidence: float,
    evidence: dict[str, str | float | int | None],
) -> Anomaly:
    first, last = days
    within = table.use[first : last + 1]
    return Anomaly(
        series.subject,
        series.measure,
        Shape.RUN,
        Likely.LEAK,
        table.instant(first),
        table.instant(last, HOURS),
        open=is_open,
        hours=HOURS * (last - first + 1),
        size=lost,
        expected=float(np.nansum(within)) - lost,
        confidence=confidence,
        evidence=evidence,
    )
