"""Assets that stand in the register twice."""

import unicodedata
from collections.abc import Hashable, Iterator

from analytics.reconciliation.world import World
from quotawatt.findings import Finding
from quotawatt.register.model import Asset, Building, Meter, Space, Vehicle


def registered_twice(world: World) -> Iterator[Finding]:
    """``asset_twice``: two assets in use that are the same by all that people tell them apart by.

    Vehicles by plate; meters by building, carrier, place in the tree and name; rooms by building, floor and
    name; buildings by site and name. Equipment is left out: ten printers of one name are ten printers.
    """
    first: dict[Hashable, str] = {}
    for code, asset in world.in_use():
        key = _identity(asset)
        if key is None:
            continue
        if key in first:
            detail = {"other": first[key], "name": asset.name_zh, "plate": _plate(asset)}
            yield Finding("asset_twice", code, detail)
        first.setdefault(key, code)


def _identity(asset: Asset) -> Hashable | None:
    match asset:
        case Vehicle():
            return ("vehicle", _plain(asset.plate))
        case Meter():
            where = (asset.building, asset.carrier, asset.parent, asset.item)
            return ("meter", *where, _plain(asset.name_zh))
        case Space():
            return ("space", asset.building, asset.floor, _plain(asset.name_zh))
        case Building():
            return ("building", asset.site, _plain(asset.name_zh))
        case _:
            return None


def _plate(asset: Asset) -> str:
    return asset.plate if isinstance(asset, Vehicle) else ""


def _plain(text: str) -> str:
    """Without what hands type differently: width, case, blanks, dots and hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
