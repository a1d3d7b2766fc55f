"""The tree of totals: points to buildings to organisations, as the register has it.

A building has the sum of its root meters by quantity, and what its PV plants generate. An organisation
has the sum of the buildings accounted to it or to any below it by region, and of its vehicles: fuel as
``petrol_l`` or ``diesel_l``, distance, and as a memo the energy charged, which is inside some building's
electricity already and is not added to it again.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import numpy as np

from analytics.grid import HOUR_US, Bools, Key, Micros, micros_of
from analytics.points import Wiring
from quotawatt.quantities import COUNTERS, MAIN_QUANTITIES
from quotawatt.register.model import Vehicle

_PV = "pv_generation_kwh"
_OF_VEHICLES = ("odometer_km", "charge_energy_kwh")


class Tree:
    """Which series add up to which, in one register."""

    def __init__(self, wiring: Wiring, default_zone: ZoneInfo) -> None:
        self._wiring = wiring
        self.register = wiring.register
        self.default_zone = default_zone
        self._parts: dict[Key, tuple[Key, ...]] = {}
        self._above: dict[Key, tuple[Key, ...]] = {}

    def zone_of(self, subject: str) -> ZoneInfo:
        """Whose days the subject's results are of: its site's; the default for what has none."""
        register = self.register
        meter = register.meters.get(subject) or register.pv_plants.get(subject)
        building = register.buildings.get(subject if meter is None else meter.building)
        site = register.sites.get(subject if building is None else building.site)
        return self.default_zone if site is None else ZoneInfo(site.timezone)

    def above(self, point: Key) -> tuple[Key, ...]:
        """The totals that the point enters: its building's, then those of organisations."""
        if point not in self._above:
            self._above[point] = tuple(self._find_above(point))
        return self._above[point]

    def totals_over(self, points: Iterable[Key], more: Iterable[Key] = ()) -> tuple[Key, ...]:
        """All totals that any of the points enters, and ``more`` of them; parts before their totals."""
        found = {key for point in points for key in self.above(point)} | set(more)
        buildings = self.register.buildings
        return tuple(sorted(found, key=lambda key: (key.subject not in buildings, key)))

    def parts(self, total: Key) -> tuple[Key, ...]:
        """What adds up to the total: points of a building; buildings and vehicles otherwise."""
        if total not in self._parts:
            in_building = total.subject in self.register.buildings
            find = self._parts_of_building if in_building else self._parts_of_organisation
            self._parts[total] = tuple(find(total))
        return self._parts[total]

    def expected(self, key: Key, starts: Micros) -> Bools:
        """For each hour whether the series should have a result.

        A point is expected while something is bound to it that feeds this quantity for certain: by
        name, or as the main quantity of its carrier. A building is where any of its points is.
        """
        if key.subject in self.register.buildings:
            found = [self.expected(part, starts) for part in self.parts(key)]
            return np.logical_or.reduce(found, axis=0) if found else np.zeros(len(starts), bool)
        held = np.zeros(len(starts), dtype=bool)
        for stretch in self._wiring.sources(key):
            if stretch.binding.quantity or key.measure == self._main_measure(key.subject):
                first, until = micros_of(stretch.start), micros_of(stretch.end)
                held |= (starts + HOUR_US > first) & (starts < until)
        return held

    def _main_measure(self, code: str) -> str:
        meter = self.register.meters.get(code)
        if meter is not None:
            return MAIN_QUANTITIES.get(meter.carrier, "")
        return _PV if code in self.register.pv_plants else ""

    def _find_above(self, point: Key) -> Iterable[Key]:
        register = self.register
        if point.measure not in COUNTERS:
            return
        vehicle = register.vehicles.get(point.subject)
        if vehicle is not None:
            name = _measure_of_vehicle(vehicle, point.measure)
            if name is not None:
                yield from (Key(code, name) for code in self._upwards(vehicle.organisation))
            return
        meter = register.meters.get(point.subject)
        plant = register.pv_plants.get(point.subject)
        is_root = meter is not None and meter.parent is None
        if is_root or (plant is not None and point.measure == _PV):
            asset = meter or plant
            building = register.buildings.get(asset.building) if asset is not None else None
            if building is not None:
                yield Key(building.code, point.measure)
                yield from (
                    Key(code, point.measure) for code in self._upwards(building.organisation)
                )

    def _upwards(self, organisation: str) -> list[str]:
        """The organisation and all above it by region."""
        found: list[str] = []
        code: str | None = organisation
        while code is not None and code in self.register.organisations and code not in found:
            found.append(code)
            code = self.register.organisations[code].region_parent
        return found

    def _parts_of_building(self, total: Key) -> Iterable[Key]:
        for meter in self.register.meters_of(total.subject):
            if meter.parent is None:
                yield Key(meter.code, total.measure)
        if total.measure == _PV:
            for plant in self.register.pv_plants.values():
                if plant.building == total.subject:
                    yield Key(plant.code, _PV)

    def _parts_of_organisation(self, total: Key) -> Iterable[Key]:
        for building in self.register.buildings_of(total.subject):
            yield Key(building.code, total.measure)
        for vehicle in self.register.vehicles_of(total.subject):
            for name in ("fuel_used_l", *_OF_VEHICLES):
                if _measure_of_vehicle(vehicle, name) == total.measure:
                    yield Key(vehicle.code, name)


def _measure_of_vehicle(vehicle: Vehicle, quantity: str) -> str | None:
    """As what the vehicle's quantity enters its organisation; None: not at all."""
    if quantity == "fuel_used_l" and vehicle.energy in {"petrol", "diesel"}:
        return f"{vehicle.energy}_l"
    return quantity if quantity in _OF_VEHICLES else None
