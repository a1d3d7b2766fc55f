"""Working calendars: which days offices work.

China's calendar is announced by the State Council year by year, with weekends that are worked in exchange
for bridge days; chinesecalendar carries the announcements of 2004 to 2026. Of other years only what the
law says is known: the statutory holidays, those of the lunar calendar included (State Council Order 795,
in force from 2025, and those before it), and no weekend is worked; ``working_calendar_known`` says so. A
pack of rules adds the announced days of a year (``announce``). Elsewhere the public holidays and weekends
of the package ``holidays`` count. DST-correct days are in ``spans``.

Calendars are looked up by country, as zones are by name, so what a pack announces counts for the whole
process.
"""

import re
from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

import holidays
from chinese_calendar.constants import holidays as _cn_holidays
from chinese_calendar.constants import workdays as _cn_workdays

from quotawatt.errors import InputError

CHINA = "CN"

_Answer = TypeVar("_Answer")

_CN_OFF: frozenset[date] = frozenset(_cn_holidays)
_CN_WORKED: frozenset[date] = frozenset(_cn_workdays)
_CN_YEARS = range(min(_CN_OFF).year, max(_CN_OFF).year + 1)
_SATURDAY = 5
_COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """The days of one year as an authority announced them.

    country
        ISO 3166 code, with a subdivision where it is for that alone: ``CN``, ``US-CO``.
    holidays
        Days off; weekends among them may be left out.
    working_weekends
        Days of weekends on which offices work.
    """

    country: str
    year: int
    holidays: frozenset[date]
    working_weekends: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class _Year:
    """Of one year: the days off, weekends included, those of weekends alone, and how sure that is."""

    off: frozenset[date]
    weekends: frozenset[date]
    known: bool


_announced: dict[tuple[str, int], AnnouncedYear] = {}
_forget: list[Callable[[], None]] = []


def kept(maxsize: int) -> Callable[[Callable[..., _Answer]], Callable[..., _Answer]]:
    """Keep the answers of a function of calendars until other days are announced."""

    def decorate(function: Callable[..., _Answer]) -> Callable[..., _Answer]:
        remembering = lru_cache(maxsize)(function)
        _forget.append(remembering.cache_clear)
        return remembering

    return decorate


def announce(years: Iterable[AnnouncedYear]) -> None:
    """Let these announced years count, and none that were given before. Asking twice changes nothing."""
    wanted = {(y.country, y.year): y for y in years}
    if wanted != _announced:
        _announced.clear()
        _announced.update(wanted)
        for forget in _forget:
            forget()


@lru_cache(maxsize=512)
def is_country(code: str) -> bool:
    """Whether the code is that of a country, or of a part of one, whose calendar can be told."""
    return _calendar_of(code, _CN_YEARS[0]) is not None


def require_country(code: str) -> str:
    """The code itself; ``CN``, ``GB``, ``GB-ENG`` and ``US-CO`` are some.

    Raises InputError where ``is_country`` says no.
    """
    if not is_country(code):
        rule = "a country must be an ISO 3166 code such as CN, GB, GB-ENG or US-CO"
        raise InputError(f"{rule}, got {code!r}")
    return code


def working_calendar_known(day: date, country: str = CHINA) -> bool:
    """Whether the calendar of the day's year is at hand: announced, or fixed by law (outside China).

    Where it is not, ``is_working_day`` still answers, from weekends and statutory holidays, and whoever
    shows a figure that hangs on it should say so.
    """
    return _year(country, day.year).known


def is_working_day(day: date, country: str = CHINA) -> bool:
    """Whether offices work on ``day``, a calendar day of the site's own time zone.

    ``country`` is an ISO 3166 code, with a subdivision where holidays differ within the country
    (``GB-ENG``, ``US-CO``). Of a country that is not known Saturday and Sunday are off.
    """
    return day not in _year(country, day.year).off


def is_weekend(day: date, country: str = CHINA) -> bool:
    """Whether the day is of the country's weekend, worked or not."""
    return day in _year(country, day.year).weekends


@kept(maxsize=512)
def _year(country: str, year: int) -> _Year:
    calendar = _calendar_of(country, year)
    weekends = frozenset(d for d in _days(year) if _on_weekend(d, calendar))
    announced = _announced.get((country, year))
    if announced is not None:
        off, worked, known = announced.holidays, announced.working_weekends, True
    elif country == CHINA and year in _CN_YEARS:
        off, worked, known = _CN_OFF, _CN_WORKED, True
    else:
        off, worked, known = _by_law(calendar, country, year)
    return _Year((off | weekends) - worked, weekends, known)


def _by_law(
    calendar: holidays.HolidayBase | None, country: str, year: int
) -> tuple[frozenset[date], frozenset[date], bool]:
    """Days off, weekends that are worked, and whether nobody need announce them."""
    if calendar is None:
        return frozenset(), frozenset(), False
    known = country != CHINA and calendar.start_year <= year <= calendar.end_year
    return frozenset(calendar), frozenset(calendar.weekend_workdays), known


def _calendar_of(country: str, year: int) -> holidays.HolidayBase | None:
    parts = _COUNTRY.fullmatch(country)
    if parts is None:
        return None
    try:
        return holidays.country_holidays(parts[1], parts[2], years=year, expand=False)
    except NotImplementedError:
        return None


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range(366 if isleap(year) else 365)]


def _on_weekend(day: date, calendar: holidays.HolidayBase | None) -> bool:
    return day.weekday() >= _SATURDAY if calendar is None else bool(calendar.is_weekend(day))
