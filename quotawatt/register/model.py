"""The register as a value: an immutable snapshot of its records, with look-ups.

Bindings are resolved as of a reading's time, so a correction of the register recomputes results and never
touches readings.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from quotawatt.calendars import CHINA
from quotawatt.register.belonging import Belonging, Tree
from quotawatt.register.bound import BoundChannels
from quotawatt.register.former import Formers, Held, formers_of, held_on, history
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
from quotawatt.register.mentions import Mentions
from quotawatt.register.rows import CODED

__all__ = [
    "Asset",
    "BaseValue",
    "Binding",
    "Building",
    "Charger",
    "Duty",
    "Equipment",
    "FormerValue",
    "Geofence",
    "Headcount",
    "Meter",
    "Organisation",
    "PvPlant",
    "Register",
    "Site",
    "Space",
    "Vehicle",
    "VirtualMeter",
]


_PEOPLED = ("in_use", "idle")
"""The stages of life in which an organisation has people."""

_SNAPSHOTS = 16
"""How many days' snapshots a register keeps at hand."""


class Register(BoundChannels, Belonging, Mentions):
    """An immutable snapshot of the register with the look-ups that the parts need.

    ``adopted`` are those of the bindings that an adoption or a swap of meters made or ended and no import has
    named since.
    """

    # --- dates -------------------------------------------------------------------------------------

    def as_of(self, day: date) -> "Register":
        """The register with the values that its assets had on that day (local, at each asset's place).

        The register itself where nothing has changed since. Otherwise one without former values: it knows
        that day only. Bindings, head-counts and duties have dates of their own and are all there.

        Raises InputError where a former value is none of its column.
        """
        return self._snapshot(bisect_right(self._all_change_days, day))

    def change_days(self, first: date, until: date) -> tuple[date, ...]:
        """The days after ``first`` and before ``until`` on which an asset's values change, in order.

        From ``first`` to the first of them, between two, and from the last up to ``until`` (exclusive)
        ``as_of`` is the same each day.
        """
        days = self._all_change_days
        return days[bisect_right(days, first) : bisect_left(days, until)]

    def history_of(self, code: str) -> Mapping[str, Sequence[Held]]:
        """Of each column of an asset that was ever changed what it held, in order; empty where none was.

        The last of them is what the asset's row says. Raises InputError where a former value is none of
        its column.
        """
        asset = self.assets.get(code)
        return {} if asset is None else history(asset, self._formers.get(code, {}))

    def formers_of(self, code: str) -> tuple[FormerValue, ...]:
        """The former values of an asset, those of a column together and in the order in which they ended."""
        return tuple(former for held in self._formers.get(code, {}).values() for former in held)

    @cached_property
    def _formers(self) -> Formers:
        return formers_of(self.former_values)

    @cached_property
    def _all_change_days(self) -> tuple[date, ...]:
        return tuple(sorted({former.valid_until for former in self.former_values}))

    @cached_property
    def _snapshot(self) -> Callable[[int], "Register"]:
        return lru_cache(maxsize=_SNAPSHOTS)(self._after_changes)

    def _after_changes(self, count: int) -> "Register":
        """The register after this many of the days on which something changes."""
        if count == len(self._all_change_days):
            return self
        day = self._all_change_days[count] - timedelta(days=1)
        changed = {
            code: held_on(self.assets[code], formers, day)
            for code, formers in self._formers.items()
            if code in self.assets
        }
        values = {
            kind: [changed.get(code, asset) for code, asset in getattr(self, kind).items()]
            for kind in CODED
        }
        other = Register(
            **values,
            headcounts=self.headcounts,
            bindings=self.bindings,
            base_values=self.base_values,
            duties=self.duties,
            adopted=self.adopted,
        )
        # The same bindings, so the same index of them.
        other._by_channel, other._by_asset = self._by_channel, self._by_asset
        return other

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

    def country_of_asset(self, code: str) -> str:
        """Whose working days an asset has: its site's country, China's where none is named.

        An organisation has those of its buildings, where all of them are of one country.
        """
        site = self._site_of(code)
        return self._countries.get(code, CHINA) if site is None else site.country or CHINA

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        """The countries of organisations all of whose buildings are of one other than China."""
        named = {site.country or CHINA for site in self.sites.values()}
        if named <= {CHINA}:
            return {}
        found: dict[str, set[str]] = {}
        for code, building in self.buildings.items():
            found.setdefault(building.organisation, set()).add(self.country_of_asset(code))
        return {code: min(countries) for code, countries in found.items() if len(countries) == 1}

    def _site_of(self, code: str) -> Site | None:
        """The site of an asset, by its building where it stands in one."""
        asset = self.assets.get(code)
        if isinstance(asset, Meter | VirtualMeter | PvPlant | Space | Charger | Equipment):
            asset = self.buildings.get(asset.building or "")
        if isinstance(asset, Building):
            asset = self.sites.get(asset.site)
        return asset if isinstance(asset, Site) else None

    def headcount_mean(
        self,
        organisation: str,
        components: Sequence[str],
        first: date,
        until: date,
        tree: Tree = "region",
    ) -> float | None:
        """Daily mean of people of these components over ``[first, until)``, organisations below included.

        Who is below is what the organisations' rows say now, in a snapshot what they said that day; those
        that are not in use have nobody. None where it is not known of every organisation on every day, for
        a part is not the whole: each must have at least one of the components, and each component that it
        has must cover all days. An organisation without people says so by a row of 0.
        """
        days = (until - first).days
        people_days = 0.0
        for code in self.sub_organisations(organisation, tree):
            if (known := self.organisations.get(code)) and known.status not in _PEOPLED:
                continue
            held: dict[str, int] = {}
            for h in self.headcounts_of(code):
                if h.component in components:
                    start, end = max(first, h.valid_from), min(until, h.valid_until or until)
                    held[h.component] = held.get(h.component, 0) + max((end - start).days, 0)
                    people_days += h.people * max((end - start).days, 0)
            if not held or any(covered != days for covered in held.values()):
                return None
        return people_days / days if days > 0 else None
