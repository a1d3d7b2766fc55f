"""Sites and organisations that the quotas of the rulebook pass by: a word in the books decides that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analytics.reconciliation.needs import Needs
from analytics.reconciliation.world import IN_USE, World
from quotawatt.findings import Finding
from quotawatt.register.model import Building, Site
from quotawatt.rulebook.model import Selector


def passed_by(world: World, needs: Needs) -> Iterator[Finding]:
    """``quota_zone_unknown`` of sites, ``quota_none_applies`` of organisations with buildings in use.

    A zone is unknown where quotas go by zones in the site's province and none by this one. Where the zone is
    at fault nothing is said of the organisations besides. A rulebook without quotas passes nobody by.
    """
    selectors = _selectors(world)
    if not selectors:
        return
    buildings = [b for code, b in world.register.buildings.items() if world.status(code) == IN_USE]
    sites = world.register.sites
    strange = {
        code: zones
        for code in dict.fromkeys(b.site for b in buildings)
        if code in sites and (zones := _other_zones(sites[code], selectors))
    }
    for code, zones in strange.items():
        site = sites[code]
        evidence = {"zone": site.quota_zone, "province": site.province, "known_zones": zones}
        yield Finding("quota_zone_unknown", code, evidence)
    known = _known(selectors)
    for code, held in _by_holder(b for b in buildings if b.site not in strange).items():
        organisation = world.register.organisations.get(code)
        if organisation is not None and not any(needs.of_building.get(b.code) for b in held):
            places = dict.fromkeys(sites[b.site].province for b in held if b.site in sites)
            evidence = {
                "kind": organisation.kind,
                "level": organisation.level,
                "provinces": ", ".join(places),
            }
            yield Finding("quota_none_applies", code, {**evidence, **known})


def _selectors(world: World) -> Sequence[Selector]:
    """Whom the quotas in force today are for."""
    book = world.rulebook.as_of(world.today)
    return [selector for quota in book.quotas.values() for selector in quota.selectors]


def _other_zones(site: Site, selectors: Iterable[Selector]) -> str:
    """The zones that quotas of the site's province know, where its own is none of them; else empty."""
    zones = {s.zone for s in selectors if s.zone and s.province in (None, site.province)}
    return "" if site.quota_zone in zones else ", ".join(sorted(zones))


def _known(selectors: Sequence[Selector]) -> Mapping[str, str]:
    """The kinds, levels and provinces that quotas name."""
    return {
        "known_kinds": ", ".join(sorted({s.kind for s in selectors if s.kind})),
        "known_levels": ", ".join(sorted({s.level for s in selectors if s.level})),
        "known_provinces": ", ".join(sorted({s.province for s in selectors if s.province})),
    }


def _by_holder(buildings: Iterable[Building]) -> Mapping[str, Sequence[Building]]:
    found: dict[str, list[Building]] = {}
    for building in buildings:
        found.setdefault(building.organisation, []).append(building)
    return found
