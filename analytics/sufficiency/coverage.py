"""How much of the time is known: length, days, months, gaps."""

from collections.abc import Iterator
from math import ceil

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries
from analytics.sufficiency.known import known_days, known_use, runs
from analytics.sufficiency.purposes import Limits
from quotawatt.findings import Evidence, Finding

LEAST_HOURS_PCT = 90.0
"""Of the hours of each calendar month (CalTRACK 2.0, 2.2.1.2, hourly methods)."""

LONGEST_GAP_DAYS = 7
"""A longer gap hides a whole week: it is named. Ours."""

_DAY_H = 24.0
_YEAR_DAYS = 365


def too_short(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_too_short``: fewer known days than the purpose asks."""
    if series.interval is Interval.MONTH:
        return
    days = int(known_days(series, known_use(series, limits)).sum())
    if days < limits.least_days:
        detail: Evidence = {"known_days": days, "needed_days": limits.least_days}
        yield Finding("series_too_short", series.subject, detail)


def days_missing(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_days_missing``: too large a share of the days is missing."""
    if series.interval is Interval.MONTH:
        return
    days = known_days(series, known_use(series, limits))
    period = max(len(days), limits.period_days)
    missing = period - int(days.sum())
    share = 100 * missing / period
    allowed = ceil(limits.most_missing_pct / 100 * period)  # 37 of 365, as CalTRACK counts them
    if missing > allowed and int(days.sum()) >= limits.least_days:
        detail: Evidence = {
            "missing_days": missing,
            "period_days": period,
            "missing_pct": round(share, 1),
            "limit_pct": limits.most_missing_pct,
        }
        yield Finding("series_days_missing", series.subject, detail)


def months_missing(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_months_missing``: a monthly series has fewer known months than the purpose asks."""
    if series.interval is not Interval.MONTH:
        return
    months = int(known_use(series, limits).sum())
    if months < limits.least_months:
        detail: Evidence = {"known_months": months, "needed_months": limits.least_months}
        yield Finding("series_months_missing", series.subject, detail)


def short_period(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_under_a_year``: for savings twelve months should be seen (ASHRAE 14-2014, 4.3.2)."""
    if limits.period_days < _YEAR_DAYS or series.interval is Interval.MONTH:
        return
    days = len(known_days(series, known_use(series, limits)))
    if limits.least_days <= days < limits.period_days:
        detail: Evidence = {"days": days, "needed_days": limits.period_days}
        yield Finding("series_under_a_year", series.subject, detail)


def thin_months(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_months_thin``: calendar months of an hourly series with less than 90 % of their hours."""
    if series.interval is not Interval.HOUR:
        return
    local = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone)
    known = pd.Series(known_use(series, limits).astype(float))
    share = 100 * known.groupby(local.strftime("%Y-%m").to_numpy()).mean()
    thin = share[share < LEAST_HOURS_PCT]
    if len(thin):
        detail: Evidence = {
            "count": len(thin),
            "months": ", ".join(thin.index[:12]),
            "least_pct": round(float(thin.min()), 1),
            "limit_pct": LEAST_HOURS_PCT,
        }
        yield Finding("series_months_thin", series.subject, detail)


def long_gap(series: UseSeries, limits: Limits) -> Iterator[Finding]:
    """``series_gap``: the longest gap between known intervals, where it is longer than a week."""
    if series.interval is Interval.MONTH:
        return
    known = known_use(series, limits)
    inside = np.flatnonzero(known)
    if not len(inside):
        return
    between = ~known[inside[0] : inside[-1] + 1]
    lengths = runs(between)
    place = int(np.argmax(lengths))
    intervals = int(lengths[place])
    days = intervals / (_DAY_H if series.interval is Interval.HOUR else 1.0)
    if days > LONGEST_GAP_DAYS:
        first = int(inside[0]) + place
        index = series.frame.index
        detail: Evidence = {
            "since": index[first].isoformat(),
            "until": index[first + intervals].isoformat(),
            "days": round(days, 1),
            "limit_days": LONGEST_GAP_DAYS,
        }
        yield Finding("series_gap", series.subject, detail)
