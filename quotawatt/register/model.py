"""The register as a value: an immutable snapshot of its records, with look-ups.

Bindings are resolved as of a reading's time, so a correction of the register recomputes results and never
touches readings.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from quotawatt.register.kinds import (
    Asset,
    BaseValue,
    Binding,
    Building,
    Charger,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Site,
    Space,
    Vehicle,
)

__all__ = [
    "Asset",
    "BaseValue",
    "Binding",
    "Building",
    "Charger",
    "Equipment",
    "FormerValue",
    "Headcount",
    "Meter",
    "Organisation",
    "PvPlant",
    "Register",
    "Site",
    "Space",
    "Vehicle",
]


class Register:
    """An immutable snapshot of the register with the look-ups that the parts need.

    ``adopted`` are those of the bindings that an adoption made or ended and no import has named since.
    """

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
        pv_plants: Sequence[PvPlant] = (),
        chargers: Sequence[Charger] = (),
        vehicles: Sequence[Vehicle] = (),
        bindings: Sequence[Binding] = (),
        base_values: Sequence[BaseValue] = (),
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
        self.pv_plants: Mapping[str, PvPlant] = {x.code: x for x in pv_plants}
        self.chargers: Mapping[str, Charger] = {x.code: x for x in chargers}
        self.vehicles: Mapping[str, Vehicle] = {x.code: x for x in vehicles}
        self.bindings = tuple(bindings)
        self.base_values = tuple(base_values)
        self.former_values = tuple(former_values)
        self.adopted = tuple(adopted)
        self.assets: Mapping[str, Asset] = {
            **self.organisations,
            **self.sites,
            **self.buildings,
            **self.spaces,
            **self.equipment,
            **self.meters,
            **self.pv_plants,
            **self.chargers,
            **self.vehicles,
        }
        self._by_channel: dict[tuple[str, str], list[Binding]] = {}
        self._by_asset: dict[str, list[Binding]] = {}
        for b in self.bindings:
            self._by_channel.setdefault((b.device, b.channel), []).append(b)
            self._by_asset.setdefault(b.asset, []).append(b)

    def binding(
        self, device: str, channel: str, quantity: str, instant: datetime
    ) -> Binding | None:
        """The binding of a device's quantity at an instant; None where nothing binds it."""
        held = [
            b for b in self._by_channel.get((device, channel), ()) if b.holds(quantity, instant)
        ]
        # A binding of the one quantity goes before one of all.
        return max(held, key=lambda b: bool(b.quantity), default=None)

    def knows(self, device: str, channel: str) -> bool:
        """Whether any binding, of any time, names this device and channel."""
        return (device, channel) in self._by_channel

    @cached_property
    def bound_channels(self) -> Mapping[str, frozenset[str]]:
        """The channels that bindings, of any time, name, by device: a device not in it is unknown."""
        found: dict[str, set[str]] = {}
        for device, channel in self._by_channel:
            found.setdefault(device, set()).add(channel)
        return {device: frozenset(channels) for device, channels in found.items()}

    @cached_property
    def gcj02_channels(self) -> Mapping[str, frozenset[str]]:
        """The channels of a device whose positions are GCJ-02, by its newest binding on each."""
        found: dict[str, set[str]] = {}
        for (device, channel), bindings in self._by_channel.items():
            if max(bindings, key=lambda b: b.valid_from).datum == "gcj02":
                found.setdefault(device, set()).add(channel)
        return {device: frozenset(channels) for device, channels in found.items()}

    def zone_of_device(self, device: str) -> ZoneInfo | None:
        """The zone of the site at which the device stands, by its newest binding.

        None where it is unknown, or stands at no site, like a vehicle.
        """
        return self._zones.get(device)

    @cached_property
    def _zones(self) -> Mapping[str, ZoneInfo]:
        found: dict[str, ZoneInfo] = {}
        for binding in sorted(self.bindings, key=lambda b: b.valid_from):
            if (zone := self.zone_of_asset(binding.asset)) is not None:
                found[binding.device] = zone
            else:
                found.pop(binding.device, None)
        return found

    def zone_of_asset(self, code: str) -> ZoneInfo | None:
        """The zone of the site at which an asset is; None where it is at none, or not known."""
        site = self._site_of(code)
        return None if site is None else ZoneInfo(site.timezone)

    def _site_of(self, code: str) -> Site | None:
        """The site of an asset, by its building where it stands in one."""
        asset = self.assets.get(code)
        if isinstance(asset, Meter | PvPlant | Space | Charger):
            asset = self.buildings.get(asset.building)
        if isinstance(asset, Building):
            asset = self.sites.get(asset.site)
        return asset if isinstance(asset, Site) else None

    def bindings_of(self, asset: str) -> tuple[Binding, ...]:
        """All bindings of an asset, of all times."""
        return tuple(self._by_asset.get(asset, ()))

    def bindings_on(self, device: str, channel: str) -> tuple[Binding, ...]:
        """All bindings on a device's channel, of all times."""
        return tuple(self._by_channel.get((device, channel), ()))

    def sub_organisations(self, code: str) -> tuple[str, ...]:
        """The organisation and all below it by region, itself first."""
        below = [code]
        for parent in below:  # grows while it is walked
            below.extend(
                o.code
                for o in self.organisations.values()
                if o.region_parent == parent and o.code not in below
            )
        return tuple(below)

    def buildings_of(self, organisation: str) -> tuple[Building, ...]:
        """Buildings accounted to the organisation or to any below it by region."""
        codes = self.sub_organisations(organisation)
        return tuple(b for b in self.buildings.values() if b.organisation in codes)

    def vehicles_of(self, organisation: str) -> tuple[Vehicle, ...]:
        """Vehicles of the organisation and of all below it by region."""
        codes = self.sub_organisations(organisation)
        return tuple(v for v in self.vehicles.values() if v.organisation in codes)

    def meters_of(self, building: str, carrier: str | None = None) -> tuple[Meter, ...]:
        """Meters of a building, of one carrier where given."""
        return tuple(
            m
            for m in self.meters.values()
            if m.building == building and carrier in (None, m.carrier)
        )

    def headcount_mean(
        self, organisation: str, components: Sequence[str], first: date, until: date
    ) -> float | None:
        """Daily mean of people of these components over ``[first, until)``, organisations below included.

        None where it is not known of every organisation on every day, for a part is not the whole: each
        must have at least one of the components, and each component that it has must cover all days.
        An organisation without people says so by a row of 0.
        """
        days = (until - first).days
        counted: dict[tuple[str, str], int] = {}
        people_days = 0.0
        codes = self.sub_organisations(organisation)
        for h in self.headcounts:
            if h.organisation in codes and h.component in components:
                start, end = max(first, h.valid_from), min(until, h.valid_until or until)
                held = max((end - start).days, 0)
                key = (h.organisation, h.component)
                counted[key] = counted.get(key, 0) + held
                people_days += h.people * held
        known = {code for code, _ in counted} == set(codes)
        whole = all(held == days for held in counted.values())
        return people_days / days if known and whole and days > 0 else None
