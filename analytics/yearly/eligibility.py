"""Which quotas are for which organisation or building."""

from collections.abc import Iterable, Sequence
from datetime import date

from analytics.yearly.accounts import held_buildings
from quotawatt.findings import Finding
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.rulebook.model import Quota, Rulebook, Selector


def matching_quotas(
    asset: str, register: Register, rulebook: Rulebook, day: date
) -> tuple[Quota, ...]:
    """The quotas that are for an organisation or a building, of those in force on ``day``.

    Kind and level are those of the (building's) organisation; zone, province and climate those of a site,
    class and heating those of a building: its own, or any that the organisation or one below it has in
    use. ``register`` is a snapshot of the day that decides.
    """
    building = register.buildings.get(asset)
    holder = asset if building is None else building.organisation
    organisation = register.organisations.get(holder)
    if organisation is None:
        return ()
    kind_of_asset = "organisation" if building is None else "building"
    places = _places(held_buildings(asset, register), register)
    book = rulebook.as_of(day)
    return tuple(
        quota
        for quota in book.quotas.values()
        if book.instruments[quota.cites.instrument].in_force(day)
        and any(
            s.asset == kind_of_asset and _selects(s, organisation, places) for s in quota.selectors
        )
    )


def by_indicator(quotas: Iterable[Quota]) -> list[list[Quota]]:
    """The quotas grouped by indicator, each group sorted by id; more than one in a group is one too many."""
    grouped: dict[str, list[Quota]] = {}
    for quota in sorted(quotas, key=lambda q: q.id):
        grouped.setdefault(quota.indicator, []).append(quota)
    return list(grouped.values())


def quota_none(organisation: Organisation, sites: Iterable[Site]) -> Finding:
    """That no quota in force is for an organisation, with what was looked for."""
    found = list(sites)
    about: dict[str, str | float | int | None] = {
        "kind": organisation.kind,
        "level": organisation.level,
        "provinces": ", ".join(dict.fromkeys(s.province for s in found)),
        "zones": ", ".join(dict.fromkeys(s.quota_zone for s in found)),
    }
    return Finding("quota_none", organisation.code, about)


_Place = tuple[Site, Building]


def _places(buildings: Sequence[Building], register: Register) -> list[_Place]:
    """Each different combination of site, class and heating once, so that many buildings cost little."""
    found: dict[tuple[str, str, str], _Place] = {}
    for b in buildings:
        site = register.sites.get(b.site)
        if site is not None:
            found.setdefault((b.site, b.comfort_class, b.heating), (site, b))
    return list(found.values())


def _selects(selector: Selector, organisation: Organisation, places: Sequence[_Place]) -> bool:
    if selector.kind not in (None, organisation.kind):
        return False
    if selector.level not in (None, organisation.level):
        return False
    if _anywhere(selector):
        return True
    return any(_at(selector, site, building) for site, building in places)


def _anywhere(selector: Selector) -> bool:
    asked = (selector.zone, selector.province, selector.climate)
    return not any((*asked, selector.heating, selector.comfort_class))


def _at(selector: Selector, site: Site, building: Building) -> bool:
    return (
        selector.zone in (None, site.quota_zone)
        and selector.province in (None, site.province)
        and selector.climate in (None, site.climate_zone)
        and selector.heating in (None, building.heating)
        and selector.comfort_class in (None, building.comfort_class)
    )
