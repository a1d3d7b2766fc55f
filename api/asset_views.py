"""What the tree of assets shows: which are listed, one of them on a day, and what it was before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.access import Permit
from api.contact_views import seen
from api.register_keys import cells_of
from api.tree import KINDS, Tree, parent_of
from quotawatt.register.belonging import Tree as Parentage
from quotawatt.register.model import Asset, Register
from quotawatt.register.rows import format_cell, kind_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a listing of assets asks for; None: whichever."""

    kind: str | None
    parent: str | None
    status: str | None
    search: str


def matching(
    register: Register, codes: Iterable[str], wanted: Wanted, by: Parentage
) -> Iterator[str]:
    """The codes of those that are wanted, in the order given."""
    needle = wanted.search.casefold()
    for code in codes:
        asset = register.assets[code]
        if (
            wanted.kind in (None, KINDS[type(asset)])
            and wanted.status in (None, asset.status)
            and (wanted.parent is None or parent_of(asset, by) == wanted.parent)
            and (not needle or needle in f"{code}\n{asset.name_zh}\n{asset.name_en}".casefold())
        ):
            yield code


def line(tree: Tree, permit: Permit, code: str) -> Row:
    """An asset as a line of the tree; a parent out of reach is none."""
    summary = tree.summary(code)
    return {**summary, "parent": _seen(permit, summary["parent"])}


def detail(register: Register, permit: Permit, code: str, day: date, by: Parentage) -> Row:
    """An asset as it is on a day, with all that the register says of it. Its children are not asked for.

    The register of that day is not built for it: only the asset and what is above it are looked at.
    """
    above = _upwards(register, code, day, by)
    asset = above[0]
    return {
        "code": code,
        "kind": KINDS[type(asset)],
        "name_zh": asset.name_zh,
        "name_en": asset.name_en,
        "status": asset.status,
        "organisation": _together(above).organisation_of(code),
        "parent": _seen(permit, parent_of(asset, by)),
        "children": None,
        "child_codes": None,
        "path": [one.code for one in reversed(above) if permit.sees(one.code)],
        "attributes": cells_of(asset),
        "bindings": [cells_of(b) for b in register.bindings_of(code)],
        "headcounts": [cells_of(h) for h in register.headcounts_of(code)],
        "base_values": [cells_of(b) for b in register.base_values_of(code)],
        "duties": [cells_of(d) for d in seen(permit, register.duties_of(code))],
    }


def children_of(tree: Tree, permit: Permit, code: str) -> Row:
    """The members of a detail that tell what is directly under the asset, within reach."""
    codes = [child for child in tree.children(code) if permit.sees(child)]
    return {"children": len(codes), "child_codes": codes}


def asset_on(register: Register, code: str, day: date) -> Asset:
    """An asset with the values that it had on a day (local, at its place)."""
    asset = register.assets[code]
    values = {
        name: next(h.value for h in steps if h.valid_until is None or day < h.valid_until)
        for name, steps in register.history_of(code).items()
    }
    return replace(asset, **values)


def history_items(register: Register, code: str) -> list[Row]:
    """What each column that was ever changed held, column by column and in order; the last holds still."""
    return [
        {
            "column": name,
            "value": format_cell(held.value) or None,
            "valid_from": format_cell(held.valid_from) or None,
            "valid_until": format_cell(held.valid_until) or None,
        }
        for name, steps in sorted(register.history_of(code).items())
        for held in steps
    ]


def _upwards(register: Register, code: str, day: date, by: Parentage) -> list[Asset]:
    """The asset and what is above it, as they were on a day, itself first."""
    above: list[Asset] = []
    step: str | None = code
    while step is not None and step in register.assets:
        above.append(asset_on(register, step, day))
        step = parent_of(above[-1], by)
    return above


def _together(assets: Iterable[Asset]) -> Register:
    """A register of these assets alone."""
    kinds: dict[str, Any] = {}
    for asset in assets:
        kinds.setdefault(kind_of(asset), []).append(asset)
    return Register(**kinds)


def _seen(permit: Permit, code: str | None) -> str | None:
    return code if code is not None and permit.sees(code) else None
