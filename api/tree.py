"""The register as one tree: organisations by region, sites aside, buildings, meters, plants, vehicles."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from quotawatt.register.model import (
    Asset,
    Building,
    Charger,
    Equipment,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
)

KINDS: Mapping[type, str] = {
    Organisation: "organisation",
    Site: "site",
    Building: "building",
    Space: "space",
    Equipment: "equipment",
    Meter: "meter",
    PvPlant: "pv_plant",
    Charger: "charger",
    Vehicle: "vehicle",
}


def parent_of(asset: Asset) -> str | None:
    """Code of what the asset hangs under; None at the top."""
    match asset:
        case Organisation():
            return asset.region_parent
        case Building() | Vehicle():
            return asset.organisation
        case Meter():
            return asset.parent or asset.building
        case Space() | PvPlant() | Charger():
            return asset.building
        case Equipment():
            return asset.space or asset.building or asset.organisation
        case Site():
            return None


class Tree:
    """Parents and children of a register's assets, built once for a request."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._children: dict[str | None, list[str]] = {}
        for code, asset in register.assets.items():
            self._children.setdefault(parent_of(asset), []).append(code)

    def children(self, code: str | None) -> list[str]:
        """Codes that hang directly under it; None: those at the top."""
        return self._children.get(code, [])

    def under(self, code: str) -> Iterator[str]:
        """The asset and all below it, a parent before its children."""
        yield code
        for child in self.children(code):
            yield from self.under(child)

    def path(self, code: str) -> list[str]:
        """Codes from the top down to the asset."""
        parent = parent_of(self._register.assets[code])
        above = self.path(parent) if parent is not None else []
        return [*above, code]

    def summary(self, code: str) -> dict[str, Any]:
        """The asset as a line of the tree."""
        asset = self._register.assets[code]
        return {
            "code": code,
            "kind": KINDS[type(asset)],
            "name_zh": asset.name_zh,
            "name_en": asset.name_en,
            "parent": parent_of(asset),
            "children": len(self.children(code)),
        }

    def detail(self, code: str) -> dict[str, Any]:
        """The asset with all that the register says of it."""
        register = self._register
        return {
            **self.summary(code),
            "attributes": asdict(register.assets[code]),
            "path": self.path(code),
            "child_codes": self.children(code),
            "bindings": [asdict(b) for b in register.bindings_of(code)],
            "headcounts": [asdict(h) for h in register.headcounts if h.organisation == code],
            "base_values": [asdict(b) for b in register.base_values if b.asset == code],
        }
