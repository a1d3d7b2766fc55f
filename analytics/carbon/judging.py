"""Courses to a target: by year and month what the path allows, what was used, where the year will land."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


class _Course(NamedTuple):
    """What the days of an account come to: to date, and by month; NaN: not known."""

    used: float
    fixed: float
    share_to_date: float
    month_shares: Sequence[float]
    months_used: Sequence[float]
    months_fixed: Sequence[float]


def judged(drafts: Sequence[Draft]) -> list[TargetStatus]:
    """The accounts with where their years will land; all are judged over the same days."""
    if not drafts:
        return []
    to_date = drafts[0].to_date
    this_year = np.concatenate([draft.days.this_year for draft in drafts])
    last_year = np.concatenate([draft.days.last_year for draft in drafts])
    unknown = np.full((1, this_year.shape[1]), np.nan)
    fixed = [unknown if d.days.fixed is None else d.days.fixed for d in drafts]
    shares = day_shares(last_year, to_date.year)
    starts = month_starts(to_date.year)
    columns = (
        np.nansum(this_year, axis=1),
        _known_sum(np.concatenate(fixed), np.zeros(1, dtype=np.int64))[:, 0],
        shares[:, : to_date.days].sum(axis=1),
        np.add.reduceat(shares, starts, axis=1),
        _known_sum(this_year, starts),
        _known_sum(np.concatenate(fixed), starts),
    )
    courses = [_Course(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
    ends = year_ends(Courses(this_year, last_year, to_date.year, to_date.complete_days))
    landings = _landings(ends, drafts, columns[0].tolist())
    return [_status(*each) for each in zip(drafts, courses, landings, strict=True)]


def _known_sum(days: Matrix, starts: NDArray[np.int64]) -> Matrix:
    """Sums from each start to the next, by row; NaN where no day is known."""
    known = np.add.reduceat(~np.isnan(days), starts, axis=1, dtype=np.int64)
    return np.where(known > 0, np.add.reduceat(np.nan_to_num(days), starts, axis=1), np.nan)


def _status(draft: Draft, course: _Course, landing: "_Landing") -> TargetStatus:
    target, base, days, to_date = draft.target, draft.base, draft.days, draft.to_date
    kind = TARGET_MEASURES[target.measure]
    limit, used = draft.limit, course.used
    limit_to_date = limit * course.share_to_date
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
        fixed=_known(course.fixed),
        limit=limit,
        share_pct=100 * used / limit,
        limit_to_date=limit_to_date,
        gap=used - limit_to_date,
        years=tuple(_path(target, base.value)),
        months=_months(course, limit),
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


def _landings(ends: YearEnds, drafts: Sequence[Draft], used: Sequence[float]) -> list[_Landing]:
    limits = np.array([draft.limit for draft in drafts])
    quantiles = (ends.median, ends.low, ends.high)
    columns = (*quantiles, ends.probability_above(limits), ends.exhaustion_day(limits))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [_landing(*each) for each in zip(drafts, used, rows, strict=True)]


def _landing(draft: Draft, used: float, ends: Sequence[float]) -> _Landing:
    """The year-end; never below what is used already, today's part of it included."""
    *quantiles, probability, day = ends
    median, low, high = (None if math.isnan(q) else max(q, used) for q in quantiles)
    new_year = date(draft.to_date.year, 1, 1)
    return _Landing(
        median,
        low,
        high,
        1.0 if used > draft.limit else _known(probability),
        None if math.isnan(day) else new_year + timedelta(days=int(day) - 1),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _path(target: Target, value: float) -> list[YearOnPath]:
    years = range(target.base_year, target.target_year + 1)
    shares = [(year, target.allowed_share(year)) for year in years]
    return [YearOnPath(year, share, value * share) for year, share in shares]


def _months(course: _Course, limit: float) -> tuple[MonthOnCourse, ...]:
    rows = zip(course.month_shares, course.months_used, course.months_fixed, strict=True)
    return tuple(
        MonthOnCourse(month, limit * share, _known(used), _known(fixed))
        for month, (share, used, fixed) in enumerate(rows, 1)
    )
