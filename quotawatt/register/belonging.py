"""What belongs to whom: organisations with those below them, and what they have."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeVar

from quotawatt.register.kinds import (
    Building,
    Charger,
    Equipment,
    Geofence,
    Meter,
    Organisation,
    PvPlant,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.records import Records

Tree = Literal["region", "system"]
"""By which of its two parents an organisation hangs: by region (属地) or by sector system (主管部门)."""


T = TypeVar("T")


class Belonging(Records):
    """A register's look-ups by organisation and building."""

    def sub_organisations(self, code: str, tree: Tree = "region") -> tuple[str, ...]:
        """The organisation and all below it in the tree, itself first, each once."""
        below = [code]
        seen = {code}
        for parent in below:  # grows while it is walked
            children = [c for c in self._children[tree].get(parent, ()) if c not in seen]
            below.extend(children)
            seen.update(children)
        return tuple(below)

    def buildings_of(self, organisation: str, tree: Tree = "region") -> tuple[Building, ...]:
        """Buildings accounted to the organisation or to any below it."""
        return self._of_all(self._buildings_by_organisation, organisation, tree)

    def vehicles_of(self, organisation: str, tree: Tree = "region") -> tuple[Vehicle, ...]:
        """Vehicles of the organisation and of all below it."""
        return self._of_all(self._vehicles_by_organisation, organisation, tree)

    def spaces_of(self, organisation: str, tree: Tree = "region") -> tuple[Space, ...]:
        """Spaces that the organisation or any below it occupies; see ``organisation_of``."""
        return self._of_all(self._spaces_by_organisation, organisation, tree)

    def spaces_occupied(self, organisation: str) -> Sequence[Space]:
        """Spaces that the organisation itself occupies, not those below it."""
        return self._spaces_by_organisation.get(organisation, ())

    def meters_of(self, building: str, carrier: str | None = None) -> tuple[Meter, ...]:
        """Meters of a building, of one carrier where given."""
        meters = self._meters_by_building.get(building, ())
        return tuple(m for m in meters if carrier in (None, m.carrier))

    def virtual_meters_of(self, building: str) -> tuple[VirtualMeter, ...]:
        """Virtual meters of a building."""
        return tuple(self._virtual_meters_by_building.get(building, ()))

    def virtual_meters_serving(self, organisation: str) -> Sequence[VirtualMeter]:
        """Virtual meters that are an organisation's parts of buildings (合署办公)."""
        return self._virtual_meters_by_served.get(organisation, ())

    def spaces_in(self, building: str) -> Sequence[Space]:
        """Spaces of a building."""
        return self._spaces_by_building.get(building, ())

    def in_building(self, building: str) -> tuple[str, ...]:
        """Codes of what readings come in by in a building: meters, plants, chargers, spaces, equipment."""
        return tuple(self._fed_by_building.get(building, ()))

    def path_of(self, organisation: str | None, tree: Tree = "region") -> tuple[str, ...]:
        """The organisation and those above it in the tree, itself first; empty for one that is unknown."""
        found: list[str] = []
        step = organisation
        while step is not None and step in self.organisations and step not in found:
            found.append(step)
            above = self.organisations[step]
            step = above.region_parent if tree == "region" else above.system_parent
        return tuple(found)

    def organisation_of(self, code: str) -> str | None:
        """Who answers for an asset.

        Itself for an organisation, who occupies a space (else whom its building is accounted to), the
        building's organisation for meters, virtual ones too, plants and chargers, who holds them for
        equipment, vehicles and geofences.
        None for a site, and for what is not known.
        """
        asset = self.assets.get(code)
        if isinstance(asset, Organisation):
            return asset.code
        if isinstance(asset, Building | Equipment | Vehicle | Geofence):
            return asset.organisation
        if isinstance(asset, Space) and asset.organisation is not None:
            return asset.organisation
        if isinstance(asset, Space | Meter | VirtualMeter | PvPlant | Charger):
            building = self.buildings.get(asset.building)
            return None if building is None else building.organisation
        return None

    def _of_all(
        self, by_organisation: Mapping[str, Sequence[T]], organisation: str, tree: Tree
    ) -> tuple[T, ...]:
        codes = self.sub_organisations(organisation, tree)
        return tuple(x for code in codes for x in by_organisation.get(code, ()))

    @cached_property
    def _children(self) -> Mapping[Tree, Mapping[str | None, Sequence[str]]]:
        found: dict[Tree, dict[str | None, list[str]]] = {"region": {}, "system": {}}
        for organisation in self.organisations.values():
            found["region"].setdefault(organisation.region_parent, []).append(organisation.code)
            found["system"].setdefault(organisation.system_parent, []).append(organisation.code)
        return found

    @cached_property
    def _buildings_by_organisation(self) -> Mapping[str, Sequence[Building]]:
        return _grouped((b.organisation, b) for b in self.buildings.values())

    @cached_property
    def _vehicles_by_organisation(self) -> Mapping[str, Sequence[Vehicle]]:
        return _grouped((v.organisation, v) for v in self.vehicles.values())

    @cached_property
    def _spaces_by_organisation(self) -> Mapping[str, Sequence[Space]]:
        occupants = ((self.organisation_of(s.code), s) for s in self.spaces.values())
        return _grouped((code, space) for code, space in occupants if code is not None)

    @cached_property
    def _fed_by_building(self) -> Mapping[str, Sequence[str]]:
        stand_there: tuple[Meter | PvPlant | Charger | Space | Equipment, ...] = (
            *self.meters.values(),
            *self.pv_plants.values(),
            *self.chargers.values(),
            *self.spaces.values(),
            *self.equipment.values(),
        )
        return _grouped((x.building, x.code) for x in stand_there if x.building is not None)

    @cached_property
    def _meters_by_building(self) -> Mapping[str, Sequence[Meter]]:
        return _grouped((m.building, m) for m in self.meters.values())

    @cached_property
    def _spaces_by_building(self) -> Mapping[str, Sequence[Space]]:
        return _grouped((s.building, s) for s in self.spaces.values())

    @cached_property
    def _virtual_meters_by_served(self) -> Mapping[str, Sequence[VirtualMeter]]:
        return _grouped((m.serves, m) for m in self.virtual_meters.values() if m.serves is not None)

    @cached_property
    def _virtual_meters_by_building(self) -> Mapping[str, Sequence[VirtualMeter]]:
        return _grouped((m.building, m) for m in self.virtual_meters.values())


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
