"""Records of the register in its tables: read all at once, written as they differ."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, select, update

from quotawatt.register.changes import KindChange, key_of
from quotawatt.register.model import Binding, Register
from quotawatt.register.rows import KEYS, KINDS, Record
from quotawatt.storage.register_tables import REGISTER_TABLES

_ADOPTED = REGISTER_TABLES["bindings"].c.adopted


def load(conn: Connection) -> Register:
    """The register as it is stored."""
    records: dict[str, list[Any]] = {}
    for kind, record in KINDS.items():
        rows = conn.execute(_select(kind, record).order_by(*_key_columns(kind)))
        records[kind] = [record(*row) for row in rows]
    marked = conn.execute(_select("bindings", Binding).where(_ADOPTED))
    return Register(**records, adopted=[Binding(*row) for row in marked])


def _select(kind: str, record: type[Record]) -> Select[Any]:
    return select(*(REGISTER_TABLES[kind].c[field.name] for field in fields(record)))


def _key_columns(kind: str) -> list[Any]:
    return [REGISTER_TABLES[kind].c[name] for name in KEYS[kind]]


def write(conn: Connection, kind: str, change: KindChange[Record]) -> None:
    """Remove, change and add the records of one kind."""
    table = REGISTER_TABLES[kind]
    if change.removed:
        conn.execute(delete(table).where(_same_key(kind)), _keys(kind, change.removed))
    if change.changed:
        new = [record for _, record in change.changed]
        rows = [{**key, **_values(r)} for key, r in zip(_keys(kind, new), new, strict=True)]
        conn.execute(update(table).where(_same_key(kind)), rows)
    if change.added:
        conn.execute(insert(table), [_values(record) for record in change.added])


def mark_adopted(conn: Connection, before: Register, after: Register) -> bool:
    """Mark the bindings of ``after`` that are adopted, and no others; whether any differ."""
    if set(before.adopted) == set(after.adopted):
        return False
    table = REGISTER_TABLES["bindings"]
    conn.execute(update(table).where(_ADOPTED).values(adopted=False))
    if after.adopted:
        marked = update(table).where(_same_key("bindings")).values(adopted=True)
        conn.execute(marked, _keys("bindings", after.adopted))
    return True


def _same_key(kind: str) -> Any:
    """The condition that a row has the key that ``_keys`` gives."""
    return and_(*(column == bindparam(f"key_{column.name}") for column in _key_columns(kind)))


def _keys(kind: str, records: Sequence[Record]) -> list[dict[str, Any]]:
    names = [f"key_{name}" for name in KEYS[kind]]
    return [dict(zip(names, key_of(kind, record), strict=True)) for record in records]


def _values(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}
