"""The series that the options of a command name, from its file."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from analytics.baselines.series import Interval, UseSeries
from quotawatt.app.energy_csv import Layout, Read, read_series
from quotawatt.app.energy_source import Source, day_of
from quotawatt.errors import InputError


def read_source(source: Source, default_zone: str, *, whole: bool = False) -> Read:
    """The series of the file within ``--from`` and ``--until``, and what was wrong with it.

    whole
        All of it, whatever they say: a model needs the weather of the day before the first hour.
    """
    if source.csv is None:
        raise InputError("a file must be named with --csv, got none")
    series, findings = read_series(source.csv, _layout(source, default_zone))
    return Read(series if whole else within(series, source.start, source.until), findings)


def _layout(source: Source, default_zone: str) -> Layout:
    return Layout(
        column=source.column,
        time_column=source.time_column,
        where=source.where,
        time_format=source.time_format,
        temperature=source.temperature,
        temperature_column=source.temperature_column,
        temperature_where=source.temperature_where,
        fahrenheit=source.fahrenheit,
        zone=source.zone or default_zone,
        country=source.country,
        times=source.times.value,
        edge=source.edge.value,
        measure=source.measure,
        unit=source.unit,
        power=source.power,
        interval=None if source.interval is None else Interval(source.interval.value),
    )


def within(series: UseSeries, first: str | None, until: str | None) -> UseSeries:
    """The intervals that start within the local days ``[first, until)``; None: no limit."""
    index = series.frame.index
    low = index[0] if first is None else midnight(first, series.zone, "--from")
    high = None if until is None else midnight(until, series.zone, "--until")
    kept = (index >= low) if high is None else (index >= low) & (index < high)
    if not kept.any():
        span = f"{index[0].isoformat()} to {index[-1].isoformat()}"
        raise InputError(f"--from and --until must leave some of {span}, got {first} to {until}")
    return replace(series, frame=series.frame[kept])


def midnight(day: str, zone: ZoneInfo, option: str) -> datetime:
    """The instant at which a local day begins; InputError where the text is no day."""
    return datetime.combine(day_of(day, option), time(), tzinfo=zone)
