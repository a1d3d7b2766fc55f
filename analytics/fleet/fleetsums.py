"""Sums of the accounts of many vehicles: of a kind, of an organisation and those below it, of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.fleet.accounts import Account, Use, added
from quotawatt.register.model import Organisation, Register

HELD = ("in_use", "idle")
"""A vehicle's status while its organisation holds it."""


@dataclass(frozen=True, slots=True)
class FleetSum:
    """Sums over vehicles; None: of none of them it is known.

    held, exempt, electric
        Vehicles that are held; of these those that must not be followed, and the electric ones.
    fuel, electricity
        ``amount`` with the ratio of sums per 100 km of those that drive by it.
    """

    held: int
    exempt: int
    electric: int
    km: float | None
    fuel: Use
    electricity: Use
    cost_cny: float | None
    kgco2: float | None
    kgce: float | None
    trips: int
    days: int
    working_days: int
    working_days_used: int
    idling_h: float
    open_deviations: int

    @property
    def electric_share(self) -> float | None:
        """Share of new-energy vehicles among those held, 0..1."""
        return self.electric / self.held if self.held else None

    @property
    def used_share(self) -> float | None:
        """Working days on which a vehicle was used, of all of those followed, 0..1."""
        return self.working_days_used / self.working_days if self.working_days else None


def fleet_sum(accounts: Iterable[Account]) -> FleetSum:
    """The sum of accounts of one and the same time, one a vehicle."""
    listed = list(accounts)
    held = [account for account in listed if account.vehicle.status in HELD]
    return FleetSum(
        held=len(held),
        exempt=sum(account.masked for account in held),
        electric=sum(account.vehicle.energy == "electric" for account in held),
        km=added(account.km.value for account in listed),
        fuel=sum((account.fuel for account in listed), Use()),
        electricity=sum((account.electricity for account in listed), Use()),
        cost_cny=added(account.cost_cny for account in listed),
        kgco2=added(account.kgco2 for account in listed),
        kgce=added(account.kgce for account in listed),
        trips=sum(account.trips for account in listed),
        days=sum(account.days for account in listed),
        working_days=sum(account.working_days for account in listed),
        working_days_used=sum(account.working_days_used for account in listed),
        idling_h=sum(account.idling_h for account in listed),
        open_deviations=sum(account.open_deviations for account in listed),
    )


@dataclass(frozen=True, slots=True)
class OrganisationSum:
    """An organisation with those below it in the region's tree.

    depth
        0 at the top of what is shown.
    own_held
        Vehicles that it holds itself, which its vehicle quota (编制) is for.
    """

    organisation: Organisation
    depth: int
    own_held: int
    total: FleetSum

    @property
    def over(self) -> int | None:
        """By how many vehicles it holds more than it may; None: the quota is not known."""
        quota = self.organisation.vehicle_quota
        return None if quota is None else max(self.own_held - quota, 0)


def organisation_sums(accounts: Sequence[Account], register: Register) -> list[OrganisationSum]:
    """Of every organisation that the register shows, those below after the one above them."""
    by_own: dict[str, list[Account]] = {}
    for account in accounts:
        by_own.setdefault(account.vehicle.organisation, []).append(account)
    found: list[OrganisationSum] = []
    tops = [
        organisation.code
        for organisation in register.organisations.values()
        if organisation.region_parent not in register.organisations
    ]
    waiting = [(code, 0) for code in sorted(tops, reverse=True)]
    seen: set[str] = set()
    while waiting:
        code, depth = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        below = register.sub_organisations(code, "region")
        mine = [account for one in below for account in by_own.get(one, ())]
        own = sum(account.vehicle.status in HELD for account in by_own.get(code, ()))
        found.append(OrganisationSum(register.organisations[code], depth, own, fleet_sum(mine)))
        children = (o for o in register.organisations.values() if o.region_parent == code)
        waiting += [(o.code, depth + 1) for o in sorted(children, key=lambda o: o.code)[::-1]]
    return found
