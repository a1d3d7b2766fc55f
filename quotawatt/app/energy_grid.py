"""Rows of a file of measured energy as intervals in a row: ordered, each once, gaps as NaN."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import Interval
from quotawatt.app.energy_columns import Floats, Table
from quotawatt.errors import InputError
from quotawatt.findings import Evidence, Finding
from quotawatt.spans import local_midnight

LEAST_OF_HOUR = 0.5
"""Share of an hour's parts that must be known for the hour to be; the rest counts as their mean."""

MOST_OFF_DAYS = 3
"""How far from the beginning of a calendar month a monthly value may begin."""

_HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class Rows:
    """Rows that have a time: their instants (UTC), values and places in the table."""

    times: pd.DatetimeIndex
    value: Floats
    place: NDArray[np.intp]


@dataclass(frozen=True)
class Intervals:
    """Intervals in a row: ``series`` indexed by ``start`` (UTC), NaN where missing."""

    interval: Interval
    series: "pd.Series[float]"
    findings: tuple[Finding, ...]


def in_intervals(
    table: Table, rows: Rows, zone: ZoneInfo, subject: str, ends: bool, additive: bool
) -> Intervals:
    """The rows as hours, local days or calendar months, by the time that lies between them.

    ends
        Whether a time names the end of its interval.
    additive
        Whether parts of an hour add up; else they are averaged.

    Raises InputError where the rows have no such interval.
    """
    findings = list(_disorder(table, rows, subject))
    rows = _ordered(rows)
    step = _step(table, rows.times)
    if step <= _HOUR:
        starts = rows.times - step if ends else rows.times
        hours = _hours(starts, rows.value, step, additive)
        return Intervals(Interval.HOUR, hours, tuple(findings))
    interval = Interval.DAY if step < pd.Timedelta(days=20) else Interval.MONTH
    middle = rows.times - step / 2 if ends else rows.times + step / 2
    found, off = _calendar(middle, rows, zone, interval, step, ends)
    findings += _foreign(table, off, interval, zone, subject)
    return Intervals(interval, found, tuple(findings))


def _disorder(table: Table, rows: Rows, subject: str) -> Iterator[Finding]:
    back = np.diff(rows.times.asi8) < 0
    if back.any():
        line = int(table.lines[rows.place[int(np.argmax(back)) + 1]])
        yield Finding("file_rows_unordered", subject, {"count": int(back.sum()), "line": line})
    again = np.asarray(rows.times.duplicated(keep="first"))
    if again.any():
        first = pd.Series(rows.value, index=rows.times)[~again]
        kept = first.reindex(rows.times[again]).to_numpy(dtype=float)
        other = rows.value[again]
        same = (kept == other) | (np.isnan(kept) & np.isnan(other))
        line = int(table.lines[rows.place[int(np.argmax(again))]])
        detail = {"count": int(again.sum()), "conflicts": int((~same).sum()), "line": line}
        yield Finding("file_times_repeated", subject, detail)


def _ordered(rows: Rows) -> Rows:
    """In order, and of each time the first row."""
    order = np.argsort(rows.times.asi8, kind="stable")
    order = order[~np.asarray(rows.times[order].duplicated(keep="first"))]
    return Rows(rows.times[order], rows.value[order], rows.place[order])


def _step(table: Table, times: pd.DatetimeIndex) -> pd.Timedelta:
    """The time that most rows are apart."""
    rule = f"{table.path}: rows must be minutes of an hour, hours, days or months apart"
    if len(times) < 2:
        raise InputError(f"{rule}, got {len(times)} row(s) with a time")
    step = pd.Timedelta(np.quantile(np.diff(times.asi8), 0.5, method="lower"), unit=times.unit)
    hours = step / _HOUR
    if not (hours <= 1 or 23 <= hours <= 25 or 28 * 24 <= hours <= 31 * 24 + 1):
        raise InputError(f"{rule}, got {step}")
    return step


def _hours(
    starts: pd.DatetimeIndex, values: Floats, step: pd.Timedelta, additive: bool
) -> "pd.Series[float]":
    parts = max(1, round(_HOUR / step))
    shift = starts[0] - starts[0].floor("h") if parts == 1 else pd.Timedelta(0)
    grouped = pd.Series(values).groupby((starts - shift).floor("h") + shift)
    count, mean = grouped.count(), grouped.mean()
    hours = mean.where(count >= LEAST_OF_HOUR * parts) * (parts if additive else 1)
    return hours.reindex(pd.date_range(hours.index[0], hours.index[-1], freq="h", unit="us"))


def _calendar(
    middle: pd.DatetimeIndex,
    rows: Rows,
    zone: ZoneInfo,
    interval: Interval,
    step: pd.Timedelta,
    ends: bool,
) -> tuple["pd.Series[float]", Floats]:
    """Values by local day or month, and how many hours each row is off its beginning (its end)."""
    local = middle.tz_convert(zone).tz_localize(None)
    freq = "D" if interval is Interval.DAY else "MS"
    unit = "D" if interval is Interval.DAY else "M"
    labels = local.to_period(unit)
    edge = (labels + 1 if ends else labels).to_timestamp()
    edges = _midnights(edge, zone)
    off = np.abs(np.asarray((rows.times - edges) / _HOUR, dtype=float))
    known = pd.Series(rows.value, index=labels.to_timestamp())
    known = known[~known.index.duplicated(keep="first")]
    known = known.reindex(pd.date_range(known.index[0], known.index[-1], freq=freq))
    known.index = _midnights(pd.DatetimeIndex(known.index), zone)
    return known, off


def _midnights(days: pd.DatetimeIndex, zone: ZoneInfo) -> pd.DatetimeIndex:
    starts = [local_midnight(date(d.year, d.month, d.day), zone) for d in days]
    return pd.DatetimeIndex(starts).as_unit("us")


def _foreign(
    table: Table, off_h: Floats, interval: Interval, zone: ZoneInfo, subject: str
) -> Iterator[Finding]:
    worst = int(np.argmax(off_h))
    if interval is Interval.MONTH and off_h[worst] > 24 * MOST_OFF_DAYS:
        rule = f"{table.path}: monthly values must be of calendar months"
        raise InputError(f"{rule}, got one that begins {off_h[worst] / 24:.0f} days beside")
    count = int((off_h > 0).sum())
    if count:
        detail: Evidence = {
            "count": count,
            "zone_name": zone.key,
            "hours": round(float(off_h[worst]), 1),
        }
        yield Finding("file_days_not_local", subject, detail)
