"""Which quotas are for which organisation or building."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from analytics.yearly.accounts import held_buildings
from analytics.yearly.compounds import buildings_shared_with
from quotawatt.findings import Finding
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.rulebook.model import Quota, Rulebook, Selector


class Eligible(NamedTuple):
    """What selectors ask of an asset; what many assets share.

    asset
        ``organisation`` or ``building``.
    kind, level
        Those of the organisation, or of the building's.
    places
        Zone, province and climate of a site, with the heating and class of a building on it.
    """

    asset: str
    kind: str
    level: str
    places: frozenset[tuple[str, str, str, str, str]]


def eligible(asset: str, register: Register) -> Eligible | None:
    """What an organisation or a building of a snapshot is eligible by; None for anything else.

    Places are the building's own, or any that the organisation or one below it has in use.
    """
    building = register.buildings.get(asset)
    organisation = register.organisations.get(asset if building is None else building.organisation)
    if organisation is None:
        return None
    kind_of_asset = "organisation" if building is None else "building"
    held = (*held_buildings(asset, register), *buildings_shared_with(asset, register))
    places = _places(held, register)
    return Eligible(kind_of_asset, organisation.kind, organisation.level, places)


def quotas_for(by: Eligible, rulebook: Rulebook, day: date) -> tuple[Quota, ...]:
    """The quotas in force on ``day`` that one of their selectors makes out for such an asset."""
    book = rulebook.as_of(day)
    return tuple(
        quota for quota in book.quotas.values() if any(_selects(s, by) for s in quota.selectors)
    )


def matching_quotas(
    asset: str, register: Register, rulebook: Rulebook, day: date
) -> tuple[Quota, ...]:
    """The quotas that are for an organisation or a building, of those in force on ``day``.

    ``register`` is a snapshot of the day that decides.
    """
    by = eligible(asset, register)
    return () if by is None else quotas_for(by, rulebook, day)


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


def _places(
    buildings: Sequence[Building], register: Register
) -> frozenset[tuple[str, str, str, str, str]]:
    sites = ((register.sites.get(b.site), b) for b in buildings)
    return frozenset(
        (site.quota_zone, site.province, site.climate_zone, b.heating, b.comfort_class)
        for site, b in sites
        if site is not None
    )


def _selects(selector: Selector, by: Eligible) -> bool:
    if (selector.asset, selector.kind or by.kind, selector.level or by.level) != by[:3]:
        return False
    asked = (
        selector.zone,
        selector.province,
        selector.climate,
        selector.heating,
        selector.comfort_class,
    )
    if not any(asked):
        return True
    return any(
        all(want in (None, is_) for want, is_ in zip(asked, place, strict=True))
        for place in by.places
    )
