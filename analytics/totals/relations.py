"""What adds up to what in one snapshot of the register: meters to buildings, rooms, items, organisations.

A building has the sum of its root meters by quantity, and what its PV plants generate. An organisation
has the sum of the buildings accounted to it or to any below it, and of its vehicles: fuel as ``petrol_l``
or ``diesel_l``, distance, and as a memo the energy charged, which is inside some building's electricity
already and is not added to it again. Which organisations are below it ``segments.followed_tree`` says.

A virtual meter has what its formula says (``virtual``) and enters no building. A room has the meters and
virtual meters that serve it, an item of a building (``BLD-1/item:A``) the meters of that item and of those
within it, both without those behind one that is counted. What is not in use enters nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property, partial
from typing import TypeVar

from analytics.grid import Key
from analytics.totals.groups import group_key, members_of_groups
from analytics.totals.segments import counts, followed_tree
from analytics.totals.virtual import weights_of
from quotawatt.hand.entries import asset_of
from quotawatt.quantities import COUNTERS
from quotawatt.register.model import Meter, PvPlant, Register, Vehicle

PV = "pv_generation_kwh"
_OF_VEHICLES = ("odometer_km", "charge_energy_kwh")

T = TypeVar("T", Key, str)


class Relations:
    """Which series add up to which, remembered from question to question.

    day
        The day of the snapshot; None where no head-count matters to it.
    own
        What was entered by hand of buildings and organisations themselves (``BLD-1/hand``).
    """

    def __init__(
        self, register: Register, day: date | None = None, own: frozenset[Key] = frozenset()
    ) -> None:
        self.register = register
        self._own = own
        self._day = day
        self._weights: dict[Key, Mapping[Key, float]] = {}
        self._above: dict[Key, tuple[Key, ...]] = {}
        self._heads: dict[str, tuple[str, ...]] = {}
        self._followed = cache(partial(followed_tree, register))

    def above(self, point: Key) -> tuple[Key, ...]:
        """The totals that the point enters: its building's, those of organisations, then all others."""
        if point not in self._above:
            sums = tuple(self._find_above(point))
            computed = [v for key in (point, *sums[:1]) for v in self._computed_of.get(key, ())]
            groups = [g for key in (point, *computed) for g in self._groups_with(key)]
            self._above[point] = tuple(dict.fromkeys([*sums, *computed, *groups]))
        return self._above[point]

    def parts(self, total: Key) -> tuple[Key, ...]:
        """What adds up to the total: points of a building; buildings and vehicles of an organisation."""
        return tuple(self.weights(total))

    def weights(self, total: Key) -> Mapping[Key, float]:
        """The parts of a total, each with how many times it counts: once but for virtual meters."""
        if total not in self._weights:
            self._weights[total] = self._find_weights(total)
        return self._weights[total]

    def _find_weights(self, total: Key) -> Mapping[Key, float]:
        if total.subject in self.register.virtual_meters:
            return self._computed.get(total, {})
        if total.subject in self.register.buildings:
            found = self._of_building(total)
        elif total.subject in self.register.organisations:
            found = self._of_organisation(total)
        else:
            found = self._of_group(total)
        return dict.fromkeys(found, 1.0)

    @cached_property
    def _computed(self) -> Mapping[Key, Mapping[Key, float]]:
        """What virtual meters are made of."""
        return weights_of(self.register, self._day) if self.register.virtual_meters else {}

    @cached_property
    def _computed_of(self) -> Mapping[Key, list[Key]]:
        return _turned(self._computed)

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        """The meters of rooms and items."""
        return members_of_groups(self.register, self._computed)

    @cached_property
    def _groups_of(self) -> Mapping[str, list[str]]:
        return _turned(self._groups)

    def _groups_with(self, key: Key) -> Iterator[Key]:
        """The rooms and items that a meter's series adds to."""
        if key.measure in COUNTERS:
            for group in self._groups_of.get(key.subject, ()):
                if (total := group_key(group, key.measure)) is not None:
                    yield total

    def _find_above(self, point: Key) -> Iterable[Key]:
        if point in self._own:
            yield from self._above_own(point)
            return
        asset = self.register.assets.get(point.subject)
        if point.measure not in COUNTERS or not counts(self.register, point.subject):
            return
        if isinstance(asset, Vehicle):
            name = _measure_of_vehicle(asset, point.measure)
            if name is not None:
                yield from (Key(code, name) for code in self.heads_of(asset.organisation))
        elif isinstance(asset, Meter | PvPlant) and _is_root(asset, point.measure):
            building = self.register.buildings.get(asset.building)
            if building is not None:
                yield Key(building.code, point.measure)
                if counts(self.register, building.code):
                    for code in self.heads_of(building.organisation):
                        yield Key(code, point.measure)

    def _above_own(self, point: Key) -> Iterator[Key]:
        code = asset_of(point.subject)
        building = self.register.buildings.get(code)
        if not counts(self.register, code):
            return
        if building is not None:
            yield Key(code, point.measure)
        for head in self.heads_of(code if building is None else building.organisation):
            yield Key(head, point.measure)

    def heads_of(self, organisation: str) -> tuple[str, ...]:
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

        yield from self._own_of({total.subject}, total.measure)

    def _own_of(self, codes: Collection[str], measure: str) -> Iterator[Key]:
        """What was entered by hand of these buildings or organisations themselves."""
        for key in sorted(self._own):
            code = asset_of(key.subject)
            if key.measure == measure and code in codes and counts(self.register, code):
                yield key

    def _of_group(self, total: Key) -> Iterator[Key]:
        if group_key(total.subject, total.measure) is not None:
            for code in self._groups.get(total.subject, ()):
                virtual = self.register.virtual_meters.get(code)
                if virtual is None or virtual.quantity == total.measure:
                    yield Key(code, total.measure)

    def _of_organisation(self, total: Key) -> Iterator[Key]:
        tree = self._followed(total.subject)
        if self._own:
            below = self.register.sub_organisations(total.subject, tree)
            yield from self._own_of(below, total.measure)
        for building in self.register.buildings_of(total.subject, tree):
            if counts(self.register, building.code):
                yield Key(building.code, total.measure)
        for vehicle in self.register.vehicles_of(total.subject, tree):
            for name in ("fuel_used_l", *_OF_VEHICLES):
                entered = _measure_of_vehicle(vehicle, name) == total.measure
                if entered and counts(self.register, vehicle.code):
                    yield Key(vehicle.code, name)


def _turned(parts: Mapping[T, Iterable[T]]) -> dict[T, list[T]]:
    """By part the totals that it is in."""
    found: dict[T, list[T]] = {}
    for total, of_total in parts.items():
        for part in of_total:
            found.setdefault(part, []).append(total)
    return found


def _is_root(asset: Meter | PvPlant, quantity: str) -> bool:
    """Whether the quantity enters the building's total; what a sub-meter sees its parent has seen."""
    return asset.parent is None if isinstance(asset, Meter) else quantity == PV


def _measure_of_vehicle(vehicle: Vehicle, quantity: str) -> str | None:
    """As what the vehicle's quantity enters its organisation; None: not at all."""
    if quantity == "fuel_used_l" and vehicle.energy in {"petrol", "diesel"}:
        return f"{vehicle.energy}_l"
    return quantity if quantity in _OF_VEHICLES else None
