"""What must hold over the rows of a register: codes, references, trees, ranges, vocabularies, dates."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.quantities import QUANTITIES
from quotawatt.register.rows import CODED, Row

Rows = Mapping[str, Sequence[Row]]

CARRIERS = ("electricity", "water", "heat", "gas")
ITEMS = ("", "A", "B", "C", "D")
LEVELS = ("province", "city", "county")
DATUMS = ("wgs84", "gcj02")
VEHICLE_ENERGIES = ("petrol", "diesel", "electric")

_CODE = re.compile(r"[\w.-]+")
_CODE_RULE = "a code must be letters, digits, '.', '_' and '-'"

# (kind, column) -> kinds in which the code must exist
_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("organisations", "region_parent"): ("organisations",),
    ("organisations", "system_parent"): ("organisations",),
    ("headcounts", "organisation"): ("organisations",),
    ("buildings", "site"): ("sites",),
    ("buildings", "organisation"): ("organisations",),
    ("meters", "building"): ("buildings",),
    ("meters", "parent"): ("meters",),
    ("pv_plants", "building"): ("buildings",),
    ("vehicles", "organisation"): ("organisations",),
    ("bindings", "asset"): CODED,
    ("base_values", "asset"): CODED,
}

_TREES = (
    ("organisations", "region_parent"),
    ("organisations", "system_parent"),
    ("meters", "parent"),
)

_VOCABULARIES: Mapping[tuple[str, str], Sequence[str]] = {
    ("organisations", "level"): LEVELS,
    ("meters", "carrier"): CARRIERS,
    ("meters", "item"): ITEMS,
    ("vehicles", "energy"): VEHICLE_ENERGIES,
    ("bindings", "datum"): DATUMS,
    ("bindings", "quantity"): ("", *QUANTITIES),
    ("bindings", "point_quantity"): ("", *QUANTITIES),
}

# An area of zero is no denominator and no meter is rated for nothing: unknown is an empty cell.
_POSITIVE = (
    ("buildings", "gross_area_m2"),
    ("meters", "rated_power_kw"),
    ("pv_plants", "peak_power_kw"),
    ("vehicles", "tank_l"),
    ("vehicles", "battery_kwh"),
    ("bindings", "multiplier"),
    ("bindings", "register_size"),
)
_RANGES: Mapping[tuple[str, str], tuple[float, float]] = {
    ("headcounts", "people"): (0, 1e7),
    ("buildings", "heated_area_m2"): (0, 1e9),
    ("sites", "latitude_deg"): (-90, 90),
    ("sites", "longitude_deg"): (-180, 180),
    ("buildings", "year_built"): (1000, 2200),
    ("base_values", "year"): (1990, 2200),
}

# Rows that would count twice where their time overlaps, and the columns that make them rivals.
_EXCLUSIVE: Mapping[str, tuple[str, ...]] = {
    "headcounts": ("organisation", "component"),
    "bindings": ("device", "channel", "quantity"),
}


def check_rows(tables: Rows) -> list[str]:
    """Every problem of these rows, as ``where column: rule, got value``, file by file.

    Columns whose cells could not be read are absent from the rows and are not complained of again.
    """
    checks: tuple[Callable[[Rows], Iterable[str]], ...] = (
        _codes,
        _references,
        _trees,
        _vocabularies,
        _ranges,
        _zones,
        _meters_behind_meters,
        _point_quantities,
        _periods,
        _overlaps,
        _base_values_once,
    )
    return [problem for check in checks for problem in check(tables)]


def _problem(row: Row, column: str, rule: str) -> str:
    value = row.cells.get(column)
    shown = value.isoformat() if isinstance(value, date) else value
    return f"{row.where} {column}: {rule}, got {shown!r}"


def _each(tables: Rows, kind: str, column: str) -> Iterator[tuple[Row, Any]]:
    """Rows of the kind that have a value in the column."""
    for row in tables.get(kind, ()):
        if (value := row.cells.get(column)) is not None:
            yield row, value


def _codes(tables: Rows) -> Iterator[str]:
    used: dict[str, str] = {}
    for kind in CODED:
        for row, code in _each(tables, kind, "code"):
            if not _CODE.fullmatch(code):
                yield _problem(row, "code", _CODE_RULE)
            if code in used:
                rule = f"a code must be used once over all kinds and stands in {used[code]} too"
                yield _problem(row, "code", rule)
            used.setdefault(code, row.where)


def _references(tables: Rows) -> Iterator[str]:
    codes = {kind: {code for _, code in _each(tables, kind, "code")} for kind in CODED}
    for (kind, column), targets in _REFERENCES.items():
        known = set().union(*(codes[target] for target in targets))
        rule = f"must be a code of {' or '.join(targets)}"
        for row, code in _each(tables, kind, column):
            if code not in known:
                yield _problem(row, column, rule)


def _trees(tables: Rows) -> Iterator[str]:
    for kind, column in _TREES:
        parents = {row.cells.get("code"): parent for row, parent in _each(tables, kind, column)}
        for row, _ in _each(tables, kind, column):
            if _returns_to(row.cells.get("code"), parents):
                yield _problem(row, column, "must not lead back to the row itself")


def _returns_to(code: str | None, parents: Mapping[str | None, str]) -> bool:
    seen: set[str] = set()
    step = parents.get(code)
    while step is not None and step not in seen:
        if step == code:
            return True
        seen.add(step)
        step = parents.get(step)
    return False


def _vocabularies(tables: Rows) -> Iterator[str]:
    for (kind, column), words in _VOCABULARIES.items():
        shown = (
            "a quantity of docs/nomenclature.md"
            if len(words) > len(QUANTITIES)
            else f"one of {', '.join(w or 'empty' for w in words)}"
        )
        for row, word in _each(tables, kind, column):
            if word not in words:
                yield _problem(row, column, f"must be {shown}")


def _ranges(tables: Rows) -> Iterator[str]:
    for kind, column in _POSITIVE:
        for row, value in _each(tables, kind, column):
            if value <= 0:
                yield _problem(row, column, "must be above 0")
    for (kind, column), (low, high) in _RANGES.items():
        for row, value in _each(tables, kind, column):
            if not low <= value <= high:
                yield _problem(row, column, f"must be {low:g} to {high:g}")


def _zones(tables: Rows) -> Iterator[str]:
    for row, name in _each(tables, "sites", "timezone"):
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            yield _problem(row, "timezone", "must be a time zone such as Asia/Shanghai")


def _meters_behind_meters(tables: Rows) -> Iterator[str]:
    """A sub-meter of another building or carrier would be missing from its own building's total."""
    meters = {code: row.cells for row, code in _each(tables, "meters", "code")}
    for row, parent in _each(tables, "meters", "parent"):
        above = meters.get(parent, {})
        for column in ("building", "carrier"):
            if above.get(column) != row.cells.get(column) and column in above:
                yield _problem(row, column, f"must be that of the parent {parent}")


def _point_quantities(tables: Rows) -> Iterator[str]:
    for row, point in _each(tables, "bindings", "point_quantity"):
        if point and row.cells.get("quantity") == "":
            yield _problem(
                row, "point_quantity", "must be empty where quantity is (all quantities)"
            )


def _periods(tables: Rows) -> Iterator[str]:
    for kind in _EXCLUSIVE:
        for row, until in _each(tables, kind, "valid_until"):
            start = row.cells.get("valid_from")
            if start is not None and until <= start:
                yield _problem(row, "valid_until", f"must be after valid_from {start.isoformat()}")


def _overlaps(tables: Rows) -> Iterator[str]:
    for kind, rivals_by in _EXCLUSIVE.items():
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row, _ in _each(tables, kind, "valid_from"):
            if "valid_until" not in row.cells:
                continue  # it could not be read, so nobody knows
            groups.setdefault(tuple(row.cells.get(c) for c in rivals_by), []).append(row)
        for rivals in groups.values():
            yield from _overlaps_within(rivals, rivals_by)


def _overlaps_within(rows: list[Row], rivals_by: Sequence[str]) -> Iterator[str]:
    rows.sort(key=lambda row: row.cells["valid_from"])
    latest: Row | None = None
    for row in rows:
        if latest is not None and row.cells["valid_from"] < _end(latest):
            same = ", ".join(rivals_by)
            rule = f"must not overlap {latest.where} of the same {same}"
            yield _problem(row, "valid_from", rule)
        if latest is None or _end(row) > _end(latest):
            latest = row


def _end(row: Row) -> date:
    """The end of a row's time, far away where it is open."""
    until: date | None = row.cells.get("valid_until")
    if until is not None:
        return until
    is_instant = isinstance(row.cells["valid_from"], datetime)
    return datetime.max.replace(tzinfo=UTC) if is_instant else date.max


def _base_values_once(tables: Rows) -> Iterator[str]:
    first: dict[tuple[Any, ...], str] = {}
    for row, asset in _each(tables, "base_values", "asset"):
        key = (asset, row.cells.get("measure"), row.cells.get("year"))
        if key in first:
            yield _problem(row, "asset", f"a base value must stand once and is in {first[key]} too")
        first.setdefault(key, row.where)
