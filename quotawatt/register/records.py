"""The records of a register, by kind: what its look-ups stand on."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from quotawatt.register.kinds import (
    Asset,
    BaseValue,
    Binding,
    Building,
    Charger,
    Duty,
    Equipment,
    FormerValue,
    Geofence,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)


class Records:
    """All records of a register. Immutable; what is derived from them is computed once, when asked for."""

    def __init__(
        self,
        *,
        organisations: Sequence[Organisation] = (),
        headcounts: Sequence[Headcount] = (),
        sites: Sequence[Site] = (),
        buildings: Sequence[Building] = (),
        spaces: Sequence[Space] = (),
        equipment: Sequence[Equipment] = (),
        meters: Sequence[Meter] = (),
        virtual_meters: Sequence[VirtualMeter] = (),
        pv_plants: Sequence[PvPlant] = (),
        chargers: Sequence[Charger] = (),
        vehicles: Sequence[Vehicle] = (),
        geofences: Sequence[Geofence] = (),
        bindings: Sequence[Binding] = (),
        base_values: Sequence[BaseValue] = (),
        duties: Sequence[Duty] = (),
        former_values: Sequence[FormerValue] = (),
        adopted: Sequence[Binding] = (),
    ) -> None:
        self.organisations: Mapping[str, Organisation] = {x.code: x for x in organisations}
        self.headcounts = tuple(headcounts)
        self.sites: Mapping[str, Site] = {x.code: x for x in sites}
        self.buildings: Mapping[str, Building] = {x.code: x for x in buildings}
        self.spaces: Mapping[str, Space] = {x.code: x for x in spaces}
        self.equipment: Mapping[str, Equipment] = {x.code: x for x in equipment}
        self.meters: Mapping[str, Meter] = {x.code: x for x in meters}
        self.virtual_meters: Mapping[str, VirtualMeter] = {x.code: x for x in virtual_meters}
        self.pv_plants: Mapping[str, PvPlant] = {x.code: x for x in pv_plants}
        self.chargers: Mapping[str, Charger] = {x.code: x for x in chargers}
        self.vehicles: Mapping[str, Vehicle] = {x.code: x for x in vehicles}
        self.geofences: Mapping[str, Geofence] = {x.code: x for x in geofences}
        self.bindings = tuple(bindings)
        self.base_values = tuple(base_values)
        self.duties = tuple(duties)
        self.former_values = tuple(former_values)
        self.adopted = tuple(adopted)

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """Whatever has a code, by code."""
        return {
            **self.organisations,
            **self.sites,
            **self.buildings,
            **self.spaces,
            **self.equipment,
            **self.meters,
            **self.virtual_meters,
            **self.pv_plants,
            **self.chargers,
            **self.vehicles,
            **self.geofences,
        }
