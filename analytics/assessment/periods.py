"""The periods that are compared and reported: a month, a quarter, a year, or twelve months up to a day.

Days are local days of the installation's zone. Written ``2024-03``, ``2024-Q1``, ``2024``, and
``R2024-03`` for the twelve months that end with March 2024.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quotawatt.errors import InputError
from quotawatt.spans import DAY

FIRST_YEAR, LAST_YEAR = 1991, 2198
_WRITTEN = re.compile(r"(R?)(\d{4})(?:-(?:Q([1-4])|(\d{2})))?")


class Kind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days ``[first, until)`` under a name; ``until`` lies before the end of one that is not over."""

    name: str
    kind: Kind
    first: date
    until: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        """The last day: the register and the rulebook of this day hold for it."""
        return self.until - DAY

    @property
    def of_a_year(self) -> bool:
        """Whether it has twelve months, so that yearly values can be held against it."""
        return _year_later(self.first) == self.until

    @property
    def before(self) -> "Period":
        """The same days a year before; the 29th of February goes with the 1st of March."""
        first, until = _year_earlier(self.first), _year_earlier(self.until)
        return Period(f"{self.name} -1", self.kind, first, until)

    def cut(self, day: date) -> "Period":
        """The part of it before ``day``. Raises InputError where nothing of it lies before."""
        if day <= self.first:
            raise InputError(f"a period must have begun to be judged, got {self.name}")
        return Period(self.name, self.kind, self.first, min(self.until, day))


def parse_period(written: str) -> Period:
    """The period of a name. Raises InputError for what is none."""
    match = _WRITTEN.fullmatch(written)
    year = int(match[2]) if match else 0
    month = int(match[4]) if match and match[4] else None
    if match is None or not FIRST_YEAR <= year <= LAST_YEAR or month not in (None, *range(1, 13)):
        raise InputError(
            f"a period must be written 2024, 2024-Q1, 2024-03 or R2024-03, got {written!r}"
        )
    if match[1]:
        return _rolling(written, year, month)
    if match[3]:
        quarter = int(match[3])
        first = date(year, 3 * quarter - 2, 1)
        return Period(written, Kind.QUARTER, first, _months_later(first, 3))
    if month:
        first = date(year, month, 1)
        return Period(written, Kind.MONTH, first, _months_later(first, 1))
    return Period(written, Kind.YEAR, date(year, 1, 1), date(year + 1, 1, 1))


def last_of(kind: Kind, day: date) -> Period:
    """The last period of a kind that was over at the beginning of ``day``."""
    if kind is Kind.YEAR:
        return parse_period(f"{day.year - 1}")
    if kind is Kind.QUARTER:
        quarter = (day.month - 1) // 3
        return parse_period(f"{day.year}-Q{quarter}" if quarter else f"{day.year - 1}-Q4")
    month = (day.replace(day=1) - DAY).strftime("%Y-%m")
    return parse_period(f"R{month}" if kind is Kind.ROLLING else month)


def next_of(period: Period) -> Period:
    """The period that follows one that is over; of twelve rolling months the one a month later."""
    if period.kind is Kind.ROLLING:
        return last_of(Kind.ROLLING, _months_later(period.until, 1))
    months = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}[period.kind]
    return last_of(period.kind, _months_later(period.until, months))


def _rolling(written: str, year: int, month: int | None) -> Period:
    if month is None:
        raise InputError(f"twelve months must name the month that they end with, got {written!r}")
    until = _months_later(date(year, month, 1), 1)
    return Period(written, Kind.ROLLING, _year_earlier(until), until)


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _year_later(day: date) -> date:
    return _of_year(day, day.year + 1)


def _year_earlier(day: date) -> date:
    return _of_year(day, day.year - 1)


def _of_year(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(year, 3, 1)
    return day.replace(year=year)
