"""What accounts will come to, and their budgets: all accounts of a period at once, no loop over days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.budgets import (
    allowance,
    budget_to_date,
    span_shares,
    with_months,
    working_days,
)
from analytics.yearly.drafts import Draft
from analytics.yearly.projection import Courses, Matrix, YearEnds, year_ends
from analytics.yearly.usetable import Period, UseTable
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.indicators import FLOWS

_CHUNK = 1000
"""Accounts looked at together: their days stay within some tens of megabytes."""

SEASON_MIN_DAYS = 30
"""Known days of a heating season that its mean day says something after."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one account, in its unit; None: not known, or too early to say.

    projected, projected_low, projected_high
        Likely use of the whole period, and the 80 % interval.
    over_probability
        By tier how likely it ends above it, 0..1.
    exhaustion_column
        Index of the day on which the constraint is passed, from 0.
    budget_to_date
        What of the constraint was meant for the time that is over.
    allowance_per_day
        What each day left may use so that the period still ends on the constraint.
    """

    projected: float | None = None
    projected_low: float | None = None
    projected_high: float | None = None
    over_probability: Mapping[Tier, float] = field(default_factory=dict)
    exhaustion_column: int | None = None
    budget_to_date: float | None = None
    allowance_per_day: float | None = None


def outlooks(drafts: Sequence[Draft], part_of_day: float, country: str = "CN") -> list[Outlook]:
    """The outlook of each account, in their order; all must be of one table.

    part_of_day
        How much of the running day is over, 0..1.

    An account whose denominator grows with the year (kilometres) is a ratio as it stands: it has none.
    """
    found = [Outlook()] * len(drafts)
    asked = [i for i, d in enumerate(drafts) if d.yardstick.indicator.denominator not in FLOWS]
    for start in range(0, len(asked), _CHUNK):
        chunk = asked[start : start + _CHUNK]
        for i, outlook in zip(
            chunk, _of_chunk([drafts[i] for i in chunk], part_of_day, country), strict=True
        ):
            found[i] = outlook
    return found


def limits_of(draft: Draft) -> dict[Tier, float]:
    """Allowed use of the whole period for each tier, in the account's unit."""
    return {tier: value * draft.denominator for tier, value in draft.yardstick.tiers.items()}


def _of_chunk(drafts: Sequence[Draft], part_of_day: float, country: str) -> list[Outlook]:
    table = drafts[0].table
    period = table.period
    this, before = account_courses(drafts, table)
    used = np.array([d.used for d in drafts])
    limits = [limits_of(d) for d in drafts]
    constraint = np.array([one[Tier.CONSTRAINT] for one in limits])
    shares = budget_shares(drafts, before, table, country)
    budget = budget_to_date(constraint, shares, period.complete_days, part_of_day)
    left = allowance(
        constraint,
        used,
        shares,
        period.complete_days,
        working_days(period.first, period.length, country),
    ).per_day
    ends = period_ends(this, before, period, country)
    likely, low, high = (np.maximum(x, used) for x in (ends.median, ends.low, ends.high))
    over = {tier: _above(ends, limits, tier) for tier in Tier}
    exhausted = ends.exhaustion_day(constraint)
    return [
        Outlook(
            projected=_known(likely[i]),
            projected_low=_known(low[i]),
            projected_high=_known(high[i]),
            over_probability={
                tier: float(over[tier][i]) for tier in limits[i] if not np.isnan(over[tier][i])
            },
            exhaustion_column=None if np.isnan(exhausted[i]) else int(exhausted[i]) - 1,
            budget_to_date=float(budget[i]),
            allowance_per_day=_known(left[i]),
        )
        for i in range(len(drafts))
    ]


def account_courses(drafts: Sequence[Draft], table: UseTable) -> tuple[Matrix, Matrix]:
    """The accounts' use by day in this period and the one before, in their units; NaN: not known.

    A day counts what is known of it. A day of a series that is not known in this period is left out of
    the period before as well, so that the two compare like with like.
    """
    rows = np.array([table.row(t.pair) for d in drafts for t in d.terms])
    factors = np.array(
        [
            t.sign * c.value * d.correction
            for d in drafts
            for t, c in zip(d.terms, d.conversions, strict=True)
        ]
    )
    starts = np.cumsum([0, *(len(d.terms) for d in drafts)])[:-1]
    this, before = table.this[rows], table.before[rows]
    _cut(this, drafts, table)
    ever = np.logical_or.reduceat(~np.isnan(before), starts, axis=0)
    shared = min(table.period.complete_days, before.shape[1])
    before[:, :shared][np.isnan(this[:, :shared])] = np.nan
    this_sum, this_known = _added(this, factors, starts)
    before_sum, _ = _added(before, factors, starts)
    return np.where(this_known, this_sum, np.nan), np.where(ever, before_sum, np.nan)


def _cut(this: Matrix, drafts: Sequence[Draft], table: UseTable) -> None:
    """Leave out the days of a series on which it was none of the account's."""
    row = 0
    for draft in drafts:
        for term in draft.terms:
            if term.first is not None or term.until is not None:
                low, high = table.columns(term.first, term.until)
                this[row, :low], this[row, high:] = np.nan, np.nan
            row += 1


def _added(
    values: Matrix, factors: Matrix, starts: NDArray[np.intp]
) -> tuple[Matrix, NDArray[np.bool_]]:
    known = ~np.isnan(values)
    total = np.add.reduceat(np.where(known, values, 0.0) * factors[:, None], starts, axis=0)
    return total, np.logical_or.reduceat(known, starts, axis=0)


def budget_shares(
    drafts: Sequence[Draft], before: Matrix, table: UseTable, country: str = "CN"
) -> Matrix:
    """The share of the period that each day of each account gets; months that were set go first."""
    period = table.period
    shares = span_shares(before, table.before_first, period.first, period.until, country)
    if period.season is not None or not any(d.yardstick.months for d in drafts):
        return shares
    months = np.array([d.yardstick.months or [np.nan] * 12 for d in drafts], dtype=float)
    return with_months(shares, months, period.year)


def period_ends(this: Matrix, before: Matrix, period: Period, country: str = "CN") -> YearEnds:
    """What accounts will come to: calendar years by the model of year-ends, seasons by their mean day."""
    if period.season is None:
        return year_ends(Courses(this, before, period.year, period.complete_days), country)
    return _season_ends(this, period)


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


def _above(ends: YearEnds, limits: Sequence[Mapping[Tier, float]], tier: Tier) -> Matrix:
    return ends.probability_above(np.array([one.get(tier, np.nan) for one in limits]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
