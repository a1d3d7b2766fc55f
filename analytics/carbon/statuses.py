"""Yearly carbon accounts: where a building or an organisation stands on the path to its target."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.carbon.courses import target_statuses
from analytics.carbon.emissions import SCOPES, Scope
from analytics.carbon.factors import FactorUsed
from analytics.carbon.standing import TargetStatus
from analytics.yearly.dailyuse import DailyUse
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.rulebook.indicators import CARBON_PER_AREA
from quotawatt.rulebook.model import Rulebook, Trust


@dataclass(frozen=True, slots=True)
class CarbonPart:
    """One measure's emission: ``amount`` [``unit``] times ``factor`` gives ``value_kgco2``.

    The electricity is what the asset answers for: less what it passed on, with what it took over and what
    vehicles charged elsewhere.
    """

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

    The arguments are those of ``analytics.yearly.quotas.quota_statuses``; the accounts are those of
    ``target_statuses``, as masses of CO2 with their parts.

    Instead of a status there is a finding: ``base_value_missing``, ``denominator_missing`` (area),
    ``use_missing``, ``account_factor_missing``, ``account_grid_region_ambiguous`` (buildings in no or in
    several provinces) or ``account_grid_factor_missing``.
    """
    found = target_statuses(daily, register, rulebook, as_of, zone, only, {CARBON_PER_AREA})
    return CarbonAccounts(tuple(carbon_status(s) for s in found.statuses), found.findings)


def carbon_status(found: TargetStatus) -> CarbonStatus:
    """An account under a target of carbon per m² as masses of CO2 with their parts."""
    grid = next((f for f in found.factors if f.region), None)
    projected = found.projected
    return CarbonStatus(
        asset=found.asset,
        target=found.target,
        year=found.year,
        base_year=found.base_year,
        base_kgco2_per_m2=found.base_value,
        base_source=found.base_source,
        allowed_share=found.allowed_share,
        gross_area_m2=found.denominator,
        used_kgco2=found.used,
        limit_kgco2=found.limit,
        share_pct=found.share_pct,
        projected_kgco2=projected,
        projected_share_pct=None if projected is None else 100 * projected / found.limit,
        grid_region="" if grid is None else grid.region,
        grid_factor_year=None if grid is None else grid.year,
        provisional=grid is not None and grid.provisional,
        days=found.days,
        days_in_year=found.days_in_year,
        coverage=found.coverage,
        parts=tuple(_part(factor, found.amounts[factor.measure]) for factor in found.factors),
        memo=found.memo,
    )


def _part(factor: FactorUsed, amount: float) -> CarbonPart:
    return CarbonPart(
        measure=factor.measure,
        scope=SCOPES[factor.measure],
        amount=amount,
        unit=measure(factor.measure).unit,
        factor=factor.value,
        factor_unit=factor.unit,
        factor_trust=factor.trust,
        value_kgco2=amount * factor.value,
    )
