"""The times of a file of measured energy: texts to instants, whatever clock they were written by."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from quotawatt.app.energy_columns import Table
from quotawatt.errors import InputError

_OFFSET = r"\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[Zz]|[+-]\d\d(?::?\d\d)?)$"
_OFFSET_PART = r"\s*([Zz]|[+-]\d\d(?::?\d\d)?)$"
_MIDNIGHT = r"\b24:00(?::00)?$"
_DATES = ("%Y/%m/%d", "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y年%m月%d日", "%Y年%m月")
_CLOCKS = (" %H:%M", " %H:%M:%S", "")
_TRIED = 200  # rows that tell which formats can be meant before all are read


@dataclass(frozen=True)
class Instants:
    """The instant of each row, UTC; NaT where its local time did not exist.

    skipped
        Rows whose local time did not exist, the clock being put forward over it.
    single
        Local times that exist twice, the clock being put back, and came once.
    offsets
        The offsets from UTC, where rows carry several that are not those of the zone's clock; else empty.
    """

    utc: pd.DatetimeIndex
    skipped: int = 0
    single: int = 0
    offsets: tuple[str, ...] = ()


def read_times(table: Table, column: str, zone: ZoneInfo, is_utc: bool, form: str = "") -> Instants:
    """The instants of a column of times.

    Times with an offset are instants by themselves; others are UTC, or of the zone's clock. There, of a time
    that exists twice the first row is summer time, the second not.

    form
        As ``strptime`` has it; empty: ISO 8601, or one of the usual ones, where only one can be meant.

    Raises InputError with file:line for what is no time, and where some rows have an offset and others not.
    """
    texts = table.cells[column].str.strip()
    late = texts.str.contains(_MIDNIGHT, regex=True).to_numpy(dtype=bool)
    if late.any():
        texts = texts.str.replace(_MIDNIGHT, "00:00", regex=True)
    if _have_offsets(table, texts):
        utc = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
        instants = _checked(table, texts, pd.DatetimeIndex(utc))
        return Instants(instants, offsets=_foreign_offsets(texts, instants, zone))
    naive = _checked(table, texts, _naive(table, texts, form))
    naive = naive + pd.to_timedelta(late.astype(int), unit="D")
    return Instants(naive.tz_localize("UTC")) if is_utc else _localized(naive, zone)


def _have_offsets(table: Table, texts: "pd.Series[str]") -> bool:
    found = texts.str.contains(_OFFSET, regex=True).to_numpy(dtype=bool)
    if found.any() and not found.all():
        row = int(np.argmax(found != found[0]))
        rule = f"{table.at(row)}: either every time must carry an offset from UTC or none"
        raise InputError(f"{rule}, got {texts.iloc[row]!r} after {texts.iloc[0]!r}")
    return bool(found.any())


def _foreign_offsets(
    texts: "pd.Series[str]", utc: pd.DatetimeIndex, zone: ZoneInfo
) -> tuple[str, ...]:
    """Several offsets, unless they are those of the zone's clock in summer and winter."""
    bare = texts.str.replace(_OFFSET_PART, "", regex=True)
    clock = pd.DatetimeIndex(pd.to_datetime(bare, format="ISO8601"))
    minutes = (clock - utc.tz_localize(None)) // pd.Timedelta(minutes=1)
    found = sorted(set(minutes))
    is_the_zones = bool((clock == utc.tz_convert(zone).tz_localize(None)).all())
    if len(found) < 2 or is_the_zones:
        return ()
    return tuple(f"{'-' if m < 0 else '+'}{abs(m) // 60:02}:{abs(m) % 60:02}" for m in found)


def _naive(table: Table, texts: "pd.Series[str]", form: str) -> pd.DatetimeIndex:
    if form:
        return _parsed(texts, form)
    whole = _parsed(texts, "ISO8601")
    if not whole.isna().any():
        return whole
    tried = texts.iloc[:_TRIED]
    forms = [d + c for d in _DATES for c in _CLOCKS if not _parsed(tried, d + c).isna().any()]
    fitting = {f: parsed for f in forms if not (parsed := _parsed(texts, f)).isna().any()}
    found = list(fitting.values())
    if any(not one.equals(found[0]) for one in found[1:]):
        rule = f"{table.path}: --time-format must say which part of a date is the month"
        raise InputError(f"{rule} where it can be {' or '.join(fitting)}, got {texts.iloc[0]!r}")
    if found:
        return found[0]
    return _parsed(texts, forms[0]) if forms else whole


def _parsed(texts: "pd.Series[str]", form: str) -> pd.DatetimeIndex:
    try:
        return pd.DatetimeIndex(pd.to_datetime(texts, format=form, errors="coerce")).as_unit("us")
    except ValueError as error:
        raise InputError(f"--time-format must be one of strptime, got {form!r} ({error})") from None


def _checked(table: Table, texts: "pd.Series[str]", times: pd.DatetimeIndex) -> pd.DatetimeIndex:
    wrong = np.asarray(times.isna())
    if wrong.any():
        row = int(np.argmax(wrong))
        rule = f"{table.at(row)}: a time must be in ISO 8601 or as --time-format says"
        raise InputError(f"{rule}, got {texts.iloc[row]!r}")
    return times.as_unit("us")


def _localized(naive: pd.DatetimeIndex, zone: ZoneInfo) -> Instants:
    """The zone's clock times as instants."""
    is_first = ~naive.duplicated(keep="first")
    utc = naive.tz_localize(zone, ambiguous=is_first, nonexistent="NaT").tz_convert("UTC")
    unsure = np.asarray(naive.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").isna())
    skipped = np.asarray(utc.isna())
    twice = unsure & ~skipped
    single = int((pd.Series(naive[twice]).value_counts() == 1).sum())
    return Instants(utc.as_unit("us"), int(skipped.sum()), single)
