"""Logs in JSON, and the attributes that a cell holds, as columns."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from quotawatt.app.energy_columns import Table
from quotawatt.errors import InputError

_LISTS = ("positions", "data", "items", "features", "locations", "rows", "result")
"""Where an object holds its list of messages."""

_ATTRIBUTES = ("attributes", "attribs", "params")
_PAIRS = re.compile(r"([\w.]+)\s*=\s*([^\s,;]*)")


def cells_of_json(path: Path, text: str) -> pd.DataFrame:
    """A row an object, a column a member; of an object within, ``outer.inner``; of GeoJSON points their
    coordinates.

    Raises InputError where the text is no list of objects, no object that holds one, and no object a line.
    """
    rows = [_flat(one) for one in _objects(path, text)]
    return pd.DataFrame(rows, dtype=object).fillna("").astype(str)


def with_attributes(table: Table) -> Table:
    """A column for each attribute that a cell of attributes has, as JSON or ``ignition=true speed=3``."""
    heading = next((h for h in table.headings if h.lower() in _ATTRIBUTES), None)
    if heading is None:
        return table
    found = pd.DataFrame([_attributes(cell) for cell in table.cells[heading]], dtype=object)
    own = [name for name in found.columns if name not in table.headings]
    texts = found[own].fillna("").astype(str).set_axis(table.cells.index)
    return Table(table.path, pd.concat([table.cells, texts], axis=1), table.lines)


def _objects(path: Path, text: str) -> list[Mapping[str, Any]]:
    rule = f"{path}: JSON must be a list of objects or an object a line"
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        try:
            whole = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            raise InputError(f"{rule}, got {error}") from None
    if isinstance(whole, dict):
        whole = next((whole[name] for name in _LISTS if isinstance(whole.get(name), list)), [whole])
    if not isinstance(whole, list) or not all(isinstance(one, dict) for one in whole):
        raise InputError(f"{rule}, got {type(whole).__name__}")
    return whole


def _flat(one: Mapping[str, Any]) -> dict[str, str]:
    geometry = one.get("geometry")
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    members = dict(_members(one))
    if isinstance(place, list) and len(place) >= 2:
        members |= {"longitude": _text(place[0]), "latitude": _text(place[1])}
    return members


def _members(one: Mapping[str, Any], outer: str = "") -> Iterable[tuple[str, str]]:
    for name, value in one.items():
        if isinstance(value, dict):
            yield from _members(value, f"{outer}{name}.")
        elif not isinstance(value, list):
            yield f"{outer}{name}", _text(value)


def _attributes(cell: str) -> dict[str, str]:
    if cell.lstrip()[:1] == "{":
        try:
            return {name: _text(value) for name, value in json.loads(cell).items()}
        except json.JSONDecodeError:
            return {}
    return dict(_PAIRS.findall(cell))


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
