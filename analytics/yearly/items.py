"""What meters of buildings say of the purposes that formulae name: items, kitchens, boilers, heat pumps.

A purpose is metered by an item of the sub-metering list, or by a meter that serves a room of its use or
equipment of its kind. One that holds for the heating season only counts on the season's days.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from analytics.totals.groups import ITEM_MEASURE, item_subject
from analytics.yearly.seasons import season_windows
from quotawatt.register.formulas import VIRTUAL_QUANTITIES, measures
from quotawatt.register.model import Building, Meter, Register
from quotawatt.rulebook.indicators import HEATING, ItemPurpose
from quotawatt.rulebook.model import Rulebook

PURPOSE_AREAS: Mapping[str, str] = {
    "data_centre": "data_centre_area_m2",
    "kitchen": "kitchen_area_m2",
    "special": "excluded_area_m2",
}
"""Purposes whose area leaves the denominator with their use, and the building's column that holds it."""


@dataclass(frozen=True, slots=True)
class MeteredItem:
    """A series that a building's meters have of a purpose.

    item
        Of the sub-metering list; empty for a meter that says its purpose by what it serves.
    meters
        The meters that it is of.
    seasonal
        Whether it counts on the days of the heating season only.
    """

    building: str
    purpose: str
    subject: str
    item: str
    meters: tuple[str, ...]
    measure: str = ITEM_MEASURE
    seasonal: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """Subject and measure."""
        return self.subject, self.measure


class Items:
    """The metered purposes of all buildings of a register; made once for all accounts."""

    def __init__(self, register: Register, rulebook: Rulebook) -> None:
        self._register = register
        self._rulebook = rulebook
        self._purposes = rulebook.item_purposes
        self._metered: dict[str, list[Meter]] = {}
        self._serving: dict[str, list[Meter]] = {}
        for meter in register.meters.values():
            if meter.item:
                self._metered.setdefault(meter.building, []).append(meter)
            if meter.serves:
                self._serving.setdefault(meter.building, []).append(meter)

    def of(self, building: str, purposes: Collection[str]) -> tuple[MeteredItem, ...]:
        """Those of a building that serve any of the purposes, none within another: nothing counts twice."""
        if building not in self._metered and building not in self._serving:
            return ()
        wanted = [p for name in purposes if (p := self._holding(name, building)) is not None]
        items = [one for purpose in wanted for one in self._items(purpose, building)]
        items = [one for one in items if not _within_another(one, items)]
        return (*items, *self._served(wanted, building, items))

    def windows(
        self, building: Building, first: date, until: date
    ) -> tuple[tuple[date, date], ...]:
        """The days of heating at a building, of those in ``[first, until)``."""
        site = self._register.sites.get(building.site)
        return () if site is None else season_windows(site, self._rulebook, first, until)

    def _holding(self, name: str, building: str) -> ItemPurpose | None:
        """The purpose, where it holds for a building heated like this one."""
        purpose, known = self._purposes.get(name), self._register.buildings.get(building)
        if purpose is None or known is None:
            return None
        return purpose if not purpose.heating or known.heating in purpose.heating else None

    def _items(self, purpose: ItemPurpose, building: str) -> Iterator[MeteredItem]:
        for item in purpose.items:
            of_item = [m for m in self._metered.get(building, ()) if m.item.startswith(item)]
            if of_item:
                subject, codes = item_subject(building, item), tuple(m.code for m in of_item)
                seasonal = purpose.season == HEATING
                yield MeteredItem(building, purpose.id, subject, item, codes, seasonal=seasonal)

    def _served(
        self, wanted: Collection[ItemPurpose], building: str, items: Collection[MeteredItem]
    ) -> Iterator[MeteredItem]:
        """The meters that serve rooms or equipment of the purposes, top-most ones alone.

        Electricity of a purpose that an item measures is in the item.
        """
        said = {
            meter.code: purpose
            for meter in self._serving.get(building, ())
            for purpose in wanted
            if self._serves(meter, purpose)
        }
        counted = {code for one in items for code in one.meters} | set(said)
        by_item = {one.purpose for one in items}
        for code, purpose in said.items():
            meter = self._register.meters[code]
            in_item = purpose.id in by_item and measures(meter.carrier, ITEM_MEASURE)
            if in_item or any(above in counted for above in self._above(meter)):
                continue
            seasonal = purpose.season == HEATING
            for name in VIRTUAL_QUANTITIES:
                if measures(meter.carrier, name):
                    yield MeteredItem(building, purpose.id, code, "", (code,), name, seasonal)

    def _serves(self, meter: Meter, purpose: ItemPurpose) -> bool:
        space = self._register.spaces.get(meter.serves or "")
        if space is not None:
            return space.use in purpose.rooms
        equipment = self._register.equipment.get(meter.serves or "")
        return equipment is not None and any(word in equipment.kind for word in purpose.equipment)

    def _above(self, meter: Meter) -> Iterator[str]:
        """The meters that it stands behind; a ring of them ends where it closes."""
        seen = {meter.code}
        parent = meter.parent
        while parent is not None and parent in self._register.meters and parent not in seen:
            seen.add(parent)
            yield parent
            parent = self._register.meters[parent].parent


def _within_another(one: MeteredItem, among: Collection[MeteredItem]) -> bool:
    return any(one.item.startswith(o.item) and one.item != o.item for o in among)
