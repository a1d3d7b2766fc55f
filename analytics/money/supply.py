"""Which contract prices a series, on each day: its own, its building's, or that of an organisation above."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from analytics.grid import HOUR_US, Bools, Floats, Key, Micros, instant_of, micros_of
from analytics.money.rates import PriceBook
from analytics.totals.tree import Tree
from quotawatt.hand.entries import asset_of
from quotawatt.money.contracts import SupplyContract
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import Span, local_midnight

COST = "cost_cny"
COST_OF: Mapping[str, str] = {
    carrier: f"{carrier}_cost_cny" for carrier in dict.fromkeys(CARRIER_OF.values())
}
"""By carrier the measure of its cost."""

_FOREVER_US = 2**62


class Supply:
    """The contracts over the assets of a register, each hour by what the register said on its day.

    A meter without a contract of its own is priced by its building's, then by that of the organisation
    that the building is accounted to, then by those above it in the region.
    """

    def __init__(self, contracts: Iterable[SupplyContract], tree: Tree, book: PriceBook) -> None:
        self.book = book
        self.tree = tree
        self._by_place: dict[tuple[str, str], list[SupplyContract]] = {}
        for contract in contracts:
            self._by_place.setdefault((contract.subject, contract.measure), []).append(contract)

    @property
    def is_empty(self) -> bool:
        """Whether there is no contract at all, so that nothing costs anything that is known."""
        return not self._by_place

    def contracts(self) -> list[SupplyContract]:
        """All contracts."""
        return [c for listed in self._by_place.values() for c in listed]

    def contracts_of(self, key: Key, span: Span) -> list[SupplyContract]:
        """The contracts that can price a series on any day of the span, those that go first first."""
        places = dict.fromkeys(
            place
            for _, register in self.tree.snapshots(key.subject, span)
            for place in _above(register, asset_of(key.subject))
        )
        return self._at(key, places)

    def pricing(self, key: Key, starts: Micros) -> Iterator[tuple[SupplyContract, Bools]]:
        """The contracts that price a series, each with the hours in which it does; none twice.

        The hours are in order, without a gap, and there is at least one.
        """
        taken = np.zeros(len(starts), dtype=bool)
        for span, register in self.tree.snapshots(key.subject, hours_span(starts)):
            inside = (starts >= micros_of(span.start)) & (starts < micros_of(span.end))
            for contract in self._at(key, _above(register, asset_of(key.subject))):
                held = self._holds(contract, key.subject, starts) & inside & ~taken
                if held.any():
                    taken |= held
                    yield contract, held

    def price(self, key: Key, starts: Micros) -> Floats:
        """CNY a unit of the series in each of the hours; NaN: no contract, or no price is known."""
        found = np.full(len(starts), np.nan)
        zone = self.tree.zone_of(key.subject)
        for contract, held in self.pricing(key, starts):
            found[held] = self.book.rates(contract.tariff, zone, starts).total[held]
        return found

    def covered(self, key: Key, starts: Micros) -> Bools:
        """Whether any contract is in force for the series, hour by hour."""
        held = [held for _, held in self.pricing(key, starts)]
        return np.asarray(np.any([np.zeros(len(starts), dtype=bool), *held], axis=0))

    def billed(self, contract: SupplyContract, starts: Micros) -> dict[Key, Bools]:
        """The points whose use a contract's bill is for, each with the hours in which it is priced by it.

        Of what stands behind one another only the first: of a building its roots, of a meter itself.
        """
        found: dict[Key, Bools] = {}
        for point in self._roots(contract, hours_span(starts)):
            for one, held in self.pricing(point, starts):
                if one == contract:
                    found[point] = found[point] | held if point in found else held
        return found

    def points_under(self, subject: str, measure: str, span: Span) -> list[Key]:
        """The points that a contract of a subject and measure can price on any day of the span."""
        register = self.tree.register
        codes = [*register.meters, *register.vehicles, *register.pv_plants, *register.chargers]
        keys = [Key(code, name) for code in codes for name in _uses(measure)]
        own = [key for key in self.tree.own if key.measure == measure]
        return [
            key
            for key in (*keys, *own)
            if measure in self._names(key) and self._is_under(key.subject, subject, span)
        ]

    def points_below(self, total: Key, span: Span) -> list[Key]:
        """The points that a total of use is the sum of; itself where it is a point."""
        parts = self.tree.parts(total, span)
        if not parts:
            return [total]
        return list(dict.fromkeys(p for part in parts for p in self.points_below(part, span)))

    def _roots(self, contract: SupplyContract, span: Span) -> list[Key]:
        register = self.tree.register
        if contract.subject in register.meters or contract.subject in register.vehicles:
            return self.points_under(contract.subject, contract.measure, span)
        return self.points_below(Key(contract.subject, contract.measure), span)

    def _is_under(self, code: str, subject: str, span: Span) -> bool:
        snapshots = self.tree.snapshots(code, span)
        return any(subject in _above(register, asset_of(code)) for _, register in snapshots)

    def _at(self, key: Key, places: Iterable[str]) -> list[SupplyContract]:
        names = self._names(key)
        return [
            c for place in places for name in names for c in self._by_place.get((place, name), ())
        ]

    def _holds(self, contract: SupplyContract, subject: str, starts: Micros) -> Bools:
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


def hours_span(starts: Micros) -> Span:
    """From the first of the hours to the end of the last."""
    return Span(instant_of(starts[0]), instant_of(starts[-1] + HOUR_US))


def _above(register: Register, code: str) -> tuple[str, ...]:
    """Where a contract for an asset is looked for, in this order."""
    asset = register.assets.get(code)
    building = register.buildings.get(getattr(asset, "building", None) or code)
    inside = () if building is None or building.code == code else (building.code,)
    if code in register.organisations:
        organisation: str | None = code
    else:
        organisation = getattr(building or asset, "organisation", None)
    return tuple(dict.fromkeys((code, *inside, *register.path_of(organisation))))


def _uses(measure: str) -> tuple[str, ...]:
    """The measures of points that a contract of a measure can price."""
    return (measure, "fuel_used_l") if measure in ("petrol_l", "diesel_l") else (measure,)
