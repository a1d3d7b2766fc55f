"""The instants of a vehicle's log: a column of times, a date beside a time of day, or seconds of its own.

A row whose date cannot be read takes that of its neighbours where its time of day lies between theirs; one
of which nothing says when it was is left out. Either is a finding.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_columns import (
    CLOCK,
    DATE,
    DAY_NUMBER,
    ELAPSED_MS,
    ELAPSED_S,
    TIME,
    Meaning,
)
from quotawatt.app.fleet_elapsed import Elapsed, LogTimes, elapsed, unread
from quotawatt.app.fleet_epoch import ENOUGH, NO_TIME, counts_up, since_1970
from quotawatt.app.fleet_time_texts import dated_by_neighbours, plain_texts
from quotawatt.errors import InputError
from quotawatt.findings import Evidence, Finding

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_OFFSET = r"\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)$"
_DATES = (
    *("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y"),
    *("%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%d-%b-%Y", "%d %b %Y", "%Y年%m月%d日"),
)
_CLOCKS = (
    *(" %H:%M:%S", " %H:%M", " %H:%M:%S.%f", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M:%S %p"),
    *(" %I:%M %p", " %H%M%S", "%H%M%S", " %H时%M分%S秒", ""),
)
_TRIED = 400
"""Rows that tell which formats can be meant before all are read."""

_AS_GOOD = 0.01
"""Formats whose shares of rows differ by less are as good as each other: a few rows are broken."""


@dataclass(frozen=True, kw_only=True)
class Clockwork:
    """How times of a log are to be read.

    zone
        Whose clock times without an offset are by.
    form
        As ``strptime`` has it; empty: ISO 8601, seconds since 1970, or one of the usual ones.
    start
        When a log began that has only seconds since its start; None: not said.
    """

    zone: tzinfo
    form: str = ""
    start: datetime | None = None


def read_log_times(table: Table, columns: Mapping[str, Meaning], clock: Clockwork) -> LogTimes:
    """The instants of the rows by the columns of time that there are.

    Raises InputError where there is none, no row can be read, or a log of seconds has no start.
    """
    texts = _texts(table, columns)
    counted = next((columns[w].heading for w in (ELAPSED_S, ELAPSED_MS) if w in columns), None)
    if texts is None and counted is None:
        rule = f"{table.path}: a log must have a column of times, or --column must name it as time"
        raise InputError(f"{rule}, got {', '.join(table.headings)}")
    if texts is None or (not clock.form and counts_up(texts)):
        heading = counted if texts is None else columns[TIME if TIME in columns else DATE].heading
        per_s = 1000 if texts is None and ELAPSED_S not in columns else 1
        day = columns[DAY_NUMBER].heading if texts is None and DAY_NUMBER in columns else ""
        return elapsed(table, Elapsed(str(heading), per_s, day), clock.start)
    whole = since_1970(texts) if not clock.form else None
    offset = None
    findings: list[Finding] = []
    if whole is None:
        texts = texts if clock.form else plain_texts(texts)
        whole, offset, findings = _by_text(table, texts, clock)
        whole, mended = dated_by_neighbours(table, texts, whole)
        findings += mended
    read = whole != NO_TIME
    if not read.any():
        rule = f"{table.at(0)}: a time must be in ISO 8601, seconds since 1970 or as --time-format"
        raise InputError(f"{rule} says, got {texts.iloc[0]!r}")
    return LogTimes(whole, offset, (*findings, *unread(table, texts, read)))


def _texts(table: Table, columns: Mapping[str, Meaning]) -> "pd.Series[str] | None":
    """The times as texts; None where the log has none."""
    if DATE in columns and CLOCK in columns:
        clock = table.cells[columns[CLOCK].heading].str.strip()
        date = table.cells[columns[DATE].heading].str.strip()
        whole = clock.str.contains(r"\d[-/.]\d", regex=True).any()
        return clock if whole else date + " " + clock
    for what in (TIME, DATE):
        if what in columns:
            return table.cells[columns[what].heading].str.strip()
    return None


def _by_text(
    table: Table, texts: "pd.Series[str]", clock: Clockwork
) -> tuple[Ints, tzinfo | None, list[Finding]]:
    out = np.full(len(texts), NO_TIME, dtype=np.int64)
    if clock.form:
        parsed = pd.to_datetime(texts, format=clock.form, errors="coerce")
        if parsed.dt.tz is not None:
            return _micros(pd.DatetimeIndex(parsed)), None, []
        return _micros(_local(pd.DatetimeIndex(parsed), clock.zone)), None, []
    with_offset = texts.str.contains(_OFFSET, regex=True).to_numpy(dtype=bool)
    offset = None
    if with_offset.any():
        chosen = texts[with_offset].str.replace(r"\s*(?:UTC|GMT)$", "Z", regex=True)
        utc = pd.to_datetime(chosen, format="ISO8601", utc=True, errors="coerce")
        out[with_offset] = _micros(pd.DatetimeIndex(utc))
        offset = _common_offset(chosen) if with_offset.all() else None
    bare = texts[~with_offset]
    findings: list[Finding] = []
    if len(bare):
        naive, findings = _naive(table, bare)
        out[~with_offset] = _micros(_local(naive, clock.zone))
    return out, offset, findings


def _naive(table: Table, texts: "pd.Series[str]") -> tuple[pd.DatetimeIndex, list[Finding]]:
    """Texts without offset by the format that fits the most of them; ISO 8601 first.

    Where the values do not tell day and month apart, the log of the fewest days is meant, else the month
    goes first; that is a finding.
    """
    iso = _parsed(texts, "ISO8601")
    if _share(iso) > ENOUGH:
        return iso, []
    tried = texts.iloc[:: max(1, len(texts) // _TRIED)]
    forms = [d + c for d in _DATES for c in _CLOCKS if _share(_parsed(tried, d + c)) > ENOUGH]
    fitting = {form: _parsed(texts, form) for form in forms}
    most = max((_share(parsed) for parsed in fitting.values()), default=0.0)
    best = {form: parsed for form, parsed in fitting.items() if _share(parsed) > most - _AS_GOOD}
    if not best:
        return iso, []
    fullest = max(best.values(), key=_share)
    if not any(_differ(one, fullest) for one in best.values()):
        return fullest, []
    form = min(best, key=lambda name: (best[name].max() - best[name].min(), -_share(best[name])))
    detail: Evidence = {"form": form, "got": texts.iloc[0][:40]}
    return best[form], [Finding("log_date_taken", table.path.name, detail)]


def _differ(one: pd.DatetimeIndex, other: pd.DatetimeIndex) -> bool:
    """Whether two readings of the same texts are not the same where both could be read."""
    both = ~np.asarray(one.isna()) & ~np.asarray(other.isna())
    return bool((one[both] != other[both]).any())


def _parsed(texts: Iterable[str], form: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(pd.Series(texts), format=form, errors="coerce"))


def _share(parsed: pd.DatetimeIndex) -> float:
    return float(np.mean(~np.asarray(parsed.isna()))) if len(parsed) else 0.0


def _local(naive: pd.DatetimeIndex, zone: tzinfo) -> pd.DatetimeIndex:
    """Clock times as instants; of a time that exists twice the first row is summer time."""
    if naive.tz is not None:
        return naive.tz_convert("UTC")
    is_first = ~naive.duplicated(keep="first")
    return naive.tz_localize(zone, ambiguous=is_first, nonexistent="NaT").tz_convert("UTC")


def _micros(utc: pd.DatetimeIndex) -> Ints:
    bare = utc.tz_convert("UTC").tz_localize(None) if utc.tz is not None else utc
    stamps = bare.to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(stamps), NO_TIME, stamps.astype(np.int64)).astype(np.int64)


def _common_offset(texts: "pd.Series[str]") -> tzinfo | None:
    ends = texts.str.extract(r"([Zz]|[+-]\d\d(?::?\d\d)?)$")[0].unique()
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)?", str(ends[0]))
    if len(ends) != 1 or match is None:
        return None
    sign = -1 if match[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0)))
