"""Yearly accounts for routes and pages: daily results in, the analytics' own statuses out."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.yearly.carbon import CarbonAccounts, CarbonStatus, carbon_statuses
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.emissions import MEMOS, SCOPES
from analytics.yearly.quotas import QuotaAccounts, QuotaStatus, quota_statuses
from api.citations import both, cited_clause
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.register.model import Building, Organisation, Register
from quotawatt.rulebook.indicators import INDICATORS
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, judged_year, year_span

ACCOUNT_MEASURES = sorted(
    {*SCOPES, *MEMOS, *(name for indicator in INDICATORS.values() for name in indicator.measures)}
)


@dataclass(frozen=True)
class Accounts:
    """All yearly accounts at one instant."""

    as_of: datetime
    quotas: QuotaAccounts
    carbon: CarbonAccounts


def read_accounts(services: Services, register: Register, as_of: datetime) -> Accounts:
    """Draw up the accounts of every organisation and building as of an instant.

    The year before is read too, for the projection rests on it.
    """
    zone = ZoneInfo(services.settings.timezone)
    year = judged_year(as_of, zone)
    # A day more at the start: a site further east has its New Year earlier than the default zone.
    span = Span(year_span(year - 1, zone).start - DAY, max(as_of, year_span(year, zone).start))
    subjects = [*register.organisations, *register.buildings]
    daily = services.series.read_results(Grain.DAY, subjects, ACCOUNT_MEASURES, span)
    use = DailyUse(daily.to_pandas(), register, zone)
    return Accounts(
        as_of,
        quota_statuses(use, register, services.rulebook, as_of, zone),
        carbon_statuses(use, register, services.rulebook, as_of, zone),
    )


def require_account_holder(register: Register, code: str) -> None:
    """Raise NotFoundError where the code is not an organisation's or a building's."""
    if not isinstance(register.assets.get(code), Organisation | Building):
        raise NotFoundError(
            f"a yearly account must be that of an organisation or a building, got {code!r}"
        )


def quota_item(status: QuotaStatus, rulebook: Rulebook) -> dict[str, Any]:
    """A status with the quota's title and tiers and the clause that it rests on."""
    quota = rulebook.quotas[status.quota]
    factors = rulebook.factor_sets.get(quota.factor_set)
    return {
        **asdict(status),
        "title": both(quota.title),
        "intensity_unit": quota.unit,
        "tiers": dict(quota.tiers),
        "trust": quota.trust.value,
        "factor_set": quota.factor_set,
        "electricity_basis": factors.electricity_basis if factors else None,
        "clause": cited_clause(rulebook, quota.cites),
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
