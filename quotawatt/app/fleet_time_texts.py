"""Texts of times that no format reads: those of Java, and broken dates beside a good time of day."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_epoch import NO_TIME
from quotawatt.findings import Evidence, Finding

Ints = NDArray[np.int64]

_JAVA = (
    r"^\w{3} (?P<month>\w{3}) (?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d) "
    r"(?:GMT|UTC)?(?P<offset>[+-]\d\d:?\d\d)? ?(?P<year>\d{4})$"
)
"""``Mon Mar 04 08:10:00 GMT+08:00 2024``."""

_MONTHS = {
    **{"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06"},
    **{"jul": "07", "aug": "08", "sep": "09", "oct": "10", "nov": "11", "dec": "12"},
}
_CLOCK = r"(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d(?:\.\d+)?)\s*(?P<half>[AaPp])?"
_DAY_US = 86_400_000_000
_LONGEST_US = 3_600_000_000
"""Beyond an hour between the neighbours a time of day may be that of another day's drive."""


def plain_texts(texts: "pd.Series[str]") -> "pd.Series[str]":
    """The texts, those of Java as ISO 8601; without an offset where they name none or another zone."""
    if not len(texts) or pd.isna(texts.iloc[:1].str.extract(_JAVA)["year"].iloc[0]):
        return texts
    found = texts.str.extract(_JAVA)
    month = found["month"].str.lower().map(_MONTHS)
    offset = found["offset"].fillna("")
    iso = found["year"] + "-" + month + "-" + found["day"] + "T" + found["clock"] + offset
    return iso.where(iso.notna(), texts)


def dated_by_neighbours(
    table: Table, texts: "pd.Series[str]", times_us: Ints
) -> tuple[Ints, list[Finding]]:
    """Give rows whose date is broken the instant that their time of day has between the rows around them.

    Taken is only what fits: not before the last row that could be read nor after the next one, and these at
    most an hour apart. Receivers that lose their date for seconds write such rows.
    """
    read = times_us != NO_TIME
    if read.all() or not read.any():
        return times_us, []
    place = np.arange(len(times_us))
    before = np.maximum.accumulate(np.where(read, place, -1))
    after = np.minimum.accumulate(np.where(read, place, len(read))[::-1])[::-1]
    rows = np.flatnonzero(~read & (before >= 0) & (after < len(read)))
    since, until = times_us[before[rows]], times_us[after[rows]]
    ahead = _clock_us(texts.iloc[rows]) - _clock_us(texts.iloc[before[rows]])
    told = np.isfinite(ahead)
    instants = since + np.where(told, np.mod(ahead, _DAY_US), 0.0).astype(np.int64)
    fits = told & (until - since <= _LONGEST_US) & (instants >= since) & (instants <= until)
    if not fits.any():
        return times_us, []
    out = times_us.copy()
    out[rows[fits]] = instants[fits]
    first = int(rows[np.argmax(fits)])
    detail: Evidence = {
        "count": int(fits.sum()),
        "line": int(table.lines[first]),
        "got": texts.iloc[first][:40],
    }
    return out, [Finding("log_time_mended", table.path.name, detail)]


def _clock_us(texts: "pd.Series[str]") -> NDArray[np.float64]:
    """Microseconds since midnight by the time of day in each text; NaN where there is none."""
    found = texts.str.extract(_CLOCK)
    hours = pd.to_numeric(found["h"]).to_numpy(dtype=np.float64)
    half = found["half"].str.lower()
    hours = np.where(half.notna(), hours % 12 + 12 * (half == "p"), hours)
    minutes = pd.to_numeric(found["m"]).to_numpy(dtype=np.float64)
    seconds = pd.to_numeric(found["s"]).to_numpy(dtype=np.float64)
    whole = (hours * 3600 + minutes * 60 + seconds) * 1e6
    possible = (hours < 24) & (minutes < 60) & (seconds < 61)
    return np.where(possible, np.round(whole), np.nan)
