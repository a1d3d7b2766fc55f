"""Yearly carbon accounts: where a building or an organisation stands on the path to its target."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from analytics.carbon.emissions import (
    ELECTRICITY,
    MEMOS,
    SCOPES,
    EmissionFactor,
    Scope,
    emission_factor,
)
from analytics.carbon.targets import base_value, targets_in_force
from analytics.totals.segments import Segment
from analytics.yearly.accounts import AccountRow, account_results, account_years, mean_area_m2
from analytics.yearly.dailyuse import AccountUse, DailyUse, YearToDate
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.register.model import BaseValue, Register
from quotawatt.rulebook.indicators import CARBON_PER_AREA, GROSS_AREA
from quotawatt.rulebook.model import Rulebook, Target, Trust


@dataclass(frozen=True, slots=True)
class CarbonPart:
    """One measure's emission: ``amount`` [``unit``] times ``factor`` gives ``value_kgco2``."""

    measure: str
    scope: Scope
    amount: float
    unit: str
    factor: float
    factor_unit: str
    factor_trust: Trust
    value_kgco2: float


@dataclass(frozen=True, slots=True)
class CarbonStatus:
    """The carbon account of one asset under one target at one instant; masses in kgCO2.

    base_kgco2_per_m2, base_source, allowed_share
        The base year's figure, where it is from, and the share of it that the path allows this year.
    limit_kgco2
        Allowed in the whole year: base times share times gross area (daily mean of the year to date).
    projected_kgco2, projected_share_pct
        Likely in the whole year; None: too early to say.
    grid_region, grid_factor_year, provisional
        Whose grid factor was used and of which year; provisional (暂用) where that of the year itself is
        not published. Region empty and year None where no electricity is counted.
    days, coverage
        As in ``analytics.yearly.quotas.QuotaStatus``.
    memo
        Amounts shown beside that emit nothing, such as PV, by measure.
    """

    asset: str
    target: str
    year: int
    base_year: int
    base_kgco2_per_m2: float
    base_source: str
    allowed_share: float
    gross_area_m2: float
    used_kgco2: float
    limit_kgco2: float
    share_pct: float
    projected_kgco2: float | None
    projected_share_pct: float | None
    grid_region: str
    grid_factor_year: int | None
    provisional: bool
    days: int
    days_in_year: int
    coverage: float
    parts: tuple[CarbonPart, ...]
    memo: Mapping[str, float]


class CarbonAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then target."""

    statuses: tuple[CarbonStatus, ...]
    findings: tuple[Finding, ...]


def carbon_statuses(
    daily: pd.DataFrame | DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    zone: ZoneInfo,
    only: Collection[str] | None = None,
) -> CarbonAccounts:
    """The account of every organisation and building under every target of carbon per m².

    The arguments are those of ``analytics.yearly.quotas.quota_statuses``.

    Instead of a status there is a finding: ``base_value_missing``, ``denominator_missing`` (area),
    ``use_missing``, ``factor_missing``, ``grid_region_ambiguous`` (buildings in no or in several
    provinces) or ``grid_factor_missing``.
    """
    use = daily if isinstance(daily, DailyUse) else DailyUse(daily, register, zone)
    statuses: list[CarbonStatus] = []
    findings: list[Finding] = []
    for asset, to_date, pieces in account_years(use, register, as_of, only):
        last_day = date(to_date.year, 1, 1) + timedelta(days=to_date.days - 1)
        for target in targets_in_force(rulebook, last_day):
            if target.measure != CARBON_PER_AREA:
                continue
            base = base_value(asset, target, register)
            book = rulebook.as_of(last_day)
            outcome = _status(asset, target, base, use, pieces, book, to_date)
            if isinstance(outcome, Finding):
                findings.append(outcome)
            else:
                statuses.append(outcome)
    return CarbonAccounts(tuple(statuses), tuple(findings))


def carbon_results(statuses: Iterable[CarbonStatus], day_start: datetime) -> pa.Table:
    """The accounts as results of grain day (schema RESULTS), subject ``ASSET/TARGET``.

    ``day_start`` is the local midnight (UTC) at which the judged day began. Where there is no projection
    its measures are withdrawn.
    """
    rows = []
    for s in statuses:
        figures = {
            "carbon_used_kgco2": s.used_kgco2,
            "carbon_limit_kgco2": s.limit_kgco2,
            "carbon_projected_kgco2": s.projected_kgco2,
            "carbon_share_pct": s.share_pct,
            "carbon_projected_share_pct": s.projected_share_pct,
        }
        rows.append(AccountRow(f"{s.asset}/{s.target}", figures, s.coverage))
    return account_results(rows, day_start)


def _status(
    asset: str,
    target: Target,
    base: BaseValue | None,
    use: DailyUse,
    pieces: Sequence[Segment],
    rulebook: Rulebook,
    to_date: YearToDate,
) -> CarbonStatus | Finding:
    about: dict[str, str | float | int | None] = {"target": target.id, "year": to_date.year}
    if base is None:
        return Finding("base_value_missing", asset, {**about, "base_year": target.base_year})
    area = mean_area_m2(asset, pieces)
    if area is None:
        return Finding("denominator_missing", asset, {**about, "denominator": GROSS_AREA})
    account = use.account(asset, tuple(SCOPES), to_date)
    if account is None:
        return Finding("use_missing", asset, about)
    factors: dict[str, EmissionFactor] = {}
    snapshots = [piece.register for piece in pieces]
    for name in account.measures:
        factor = emission_factor(name, asset, to_date.year, snapshots, rulebook, target.factor_set)
        if isinstance(factor, Finding):
            return Finding(factor.code, asset, {**about, **factor.detail})
        factors[name] = factor
    memo = use.account(asset, MEMOS, to_date)
    beside = {} if memo is None else dict(zip(memo.measures, memo.amounts.tolist(), strict=True))
    return _draw_up(target, base, area, account, factors, beside, to_date)


def _draw_up(
    target: Target,
    base: BaseValue,
    area_m2: float,
    account: AccountUse,
    factors: Mapping[str, EmissionFactor],
    memo: Mapping[str, float],
    to_date: YearToDate,
) -> CarbonStatus:
    parts = tuple(
        _part(name, float(amount), factors[name])
        for name, amount in zip(account.measures, account.amounts, strict=True)
    )
    used = sum(part.value_kgco2 for part in parts)
    year_total = sum(
        float(amount) * factors[name].factor.value
        for name, amount in zip(account.measures, account.projected, strict=True)
    )
    projected = None if math.isnan(year_total) else year_total
    share = target.allowed_share(to_date.year)
    limit = base.value * share * area_m2
    grid = factors[ELECTRICITY].grid if ELECTRICITY in factors else None
    return CarbonStatus(
        asset=base.asset,
        target=target.id,
        year=to_date.year,
        base_year=base.year,
        base_kgco2_per_m2=base.value,
        base_source=base.source,
        allowed_share=share,
        gross_area_m2=area_m2,
        used_kgco2=used,
        limit_kgco2=limit,
        share_pct=100 * used / limit,
        projected_kgco2=projected,
        projected_share_pct=None if projected is None else 100 * projected / limit,
        grid_region="" if grid is None else grid.region,
        grid_factor_year=None if grid is None else grid.year,
        provisional=grid is not None and grid.year != to_date.year,
        days=to_date.days,
        days_in_year=to_date.days_in_year,
        coverage=account.coverage,
        parts=parts,
        memo=memo,
    )


def _part(name: str, amount: float, found: EmissionFactor) -> CarbonPart:
    return CarbonPart(
        measure=name,
        scope=SCOPES[name],
        amount=amount,
        unit=measure(name).unit,
        factor=found.factor.value,
        factor_unit=found.factor.unit,
        factor_trust=found.factor.trust,
        value_kgco2=amount * found.factor.value,
    )
