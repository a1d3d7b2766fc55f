"""The energy calendar (能源日历) of one account: each day of its period beside its budget; and its months."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from analytics.yearly.budgets import Matrix
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
        None: not known, or not over yet.
    """

    day: date
    working: bool
    announced: bool
    budget: float
    used: float | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of an account, or the part of it that lies in the period; amounts in the account's unit.

    month
        Its first day.
    days, known_days
        Days of it that are over, and how many of them have a known use.
    budget_to_date, used, difference
        Of the days that are over; ``difference`` is ``used`` less ``budget_to_date``. Where none of these
        days is known, the last two are None: no use was seen, which is not no use.
    projected
        Likely use of the whole month: what was used, and what is expected of the rest; None: not known.
    """

    month: date
    budget: float
    days: int
    known_days: int
    budget_to_date: float
    used: float | None
    difference: float | None
    projected: float | None


@dataclass(frozen=True)
class AccountDays:
    """The days of one account from ``first`` on: arrays of one value a day.

    shares
        What of the limit each day gets; they sum to 1.
    used
        Use of each day; NaN: not known. Days that are not over are not looked at.
    expected
        Expected use of each day that is not over; NaN: not known. Other days are not looked at.
    complete_days
        Days that are over.
    """

    first: date
    limit: float
    shares: Matrix
    used: Matrix
    expected: Matrix
    complete_days: int

    def __post_init__(self) -> None:
        shapes = {a.shape for a in (self.shares, self.used, self.expected)}
        if len(shapes) != 1 or not 0 <= self.complete_days <= len(self.shares):
            raise InputError(
                "the days of an account must be alike, and no more be over than there are, got "
                f"{sorted(shapes)} and {self.complete_days}"
            )

    @property
    def days(self) -> list[date]:
        """The days themselves."""
        return [self.first + timedelta(days=n) for n in range(len(self.shares))]


def calendar_days(account: AccountDays, country: str = "CN") -> list[CalendarDay]:
    """The period's days in order."""
    working = working_days(account.first, len(account.shares), country)
    budgets = (account.limit * account.shares).tolist()
    found = []
    for n, (day, budget) in enumerate(zip(account.days, budgets, strict=True)):
        over = n < account.complete_days
        used = _known(account.used[n]) if over else None
        announced = working_calendar_known(day, country)
        colour = _colour(used, budget, over=over)
        found.append(CalendarDay(day, bool(working[n]), announced, budget, used, colour))
    return found


def month_lines(account: AccountDays) -> list[MonthLine]:
    """The period's months in order."""
    columns: dict[date, list[int]] = {}
    for n, day in enumerate(account.days):
        columns.setdefault(day.replace(day=1), []).append(n)
    return [_month(account, month, own[0], own[-1] + 1) for month, own in columns.items()]


def _month(account: AccountDays, month: date, start: int, end: int) -> MonthLine:
    over = min(max(account.complete_days, start), end)
    days = account.used[start:over]
    used = float(np.nansum(days))
    known_days = int((~np.isnan(days)).sum())
    to_date = account.limit * float(account.shares[start:over].sum())
    is_known = known_days > 0
    expected = float(account.expected[over:end].sum())
    return MonthLine(
        month=month,
        budget=account.limit * float(account.shares[start:end].sum()),
        days=over - start,
        known_days=known_days,
        budget_to_date=to_date,
        used=used if is_known else None,
        difference=used - to_date if is_known else None,
        projected=None if over > start and not is_known else _known(used + expected),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _colour(used: float | None, budget: float, *, over: bool) -> Colour:
    if used is None:
        return Colour.UNKNOWN if over else Colour.AHEAD
    if used <= budget:
        return Colour.GREEN
    return Colour.AMBER if used <= AMBER_SHARE * budget else Colour.RED
