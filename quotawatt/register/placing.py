"""What was read becomes whole rows: instants get their zone, absent columns what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.editing import cells_of, rows_of
from quotawatt.register.former_reading import as_in_own_columns
from quotawatt.register.found import Found
from quotawatt.register.headings import STANDS_IN
from quotawatt.register.model import Register
from quotawatt.register.naming import Named, Tables, with_codes
from quotawatt.register.rows import CODED, KEYS, KINDS, Column, Row, columns, records_of
from quotawatt.register.rules import REFERENCES

_IN_BUILDINGS = tuple(kind for kind, column in REFERENCES if column == "building")


def whole_tables(stored: Register, found: Found, zone: ZoneInfo) -> Named:
    """The rows of all kinds as they would be: those that were read, and what is stored of other kinds.

    A kind whose sheet could not be read is absent. An instant without a zone is of the site at which its
    asset is, else of ``zone``. A column that a sheet has not is as it is stored, for a new record empty.
    Assets are named by their codes; an English name that is missing is the Chinese one.
    """
    absent = [kind for kind in KINDS if kind not in found.sheets and kind not in found.unread]
    tables: dict[str, Sequence[Row]] = {}
    if absent:
        as_stored = rows_of(stored)
        tables = {kind: as_stored[kind] for kind in absent}
    tables.update(found.rows)
    for kind in (kind for kind in CODED if kind in found.rows):
        tables[kind] = _filled(kind, tables[kind], found.columns[kind], stored)
    named = with_codes(tables, found)
    tables = named.tables
    if "bindings" in found.rows:
        tables["bindings"] = _with_zones(tables, zone)
    if "former_values" in found.rows:
        tables["former_values"], wrong = as_in_own_columns(tables)
        named.problems += wrong
    for kind in (kind for kind in found.rows if kind not in CODED):
        tables[kind] = _filled(kind, tables[kind], found.columns[kind], stored)
    return named


def _filled(
    kind: str, rows: Sequence[Row], present: frozenset[str], stored: Register
) -> Sequence[Row]:
    missing = [column for column in columns(kind) if column.name not in present]
    if not missing:
        return _stood_in(rows)
    known = {
        tuple(getattr(record, name) for name in KEYS[kind]): record
        for record in records_of(stored)[kind]
    }
    return _stood_in([_filled_row(kind, row, missing, known) for row in rows])


def _stood_in(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with the other value where one is empty that a record must have."""
    return [_with_stand_in(row) if None in map(row.cells.get, STANDS_IN) else row for row in rows]


def _with_stand_in(row: Row) -> Row:
    cells = dict(row.cells)
    for name, other in STANDS_IN.items():
        if name in cells and cells[name] is None:
            del cells[name]
            if other in row.cells:
                cells[name] = row.cells[other]
    return replace(row, cells=cells)


def _filled_row(
    kind: str, row: Row, missing: Sequence[Column], known: Mapping[tuple[Any, ...], Any]
) -> Row:
    defaults = {column.name: column.default for column in missing}
    cells = {**defaults, **row.cells}
    record = known.get(tuple(cells.get(name) for name in KEYS[kind]))
    if record is not None:
        cells.update({name: cells_of(record)[name] for name in defaults})
    return replace(row, cells=cells)


def _with_zones(tables: Tables, zone: ZoneInfo) -> Sequence[Row]:
    rows = tables["bindings"]
    if not any(_is_local(value) for row in rows for value in row.cells.values()):
        return rows
    zones = _zones(tables)
    return [_with_zone(row, zones.get(row.cells.get("asset") or "", zone)) for row in rows]


def _with_zone(row: Row, zone: ZoneInfo) -> Row:
    cells = {
        name: _utc(value, zone) if _is_local(value) else value for name, value in row.cells.items()
    }
    return replace(row, cells=cells)


def _is_local(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant; at either end of the calendar, where UTC has none, the local figures stand for it."""
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return local.replace(tzinfo=UTC)


def _zones(tables: Tables) -> Mapping[str, ZoneInfo]:
    """The zone of each asset that is at a site, as far as it could be read."""
    zones = {
        code: ZoneInfo(name) for code, name in _pairs(tables, "sites", "timezone") if _known(name)
    }
    for code, site in _pairs(tables, "buildings", "site"):
        if site in zones:
            zones[code] = zones[site]
    for kind in _IN_BUILDINGS:
        for code, building in _pairs(tables, kind, "building"):
            if building in zones:
                zones[code] = zones[building]
    return zones


def _pairs(tables: Tables, kind: str, column: str) -> Iterator[tuple[str, str]]:
    for row in tables.get(kind, ()):
        code, value = row.cells.get("code"), row.cells.get(column)
        if code and value:
            yield code, value


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
