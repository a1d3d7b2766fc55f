"""The budgets of a yearly limit: to date, by month, and what the days that are left may still use.

Every function takes arrays of n accounts, and shares of their days (``dayshares``); a budget is a share
times the limit. Amounts are in the account's own unit.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.dayshares import (
    Days,
    Matrix,
    day_shares,
    has_history,
    span_shares,
    working_days,
)
from quotawatt.errors import InputError

__all__ = [
    "Allowance",
    "Days",
    "Matrix",
    "allowance",
    "allowance_per_day",
    "budget_to_date",
    "day_shares",
    "days_ahead",
    "has_history",
    "month_budgets",
    "month_starts",
    "span_shares",
    "with_months",
    "working_days",
]


def budget_to_date(limits: Matrix, shares: Matrix, complete_days: int, part: float = 0.0) -> Matrix:
    """What of each limit was meant for the days that are over.

    part
        Share of the day that is running which is over too, 0..1.
    """
    over = shares[:, :complete_days].sum(axis=1)
    running = shares[:, complete_days : complete_days + 1].sum(axis=1) * part
    budget: Matrix = limits * (over + running)
    return budget


def days_ahead(limits: Matrix, used: Matrix, shares: Matrix, complete_days: int) -> Matrix:
    """How many days of budget the use is ahead of the calendar; negative: behind it.

    100 of 365 budgets used after 90 days is 10. NaN where the limit or the use is not known; a use
    above the whole limit is ahead by all days that are left.
    """
    spent = np.divide(used, limits, out=np.full(len(used), np.nan), where=limits > 0)
    edges = np.concatenate([np.zeros((len(shares), 1)), np.cumsum(shares, axis=1)], axis=1)
    whole = np.clip((edges[:, 1:] <= spent[:, None]).sum(axis=1), 0, shares.shape[1] - 1)
    rows = np.arange(len(shares))
    begun, share = edges[rows, whole], shares[rows, whole]
    part = np.divide(spent - begun, share, out=np.zeros(len(used)), where=share > 0)
    ahead: Matrix = whole + np.clip(part, 0.0, 1.0) - complete_days
    return np.where(np.isnan(spent), np.nan, ahead)


def month_budgets(limits: Matrix, shares: Matrix, year: int) -> Matrix:
    """The budget of each month, twelve columns; they sum to the limit. ``shares`` are of a calendar year."""
    starts = month_starts(year)
    months: Matrix = limits[:, None] * np.add.reduceat(shares, starts, axis=1)
    return months


def month_starts(year: int) -> NDArray[np.int64]:
    """Columns of a year's days at which its months begin, from 0."""
    first = date(year, 1, 1)
    return np.array([(date(year, month, 1) - first).days for month in range(1, 13)])


def with_months(shares: Matrix, months: Matrix, year: int) -> Matrix:
    """The shares of days where somebody has set those of the months; days follow within each month.

    months
        Twelve amounts a series in any unit, 0 or more; their shares of the sum count. A row with NaN
        leaves the series as it is. A month whose days had no share spreads evenly.

    Raises InputError for a negative amount, and a row that sums to nothing.
    """
    if (months < 0).any() or (months.sum(axis=1) == 0).any():
        raise InputError("budgets of months must be 0 or more and sum to more than 0, got others")
    starts = month_starts(year)
    month = np.searchsorted(starts, np.arange(shares.shape[1]), side="right") - 1
    totals = np.add.reduceat(shares, starts, axis=1)
    flat = 1.0 / np.bincount(month)[month]
    inside = np.divide(
        shares,
        totals[:, month],
        out=np.broadcast_to(flat, shares.shape).copy(),
        where=totals[:, month] > 0,
    )
    wanted = (months / months.sum(axis=1, keepdims=True))[:, month] * inside
    return np.where(np.isnan(wanted), shares, wanted)


class Allowance(NamedTuple):
    """What may still be used so that the year ends on its limit, one value a series in its unit.

    per_day
        Mean of the days left.
    working_day, non_working_day
        Mean of the days left of each kind; NaN where there is none.
    scale
        Those days' use to their budget: below 1 saving is needed.

    All are 0 where the limit is used up, and NaN where no day with a budget is left.
    """

    per_day: Matrix
    working_day: Matrix
    non_working_day: Matrix
    scale: Matrix


def allowance_per_day(limits: Matrix, used: Matrix, shares: Matrix, complete_days: int) -> Matrix:
    """As ``allowance``, the mean of the days left alone."""
    days_left = shares.shape[1] - complete_days
    open_end = shares[:, complete_days:].sum(axis=1) > 0
    left = np.maximum(limits - used, 0.0)
    return np.where(open_end, left / max(days_left, 1), np.nan)


def allowance(
    limits: Matrix, used: Matrix, shares: Matrix, complete_days: int, working: Days
) -> Allowance:
    """What the days after ``complete_days`` may use, in the proportion of their shares.

    ``working`` says of each day of the account whether it is a working day (``working_days``). Sums of
    the days of each kind times their figure make exactly what is left of the limit.
    """
    rest, kind = shares[:, complete_days:], working[complete_days:]
    left = np.maximum(limits - used, 0.0)
    rest_share = rest.sum(axis=1)
    open_end = rest_share > 0

    def per(chosen: Days) -> Matrix:
        days = max(int(chosen.sum()), 1)
        total = left * rest[:, chosen].sum(axis=1) / days
        out = np.full(len(left), np.nan)
        mean: Matrix = np.divide(total, rest_share, out=out, where=open_end & chosen.any())
        return mean

    planned = limits * rest_share
    scale = np.divide(left, planned, out=np.full(len(left), np.nan), where=planned > 0)
    per_day = allowance_per_day(limits, used, shares, complete_days)
    return Allowance(per_day, per(kind), per(~kind), scale)
