"""What scores rest on, taken from the accounts, rankings, findings, returns and confirmations of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analytics.assessment.ranking import PeerRanking
from analytics.assessment.scoring import Facts
from analytics.carbon.statuses import CarbonStatus
from analytics.yearly.quotas import QuotaStatus
from quotawatt.register.model import Register
from quotawatt.spans import DAY

ASSIGNED = "assigned-"
"""What the account of an assigned target begins with."""

_WORST_FIRST = ("over_constraint", "over_baseline", "over_guidance", "within_guidance")


@dataclass(frozen=True)
class Known:
    """What is known of all organisations for a year, judged at ``as_of``.

    findings
        Subject, organisation and first day of each finding that was open at ``as_of``.
    returns
        Of each organisation how many returns were due, and how many of them came in time.
    confirmed
        Share (0..1) of the points that was confirmed, by organisation and item.
    """

    register: Register
    as_of: datetime
    quotas: Sequence[QuotaStatus] = ()
    carbon: Sequence[CarbonStatus] = ()
    rankings: Sequence[PeerRanking] = ()
    findings: Sequence[tuple[str, str | None, datetime]] = ()
    returns: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    confirmed: Mapping[tuple[str, str], float] = field(default_factory=dict)


def facts_of(known: Known) -> dict[str, Facts]:
    """The facts of each organisation of the register, by code."""
    owners = _owned(known.register)
    found = _open_days(known)
    changes, coverage = _ranked(known.rankings)
    standings, targets = _standings(known.quotas), _targets(known.quotas, known.carbon)
    return {
        code: Facts(
            standings=standings.get(code, {}),
            targets=targets.get(code, {}),
            changes_pct=changes.get(code, {}),
            coverage=coverage.get(code),
            returns_due=known.returns.get(code, (0, 0))[0],
            returns_on_time=known.returns.get(code, (0, 0))[1],
            answered_for=owners.get(code, 0),
            findings_days=found.get(code, {}),
            confirmed={i: share for (o, i), share in known.confirmed.items() if o == code},
        )
        for code in known.register.organisations
    }


def _standings(quotas: Iterable[QuotaStatus]) -> dict[str, dict[str, str]]:
    """Of each asset and indicator the worst standing; projected while the year lasts."""
    found: dict[str, dict[str, str]] = {}
    for status in quotas:
        if status.quota.startswith(ASSIGNED):
            continue
        standing = _at_year_end(status)
        of_asset = found.setdefault(status.asset, {})
        known = of_asset.get(status.indicator, standing)
        of_asset[status.indicator] = min(known, standing, key=_WORST_FIRST.index)
    return found


def _at_year_end(status: QuotaStatus) -> str:
    over = status.days >= status.days_in_year or status.projected_standing is None
    return (status.standing if over else status.projected_standing or status.standing).value


def _targets(
    quotas: Iterable[QuotaStatus], carbon: Iterable[CarbonStatus]
) -> dict[str, dict[str, dict[str, bool]]]:
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for c in carbon:
        over = c.days >= c.days_in_year or c.projected_kgco2 is None
        amount = c.used_kgco2 if over or c.projected_kgco2 is None else c.projected_kgco2
        of_asset = found.setdefault(c.asset, {})
        of_asset.setdefault("carbon", {})[c.target] = amount <= c.limit_kgco2
    for q in quotas:
        if q.quota.startswith(ASSIGNED):
            of_asset = found.setdefault(q.asset, {})
            met = _at_year_end(q) != _WORST_FIRST[0]
            of_asset.setdefault("assigned", {})[q.quota] = met
    return found


def _ranked(
    rankings: Iterable[PeerRanking],
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Changes by asset and ranking, and the mean coverage of what was used by asset."""
    changes: dict[str, dict[str, float]] = {}
    covered: dict[str, list[float]] = {}
    for ranking in rankings:
        for standing in ranking.standings:
            asset = standing.figure.asset
            if standing.figure.missing != "use_missing":
                covered.setdefault(asset, []).append(standing.figure.coverage)
            if standing.change_pct is not None:
                changes.setdefault(asset, {})[ranking.ranking.id] = standing.change_pct
    return changes, {asset: sum(shares) / len(shares) for asset, shares in covered.items()}


def _owned(register: Register) -> dict[str, int]:
    """How many assets each organisation answers for, itself included."""
    found: dict[str, int] = {}
    for code in register.assets:
        owner = register.organisation_of(code)
        if owner is not None:
            found[owner] = found.get(owner, 0) + 1
    return found


def _open_days(known: Known) -> dict[str, dict[str, float]]:
    """Of each organisation and subject how long the oldest finding has been open, in days."""
    found: dict[str, dict[str, float]] = {}
    for subject, organisation, since in known.findings:
        if organisation is not None:
            of_organisation = found.setdefault(organisation, {})
            days = (known.as_of - since) / DAY
            of_organisation[subject] = max(of_organisation.get(subject, 0.0), days)
    return found
