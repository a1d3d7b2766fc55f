"""Which contract prices a series, on each day: its own, its building's, or that of an organisation above."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from analytics.grid import Bools, Floats, Key, Micros, micros_of
from analytics.money.rates import PriceBook
from analytics.totals.tree import Tree
from quotawatt.hand.entries import asset_of
from quotawatt.money.contracts import SupplyContract
from quotawatt.register.model import Vehicle
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import Span, local_midnight

COST = "cost_cny"
COST_OF: Mapping[str, str] = {
    carrier: f"{carrier}_cost_cny" for carrier in dict.fromkeys(CARRIER_OF.values())
}
"""By carrier the measure of its cost."""

_FOREVER_US = 2**62


class Supply:
    """The contracts over the assets of a register, as it is now.

    A meter without a contract of its own is priced by its building's, then by that of the organisation
    that the building is accounted to, then by those above it in the region.
    """

    def __init__(self, contracts: Iterable[SupplyContract], tree: Tree, book: PriceBook) -> None:
        self.book = book
        self.tree = tree
        self._by_place: dict[tuple[str, str], list[SupplyContract]] = {}
        for contract in contracts:
            self._by_place.setdefault((contract.subject, contract.measure), []).append(contract)
        self._above = lru_cache(maxsize=None)(self._find_above)

    @property
    def is_empty(self) -> bool:
        """Whether there is no contract at all, so that nothing costs anything that is known."""
        return not self._by_place

    def contracts_of(self, key: Key) -> Sequence[SupplyContract]:
        """The contracts that can price a series, those that go first first."""
        names = self._names(key)
        places = self._above(asset_of(key.subject))
        return [
            c for place in places for name in names for c in self._by_place.get((place, name), ())
        ]

    def contracts(self) -> list[SupplyContract]:
        """All contracts."""
        return [c for listed in self._by_place.values() for c in listed]

    def price(self, key: Key, starts: Micros) -> Floats:
        """CNY a unit of the series in each of the hours; NaN: no contract, or no price is known."""
        found = np.full(len(starts), np.nan)
        taken = np.zeros(len(starts), dtype=bool)
        for contract in self.contracts_of(key):
            held = self.holds(contract, key.subject, starts) & ~taken
            if held.any():
                zone = self.tree.zone_of(key.subject)
                found[held] = self.book.rates(contract.tariff, zone, starts).total[held]
                taken |= held
        return found

    def covered(self, key: Key, starts: Micros) -> Bools:
        """Whether any contract is in force for the series, hour by hour."""
        held = np.zeros(len(starts), dtype=bool)
        for contract in self.contracts_of(key):
            held |= self.holds(contract, key.subject, starts)
        return held

    def holds(self, contract: SupplyContract, subject: str, starts: Micros) -> Bools:
        """Whether a contract is in force in each of the hours, by the local days of a subject."""
        zone = self.tree.zone_of(subject)
        first = micros_of(local_midnight(contract.valid_from, zone))
        until = _FOREVER_US
        if contract.valid_until is not None:
            until = micros_of(local_midnight(contract.valid_until, zone))
        return np.asarray((starts >= first) & (starts < until))

    def _names(self, key: Key) -> tuple[str, ...]:
        """The measures under which a contract prices the series: fuel of a vehicle goes by its kind too."""
        vehicle = self.tree.register.vehicles.get(key.subject)
        if isinstance(vehicle, Vehicle) and key.measure == "fuel_used_l":
            return (key.measure, f"{vehicle.energy}_l")
        return (key.measure,) if key.measure in CARRIER_OF else ()

    def _find_above(self, code: str) -> tuple[str, ...]:
        register = self.tree.register
        asset = register.assets.get(code)
        found = [code]
        building = register.buildings.get(getattr(asset, "building", None) or code)
        if building is not None and building.code != code:
            found.append(building.code)
        organisation: str | None = getattr(building or asset, "organisation", None)
        if code in register.organisations:
            organisation = register.organisations[code].region_parent
        while organisation is not None and organisation in register.organisations:
            if organisation in found:
                break
            found.append(organisation)
            organisation = register.organisations[organisation].region_parent
        return tuple(found)

    def points_under(self, subject: str, measure: str) -> list[Key]:
        """The points that a contract of a subject and measure can price, entries by hand among them."""
        register = self.tree.register
        codes = [*register.meters, *register.vehicles, *register.pv_plants, *register.chargers]
        keys = [Key(code, name) for code in codes for name in _uses(measure)]
        own = [key for key in self.tree.own if key.measure == measure]
        return [
            key
            for key in (*keys, *own)
            if measure in self._names(key) and subject in self._above(asset_of(key.subject))
        ]

    def billed(self, contract: SupplyContract, span: Span) -> list[Key]:
        """The points whose use a contract's bill is for: those that it prices when the span begins.

        Of what stands behind one another only the first: of a building its roots, of a meter itself.
        """
        starts = np.array([micros_of(span.start)], dtype=np.int64)
        found = []
        for point in self._roots(contract, span):
            first = next(
                (c for c in self.contracts_of(point) if self.holds(c, point.subject, starts)[0]),
                None,
            )
            if first == contract:
                found.append(point)
        return found

    def points_below(self, total: Key, span: Span) -> list[Key]:
        """The points that a total of use is the sum of; itself where it is a point."""
        parts = self.tree.parts(total, span)
        if not parts:
            return [total]
        return list(dict.fromkeys(p for part in parts for p in self.points_below(part, span)))

    def _roots(self, contract: SupplyContract, span: Span) -> list[Key]:
        register = self.tree.register
        if contract.subject in register.meters or contract.subject in register.vehicles:
            return self.points_under(contract.subject, contract.measure)
        return self.points_below(Key(contract.subject, contract.measure), span)


def _uses(measure: str) -> tuple[str, ...]:
    """The measures of points that a contract of a measure can price."""
    return (measure, "fuel_used_l") if measure in ("petrol_l", "diesel_l") else (measure,)
