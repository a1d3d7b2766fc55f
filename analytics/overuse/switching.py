"""When things are switched off: evenings that end later than they used to, and days off that are worked."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.baselines.series import UseSeries
from analytics.grid import Bools, Floats
from analytics.overuse.daytable import HOURS, NIGHT, DayTable, day_table
from analytics.overuse.levels import Rise, confidence_of, rises

_OFFICE = slice(9, 17)
_EVENING = 14
"""Local hour from which on the end of the day is looked for."""

_LEAST_SWING = 0.3
"""By how much of the day's level use must fall at night for a day to have an end."""

LEAST_LATE_H = 0.75
"""A day that ends so much later than usual is late."""

LEAST_WEEKEND_SHARE = 0.15
"""A day off is worked where its level above the night's rises by so much of a working day's."""

_NEAR_DAYS = 14
_BUSY_PCT = 75
"""Weeks between holidays have quiet working days too; a weekend is compared with the busy ones."""

_LEAST_OF_USUAL = 0.1
"""What is used beyond is worth a word from so much of the usual use of those hours on."""

_UNEXPECTED = 0.5
"""At least so much of what is beyond habit must be beyond what was expected as well."""


def late_switch_off(series: UseSeries, expected: pd.DataFrame | None = None) -> list[Anomaly]:
    """Stretches of at least three working days on which use fell later in the evening than it used to.

    A day ends when its use last passes half-way from the working hours' level down to the night's; what is
    usual is the median of the 40 ordinary working days before. The size is what was used beyond the usual
    course of those hours. None of a series by the day, of one whose use does not fall at night, and of hours
    that were expected to be high.
    """
    table = day_table(series, expected)
    if table is None:
        return []
    ends = switch_off_hours(table)
    found = (_late(series, table, rise, ends) for rise in rises(ends, LEAST_LATE_H))
    return [one for one in found if one is not None]


def switch_off_hours(table: DayTable) -> Floats:
    """Local hour (up to 24) at which each working day ends; NaN where it has no end, or is not known."""
    day_level = _row_medians(table.use[:, _OFFICE])
    night = _row_medians(table.use[:, NIGHT])
    middle = (day_level + night) / 2
    has_end = ~table.off & (day_level - night > _LEAST_SWING * np.abs(day_level))
    evening = table.use[:, _EVENING:]
    usable = has_end & np.isfinite(evening).all(axis=1)
    found = np.full(len(table), np.nan)
    for day in np.flatnonzero(usable):
        found[day] = _end_of(evening[day], middle[day])
    return found


def weekend_running(series: UseSeries, expected: pd.DataFrame | None = None) -> list[Anomaly]:
    """Stretches of at least two weekend days that are run more like working days than they used to be.

    Judged by the level of office hours above the night's, as a share of that of the working days around. The
    size is what was used beyond the usual course of weekends. None of days that were expected to be high (a
    hot weekend of a building that is cooled).
    """
    table = day_table(series, expected)
    if table is None:
        return []
    shares = weekend_shares(table)
    stretches = rises(shares, LEAST_WEEKEND_SHARE, least_days=2, gap=1)
    found = (_weekend(series, table, rise, shares) for rise in stretches)
    return [one for one in found if one is not None]


def weekend_shares(table: DayTable) -> Floats:
    """By weekend day its level above the night's, as a share of that of busy working days near; else NaN."""
    level = _row_medians(table.use[:, _OFFICE])
    night = _row_medians(table.use[:, NIGHT])
    above = level - np.fmin(night, level)
    found = np.full(len(table), np.nan)
    for day in np.flatnonzero(table.weekend & np.isfinite(above)):
        near = slice(max(0, day - _NEAR_DAYS), day + _NEAR_DAYS + 1)
        worked = above[near][~table.off[near]]
        busy = np.isfinite(worked).sum() >= 3
        usual = float(np.nanpercentile(worked, _BUSY_PCT)) if busy else np.nan
        # A building whose working days do not rise above its nights has no weekends to be told from.
        if usual > max(0.0, _LEAST_SWING * float(np.nanmedian(level[near]))):
            found[day] = above[day] / usual
    return found


def _end_of(evening: Floats, middle: float) -> float:
    """The last hour above the middle, and the part of the next one that the same use would have filled."""
    above = np.flatnonzero(evening > middle)
    if not len(above):
        return float(_EVENING)
    last = int(above[-1])
    if last + 1 >= len(evening):
        return float(HOURS)
    fall = evening[last] - evening[last + 1]
    part = (evening[last] - middle) / fall if fall > 0 else 0.0
    return float(min(_EVENING + last + 1 + min(part, 1.0) - 0.5, HOURS))


def _late(series: UseSeries, table: DayTable, rise: Rise, ends: Floats) -> Anomaly | None:
    days = np.array(rise.days)
    usual = _usual_course(table, ~table.off, rise)
    from_hour = int(np.floor(rise.habit))
    hours = slice(from_hour, HOURS)
    beyond, expected = _beyond(table.use[days, hours], usual[hours])
    if not _is_worth_it(beyond, expected, (table.use - table.expected)[days, hours]):
        return None
    until = float(np.median(ends[days]))
    return Anomaly(
        series.subject,
        series.measure,
        Shape.DAY,
        Likely.LATE_SWITCH_OFF,
        table.instant(rise.first, from_hour),
        table.instant(rise.last, HOURS),
        open=_lasts(rise, np.isfinite(ends)),
        hours=int(np.isfinite(beyond).sum()),
        size=float(np.nansum(beyond)),
        expected=expected,
        confidence=confidence_of(rise.strength),
        evidence={
            "days": len(days),
            "usual_end_h": round(rise.habit, 2),
            "end_h": round(until, 2),
            "late_min": round(60 * (until - rise.habit)),
        },
    )


def _weekend(series: UseSeries, table: DayTable, rise: Rise, shares: Floats) -> Anomaly | None:
    days = np.array(rise.days)
    beyond, expected = _beyond(table.use[days], _usual_course(table, table.weekend, rise))
    if not _is_worth_it(beyond, expected, (table.use - table.expected)[days]):
        return None
    return Anomaly(
        series.subject,
        series.measure,
        Shape.DAY,
        Likely.WEEKEND_RUNNING,
        table.instant(rise.first),
        table.instant(rise.last, HOURS),
        open=_lasts(rise, np.isfinite(shares)),
        hours=int(np.isfinite(beyond).sum()),
        size=float(np.nansum(beyond)),
        expected=expected,
        confidence=confidence_of(rise.strength),
        evidence={
            "days": len(days),
            "usual_share_of_working_day": round(rise.habit, 3),
            "share_of_working_day": round(float(np.median(shares[days])), 3),
        },
    )


def _usual_course(table: DayTable, kind: Bools, rise: Rise) -> Floats:
    """By local hour the median of the ordinary days of a kind before a stretch."""
    before = np.flatnonzero(kind[: rise.first])[-40:]
    return _column_medians(table.use[before])


def _beyond(rows: Floats, usual: Floats) -> tuple[Floats, float]:
    """What hours had beyond their usual course, and the usual course of those that are known."""
    beyond = rows - usual
    expected = np.where(np.isfinite(beyond), np.broadcast_to(usual, rows.shape), 0.0)
    return beyond, float(expected.sum())


def _is_worth_it(beyond: Floats, usual: float, unexpected: Floats) -> bool:
    """Whether it is much, and, where something was expected of the hours, not expected."""
    size = float(np.nansum(beyond))
    surprise = float(np.nansum(unexpected)) if np.isfinite(unexpected).any() else size
    return size > _LEAST_OF_USUAL * abs(usual) and surprise >= _UNEXPECTED * size


def _lasts(rise: Rise, known: Bools) -> bool:
    """Whether no ordinary day of its kind is known after the stretch."""
    return not known[rise.last + 1 :].any()


def _row_medians(rows: Floats) -> Floats:
    return np.array(list(_medians(rows)), dtype=float)


def _column_medians(rows: Floats) -> Floats:
    return _row_medians(rows.T)


def _medians(rows: Floats) -> Iterator[float]:
    for row in rows:
        known = row[np.isfinite(row)]
        yield float(np.median(known)) if 2 * len(known) >= len(row) and len(known) else np.nan
