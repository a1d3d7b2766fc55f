"""The parts of a report's content: quotas, carbon, ranking, scores, findings and alerts as plain JSON."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from analytics.assessment.figures import Amounts, Books
from analytics.assessment.gathered import AlertCount, OpenFinding
from analytics.assessment.ranking import PeerRanking, Standing
from analytics.assessment.scoring import SchemeScore
from analytics.carbon.statuses import CarbonStatus
from analytics.yearly.quotas import QuotaStatus
from quotawatt.register.model import Register
from quotawatt.rulebook.basics import Text

Rows = list[dict[str, Any]]

_COMMONEST = 5
"""So many kinds of findings are named."""


def titled(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def named(register: Register, code: str) -> dict[str, str]:
    """An asset by code and both names."""
    asset = register.assets.get(code)
    zh, en = (code, code) if asset is None else (asset.name_zh, asset.name_en)
    return {"code": code, "name_zh": zh, "name_en": en}


def change_pct(amounts: Amounts, before: Amounts, subject: str, measure: str) -> float | None:
    """Percent more than a year before; None where one is not known, or nothing was used then."""
    now, then = amounts.get((subject, measure)), before.get((subject, measure))
    if now is None or then is None or not then.value:
        return None
    return 100 * (now.value - then.value) / then.value


def quota_part(statuses: Iterable[QuotaStatus], members: Collection[str], held: Books) -> Rows:
    """The yearly quotas and assigned targets of the members, those with the largest share first.

    A target has the title and trust mark of its indicator, and the number of the document that assigned it.
    """
    rows = []
    for status in statuses:
        yardstick = held.rulebook.quotas.get(status.quota) or held.rulebook.indicators.get(
            status.indicator
        )
        if status.asset in members and yardstick is not None:
            rows.append(
                {
                    **named(held.register, status.asset),
                    "quota": status.quota,
                    "kind": status.kind,
                    "document": status.document,
                    "title": titled(yardstick.title),
                    "trust": yardstick.trust.value,
                    "used": status.used,
                    "unit": status.unit,
                    "share_pct": status.share_pct,
                    "projected_share_pct": status.projected_share_pct,
                    "standing": status.standing.value,
                    "tiers": [tier.value for tier in status.limits],
                    "coverage": status.coverage,
                }
            )
    return sorted(rows, key=lambda row: -row["share_pct"])


def carbon_part(statuses: Iterable[CarbonStatus], members: Collection[str], held: Books) -> Rows:
    """The carbon targets of the members, those with the largest share first."""
    rows = []
    for status in statuses:
        target = held.rulebook.targets.get(status.target)
        if status.asset in members and target is not None:
            rows.append(
                {
                    **named(held.register, status.asset),
                    "target": status.target,
                    "title": titled(target.title),
                    "trust": target.trust.value,
                    "used_kgco2": status.used_kgco2,
                    "share_pct": status.share_pct,
                    "projected_share_pct": status.projected_share_pct,
                    "provisional": status.provisional,
                }
            )
    return sorted(rows, key=lambda row: -row["share_pct"])


def ranking_part(
    rankings: Iterable[PeerRanking], members: Collection[str], held: Books
) -> list[dict[str, Any]]:
    """The groups of organisations in which a member stands; only members are named, all are counted."""
    found = []
    for ranking in rankings:
        rows = [
            standing_row(s, held.register) for s in ranking.standings if s.figure.asset in members
        ]
        if rows:
            found.append({**ranking_head(ranking), "rows": rows})
    return found


def ranking_head(ranking: PeerRanking) -> dict[str, Any]:
    """What a ranking is of, and among whom."""
    group, shown = ranking.group, ranking.ranking
    return {
        "ranking": shown.id,
        "title": titled(shown.title),
        "unit": shown.unit,
        "factor_set": shown.factor_set,
        "trust": shown.trust.value,
        "group": {
            "asset": group.asset,
            "kind": group.kind,
            "level": group.level,
            "zone": group.zone,
            "climate": group.climate,
            "comfort_class": group.comfort_class,
        },
        "ranked": ranking.ranked,
        "median": ranking.median,
        "least_peers": shown.least_peers,
        "least_coverage": shown.least_coverage,
    }


def standing_row(standing: Standing, register: Register) -> dict[str, Any]:
    """One line of a ranking."""
    figure = standing.figure
    return {
        **named(register, figure.asset),
        "value": figure.value,
        "above": figure.above,
        "denominator": figure.denominator,
        "basis": figure.basis,
        "coverage": figure.coverage,
        "rank": standing.rank,
        "percentile": standing.percentile,
        "apart": standing.apart,
        "change_pct": standing.change_pct,
        "tiers": standing.tier_distances,
        "benchmarks": standing.benchmark_distances,
    }


def score_part(scores: Iterable[SchemeScore], members: Collection[str], held: Books) -> Rows:
    """The scores of the members with their parts."""
    return [score_row(score, held) for score in scores if score.organisation in members]


def score_row(score: SchemeScore, held: Books) -> dict[str, Any]:
    """One score with its grade, items and what they rest on."""
    scheme = held.rulebook.schemes[score.scheme]
    items = {item.id: item for item in scheme.items}
    grade = score.grade
    return {
        **named(held.register, score.organisation),
        "scheme": {"id": scheme.id, "title": titled(scheme.title), "trust": scheme.trust.value},
        "points": score.points,
        "full_points": scheme.full_points,
        "grade": None if grade is None else {"id": grade.id, "title": titled(grade.title)},
        "known_pct": score.known_pct,
        "missed": list(score.missed),
        "open_binding": list(score.open_binding),
        "items": [
            {
                "id": item.item,
                "title": titled(items[item.item].title),
                "binding": items[item.item].binding,
                "basis": item.basis,
                "full": item.full,
                "points": item.points,
                "missed": item.missed,
                "evidence": dict(item.evidence),
            }
            for item in score.items
        ],
    }


def finding_part(findings: Sequence[OpenFinding], members: Collection[str]) -> Mapping[str, Any]:
    """How many findings are open, and the commonest kinds of them."""
    codes = Counter(f.code for f in findings if f.organisation in members)
    common = sorted(codes.items(), key=lambda item: (-item[1], item[0]))[:_COMMONEST]
    rows = [{"code": code, "count": count} for code, count in common]
    return {"open": codes.total(), "commonest": rows}


def alert_part(
    alerts: Iterable[AlertCount], members: Collection[str], held: Books
) -> Mapping[str, Any]:
    """How many alerts began in the period, and how many still fired at its end, by rule."""
    register = held.register
    mine = [a for a in alerts if register.organisation_of(a.asset) in members]
    rules = sorted({alert.rule for alert in mine})
    rows = []
    for rule in rules:
        known = held.rulebook.rules.get(rule)
        rows.append(
            {
                "rule": rule,
                "title": {"zh": rule, "en": rule} if known is None else titled(known.title),
                "raised": sum(a.raised for a in mine if a.rule == rule),
                "firing": sum(a.firing for a in mine if a.rule == rule),
            }
        )
    return {
        "raised": sum(a.raised for a in mine),
        "firing": sum(a.firing for a in mine),
        "rules": rows,
    }
