"""Who is compared with whom, and which limits and published figures stand beside an asset's own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analytics.assessment.figures import Books
from analytics.yearly.accounts import held_buildings
from analytics.yearly.eligibility import by_indicator, matching_quotas
from quotawatt.register.model import Register, Site
from quotawatt.rulebook.assessment import Benchmark, Ranking
from quotawatt.rulebook.model import Rulebook

SEVERAL = "several"
"""Stands for the zone of an organisation whose buildings lie in more than one."""


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """What peers have in common. ``asset``: ``organisation`` or ``building``; empty: not known.

    Buildings go by kind and level of their organisation, and by their comfort class.

    zone, climate
        Quota zone and climate zone of the sites; ``several`` where an organisation's lie in more than one.
    """

    asset: str
    kind: str
    level: str
    zone: str
    climate: str
    comfort_class: str = ""


def peer_group(asset: str, register: Register) -> PeerGroup:
    """What an organisation's or a building's peers have in common with it."""
    building = register.buildings.get(asset)
    holder = asset if building is None else building.organisation
    organisation = register.organisations.get(holder)
    sites = sites_of(asset, register)
    return PeerGroup(
        asset="organisation" if building is None else "building",
        kind=organisation.kind if organisation else "",
        level=organisation.level if organisation else "",
        zone=_one({site.quota_zone for site in sites}),
        climate=_one({site.climate_zone for site in sites}),
        comfort_class=building.comfort_class if building else "",
    )


def sites_of(asset: str, register: Register) -> list[Site]:
    """The sites of a building, or of those of an organisation and all below it."""
    codes = dict.fromkeys(building.site for building in held_buildings(asset, register))
    return [register.sites[code] for code in codes if code in register.sites]


def tiers_of(ranking: Ranking, asset: str, held: Books) -> Mapping[str, float]:
    """The tiers of the one quota on the ranking's indicator; none where several quotas match."""
    if not ranking.indicator or not held.period.of_a_year:
        return {}
    quotas = matching_quotas(asset, held.register, held.rulebook, held.period.last)
    for alike in by_indicator(quotas):
        if alike[0].indicator == ranking.indicator and len(alike) == 1:
            return {tier.value: value for tier, value in alike[0].tiers.items()}
    return {}


def benchmarks_of(ranking: Ranking, asset: str, held: Books) -> tuple[Benchmark, ...]:
    """Published figures of a year that may stand beside the asset's."""
    if not held.period.of_a_year:
        return ()
    group = peer_group(asset, held.register)
    provinces = {site.province for site in sites_of(asset, held.register)}
    return tuple(b for b in _of_ranking(ranking, held.rulebook) if _fits(b, group, provinces))


def _of_ranking(ranking: Ranking, rulebook: Rulebook) -> list[Benchmark]:
    found = [b for b in rulebook.benchmarks.values() if b.ranking == ranking.id]
    return sorted(found, key=lambda b: (-b.year, b.id))


def _fits(benchmark: Benchmark, group: PeerGroup, provinces: Collection[str]) -> bool:
    return (
        (not benchmark.kinds or group.kind in benchmark.kinds)
        and (not benchmark.levels or group.level in benchmark.levels)
        and (not benchmark.province or benchmark.province in provinces)
    )


def _one(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else (SEVERAL if names else "")
