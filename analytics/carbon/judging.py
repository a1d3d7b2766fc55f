"""Courses to a target: by year and month what the path allows, what was used, where the year will land."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from analytics.carbon.standing import MonthOnCourse, TargetStatus, YearOnPath
from analytics.carbon.targets import TargetDays
from analytics.yearly.budgets import month_starts
from analytics.yearly.dailyuse import YearToDate
from analytics.yearly.dayshares import day_shares
from analytics.yearly.projection import Courses, Matrix, YearEnds, year_ends
from quotawatt.register.model import BaseValue
from quotawatt.rulebook.targets import TARGET_MEASURES, Target


class Draft(NamedTuple):
    """An account under one target, before it is known where the year will land."""

    target: Target
    base: BaseValue
    divided_by: float
    days: TargetDays
    memo: Mapping[str, float]
    to_date: YearToDate

    @property
    def limit(self) -> float:
        """Allowed in the whole year."""
        return self.base.value * self.target.allowed_share(self.to_date.year) * self.divided_by

    @property
    def used(self) -> float:
        """Of the year to date."""
        return float(np.nansum(self.days.this_year))


def judged(drafts: Sequence[Draft]) -> list[TargetStatus]:
    """The accounts with where their years will land; all are judged over the same days."""
    if not drafts:
        return []
    to_date = drafts[0].to_date
    this_year = np.concatenate([draft.days.this_year for draft in drafts])
    last_year = np.concatenate([draft.days.last_year for draft in drafts])
    shares = day_shares(last_year, to_date.year)
    ends = year_ends(Courses(this_year, last_year, to_date.year, to_date.complete_days))
    landings = _landings(ends, drafts)
    return [_status(*each) for each in zip(drafts, shares, landings, strict=True)]


def _status(draft: Draft, shares: Matrix, landing: "_Landing") -> TargetStatus:
    target, base, days, to_date = draft.target, draft.base, draft.days, draft.to_date
    kind = TARGET_MEASURES[target.measure]
    limit, used = draft.limit, draft.used
    limit_to_date = limit * math.fsum(shares[: to_date.days])
    return TargetStatus(
        asset=base.asset,
        target=target.id,
        measure=target.measure,
        unit=kind.unit,
        amount_unit=kind.amount_unit,
        year=to_date.year,
        base_year=base.year,
        base_value=base.value,
        base_source=base.source,
        allowed_share=target.allowed_share(to_date.year),
        denominator=draft.divided_by,
        used=used,
        fixed=None if days.fixed is None else float(np.nansum(days.fixed)),
        limit=limit,
        share_pct=100 * used / limit,
        limit_to_date=limit_to_date,
        gap=used - limit_to_date,
        years=tuple(_path(target, base.value)),
        months=tuple(_months(days, limit * shares, to_date)),
        amounts=days.amounts,
        memo=draft.memo,
        factors=days.factors,
        fixed_factor=days.fixed_factor,
        basis=days.basis,
        days=to_date.days,
        days_in_year=to_date.days_in_year,
        coverage=days.coverage,
        **landing._asdict(),
    )


class _Landing(NamedTuple):
    projected: float | None
    projected_low: float | None
    projected_high: float | None
    over_probability: float | None
    exhaustion_day: date | None


def _landings(ends: YearEnds, drafts: Sequence[Draft]) -> list[_Landing]:
    limits = np.array([draft.limit for draft in drafts])
    columns = (ends.median, ends.low, ends.high)
    rows = zip(*(c.tolist() for c in columns), strict=True)
    probabilities = ends.probability_above(limits).tolist()
    days = ends.exhaustion_day(limits).tolist()
    found = zip(drafts, rows, probabilities, days, strict=True)
    return [_landing(draft, quantiles, p, day) for draft, quantiles, p, day in found]


def _landing(draft: Draft, quantiles: Sequence[float], probability: float, day: float) -> _Landing:
    """The year-end; never below what is used already, today's part of it included."""
    used = draft.used
    median, low, high = (None if math.isnan(q) else max(q, used) for q in quantiles)
    if used > draft.limit:
        probability = 1.0
    return _Landing(
        median,
        low,
        high,
        None if math.isnan(probability) else probability,
        None if math.isnan(day) else date(draft.to_date.year, 1, 1) + timedelta(days=int(day) - 1),
    )


def _path(target: Target, value: float) -> list[YearOnPath]:
    years = range(target.base_year, target.target_year + 1)
    shares = [(year, target.allowed_share(year)) for year in years]
    return [YearOnPath(year, share, value * share) for year, share in shares]


def _months(days: TargetDays, limits: Matrix, to_date: YearToDate) -> list[MonthOnCourse]:
    starts = [*month_starts(to_date.year).tolist(), to_date.days_in_year]

    def over(row: Matrix | None, month: int) -> float | None:
        if row is None:
            return None
        inside = row[0, starts[month] : starts[month + 1]]
        return None if np.isnan(inside).all() else float(np.nansum(inside))

    return [
        MonthOnCourse(
            month + 1,
            math.fsum(limits[starts[month] : starts[month + 1]]),
            over(days.this_year, month),
            over(days.fixed, month),
        )
        for month in range(12)
    ]
