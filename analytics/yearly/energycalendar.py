"""The energy calendar (能源日历) of one account: each day of a year beside its budget; and its months."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from analytics.yearly.budgets import Matrix, month_starts
from analytics.yearly.dayshares import working_days
from quotawatt.calendars import working_calendar_known
from quotawatt.errors import InputError

AMBER_SHARE = 1.1
"""Up to so many times its budget a day is amber, above it red; our own choice."""


class Colour(StrEnum):
    """How a day went beside its budget."""

    GREEN = "green"
    """Within its budget."""
    AMBER = "amber"
    """Above it by no more than a tenth."""
    RED = "red"
    UNKNOWN = "unknown"
    """Over, and its use is not known."""
    AHEAD = "ahead"
    """Not over yet."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A local day of an account; amounts in the account's unit.

    working, announced
        Whether it is a working day, and whether that is the announced calendar's word.
    used
        None: not known, or not over yet. ``coverage`` is then 0.
    """

    day: date
    working: bool
    announced: bool
    budget: float
    used: float | None
    coverage: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of an account; amounts in the account's unit.

    days
        Days of it that are over.
    budget_to_date, used, difference
        Of these days; ``difference`` is ``used`` less ``budget_to_date``.
    projected
        Likely use of the whole month: what was used, and what is expected of the rest; None: not known.
    coverage
        Mean over the days that are over, 0..1; None where none is.
    """

    month: date
    budget: float
    days: int
    budget_to_date: float
    used: float
    difference: float
    projected: float | None
    coverage: float | None


@dataclass(frozen=True)
class AccountDays:
    """The days of one account in a calendar year: arrays of 365 or 366.

    shares
        What of the limit each day gets; they sum to 1.
    used
        Use of each day; NaN: not known. ``coverage`` 0..1.
    expected
        Expected use of each day that is not over; NaN: not known. Other days are not looked at.
    complete_days
        Days that are over.
    """

    year: int
    limit: float
    shares: Matrix
    used: Matrix
    coverage: Matrix
    expected: Matrix
    complete_days: int

    def __post_init__(self) -> None:
        length = (date(self.year + 1, 1, 1) - date(self.year, 1, 1)).days
        shapes = {a.shape for a in (self.shares, self.used, self.coverage, self.expected)}
        if shapes != {(length,)}:
            raise InputError(f"the days of an account must be {length}, got {sorted(shapes)}")


def calendar_days(account: AccountDays, country: str = "CN") -> list[CalendarDay]:
    """The year's days in order."""
    first = date(account.year, 1, 1)
    working = working_days(first, len(account.shares), country)
    announced = working_calendar_known(first, country)
    budgets = account.limit * account.shares
    found = []
    for n, budget in enumerate(budgets.tolist()):
        used = _known(account.used[n]) if n < account.complete_days else None
        found.append(
            CalendarDay(
                day=first + timedelta(days=n),
                working=bool(working[n]),
                announced=announced,
                budget=budget,
                used=used,
                coverage=0.0 if used is None else float(account.coverage[n]),
                colour=_colour(used, budget, over=n < account.complete_days),
            )
        )
    return found


def month_lines(account: AccountDays) -> list[MonthLine]:
    """The year's months in order."""
    return list(_months(account))


def _months(account: AccountDays) -> Iterator[MonthLine]:
    edges = [*month_starts(account.year).tolist(), len(account.shares)]
    for month in range(12):
        start, end = edges[month], edges[month + 1]
        over = min(max(account.complete_days, start), end)
        used = float(np.nansum(account.used[start:over]))
        to_date = account.limit * float(account.shares[start:over].sum())
        rest = float(account.expected[over:end].sum())
        yield MonthLine(
            month=date(account.year, month + 1, 1),
            budget=account.limit * float(account.shares[start:end].sum()),
            days=over - start,
            budget_to_date=to_date,
            used=used,
            difference=used - to_date,
            projected=_known(used + rest),
            coverage=float(account.coverage[start:over].mean()) if over > start else None,
        )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _colour(used: float | None, budget: float, *, over: bool) -> Colour:
    if used is None:
        return Colour.UNKNOWN if over else Colour.AHEAD
    if used <= budget:
        return Colour.GREEN
    return Colour.AMBER if used <= AMBER_SHARE * budget else Colour.RED
