"""Rows of any table of the record store, made from the types of its columns."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
)

from quotawatt.storage.schema import Instant

_AT = datetime(2023, 1, 1, 12, 30, 0, 250_000, tzinfo=UTC)


def any_row(table: Table, number: int, **given: Any) -> dict[str, Any]:
    """A row that differs from that of another number in every column but truth values."""
    return {c.name: _cell(c, number) for c in table.columns} | given


def _cell(column: Column[Any], number: int) -> object:
    kind = column.type
    if isinstance(kind, Instant):
        return _AT + timedelta(days=number)
    if isinstance(kind, Date):
        return date(2023, 1, 1) + timedelta(days=number)
    if isinstance(kind, JSON):
        return {"列": [number, 0.1, None, "\u2028"]}
    if isinstance(kind, LargeBinary):
        return bytes([0, 255, number])
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Float):
        return number + 0.1
    if isinstance(kind, Integer):
        return number
    return f"一\n'\"\\{number}"[: getattr(kind, "length", None)]
