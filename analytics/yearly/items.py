"""Items of buildings by the purpose that formulae name: which results they have, and the area beside."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analytics.totals.groups import ITEM_MEASURE, item_subject
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook

PURPOSE_AREAS: Mapping[str, str] = {
    "data_centre": "data_centre_area_m2",
    "kitchen": "kitchen_area_m2",
    "special": "excluded_area_m2",
}
"""Purposes whose area leaves the denominator with their use, and the building's column that holds it."""


@dataclass(frozen=True, slots=True)
class MeteredItem:
    """An item of a building that has a meter of its own; ``subject`` is that of its results."""

    building: str
    purpose: str
    item: str

    @property
    def subject(self) -> str:
        """What its results go by."""
        return item_subject(self.building, self.item)

    @property
    def measure(self) -> str:
        """What it counts."""
        return ITEM_MEASURE

    @property
    def pair(self) -> tuple[str, str]:
        """Subject and measure."""
        return self.subject, self.measure


class Items:
    """The metered items of all buildings of a register; made once for all accounts."""

    def __init__(self, register: Register, rulebook: Rulebook) -> None:
        self._metered: dict[str, set[str]] = {}
        for meter in register.meters.values():
            if meter.item:
                self._metered.setdefault(meter.building, set()).add(meter.item)
        self._items = {p.id: p.items for p in rulebook.item_purposes.values()}

    def of(self, building: str, purposes: Collection[str]) -> tuple[MeteredItem, ...]:
        """Those of a building that serve any of the purposes, none within another: nothing counts twice."""
        metered = self._metered.get(building)
        if not metered:
            return ()
        wanted = [
            MeteredItem(building, purpose, item)
            for purpose in purposes
            for item in self._items.get(purpose, ())
            if any(code.startswith(item) for code in metered)
        ]
        return tuple(one for one in wanted if not _within_another(one, wanted))


def _within_another(one: MeteredItem, among: Collection[MeteredItem]) -> bool:
    return any(one.item.startswith(o.item) and one.item != o.item for o in among)
