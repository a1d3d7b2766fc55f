"""Which quotas are for which organisation or building."""

from collections.abc import Iterable, Sequence
from datetime import date

from analytics.yearly.accounts import held_buildings
from quotawatt.register.model import Organisation, Register, Site
from quotawatt.rulebook.model import Quota, Rulebook, Selector


def matching_quotas(
    asset: str, register: Register, rulebook: Rulebook, day: date
) -> tuple[Quota, ...]:
    """The quotas that are for an organisation or a building, of instruments in force on ``day``.

    Kind and level are those of the (building's) organisation; zone and province those of a site: the
    building's own, or any on which the organisation or one below it has a building in use. ``register``
    is a snapshot of the day that decides.
    """
    building = register.buildings.get(asset)
    holder = asset if building is None else building.organisation
    organisation = register.organisations.get(holder)
    if organisation is None:
        return ()
    kind_of_asset = "organisation" if building is None else "building"
    codes = dict.fromkeys(b.site for b in held_buildings(asset, register))
    sites = [register.sites[code] for code in codes if code in register.sites]
    return tuple(
        quota
        for quota in rulebook.quotas.values()
        if rulebook.instruments[quota.cites.instrument].in_force(day)
        and any(
            s.asset == kind_of_asset and _selects(s, organisation, sites) for s in quota.selectors
        )
    )


def by_indicator(quotas: Iterable[Quota]) -> list[list[Quota]]:
    """The quotas grouped by indicator, each group sorted by id; more than one in a group is one too many."""
    grouped: dict[str, list[Quota]] = {}
    for quota in sorted(quotas, key=lambda q: q.id):
        grouped.setdefault(quota.indicator, []).append(quota)
    return list(grouped.values())


def _selects(selector: Selector, organisation: Organisation, sites: Sequence[Site]) -> bool:
    if selector.kind not in (None, organisation.kind):
        return False
    if selector.level not in (None, organisation.level):
        return False
    if selector.zone is None and selector.province is None:
        return True
    return any(
        selector.zone in (None, site.quota_zone) and selector.province in (None, site.province)
        for site in sites
    )
