"""Heating and cooling that work against each other in one building."""

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Bools, Floats
from analytics.overuse.daytable import HOURS, DayTable, day_table
from analytics.overuse.levels import known_runs

_BASE_PCT, _FULL_PCT = 10, 95
_ON_SHARE = 0.2
"""Something is on from so much of the way from its base to its full level."""

_LEAST_HOURS = 3
_LEAST_DAYS = 3
_GAP_DAYS = 3

MILD_C = 10.0
"""Below this electricity of air conditioning may be heating too, and says nothing of cooling."""

_ELECTRIC = "electricity_import_kwh"


def heating_and_cooling(heating: UseSeries, cooling: UseSeries) -> list[Anomaly]:
    """Stretches of days on which both ran beyond their base in the same hours, three a day at least.

    heating, cooling
        Hourly, of one building: heat bought or burnt, and cooling bought, or electricity of air conditioning.
        Electricity counts as cooling only while it is 10 °C or more outdoors; where the temperature is not
        known it counts as nothing.

    A base is what runs all year: a server room that is cooled in winter is none of it. The size is the
    cooling's use beyond its base in those hours, in its own unit; that of the heating stands beside.
    """
    if Interval.HOUR is not heating.interval or heating.interval is not cooling.interval:
        return []
    both = heating.frame.index.intersection(cooling.frame.index)
    warm, cold = _within(heating, both), _within(cooling, both)
    tables = day_table(warm), day_table(cold)
    if tables[0] is None or tables[1] is None:
        return []
    return _fights(warm, cold, tables[0], tables[1])


def _within(series: UseSeries, index: pd.Index) -> UseSeries:
    return UseSeries(
        series.subject, series.measure, series.unit, series.zone, series.country,
        series.interval, series.frame.loc[index],
    )  # fmt: skip


def _fights(
    heating: UseSeries, cooling: UseSeries, warm: DayTable, cold: DayTable
) -> list[Anomaly]:
    heat, cool = _beyond_base(warm.use), _beyond_base(cold.use)
    if heat is None or cool is None:
        return []
    together = heat.on & cool.on
    if cooling.measure == _ELECTRIC:
        together &= np.isfinite(cold.temperature_c) & (cold.temperature_c >= MILD_C)
    days: Bools = together.sum(axis=1) >= _LEAST_HOURS
    known: Bools = (np.isfinite(warm.use) & np.isfinite(cold.use)).sum(axis=1) > 0
    found = []
    for first, last in known_runs(days, known, _LEAST_DAYS, _GAP_DAYS):
        hours = together[first : last + 1] & days[first : last + 1, None]
        found.append(_event(heating, cooling, (first, last), hours, (heat, cool), cold))
    return found


class _Beyond:
    """A series' use beyond its base, and in which hours it is on; days by local hours."""

    def __init__(self, use: Floats, base: float, full: float) -> None:
        self.amount: Floats = np.maximum(np.nan_to_num(use - base), 0.0)
        self.on: Bools = self.amount > _ON_SHARE * (full - base)


def _beyond_base(use: Floats) -> _Beyond | None:
    """None of what is never known, and of what has one level only."""
    known = use[np.isfinite(use)]
    if not len(known):
        return None
    base, full = np.percentile(known, [_BASE_PCT, _FULL_PCT])
    return _Beyond(use, float(base), float(full)) if full > base else None


def _event(
    heating: UseSeries,
    cooling: UseSeries,
    days: tuple[int, int],
    hours: Bools,
    beyond: tuple[_Beyond, _Beyond],
    table: DayTable,
) -> Anomaly:
    first, last = days
    rows = slice(first, last + 1)
    heat, cool = (float(one.amount[rows][hours].sum()) for one in beyond)
    used = table.use[rows][hours]
    days_with = int(hours.any(axis=1).sum())
    return Anomaly(
        cooling.subject,
        cooling.measure,
        Shape.RUN,
        Likely.HEATING_AND_COOLING,
        table.instant(first),
        table.instant(last, HOURS),
        open=last >= len(table) - 1,
        hours=int(hours.sum()),
        size=cool,
        expected=float(np.nansum(used)) - cool,
        confidence=round(float(np.clip(0.5 + 0.03 * days_with, 0.5, 0.9)), 2),
        evidence={
            "days": days_with,
            "hours_together": int(hours.sum()),
            "heating_subject": heating.subject,
            "heating_measure": heating.measure,
            "heating_unit": heating.unit,
            "heating_beyond_base": round(heat, 3),
        },
    )
