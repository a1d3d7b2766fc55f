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


def within(
    series: UseSeries,
    first: str | None,
    until: str | None,
    options: tuple[str, str] = ("--from", "--until"),
) -> UseSeries:
    """The intervals that start within the local days ``[first, until)``; None: no limit.

    options
        Where the two days were given.
    """
    index = series.frame.index
    low = index[0] if first is None else midnight(first, series.zone, options[0])
    high = None if until is None else midnight(until, series.zone, options[1])
    kept = (index >= low) if high is None else (index >= low) & (index < high)
    if not kept.any():
        begins, ends = (f"{at.tz_convert(series.zone):%Y-%m-%d}" for at in (index[0], index[-1]))
        rule = f"{' and '.join(options)} must leave some of {begins} to {ends}"
        raise InputError(f"{rule}, got {first or begins} to {until or 'the end'}")
    return replace(series, frame=series.frame[kept])


def midnight(day: str, zone: ZoneInfo, option: str) -> datetime:
    """The instant at which a local day begins; InputError where the text is no day."""
    return datetime.combine(day_of(day, option), time(), tzinfo=zone)
