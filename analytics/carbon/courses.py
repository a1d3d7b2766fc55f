"""Courses to a target: by year and month what the path allows, what was used, where the year will land."""

import math
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.carbon.standing import MonthOnCourse, TargetStatus, YearOnPath
from analytics.carbon.targets import (
    TargetDays,
    base_value,
    denominator,
    target_days,
    targets_in_force,
)
from analytics.yearly.accounts import AccountYear, account_years
from analytics.yearly.budgets import month_starts
from analytics.yearly.dailyuse import DailyUse, YearToDate
from analytics.yearly.dayshares import day_shares
from analytics.yearly.projection import Courses, Matrix, YearEnds, year_ends
from quotawatt.findings import Finding
from quotawatt.register.model import BaseValue, Register
from quotawatt.rulebook.indicators import HEADCOUNT
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.targets import TARGET_MEASURES, Target


class TargetAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then target."""

    statuses: tuple[TargetStatus, ...]
    findings: tuple[Finding, ...]


def target_statuses(
    daily: pd.DataFrame | DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    zone: ZoneInfo,
    only: Collection[str] | None = None,
) -> TargetAccounts:
    """The account of every organisation and building under every target that is in force.

    The arguments are those of ``analytics.yearly.quotas.quota_statuses``. Targets per head are those of
    organisations. An account without its base value has no status: those of carbon per m² say so by a
    finding ``base_value_missing``, for others need not be held. Other findings: ``denominator_missing``,
    ``use_missing``, ``factor_missing``, ``grid_region_ambiguous``, ``grid_factor_missing``.
    """
    use = daily if isinstance(daily, DailyUse) else DailyUse(daily, register, zone)
    statuses: list[TargetStatus] = []
    findings: list[Finding] = []
    for account in account_years(use, register, as_of, only):
        to_date = account.to_date
        last_day = date(to_date.year, 1, 1) + timedelta(days=to_date.days - 1)
        for target in targets_in_force(rulebook, last_day):
            base = base_value(account.asset, target, register)
            if base is None or not _asked_of(account.asset, target, register):
                continue
            outcome = _status(account, target, base, use, rulebook.as_of(last_day))
            if isinstance(outcome, Finding):
                findings.append(outcome)
            else:
                statuses.append(outcome)
    return TargetAccounts(tuple(statuses), tuple(findings))


def _asked_of(asset: str, target: Target, register: Register) -> bool:
    per_head = TARGET_MEASURES[target.measure].denominator == HEADCOUNT
    return not per_head or asset in register.organisations


def _status(
    account: AccountYear, target: Target, base: BaseValue, use: DailyUse, rulebook: Rulebook
) -> TargetStatus | Finding:
    asset, to_date, pieces = account
    divided_by = denominator(asset, target, pieces)
    if divided_by is None:
        about: dict[str, str | float | int | None] = {"target": target.id, "year": to_date.year}
        kind = TARGET_MEASURES[target.measure].denominator
        return Finding("denominator_missing", asset, {**about, "denominator": kind})
    snapshots = [piece.register for piece in pieces]
    days = target_days(asset, target, use, to_date.year, to_date.days, snapshots, rulebook)
    if isinstance(days, Finding):
        return days
    return _draw_up(target, base, divided_by, days, to_date)


def _draw_up(
    target: Target, base: BaseValue, divided_by: float, days: TargetDays, to_date: YearToDate
) -> TargetStatus:
    kind = TARGET_MEASURES[target.measure]
    share = target.allowed_share(to_date.year)
    limit = base.value * share * divided_by
    used = float(np.nansum(days.this_year))
    shares = day_shares(days.last_year, to_date.year)[0]
    limit_to_date = limit * math.fsum(shares[: to_date.days])
    ends = year_ends(Courses(days.this_year, days.last_year, to_date.year, to_date.complete_days))
    likely = _landing(ends, limit, used, to_date.year)
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
        allowed_share=share,
        denominator=divided_by,
        used=used,
        fixed=None if days.fixed is None else float(np.nansum(days.fixed)),
        limit=limit,
        share_pct=100 * used / limit,
        limit_to_date=limit_to_date,
        gap=used - limit_to_date,
        years=tuple(_path(target, base.value)),
        months=tuple(_months(days, limit * shares, to_date)),
        amounts=days.amounts,
        factors=days.factors,
        fixed_factor=days.fixed_factor,
        basis=days.basis,
        days=to_date.days,
        days_in_year=to_date.days_in_year,
        coverage=days.coverage,
        **likely._asdict(),
    )


class _Landing(NamedTuple):
    projected: float | None
    projected_low: float | None
    projected_high: float | None
    over_probability: float | None
    exhaustion_day: date | None


def _landing(ends: YearEnds, limit: float, used: float, year: int) -> _Landing:
    """The year-end; never below what is used already, today's part of it included."""
    limits = np.array([limit])
    figures = (max(float(q[0]), used) for q in (ends.median, ends.low, ends.high))
    median, low, high = (None if math.isnan(float(ends.median[0])) else f for f in figures)
    probability = float(ends.probability_above(limits)[0])
    if used > limit:
        probability = 1.0
    day = float(ends.exhaustion_day(limits)[0])
    return _Landing(
        median,
        low,
        high,
        None if math.isnan(probability) else probability,
        None if math.isnan(day) else date(year, 1, 1) + timedelta(days=int(day) - 1),
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
