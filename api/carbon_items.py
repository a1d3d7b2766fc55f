"""Carbon as answers show it: nodes with amounts and factors, months, certificates, scorecards."""

import math
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from analytics.carbon.factors import FactorUsed
from analytics.carbon.scorecard import CardScore
from analytics.carbon.standing import TargetStatus
from analytics.carbon.tree import Node, Part, net_grid_kwh
from analytics.carbon.uses import Months
from api.carbon import CarbonView
from api.carbon_words import MARKET_POLICY, NODES, PARTS
from api.citations import both, cited_clause
from api.coal import coal_item
from quotawatt.carbon.certificates import Entry
from quotawatt.rulebook.model import FactorSet, Rulebook
from quotawatt.rulebook.scorecards import Scorecard


def view_item(view: CarbonView) -> dict[str, Any]:
    """A tree in both ledgers with its months; null where a factor is missing."""
    tree = view.tree
    return {
        "asset": tree.asset,
        "year": tree.year,
        "from": view.first,
        "until": view.until,
        "location": node_item(tree.location, view.coal),
        "market": node_item(tree.market, view.coal),
        "market_policy": {"text": MARKET_POLICY, "trust": "unverified"},
        "fixed_kgco2": None if view.fixed is None else _known(view.fixed.kgco2),
        "memo": dict(tree.memo),
        "months": _months(view),
        "factors": _factors(view),
        "certificates": _certificates(view),
        "coverage": tree.coverage,
        "days": tree.days,
        "findings": [asdict(finding) for finding in tree.findings],
    }


def node_item(node: Node, coal: FactorSet | None) -> dict[str, Any]:
    """A node with what is below it, energy also in coal equivalent."""
    return {
        "id": node.id,
        "title": NODES[node.id],
        "kgco2": _known(node.kgco2),
        "nodes": [node_item(below, coal) for below in node.nodes],
        "parts": [_part(part, coal) for part in node.parts],
    }


def _part(part: Part, coal: FactorSet | None) -> dict[str, Any]:
    return {
        "measure": part.measure,
        "what": part.what,
        "title": PARTS[part.what],
        "amount": part.amount,
        "unit": part.unit,
        **coal_item(part.measure, part.amount, coal),
        "factor": factor_item(part.factor),
        "kgco2": _known(part.kgco2),
    }


def factor_item(factor: FactorUsed) -> dict[str, Any]:
    """A factor with where it is from; null where it is missing."""
    return {**asdict(factor), "value": _known(factor.value)}


def _factors(view: CarbonView) -> list[dict[str, Any]]:
    parts = (*view.tree.location.all_parts, *view.tree.market.all_parts)
    return [factor_item(factor) for factor in dict.fromkeys(part.factor for part in parts)]


def _months(view: CarbonView) -> list[dict[str, Any]]:
    """Months that have begun."""
    rows: dict[str, Months] = {
        "location_kgco2": view.tree.location.months_kgco2,
        "market_kgco2": view.tree.market.months_kgco2,
        "grid_kwh": net_grid_kwh(view.use),
        "certificates_kwh": view.tree.green_kwh,
    }
    if view.fixed is not None:
        rows["fixed_kgco2"] = view.fixed.months_kgco2
    last = view.until - timedelta(days=1)
    return [
        {"month": month + 1, **{name: _known(float(row[month])) for name, row in rows.items()}}
        for month in range(last.month)
    ]


def _certificates(view: CarbonView) -> dict[str, Any]:
    matched = view.matched
    if matched is None:
        return {"matched_kwh": 0.0, "unused_kwh": 0.0, "unmatched": {}}
    return {
        "matched_kwh": math.fsum(matched.matched_kwh),
        "unused_kwh": matched.unused_kwh,
        "unmatched": dict(matched.unmatched),
    }


def certificate_item(entry: Entry) -> dict[str, Any]:
    """A certificate under its entry's number."""
    return {
        "id": entry.id,
        **asdict(entry.certificate),
        "entered_at": entry.entered_at,
        "entered_by": entry.entered_by,
        "withdrawn_at": entry.withdrawn_at,
    }


def target_item(status: TargetStatus, rulebook: Rulebook) -> dict[str, Any]:
    """A status with the target's title and the clause that it rests on."""
    target = rulebook.targets[status.target]
    return {
        **asdict(status),
        "years": [year._asdict() for year in status.years],
        "months": [month._asdict() for month in status.months],
        "factors": [factor_item(factor) for factor in status.factors],
        "fixed_factor": factor_item(status.fixed_factor) if status.fixed_factor else None,
        "title": both(target.title),
        "path": "steps" if target.steps else "linear",
        "reduction_pct": target.reduction_pct,
        "target_year": target.target_year,
        "factor_set": target.factor_set,
        "trust": target.trust.value,
        "clause": cited_clause(rulebook, target.cites),
    }


def card_item(found: CardScore, card: Scorecard, rulebook: Rulebook) -> dict[str, Any]:
    """A scorecard filled in, its items with their titles and what shows each."""
    titles = {item.id: item for item in card.items}
    items = [
        {
            **asdict(had),
            "title": both(titles[had.item].title),
            "basis": titles[had.item].basis,
            "weight": titles[had.item].weight,
            "must": titles[had.item].must,
            "trust": titles[had.item].trust.value,
        }
        for had in found.items
    ]
    level = None if found.level is None else both(found.level.title)
    return {**asdict(found), "items": items, "level": level, **scheme_item(card, rulebook)}


def scheme_item(card: Scorecard, rulebook: Rulebook) -> dict[str, Any]:
    """What a scorecard is, and how well it is known."""
    return {
        "scorecard": card.id,
        "title": both(card.title),
        "note": both(card.note),
        "trust": card.trust.value,
        "clause": cited_clause(rulebook, card.cites),
        "levels": [{"title": both(level.title), "points": level.points} for level in card.levels],
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
