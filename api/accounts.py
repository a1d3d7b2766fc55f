"""Yearly accounts for routes and pages: daily results in, the analytics' own statuses out."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.carbon.emissions import MEMOS, SCOPES
from analytics.carbon.reach import power_reach
from analytics.carbon.statuses import CarbonAccounts, CarbonStatus, carbon_statuses
from analytics.totals.segments import carbon_books, segments, total_books
from analytics.yearly.accounts import held_buildings
from analytics.yearly.compounds import buildings_shared_with
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.needed import account_series
from analytics.yearly.quotas import Decided, QuotaAccounts, QuotaStatus, quota_statuses
from api.citations import both, cited_clause
from api.services import Services
from quotawatt.assigned.book import (
    assigned_targets,
    month_budgets_set,
    quota_revisions,
)
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.register.model import Building, Organisation, Register, Vehicle
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, judged_year, year_span


@dataclass(frozen=True)
class Accounts:
    """All yearly accounts at one instant."""

    as_of: datetime
    quotas: QuotaAccounts
    carbon: CarbonAccounts


def read_accounts(services: Services, register: Register, as_of: datetime) -> Accounts:
    """Draw up the accounts of everybody who can have one, as of an instant."""
    zone = ZoneInfo(services.settings.timezone)
    use = read_use(services, register, as_of)
    decided = read_decided(services, as_of)
    return Accounts(
        as_of,
        quota_statuses(use, register, services.rulebook, as_of, zone, decided=decided),
        carbon_statuses(use, register, services.rulebook, as_of, zone),
    )


def read_quotas(
    services: Services, register: Register, as_of: datetime, asset: str
) -> QuotaAccounts:
    """The accounts of one asset, from what they rest on alone."""
    zone = ZoneInfo(services.settings.timezone)
    use = read_use(services, register, as_of, asset)
    decided = read_decided(services, as_of)
    return quota_statuses(use, register, services.rulebook, as_of, zone, {asset}, decided)


def read_use(
    services: Services, register: Register, as_of: datetime, asset: str | None = None
) -> DailyUse:
    """Daily use of all that any account rests on, over the judged year and the one before.

    asset
        Whose accounts are asked for; None: everybody's.
    """
    zone = ZoneInfo(services.settings.timezone)
    year = judged_year(as_of, zone)
    # A day more at the start: a site further east has its New Year earlier than the default zone.
    span = Span(year_span(year - 1, zone).start - DAY, max(as_of, year_span(year, zone).start))
    pairs = account_series(register, services.rulebook)
    subjects = {*register.organisations, *register.buildings, *(s for s, _ in pairs)}
    if asset is not None:
        codes = _codes_of(asset, register, year)
        subjects = {s for s in subjects if _belongs(s, codes, register)}
        pieces = segments(carbon_books(register), date(year - 1, 1, 1), date(year + 1, 1, 1))
        subjects |= {s for piece in pieces for s, _ in power_reach(asset, piece.register).pairs}
    measures = sorted({*SCOPES, *MEMOS, *(m for _, m in pairs)})
    daily = services.series.read_results(Grain.DAY, sorted(subjects), measures, span)
    return DailyUse(daily.to_pandas(), register, zone)


def _codes_of(asset: str, register: Register, year: int) -> set[str]:
    """The asset and all buildings that it had, or had a part of, in two years."""
    pieces = segments(total_books(register), date(year - 1, 1, 1), date(year + 1, 1, 1))
    held = (b for p in pieces for b in held_buildings(asset, p.register))
    shared = (b for p in pieces for b in buildings_shared_with(asset, p.register))
    return {asset, *(b.code for b in (*held, *shared))}


def _belongs(subject: str, codes: set[str], register: Register) -> bool:
    """Whether results are of one of the assets, or of a meter in one of them."""
    code = subject.partition("/")[0]
    return code in codes or getattr(register.assets.get(code), "building", None) in codes


def read_decided(services: Services, as_of: datetime) -> Decided:
    """The assigned targets, revised quotas and budgets of months of the judged year."""
    year = judged_year(as_of, ZoneInfo(services.settings.timezone))
    with services.records.connect() as conn:
        return Decided(
            assigned_targets(conn, year),
            quota_revisions(conn, year),
            month_budgets_set(conn, year),
        )


def require_account_holder(register: Register, code: str) -> None:
    """Raise NotFoundError where the code is not an organisation's, a building's or a vehicle's."""
    if not isinstance(register.assets.get(code), Organisation | Building | Vehicle):
        raise NotFoundError(
            "a yearly account must be that of an organisation, a building or a vehicle,"
            f" got {code!r}"
        )


def judged_book(rulebook: Rulebook, status: QuotaStatus) -> Rulebook:
    """The rulebook by which an account is judged: that of its last judged day."""
    first = status.first or date(status.year, 1, 1)
    return rulebook.as_of(first + (status.days - 1) * DAY)


def quota_item(status: QuotaStatus, newest: Rulebook) -> dict[str, Any]:
    """A status with the title, unit and tiers of its quota and the clause that it rests on.

    A target and a vehicle's limit have those of their indicator; without a clause, it is None.
    """
    rulebook = judged_book(newest, status)
    indicator = rulebook.indicators[status.indicator]
    quota = rulebook.quotas.get(status.quota)
    factors = rulebook.factor_sets.get(status.factor_set)
    cites = indicator.cites if quota is None else quota.cites
    return {
        **asdict(status),
        "title": both(indicator.title if quota is None else quota.title),
        "indicator_title": both(indicator.title),
        "intensity_unit": indicator.unit,
        "tiers": {tier: limit / status.denominator for tier, limit in status.limits.items()},
        "trust": (indicator if quota is None else quota).trust.value,
        "electricity_basis": factors.electricity_basis if factors else None,
        "clause": None if cites is None else cited_clause(rulebook, cites),
    }


def carbon_item(status: CarbonStatus, rulebook: Rulebook) -> dict[str, Any]:
    """A status with the target's title and the clause that it rests on."""
    target = rulebook.targets[status.target]
    return {
        **asdict(status),
        "title": both(target.title),
        "reduction_pct": target.reduction_pct,
        "target_year": target.target_year,
        "trust": target.trust.value,
        "clause": cited_clause(rulebook, target.cites),
    }


def finding_items(
    findings: Iterable[Finding], sees: Callable[[str], bool], asset: str | None = None
) -> list[dict[str, Any]]:
    """Findings as rows: those about an asset that is seen, of one asset where given."""
    return [
        asdict(f)
        for f in findings
        if asset in (None, f.subject) and sees(f.subject.partition("/")[0])
    ]
