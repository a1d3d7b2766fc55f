"""What adds up to what in one snapshot of the register: meters to buildings to organisations.

A building has the sum of its root meters by quantity, and what its PV plants generate. An organisation
has the sum of the buildings accounted to it or to any below it, and of its vehicles: fuel as ``petrol_l``
or ``diesel_l``, distance, and as a memo the energy charged, which is inside some building's electricity
already and is not added to it again. What is not in use enters nothing. Which organisations are below it
``segments.followed_tree`` says.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from analytics.grid import Key
from analytics.segments import counts, followed_tree
from quotawatt.quantities import COUNTERS
from quotawatt.register.model import Meter, PvPlant, Register, Vehicle

PV = "pv_generation_kwh"
_OF_VEHICLES = ("odometer_km", "charge_energy_kwh")


class Relations:
    """Which series add up to which, remembered from question to question."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._parts: dict[Key, frozenset[Key]] = {}
        self._in_order: dict[Key, tuple[Key, ...]] = {}
        self._above: dict[Key, tuple[Key, ...]] = {}
        self._heads: dict[str, tuple[str, ...]] = {}
        self._followed = cache(partial(followed_tree, register))

    def above(self, point: Key) -> tuple[Key, ...]:
        """The totals that the point enters: its building's, then those of organisations."""
        if point not in self._above:
            self._above[point] = tuple(self._find_above(point))
        return self._above[point]

    def parts(self, total: Key) -> tuple[Key, ...]:
        """What adds up to the total: points of a building; buildings and vehicles otherwise."""
        if total not in self._in_order:
            in_building = total.subject in self.register.buildings
            find = self._of_building if in_building else self._of_organisation
            self._in_order[total] = tuple(find(total))
        return self._in_order[total]

    def is_part(self, total: Key, part: Key) -> bool:
        """Whether ``part`` adds to ``total``."""
        if total not in self._parts:
            self._parts[total] = frozenset(self.parts(total))
        return part in self._parts[total]

    def _find_above(self, point: Key) -> Iterable[Key]:
        asset = self.register.assets.get(point.subject)
        if point.measure not in COUNTERS or not counts(self.register, point.subject):
            return
        if isinstance(asset, Vehicle):
            name = _measure_of_vehicle(asset, point.measure)
            if name is not None:
                yield from (Key(code, name) for code in self._heads_of(asset.organisation))
        elif isinstance(asset, Meter | PvPlant) and _is_root(asset, point.measure):
            building = self.register.buildings.get(asset.building)
            if building is not None:
                yield Key(building.code, point.measure)
                if counts(self.register, building.code):
                    for code in self._heads_of(building.organisation):
                        yield Key(code, point.measure)

    def _heads_of(self, organisation: str) -> tuple[str, ...]:
        """The organisation and all in whose totals it is, each once."""
        if organisation not in self._heads:
            own = self._upwards(organisation, "region_parent")
            by_system = (
                code
                for code in self._upwards(organisation, "system_parent")
                if self._followed(code) == "system"
            )
            self._heads[organisation] = tuple(dict.fromkeys([*own, *by_system]))
        return self._heads[organisation]

    def _upwards(self, organisation: str, parent: str) -> list[str]:
        found: list[str] = []
        code: str | None = organisation
        while code is not None and code in self.register.organisations and code not in found:
            found.append(code)
            code = getattr(self.register.organisations[code], parent)
        return found

    def _of_building(self, total: Key) -> Iterator[Key]:
        for meter in self.register.meters_of(total.subject):
            if _is_root(meter, total.measure) and counts(self.register, meter.code):
                yield Key(meter.code, total.measure)
        if total.measure == PV:
            for plant in self.register.pv_plants.values():
                if plant.building == total.subject and counts(self.register, plant.code):
                    yield Key(plant.code, PV)

    def _of_organisation(self, total: Key) -> Iterator[Key]:
        tree = self._followed(total.subject)
        for building in self.register.buildings_of(total.subject, tree):
            if counts(self.register, building.code):
                yield Key(building.code, total.measure)
        for vehicle in self.register.vehicles_of(total.subject, tree):
            for name in ("fuel_used_l", *_OF_VEHICLES):
                entered = _measure_of_vehicle(vehicle, name) == total.measure
                if entered and counts(self.register, vehicle.code):
                    yield Key(vehicle.code, name)


def _is_root(asset: Meter | PvPlant, quantity: str) -> bool:
    """Whether the quantity enters the building's total; what a sub-meter sees its parent has seen."""
    return asset.parent is None if isinstance(asset, Meter) else quantity == PV


def _measure_of_vehicle(vehicle: Vehicle, quantity: str) -> str | None:
    """As what the vehicle's quantity enters its organisation; None: not at all."""
    if quantity == "fuel_used_l" and vehicle.energy in {"petrol", "diesel"}:
        return f"{vehicle.energy}_l"
    return quantity if quantity in _OF_VEHICLES else None
