"""Files of measured energy as series: CSV as loggers, utilities and data sets write it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries
from analytics.sufficiency.coarser import coarser
from analytics.sufficiency.weather import LONGEST_FILLED_GAP_H, fill_short_gaps
from quotawatt.app.energy_columns import (
    Floats,
    Table,
    is_fahrenheit,
    numbers,
    read_table,
    require_column,
    temperature_column,
    value_column,
)
from quotawatt.app.energy_grid import Intervals, Rows, in_intervals
from quotawatt.app.energy_times import Instants, read_times
from quotawatt.calendars import require_country
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.measures import measure

_OUTDOOR = "outdoor_temperature_c"
_ORDER = tuple(Interval)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How to read the file.

    column, time_column
        Headings; by default the only column of numbers, and the first column.
    where, temperature_where
        ``COLUMN=VALUE``: which rows of a long file are meant; empty: all.
    time_format
        As ``strptime`` has it; empty: ISO 8601 or one of the usual ones.
    temperature, temperature_column
        The file with outdoor temperature, by default the same; and its heading, by default the only one that
        sounds like it. Its times are written as those of the values, its first column is the time.
    fahrenheit
        Whether temperature is in °F; None: where its heading says so.
    zone, country
        Whose clock, days and holidays they are.
    times, edge
        Whether times without an offset are of the zone's clock or UTC; which end of its interval they name.
    measure, unit
        As results are named; the unit only where the file has another one than the measure.
    power
        Whether the values are mean power in kW, to be taken as the energy of the hour in kWh.
    interval
        Coarser than the file, if wanted; None: as the file has it.
    subject
        What the series is called; by default the column, or the file where that says nothing.
    """

    column: str = ""
    time_column: str = ""
    where: str = ""
    time_format: str = ""
    temperature: Path | None = None
    temperature_column: str = ""
    temperature_where: str = ""
    fahrenheit: bool | None = None
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    times: Literal["local", "utc"] = "local"
    edge: Literal["start", "end"] = "start"
    measure: str = "electricity_import_kwh"
    unit: str = ""
    power: bool = False
    interval: Interval | None = None
    subject: str = ""


class Read(NamedTuple):
    """A series, and what was wrong with its file."""

    series: UseSeries
    findings: tuple[Finding, ...]


def read_series(path: Path, layout: Layout) -> Read:
    """The series of one column of a file, with the temperature beside where there is one.

    Quarter-hours and the like become hours; a ``layout.interval`` coarser than the file rolls up further.
    Repeated, missing and unordered rows and changes of the clock are dealt with and said as findings.
    Temperature gaps of up to six hours are interpolated.

    Raises InputError with file:line, rule and value for what cannot be read.
    """
    zone = _zone(layout.zone)
    require_country(layout.country)
    measured = measure(layout.measure)
    table = read_table(path, layout.where)
    time = require_column(table, layout.time_column) if layout.time_column else table.headings[0]
    name = value_column(table, layout.column, time)
    subject = layout.subject or (name if layout.column else path.name.split(".")[0])
    parts_add_up = measured.additive and not layout.power
    read = _column(table, time, numbers(table, name), zone, layout, subject, parts_add_up)
    if layout.power and read.interval is not Interval.HOUR:
        raise InputError(f"--power must be of values by the hour or finer, got {read.interval}")
    empty = pd.Series(np.nan, index=read.series.index)
    series = UseSeries(
        subject=subject,
        measure=layout.measure,
        unit=layout.unit or measured.unit,
        zone=zone,
        country=layout.country,
        interval=read.interval,
        frame=_frame(read.series, empty),
    )
    findings = list(read.findings)
    weather = _temperature(table, time, zone, layout, series)
    if layout.interval is not None:
        series = _rolled_up(series, layout.interval, path)
    if weather is None:
        return Read(series, tuple(findings))
    return Read(_joined(series, weather, findings), tuple(findings))


def _column(
    table: Table,
    time: str,
    values: Floats,
    zone: ZoneInfo,
    layout: Layout,
    subject: str,
    additive: bool,
) -> Intervals:
    instants = read_times(table, time, zone, layout.times == "utc", layout.time_format)
    exists = ~np.asarray(instants.utc.isna())
    rows = Rows(instants.utc[exists], values[exists], np.flatnonzero(exists))
    found = in_intervals(table, rows, zone, subject, layout.edge == "end", additive)
    return replace(found, findings=(*found.findings, *_of_clocks(instants, subject)))


def _of_clocks(instants: Instants, subject: str) -> Iterator[Finding]:
    """What is odd about the clock that the times were written by."""
    if instants.skipped or instants.single:
        detail = {"skipped": instants.skipped, "single": instants.single}
        yield Finding("file_clock_change", subject, detail)
    if instants.offsets:
        offsets = {"offsets": ", ".join(instants.offsets)}
        yield Finding("file_two_clocks", subject, offsets)


def _temperature(
    table: Table, time: str, zone: ZoneInfo, layout: Layout, series: UseSeries
) -> UseSeries | None:
    """Outdoor temperature as a series of its own; None where there is none."""
    if layout.temperature is not None:
        table = read_table(layout.temperature, layout.temperature_where)
        candidates = [c for c in table.headings if c != _key(layout.temperature_where)]
        time = candidates[0]
    name = temperature_column(table, layout.temperature_column, time)
    if not name and layout.temperature is not None:
        name = value_column(table, "", time)
    if not name:
        return None
    values = numbers(table, name)
    if layout.fahrenheit or (layout.fahrenheit is None and is_fahrenheit(name)):
        values = (values - 32) * 5 / 9
    read = _column(table, time, values, zone, layout, series.subject, additive=False)
    if _ORDER.index(read.interval) > _ORDER.index(series.interval):
        rule = f"{table.path}: temperature must be at least as fine as the values"
        raise InputError(f"{rule}, got {read.interval} beside {series.interval}")
    frame = _frame(read.series, read.series)
    return replace(series, measure=_OUTDOOR, unit="°C", interval=read.interval, frame=frame)


def _joined(series: UseSeries, weather: UseSeries, findings: list[Finding]) -> UseSeries:
    """The series with the temperature of its intervals; says how much of it was interpolated."""
    if weather.interval is Interval.HOUR:
        hourly = weather.frame["temperature_c"].to_numpy(dtype=float)
        filled = fill_short_gaps(hourly)
        used = weather.frame.index >= series.frame.index[0]
        count = int((np.isnan(hourly) & np.isfinite(filled) & used).sum())
        if count:
            detail = {"count": count, "limit_h": LONGEST_FILLED_GAP_H}
            findings.append(Finding("file_temperature_filled", series.subject, detail))
        both = pd.Series(filled, index=weather.frame.index)
        weather = replace(weather, frame=_frame(both, both))
    means = coarser(weather, series.interval).frame["temperature_c"]
    beside = means.reindex(series.frame.index)
    return replace(series, frame=_frame(series.frame["use"], beside))


def _rolled_up(series: UseSeries, interval: Interval, path: Path) -> UseSeries:
    if _ORDER.index(interval) < _ORDER.index(series.interval):
        rule = "an interval must be at least as long as the file's"
        raise InputError(f"{rule}, got {interval} for {path} by the {series.interval}")
    return coarser(series, interval)


def _frame(use: "pd.Series[float]", temperature: "pd.Series[float]") -> pd.DataFrame:
    index = pd.DatetimeIndex(use.index, name="start")
    columns = {"use": use.to_numpy(float), "temperature_c": temperature.to_numpy(float)}
    return pd.DataFrame(columns, index=index)


def _key(where: str) -> str:
    return where.partition("=")[0].strip()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"a zone must be one of the IANA database, got {name!r}") from None
