"""Yearly quotas: what an asset has used of its quota, under which tier it stands, what it will come to.

Formulae (DB37/T 2672-2019, summarised in its pack; E is the use so far, M the gross area, P the people):

- ``non_heating_kgce_per_m2`` = (E - E heating - E transport) / M
- ``electricity_kwh_per_m2`` = electricity / M
- ``energy_kgce_per_head`` = E / P, every carrier, vehicle fuel included
- ``water_m3_per_head`` = water / P

The account is kept above the line, in kWh, kgce or m³: the limit of a tier is its value times the
denominator. Coal equivalent uses the factor set that the quota names and no other.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from analytics.totals.segments import Segment
from analytics.yearly.accounts import (
    AccountRow,
    account_results,
    account_years,
    last_held,
    mean_area_m2,
    mean_people,
)
from analytics.yearly.dailyuse import AccountUse, DailyUse, YearToDate
from analytics.yearly.eligibility import by_indicator, matching_quotas
from analytics.yearly.tiers import Standing, standing
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.rulebook.indicators import GROSS_AREA, INDICATORS, Indicator
from quotawatt.rulebook.model import FactorSet, Quota, Rulebook, Tier, Trust
from quotawatt.spans import DAY

__all__ = [
    "QuotaAccounts",
    "QuotaPart",
    "QuotaStatus",
    "Standing",
    "quota_results",
    "quota_statuses",
]

_MEASURE_SUFFIX = {"kWh": "kwh", "kgce": "kgce", "m³": "m3"}


@dataclass(frozen=True, slots=True)
class QuotaPart:
    """One measure's share of the use: ``amount`` [``unit``] times ``factor`` gives ``value``.

    ``value`` is in the account's unit; ``factor`` is 1 where nothing is converted.
    """

    measure: str
    amount: float
    unit: str
    factor: float
    factor_unit: str
    factor_trust: Trust
    value: float


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """The account of one asset under one quota at one instant.

    unit
        Unit of ``used``, ``limits`` and ``projected``: ``kWh``, ``kgce`` or ``m³``.
    denominator
        Area in m² or people (daily means of the year to date), as ``denominator_name`` says.
    intensity
        ``used`` / ``denominator``, in the quota's own unit (e.g. kWh/m²).
    limits
        Allowed use of the whole year for each tier of the quota.
    standing, projected_standing
        Where the use so far, and the projected use of the year, stand among the tiers.
    share_pct, projected_share_pct
        Percent of the constraint value.
    projected
        Likely use of the whole year; None (like what rests on it): too early to say.
    days
        Days judged, from 1 January to the judged one included.
    coverage
        Share of those days that rests on measurements, 0..1.
    """

    asset: str
    quota: str
    indicator: str
    year: int
    unit: str
    denominator_name: str
    denominator: float
    used: float
    intensity: float
    limits: Mapping[Tier, float]
    standing: Standing
    share_pct: float
    projected: float | None
    projected_standing: Standing | None
    projected_share_pct: float | None
    days: int
    days_in_year: int
    coverage: float
    parts: tuple[QuotaPart, ...]


class QuotaAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then quota."""

    statuses: tuple[QuotaStatus, ...]
    findings: tuple[Finding, ...]


def quota_statuses(
    daily: pd.DataFrame | DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    zone: ZoneInfo,
    only: Collection[str] | None = None,
) -> QuotaAccounts:
    """The yearly account of every asset under every quota that is for it, at ``as_of``.

    daily
        Results of grain day: columns subject, measure, start (UTC), value, coverage, for this year and,
        where known, the year before; or the same as a ``DailyUse``.
    as_of
        Timezone-aware; the judged year is the local year of the last instant before it. Days after that
        instant are not looked at; the day that holds it counts with what is there.
    zone
        Whose days and years those of organisations are; buildings have their site's.
    only
        Assets that are asked for; None: all.

    Instead of a status there is a finding where the account cannot be drawn up: ``denominator_missing``,
    ``quota_ambiguous`` (two quotas of one indicator match), ``use_missing`` (nothing measured this
    year) or ``factor_missing`` (the factor set lacks a carrier that was used).
    """
    use = daily if isinstance(daily, DailyUse) else DailyUse(daily, register, zone)
    statuses: list[QuotaStatus] = []
    findings: list[Finding] = []
    for asset, to_date, pieces in account_years(use, register, as_of, only):
        judged, held = pieces[-1].until - DAY, last_held(asset, pieces)
        for quotas in by_indicator(matching_quotas(asset, held, rulebook, judged)):
            if len(quotas) > 1:
                ids = ", ".join(q.id for q in quotas)
                findings.append(Finding("quota_ambiguous", asset, {"quotas": ids}))
                continue
            outcome = _status(asset, quotas[0], use, pieces, rulebook, to_date)
            if isinstance(outcome, Finding):
                findings.append(outcome)
            else:
                statuses.append(outcome)
    return QuotaAccounts(tuple(statuses), tuple(findings))


def quota_results(statuses: Iterable[QuotaStatus], day_start: datetime) -> pa.Table:
    """The accounts as results of grain day (schema RESULTS), subject ``ASSET/QUOTA``.

    ``day_start`` is the local midnight (UTC) at which the judged day began. Where there is no projection
    its measures are withdrawn, so that an earlier one does not outlive what it rested on.
    """
    rows = []
    for s in statuses:
        suffix = _MEASURE_SUFFIX[s.unit]
        figures = {
            f"quota_used_{suffix}": s.used,
            f"quota_limit_{suffix}": s.limits[Tier.CONSTRAINT],
            f"quota_projected_{suffix}": s.projected,
            "quota_share_pct": s.share_pct,
            "quota_projected_share_pct": s.projected_share_pct,
        }
        rows.append(AccountRow(f"{s.asset}/{s.quota}", figures, s.coverage))
    return account_results(rows, day_start)


def _status(
    asset: str,
    quota: Quota,
    use: DailyUse,
    pieces: Sequence[Segment],
    rulebook: Rulebook,
    to_date: YearToDate,
) -> QuotaStatus | Finding:
    indicator = INDICATORS[quota.indicator]
    about: dict[str, str | float | int | None] = {"quota": quota.id, "year": to_date.year}
    denominator = _denominator(asset, quota, pieces)
    if denominator is None:
        return Finding(
            "denominator_missing", asset, {**about, "denominator": indicator.denominator}
        )
    account = use.account(asset, indicator.measures, to_date)
    if account is None:
        return Finding("use_missing", asset, about)
    factors = {m: _factor(m, indicator, quota, rulebook) for m in account.measures}
    without = [m for m, factor in factors.items() if factor is None]
    if without:
        return Finding(
            "factor_missing",
            asset,
            {**about, "factor_set": quota.factor_set, "measures": ", ".join(without)},
        )
    known = {m: factor for m, factor in factors.items() if factor is not None}
    return _draw_up(asset, quota, indicator, denominator, account, known, to_date)


def _draw_up(
    asset: str,
    quota: Quota,
    indicator: Indicator,
    denominator: float,
    account: AccountUse,
    factors: Mapping[str, "_Conversion"],
    to_date: YearToDate,
) -> QuotaStatus:
    parts = tuple(
        QuotaPart(
            measure=name,
            amount=float(amount),
            unit=measure(name).unit,
            factor=factors[name].value,
            factor_unit=factors[name].unit,
            factor_trust=factors[name].trust,
            value=float(amount) * factors[name].value,
        )
        for name, amount in zip(account.measures, account.amounts, strict=True)
    )
    used = sum(part.value for part in parts)
    year_total = sum(
        float(p) * factors[m].value
        for m, p in zip(account.measures, account.projected, strict=True)
    )
    projected = None if math.isnan(year_total) else year_total
    limits = {tier: value * denominator for tier, value in quota.tiers.items()}
    constraint = limits[Tier.CONSTRAINT]
    return QuotaStatus(
        asset=asset,
        quota=quota.id,
        indicator=indicator.name,
        year=to_date.year,
        unit=indicator.amount_unit,
        denominator_name=indicator.denominator,
        denominator=denominator,
        used=used,
        intensity=used / denominator,
        limits=limits,
        standing=standing(used, limits),
        share_pct=100 * used / constraint,
        projected=projected,
        projected_standing=None if projected is None else standing(projected, limits),
        projected_share_pct=None if projected is None else 100 * projected / constraint,
        days=to_date.days,
        days_in_year=to_date.days_in_year,
        coverage=account.coverage,
        parts=parts,
    )


def _denominator(asset: str, quota: Quota, pieces: Sequence[Segment]) -> float | None:
    """Area in m² or people; None where any of it is not known, for a part is not the whole."""
    if quota.denominator == GROSS_AREA:
        return mean_area_m2(asset, pieces)
    return mean_people(asset, quota.headcount_components, pieces)


class _Conversion(NamedTuple):
    value: float
    unit: str
    trust: Trust


def _factor(
    name: str, indicator: Indicator, quota: Quota, rulebook: Rulebook
) -> _Conversion | None:
    """What a unit of the measure counts in the account; None where the factor set does not say."""
    if not indicator.converts:
        return _Conversion(1.0, "1", quota.trust)
    factor_set: FactorSet | None = rulebook.factor_sets.get(quota.factor_set)
    if factor_set is None:
        raise NotFoundError(
            f"a quota must name a factor set of the rulebook, got {quota.factor_set!r} in {quota.id}"
        )
    factor = factor_set.coal_equivalent.get(name)
    return None if factor is None else _Conversion(factor.value, factor.unit, factor.trust)
