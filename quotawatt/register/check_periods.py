"""What must not stand twice: rows that would count twice where their time overlaps."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from quotawatt.register import rules
from quotawatt.register.found import in_both
from quotawatt.register.headings import headings
from quotawatt.register.problems import Problem
from quotawatt.register.rows import Row


def check_periods(tables: Mapping[str, Sequence[Row]]) -> Iterator[Problem]:
    """The problems of times and of base values."""
    for kind in rules.EXCLUSIVE:
        rows = tables.get(kind, ())
        yield from _ends_before_it_begins(rows)
        yield from _overlaps(kind, rows)
    yield from _base_values_twice(tables.get("base_values", ()))


def _ends_before_it_begins(rows: Sequence[Row]) -> Iterator[Problem]:
    for row in rows:
        start, until = row.cells.get("valid_from"), row.cells.get("valid_until")
        if start is not None and until is not None and until <= start:
            rule = rules.PERIOD.of(start=start.isoformat())
            yield Problem(row.where.at("valid_until"), rule, until)


def _overlaps(kind: str, rows: Sequence[Row]) -> Iterator[Problem]:
    rivals_by = rules.EXCLUSIVE[kind]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        # What could not be read nobody knows.
        if all(column in row.cells for column in ("valid_from", "valid_until", *rivals_by)):
            groups.setdefault(tuple(row.cells[c] for c in rivals_by), []).append(row)
    for rivals in groups.values():
        yield from _overlaps_within(kind, rivals)


def _overlaps_within(kind: str, rows: list[Row]) -> Iterator[Problem]:
    rows.sort(key=lambda row: row.cells["valid_from"])
    latest: Row | None = None
    for row in rows:
        start = row.cells["valid_from"]
        if latest is not None and start < _end(latest):
            names = rules.EXCLUSIVE[kind]
            same = (", ".join(names), "、".join(headings(kind)[name].zh for name in names))
            rule = rules.OVERLAP.of(other=in_both(latest.where), same=same)
            yield Problem(row.where.at("valid_from"), rule, start)
        if latest is None or _end(row) > _end(latest):
            latest = row


def _end(row: Row) -> date:
    """The end of a row's time, far away where it is open."""
    until: date | None = row.cells["valid_until"]
    if until is not None:
        return until
    is_instant = isinstance(row.cells["valid_from"], datetime)
    return datetime.max.replace(tzinfo=UTC) if is_instant else date.max


def _base_values_twice(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if not all(column in row.cells for column in ("asset", "measure", "year")):
            continue
        key = (row.cells["asset"], row.cells["measure"], row.cells["year"])
        if key in first:
            rule = rules.BASE_VALUE_TWICE.of(other=in_both(first[key].where))
            yield Problem(row.where.at("asset"), rule, row.cells["asset"])
        first.setdefault(key, row)
