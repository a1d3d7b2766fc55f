"""The register as one tree: organisations by region or by system, sites aside, and what each has."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from quotawatt.register.belonging import Tree as Parentage
from quotawatt.register.model import (
    Asset,
    Building,
    Charger,
    Equipment,
    Geofence,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)

KINDS: Mapping[type, str] = {
    Organisation: "organisation",
    Site: "site",
    Building: "building",
    Space: "space",
    Equipment: "equipment",
    Meter: "meter",
    VirtualMeter: "virtual_meter",
    PvPlant: "pv_plant",
    Charger: "charger",
    Vehicle: "vehicle",
    Geofence: "geofence",
}

_KEPT = 4
"""Trees that are kept at hand: the present register by both parents, and two of other days."""


def parent_of(asset: Asset, by: Parentage = "region") -> str | None:
    """Code of what the asset hangs under; None at the top."""
    match asset:
        case Organisation():
            return asset.region_parent if by == "region" else asset.system_parent
        case Building() | Vehicle() | Geofence():
            return asset.organisation
        case Meter():
            return asset.parent or asset.building
        case Space() | VirtualMeter() | PvPlant() | Charger():
            return asset.building
        case Equipment():
            return asset.space or asset.building or asset.organisation
        case Site():
            return None


class Tree:
    """Parents and children of a register's assets."""

    def __init__(self, register: Register, by: Parentage = "region") -> None:
        self._register = register
        self._by = by
        self._children: dict[str | None, list[str]] = {}
        for code, asset in register.assets.items():
            parent = parent_of(asset, by)
            # Where the parent is out of reach or unknown the asset is a top.
            above = parent if parent in register.assets else None
            self._children.setdefault(above, []).append(code)
        self._order, self._end = _walk(self._children)
        self._position = {code: n for n, code in enumerate(self._order)}

    def children(self, code: str | None) -> list[str]:
        """Codes that hang directly under it; None: those at the top."""
        return self._children.get(code, [])

    def all(self) -> Sequence[str]:
        """Every code, a parent before its children."""
        return self._order

    def under(self, code: str) -> Sequence[str]:
        """The asset and all below it, a parent before its children."""
        start = self._position[code]
        return self._order[start : self._end[code]]

    def summary(self, code: str) -> dict[str, Any]:
        """The asset as a line of the tree."""
        asset = self._register.assets[code]
        return {
            "code": code,
            "kind": KINDS[type(asset)],
            "name_zh": asset.name_zh,
            "name_en": asset.name_en,
            "status": asset.status,
            "organisation": self._register.organisation_of(code),
            "parent": parent_of(asset, self._by),
            "children": len(self.children(code)),
        }


class Trees:
    """The trees that were asked for last, so that a request need not build its own. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Register, Parentage], Tree] = OrderedDict()

    def of(self, register: Register, by: Parentage = "region") -> Tree:
        """The tree of a register, by region or by system."""
        with self._lock:
            tree = self._kept.get((register, by))
            if tree is None:
                tree = self._kept[register, by] = Tree(register, by)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end((register, by))
            return tree


def _walk(children: Mapping[str | None, Sequence[str]]) -> tuple[list[str], dict[str, int]]:
    """All codes, a parent before its children, and behind each the position at which its subtree ends."""
    order: list[str] = []
    end: dict[str, int] = {}
    ahead: list[tuple[str, bool]] = [(code, False) for code in reversed(children.get(None, ()))]
    while ahead:
        code, left = ahead.pop()
        if left:
            end[code] = len(order)
            continue
        order.append(code)
        ahead.append((code, True))
        ahead.extend((child, False) for child in reversed(children.get(code, ())))
    return order, end
