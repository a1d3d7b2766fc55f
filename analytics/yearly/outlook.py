"""What accounts will come to, and their budgets: all accounts of a table at once, no loop over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.yearly.accountcourses import AccountCourses, account_courses
from analytics.yearly.budgets import (
    allowance_per_day,
    budget_to_date,
    span_shares,
    with_months,
)
from analytics.yearly.drafts import Draft
from analytics.yearly.projection import Courses, Matrix, YearEnds, year_ends
from analytics.yearly.usetable import Period, UseTable
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.indicators import FLOWS

SEASON_MIN_DAYS = 30
"""Known days of a heating season that its mean day says something after."""


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Of accounts, one entry of each array an account, in its unit; NaN: not known, or too early to say.

    limits
        Allowed use of the whole period by tier; NaN: the account has no such tier.
    projected, projected_low, projected_high
        Likely use of the whole period, and the 80 % interval.
    over_probability
        By tier how likely it ends above it, 0..1.
    exhaustion_day
        The day of the period, from 1, on which the constraint is passed.
    budget_to_date
        What of the constraint was meant for the time that is over.
    allowance_per_day
        What each day left may use so that the period still ends on the constraint.
    """

    limits: Mapping[Tier, Matrix]
    projected: Matrix
    projected_low: Matrix
    projected_high: Matrix
    over_probability: Mapping[Tier, Matrix]
    exhaustion_day: Matrix
    budget_to_date: Matrix
    allowance_per_day: Matrix


def outlooks(drafts: Sequence[Draft], part_of_day: float, country: str = "CN") -> Outlooks:
    """The outlook of accounts, in their order; all must be of one table.

    part_of_day
        How much of the running day is over, 0..1.

    An account whose denominator grows with the year (kilometres) is a ratio as it stands: it has none.
    """
    table = drafts[0].table
    period = table.period
    used = np.array([d.used for d in drafts])
    limits = {tier: _limits(drafts, tier) for tier in Tier}
    constraint = limits[Tier.CONSTRAINT]
    courses = account_courses(drafts, table)
    shares = budget_shares(drafts, courses, table, country)
    ends = period_ends(courses, period, country)
    ratio = np.array([d.yardstick.indicator.denominator in FLOWS for d in drafts])

    def known(values: Matrix) -> Matrix:
        return np.where(ratio, np.nan, values)

    return Outlooks(
        limits=limits,
        projected=known(np.maximum(ends.median, used)),
        projected_low=known(np.maximum(ends.low, used)),
        projected_high=known(np.maximum(ends.high, used)),
        over_probability={t: known(ends.probability_above(limit)) for t, limit in limits.items()},
        exhaustion_day=known(ends.exhaustion_day(constraint)),
        budget_to_date=known(budget_to_date(constraint, shares, period.complete_days, part_of_day)),
        allowance_per_day=known(allowance_per_day(constraint, used, shares, period.complete_days)),
    )


def limits_of(draft: Draft) -> dict[Tier, float]:
    """Allowed use of the whole period for each tier, in the account's unit."""
    return {tier: value * draft.denominator for tier, value in draft.yardstick.tiers.items()}


def _limits(drafts: Sequence[Draft], tier: Tier) -> Matrix:
    values = (d.yardstick.tiers.get(tier, np.nan) * d.denominator for d in drafts)
    return np.fromiter(values, dtype=np.float64, count=len(drafts))


def budget_shares(
    drafts: Sequence[Draft], courses: AccountCourses, table: UseTable, country: str = "CN"
) -> Matrix:
    """The share of the period that each day of each account gets; months that were set go first."""
    period, pattern = table.period, courses.pattern
    shares = span_shares(pattern, table.before_first, period.first, period.until, country)
    shares = shares[courses.row]
    if period.season is not None or not any(d.yardstick.months for d in drafts):
        return shares
    months = np.array([d.yardstick.months or [np.nan] * 12 for d in drafts], dtype=float)
    return with_months(shares, months, period.year)


def period_ends(courses: AccountCourses, period: Period, country: str = "CN") -> YearEnds:
    """What accounts will come to: calendar years by the model of year-ends, seasons by their mean day."""
    if period.season is not None:
        ends = _season_ends(courses.this, period)
    else:
        of_year = Courses(courses.this, courses.before, period.year, period.complete_days)
        ends = year_ends(of_year, country)
    return ends.of_accounts(courses.row, courses.times)


def _season_ends(this: Matrix, period: Period) -> YearEnds:
    """The season's mean day goes on to its end, from a month on; how sure that is, nobody says."""
    so_far = this[:, : period.complete_days]
    known = (~np.isnan(so_far)).sum(axis=1)
    total = np.nansum(so_far, axis=1)
    enough = known >= min(SEASON_MIN_DAYS, period.length)
    mean = np.divide(total, known, out=np.full(len(this), np.nan), where=enough & (known > 0))
    days_left = period.length - period.complete_days
    rest = np.repeat(mean[:, None], days_left, axis=1)
    scale = np.zeros(len(this)) if days_left == 0 else np.full(len(this), np.nan)
    return YearEnds(so_far, rest, scale)
