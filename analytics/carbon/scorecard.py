"""Scorecards: what an institution has of a scheme, item by item, with what shows it.

An item that data cannot answer, and of which nobody confirmed anything, is unknown and has no points: it is
never taken for met, nor for missed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from quotawatt.carbon.evidence import Evidence
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.scorecards import Level, Scorecard, ScorecardItem

ORDER = (Tier.CONSTRAINT, Tier.BASELINE, Tier.GUIDANCE)

Shown = Mapping[str, str | float | int | None]


class QuotaFigure(NamedTuple):
    """What an account of a quota of energy came to in a year, with the values of its tiers."""

    quota: str
    intensity: float
    tiers: Mapping[Tier, float]


@dataclass(frozen=True)
class ScorecardFacts:
    """What is known of an institution in the year judged and before.

    quotas
        Accounts of energy by year.
    fixed_kgco2_per_m2
        By year, with the grid factor of one base year; a year that is not known is not there.
    green_kwh, electricity_kwh
        PV used on the spot and certificates matched, and all electricity used, of the year.
    targets
        Share of its limit (%) that each target's account comes to in the year.
    energy_tce
        Use of the year by the scorecard's factor set; None: not known.
    evidence
        By item.
    """

    asset: str
    kind: str
    year: int
    quotas: Mapping[int, Sequence[QuotaFigure]] = field(default_factory=dict)
    fixed_kgco2_per_m2: Mapping[int, float] = field(default_factory=dict)
    green_kwh: float = 0.0
    electricity_kwh: float = 0.0
    targets: Mapping[str, float] = field(default_factory=dict)
    energy_tce: float | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item: the share that is met (0..1, None: unknown), its points, and what shows it."""

    item: str
    met: float | None
    points: float | None
    shown: Shown


@dataclass(frozen=True, slots=True)
class CardScore:
    """A scorecard filled in.

    points, known_points, possible_points
        Points that are had, those that items of which something is known could give, and all there are.
    passed
        Whether all that must be met is; None: not known of some of it.
    level
        The highest title that the points reach; None: none, or what must be met is not known to be.
    """

    asset: str
    scorecard: str
    year: int
    items: tuple[ItemScore, ...]
    points: float
    known_points: float
    possible_points: float
    passed: bool | None
    level: Level | None


def score(card: Scorecard, facts: ScorecardFacts) -> CardScore:
    """The card filled in for one institution; items that are not asked of its kind are left out."""
    asked = [item for item in card.items if item.asked_of(facts.kind)]
    found = [_item(item, facts) for item in asked]
    weights = [item.weight for item in asked]
    pairs = list(zip(asked, found, strict=True))
    needed = [had.met for item, had in pairs if item.must]
    passed = False if any(m is not None and m < 1 for m in needed) else None
    if all(m == 1 for m in needed):
        passed = True
    points = math.fsum(had.points or 0.0 for had in found)
    reached = [level for level in card.levels if points >= level.points]
    return CardScore(
        asset=facts.asset,
        scorecard=card.id,
        year=facts.year,
        items=tuple(found),
        points=points,
        known_points=math.fsum(i.weight for i, had in pairs if had.met is not None),
        possible_points=math.fsum(weights),
        passed=passed,
        level=reached[-1] if reached and passed else None,
    )


def _item(item: ScorecardItem, facts: ScorecardFacts) -> ItemScore:
    met, shown = _WORKED_OUT[item.basis](item, facts)
    return ItemScore(item.id, met, None if met is None else item.weight * met, shown)


def _quota_within(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    """Every quota that has the tier, in every year; a year without any account is not known."""
    shown: dict[str, str | float | int | None] = {}
    met: float | None = 1.0
    for year in range(facts.year - item.years + 1, facts.year + 1):
        held = [q for q in facts.quotas.get(year, ()) if item.tier in q.tiers]
        if not held:
            shown[str(year)] = None
            met = None if met == 1.0 else met
        for figure in held:
            limit = figure.tiers[item.tier] if item.tier else math.nan
            shown[f"{year}/{figure.quota}"] = figure.intensity
            shown[f"{year}/{figure.quota}/limit"] = limit
            if figure.intensity > limit:
                met = 0.0
    return met, shown


def _carbon_falling(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    years = range(facts.year - item.years, facts.year + 1)
    figures = [facts.fixed_kgco2_per_m2.get(year) for year in years]
    shown = {str(year): figure for year, figure in zip(years, figures, strict=True)}
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures):
        return None, shown
    falls = all(after < before for before, after in pairwise(known))
    return float(falls), shown


def _green_share(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    shown = {"green_kwh": facts.green_kwh, "electricity_kwh": facts.electricity_kwh}
    if facts.electricity_kwh <= 0:
        return None, shown
    share_pct = 100 * facts.green_kwh / facts.electricity_kwh
    return min(share_pct / item.at_least_pct, 1.0), {**shown, "share_pct": share_pct}


def _targets_met(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    shown = {name: facts.targets.get(name) for name in item.targets}
    known = [share for share in shown.values() if share is not None]
    if any(share > 100 for share in known):
        return 0.0, shown
    return (1.0 if len(known) == len(shown) else None), shown


def _energy_at_least(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    shown = {"energy_tce": facts.energy_tce, "at_least_tce": item.at_least_tce}
    if facts.energy_tce is None:
        return None, shown
    return float(facts.energy_tce >= item.at_least_tce), shown


def _evidence(item: ScorecardItem, facts: ScorecardFacts) -> tuple[float | None, Shown]:
    found = facts.evidence.get(item.id)
    if found is None:
        return None, {}
    at = found.confirmed_at.isoformat() if found.confirmed_at else None
    return found.met, {
        "document": found.document,
        "note": found.note,
        "confirmed_by": found.confirmed_by,
        "confirmed_at": at,
    }


_WORKED_OUT = {
    "quota_within": _quota_within,
    "carbon_falling": _carbon_falling,
    "green_share": _green_share,
    "targets_met": _targets_met,
    "energy_at_least": _energy_at_least,
    "evidence": _evidence,
}
