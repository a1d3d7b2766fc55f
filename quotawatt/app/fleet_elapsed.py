"""The instants of a log of seconds since its own start, or since each drive's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_epoch import NO_TIME
from quotawatt.errors import InputError
from quotawatt.findings import Evidence, Finding

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class LogTimes:
    """The instant of each row.

    times_us
        UTC microseconds since 1970; ``NO_TIME`` where the row's cannot be read.
    offset
        Where every row carries the same offset from UTC, that; else None.
    """

    times_us: Ints
    offset: tzinfo | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Elapsed:
    """The column that counts, and how many of its units make a second.

    day
        That of the day on which a drive began, with decimals, the day of the start being 1; empty: none.
    """

    heading: str
    per_s: int
    day: str = ""


def elapsed(table: Table, column: Elapsed, start: datetime | None) -> LogTimes:
    """Instants from seconds, or parts of them; without numbers of days a new start goes on from what was.

    Raises InputError where nobody says when the log began, or no cell is a number.
    """
    start_us = _start_us(table, column.heading, start)
    values = _numbers(table, column.heading)
    out = np.full(len(values), NO_TIME, dtype=np.int64)
    findings: list[Finding] = []
    if column.day:
        values = (_numbers(table, column.day) - 1) * 86_400 * column.per_s + values
        told = np.isfinite(values)
        running = values[told]
    else:
        told = np.isfinite(values)
        steps = np.diff(values[told], prepend=values[told][0])
        restarts = steps < 0
        running = np.cumsum(np.where(restarts, 0.0, steps))
        if restarts.any():
            line = int(table.lines[np.flatnonzero(told)[int(np.argmax(restarts))]])
            detail = {"count": int(restarts.sum()), "line": line}
            findings.append(Finding("log_seconds_restart", table.path.name, detail))
    out[told] = start_us + np.round(running * 1e6 / column.per_s).astype(np.int64)
    return LogTimes(out, None, (*unread(table, table.cells[column.heading], told), *findings))


def _start_us(table: Table, heading: str, start: datetime | None) -> int:
    if start is None:
        rule = f"{table.path}: --start must say when a log of seconds began"
        raise InputError(f"{rule}, got {heading} and no date")
    return round(start.timestamp() * 1e6)


def _numbers(table: Table, heading: str) -> NDArray[np.float64]:
    """The numbers of a column; NaN where there is none. Raises InputError where there is none at all."""
    texts = table.cells[heading]
    values = pd.to_numeric(texts.str.strip(), errors="coerce").to_numpy(dtype=np.float64)
    if not np.isfinite(values).any():
        rule = f"{table.at(0)}: seconds since the start must be a number"
        raise InputError(f"{rule}, got {texts.iloc[0]!r}")
    return values


def unread(table: Table, texts: "pd.Series[str]", read: Bools) -> Iterable[Finding]:
    """A finding where there are rows whose time could not be read."""
    if not read.all():
        row = int(np.argmin(read))
        detail: Evidence = {
            "count": int((~read).sum()),
            "line": int(table.lines[row]),
            "got": texts.iloc[row][:40],
        }
        yield Finding("log_time_unreadable", table.path.name, detail)
