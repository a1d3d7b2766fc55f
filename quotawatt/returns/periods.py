"""The periods of returns: a calendar year ``2024`` or a quarter of it ``2024-Q1``. Days are local days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from quotawatt.errors import InputError
from quotawatt.rulebook.forms import Form
from quotawatt.spans import next_month

_PATTERN = re.compile(r"(\d{4})(?:-Q([1-4]))?")
FIRST_YEAR, LAST_YEAR = 2011, 2198


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or one of its quarters; ``quarter`` 0: the whole year."""

    year: int
    quarter: int = 0

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, 3 * max(self.quarter, 1) - 2, 1)

    @property
    def until(self) -> date:
        """The first day after it."""
        ends_year = self.quarter in (0, 4)
        return date(self.year + 1, 1, 1) if ends_year else date(self.year, 3 * self.quarter + 1, 1)

    @property
    def last(self) -> date:
        """The last day; the form, and the register, that hold on it are the period's."""
        return self.until - timedelta(days=1)

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, ``2024-01`` and so on."""
        first = self.first.month
        count = 3 if self.quarter else 12
        return tuple(f"{self.year}-{month:02d}" for month in range(first, first + count))

    @property
    def year_before(self) -> "Period":
        """The same a year before."""
        return Period(self.year - 1, self.quarter)

    @property
    def quarters(self) -> "tuple[Period, ...]":
        """The quarters of a year; none of a quarter."""
        return () if self.quarter else tuple(Period(self.year, q) for q in (1, 2, 3, 4))

    def due(self, form: Form) -> date:
        """The last day on which its return is in time."""
        if self.quarter:
            return self.last + timedelta(days=form.quarter_due_days)
        month, day = form.year_due
        return date(self.year + 1, month, day)


def parse_period(text: str) -> Period:
    """``2024`` or ``2024-Q1``. Raises InputError for anything else."""
    match = _PATTERN.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise InputError(
            f"a period must be YYYY or YYYY-Qn in the years {FIRST_YEAR} to {LAST_YEAR}, got {text!r}"
        )
    return Period(int(match[1]), int(match[2] or 0))


@cache
def month_days(month: str) -> tuple[date, date]:
    """The first day of ``2024-03`` and the first after it."""
    first = date.fromisoformat(f"{month}-01")
    return first, next_month(first)
