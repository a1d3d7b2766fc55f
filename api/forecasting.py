"""Forecasts as people and programs read them."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.consumption.points import Wiring
from analytics.forecast.day_ahead import DayForecast
from analytics.forecast.rest_of_year import RestOfYear
from analytics.grid import Key
from analytics.jobs.forecasting import AskedForecast, forecast_of
from analytics.jobs.hand import own_points
from analytics.jobs.yearexpected import YearExpected, year_expected
from analytics.totals.tree import Tree
from api.findinglist import named
from api.forecast_schemas import ForecastIn, TemperatureIn
from api.params import FIRST_YEAR
from api.services import Services
from quotawatt.calendars import working_calendar_known
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.register.finding_texts import finding_words
from quotawatt.spans import floor_hour, local_date

_LANGUAGES = ("zh", "en")
_OF_YEAR = (
    *("year", "first", "interval", "baseline_version"),
    *("used", "known_days", "days"),
)


def forecast_view(
    services: Services, wanted: ForecastIn, weather: pd.DataFrame | None = None
) -> dict[str, Any]:
    """The forecast that is asked for; None for figures that nobody can tell.

    Raises InputError for a measure that is not summed up over time, or a day too far ahead.
    """
    tree = _tree(services)
    zone, now = tree.zone_of(wanted.subject), services.clock()
    day = wanted.day or local_date(now, zone) + timedelta(days=1)
    if day.year < FIRST_YEAR:
        raise InputError(f"a day that is forecast must not be before {FIRST_YEAR}, got {day}")
    key = Key(wanted.subject, _summed(wanted.measure))
    asked = forecast_of(
        services.series, services.records, tree, key, day, now, weather=weather, level=wanted.level
    )
    return {
        **_named(key, zone),
        "day": day,
        "level": wanted.level,
        "baseline_version": asked.baseline_version,
        "calendar_known": working_calendar_known(day, tree.country_of(key.subject)),
        **_answer(services, asked, zone),
    }


def year_view(services: Services, subject: str, measured: str) -> dict[str, Any]:
    """The running year of a subject by baseline and past weather.

    Raises InputError for a measure that is not summed up over time.
    """
    tree, key = _tree(services), Key(subject, _summed(measured))
    zone = tree.zone_of(subject)
    found = year_expected(services.series, services.records, tree, key, services.clock())
    return {
        **_named(key, zone),
        **{name: getattr(found, name) for name in _OF_YEAR},
        "calendar_known": working_calendar_known(found.first, tree.country_of(subject)),
        **_rest(services, found, zone),
    }


def temperatures_of(given: Sequence[TemperatureIn]) -> pd.DataFrame:
    """What a caller gives of the weather, by the hour; raises InputError for an hour given twice."""
    starts = [one.start.astimezone(UTC) for one in given]
    for start, times in Counter(starts).items():
        if start != floor_hour(start) or times > 1:
            raise InputError(f"weather must name full hours, each once, got {start.isoformat()}")
    index = pd.DatetimeIndex(starts, tz="UTC").as_unit("us")
    return pd.DataFrame({"temperature_c": [one.temperature_c for one in given]}, index=index)


def _tree(services: Services) -> Tree:
    with services.records.connect() as conn:
        own = own_points(conn)
    return Tree(Wiring(services.register_source()), ZoneInfo(services.settings.timezone), own)


def _named(key: Key, zone: ZoneInfo) -> dict[str, Any]:
    unit = measure(key.measure).unit
    return {"subject": key.subject, "measure": key.measure, "unit": unit, "timezone": zone.key}


def _rest(services: Services, found: YearExpected, zone: ZoneInfo) -> dict[str, Any]:
    rest = found.rest
    if not isinstance(rest, RestOfYear):
        nothing = dict.fromkeys(("level", "answered_pct", "rest", "rest_low", "rest_high"))
        findings = [_finding(services, one, zone) for one in rest]
        return {**nothing, "weather_years": [], "months": [], "findings": findings}
    return {
        "level": rest.level,
        "weather_years": rest.weather_years,
        "answered_pct": rest.answered_pct,
        "rest": rest.total,
        "rest_low": rest.low,
        "rest_high": rest.high,
        "months": rest.months.reset_index().to_dict("records"),
        "findings": [],
    }


def _summed(name: str) -> str:
    if not measure(name).additive:
        raise InputError(f"a measure that is forecast must add up over time, got {name}")
    return name


def _answer(services: Services, asked: AskedForecast, zone: ZoneInfo) -> dict[str, Any]:
    found = asked.forecast
    if isinstance(found, DayForecast):
        return {
            "known_until": found.known_until,
            "basis": found.basis,
            "weather": found.weather,
            "total": _known(found.total),
            "total_low": _known(found.total_low),
            "total_high": _known(found.total_high),
            "hours": _hours(found, asked.actual),
            "findings": [],
        }
    nothing = ("basis", "weather", "total", "total_low", "total_high")
    until = found.detail["known_until"]
    return {
        **dict.fromkeys(nothing),
        "known_until": until and date.fromisoformat(str(until)),
        "hours": [],
        "findings": [_finding(services, found, zone)],
    }


def _hours(found: DayForecast, actual: pd.Series) -> list[dict[str, Any]]:
    columns = found.frame.assign(actual=actual.reindex(found.frame.index))
    return [
        {"start": start, **{str(name): _known(columns[name].iloc[n]) for name in columns}}
        for n, start in enumerate(pd.DatetimeIndex(columns.index).to_pydatetime())
    ]


def _finding(services: Services, found: Finding, zone: ZoneInfo) -> dict[str, Any]:
    register = services.register_source()
    words = {
        language: finding_words(
            found.code, named(register, found.subject, language), found.detail, language, zone
        )
        for language in _LANGUAGES
    }
    texts = {part: {k: w[part] for k, w in words.items()} for part in ("title", "sentence")}
    return {"code": found.code, "subject": found.subject, "detail": dict(found.detail), **texts}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
