"""The next day by the hour: the baseline's expectation at the level of the last weeks, with an interval.

Three steps: what the baseline expects of the day's calendar and weather; what goes on of how the last weeks
differed from it (``level``); and how far forecasts made the same way lay off on each of the last weeks' days
(``spread``). So the interval holds what such forecasts miss, weather that nobody gave included.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.forecast.days import clock_hours, day_table, hours_of
from analytics.forecast.replay import replay
from analytics.forecast.weather import Outlook, outlook
from quotawatt.calendars import working_calendar_known
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.spans import DAY, local_midnight

RECENT_DAYS = 182
"""Days before the forecast day that a forecast looks at; more change nothing that can be seen."""

LEAST_DAYS = 14
"""Known days among them that a forecast needs."""

FURTHEST_DAYS = 14
"""So many days after the last known one nothing is said any more."""

LEVELS = (0.5, 0.99)

_WHOLE_DAY_HOURS = 20
"""Known hours that make a day known."""


class Basis(StrEnum):
    """What a forecast rests on."""

    BASELINE = "baseline"
    """The baseline's expectation, at the level of the last weeks."""
    HABIT = "habit"
    """Days like it in the last weeks alone: there is no baseline, or it cannot answer."""


class Weather(StrEnum):
    """Where a forecast has the day's temperatures from."""

    GIVEN = "given"
    PERSISTENCE = "persistence"
    """Not given for every hour: like those of the days before."""
    NONE = "none"
    """It looks at none."""


@dataclass(frozen=True)
class DayForecast:
    """The forecast of one local day.

    known_until
        The last day whose use it knows.
    calendar_known
        Whether the day's working calendar is at hand; else weekends and statutory holidays stand in.
    frame
        Index ``start``: the UTC hours of the day. Columns ``expected``, ``low``, ``high`` in the series'
        unit, and ``temperature_c`` that it takes for granted (NaN: none).
    total, total_low, total_high
        Of the whole day's use; hours miss together, so their edges do not add up to the day's.
    """

    subject: str
    measure: str
    unit: str
    day: date
    known_until: date
    level: float
    basis: Basis
    weather: Weather
    calendar_known: bool
    frame: pd.DataFrame
    total: float
    total_low: float
    total_high: float


def forecast_day(
    baseline: FittedBaseline | None,
    recent: UseSeries,
    weather: pd.DataFrame | None,
    day: date,
    *,
    level: float = 0.9,
) -> DayForecast | Finding:
    """Forecast a local day by the hour from what was known before it.

    recent
        Hourly use and temperature of the ``RECENT_DAYS`` before the day; what is later is not looked at.
    weather
        Index UTC hours, column ``temperature_c`` in °C: the weather forecast, for the day and, where it
        lies further ahead, the days between. None, or NaN in it: like the days before.
    level
        Share of hours that the interval shall hold, 0.5 to 0.99.

    Answers the finding ``forecast_impossible`` where fewer than 14 days of use are known, or none of the
    last 14. Raises InputError for a level out of its range, and for a series of days or months.
    """
    if recent.interval is not Interval.HOUR:
        raise InputError(
            f"a forecast by the hour must have an hourly series, got {recent.interval}"
        )
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise InputError(
            f"the level of an interval must be {LEVELS[0]} to {LEVELS[1]}, got {level}"
        )
    seen = _before(recent, day)
    known = _known_days(seen)
    if len(known) < LEAST_DAYS or (day - known[-1]).days > FURTHEST_DAYS:
        return Finding("forecast_impossible", recent.subject, _why(day, known))
    task = _Task(day, known[-1], level, hours_of(day, seen))
    ahead = _extended(seen, task.starts)
    temperatures = outlook(ahead.frame["temperature_c"], weather, task.starts, task.lead_days)
    if baseline is not None:
        expected, foreseen = _expectations(baseline, ahead, temperatures)
        if foreseen.reindex(task.starts).notna().all():
            return _forecast(task, ahead, expected, foreseen, temperatures)
    nothing = pd.Series(0.0, index=ahead.frame.index)
    return _forecast(task, ahead, nothing, nothing, None)


@dataclass(frozen=True)
class _Task:
    """Which day is forecast, from which on, how surely, and its UTC hours."""

    day: date
    known_until: date
    level: float
    starts: pd.DatetimeIndex

    @property
    def lead_days(self) -> int:
        return (self.day - self.known_until).days


def _forecast(
    task: _Task,
    ahead: UseSeries,
    expected: pd.Series,
    foreseen: pd.Series,
    temperatures: Outlook | None,
) -> DayForecast:
    """The forecast on top of what is expected: of nothing (``temperatures`` is None) it is by habit."""
    table = day_table(ahead, expected, foreseen)
    row = table.row(task.day)
    found = replay(table, task.lead_days, task.level, row)
    clock = clock_hours(task.starts, ahead)
    columns = {"expected": found.expected, "low": found.low, "high": found.high}
    frame = pd.DataFrame({name: v[row, clock] for name, v in columns.items()}, index=task.starts)
    total = float(frame["expected"].sum(skipna=False))
    given = (
        Weather.GIVEN if temperatures is not None and temperatures.given else Weather.PERSISTENCE
    )
    likely = None if temperatures is None else temperatures.likely
    frame["temperature_c"] = np.nan if likely is None else likely.reindex(task.starts)
    return DayForecast(
        subject=ahead.subject,
        measure=ahead.measure,
        unit=ahead.unit,
        day=task.day,
        known_until=task.known_until,
        level=task.level,
        basis=Basis.HABIT if likely is None else Basis.BASELINE,
        weather=Weather.NONE if likely is None else given,
        calendar_known=working_calendar_known(task.day, ahead.country),
        frame=frame,
        total=total,
        total_low=max(total + float(found.total_below[row]), found.floor),
        total_high=total + float(found.total_above[row]),
    )


def _expectations(
    baseline: FittedBaseline, ahead: UseSeries, temperatures: Outlook
) -> tuple[pd.Series, pd.Series]:
    """What the baseline expects by the weather that was, and by that which could be foreseen."""
    frames = [
        ahead.frame.assign(temperature_c=t) for t in (temperatures.likely, temperatures.foreseen)
    ]
    expected = baseline.predict(frames[0])["expected"]
    if temperatures.given:
        return expected, expected
    return expected, baseline.predict(frames[1])["expected"]


def _before(recent: UseSeries, day: date) -> UseSeries:
    """The days before the day that a forecast looks at."""
    first, end = (local_midnight(d, recent.zone) for d in (day - RECENT_DAYS * DAY, day))
    frame = recent.frame
    return replace(recent, frame=frame[(frame.index >= first) & (frame.index < end)])


def _extended(seen: UseSeries, starts: pd.DatetimeIndex) -> UseSeries:
    """The series up to the end of the day, nothing known ahead."""
    index = pd.date_range(seen.frame.index[0], starts[-1], freq="h", name="start")
    frame = seen.frame.reindex(index)[["use", "temperature_c"]].astype(float)
    return replace(seen, frame=frame.replace([np.inf, -np.inf], np.nan))


def _known_days(seen: UseSeries) -> list[date]:
    """Local days most of whose hours are known, in order."""
    use = seen.frame["use"].to_numpy(float)
    starts = pd.DatetimeIndex(seen.frame.index)[np.isfinite(use)]
    days = pd.Series(starts.tz_convert(seen.zone).date).value_counts()
    return sorted(days.index[days >= _WHOLE_DAY_HOURS])


def _why(day: date, known: list[date]) -> dict[str, str | float | int | None]:
    return {
        "day": day.isoformat(),
        "days_known": len(known),
        "needed_days": LEAST_DAYS,
        "known_until": known[-1].isoformat() if known else None,
    }
