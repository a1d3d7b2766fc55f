"""Rows of the register as text: what its columns are, and the way from cell to value and back.

The columns of a kind are the fields of its dataclass in ``model``, in that order; a field with a default
is an optional column. Times carry a zone, dates do not.
"""

import dataclasses
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from quotawatt.register.model import (
    BaseValue,
    Binding,
    Building,
    Charger,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.storage.register_tables import REGISTER_TABLES

Record = (
    Organisation
    | Headcount
    | Site
    | Building
    | Space
    | Equipment
    | Meter
    | PvPlant
    | Charger
    | Vehicle
    | Binding
    | BaseValue
    | FormerValue
)
Cell = str | float | int | bool | date | datetime | None

KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "organisations": Organisation,
        "headcounts": Headcount,
        "sites": Site,
        "buildings": Building,
        "spaces": Space,
        "equipment": Equipment,
        "meters": Meter,
        "pv_plants": PvPlant,
        "chargers": Charger,
        "vehicles": Vehicle,
        "bindings": Binding,
        "base_values": BaseValue,
        "former_values": FormerValue,
    }
)
"""Every kind of record by the name of its table and file, parents before children."""

CODED = (
    "organisations",
    "sites",
    "buildings",
    "spaces",
    "equipment",
    "meters",
    "pv_plants",
    "chargers",
    "vehicles",
)
"""The kinds whose records have a code."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(CODED, ("code",)),
        "headcounts": ("organisation", "component", "valid_from"),
        "bindings": ("device", "channel", "quantity", "asset", "valid_from"),
        "base_values": ("asset", "measure", "year"),
        "former_values": ("asset", "attribute", "valid_until"),
    }
)
"""What tells the records of a kind apart."""

# Taken as they are: full-width signs are right in Chinese text, and a device's name is its own.
_VERBATIM = frozenset({"name_zh", "name_en", "owner_zh", "owner_en", "source", "device", "channel"})
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the type of its values, and what an empty cell means."""

    name: str
    type: type
    required: bool
    default: Cell
    length: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with where it stands (``meters.csv:5``) and its values by column.

    A column whose cell was wrong is absent from ``cells``.
    """

    where: str
    cells: Mapping[str, Any]


def records_of(register: Register) -> Mapping[str, Sequence[Record]]:
    """All records of a register by kind."""
    return {
        **{kind: tuple(getattr(register, kind).values()) for kind in CODED},
        **{kind: getattr(register, kind) for kind in KINDS if kind not in CODED},
    }


def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind, in order."""
    hints = get_type_hints(KINDS[kind])
    return tuple(
        _column(kind, field, hints[field.name]) for field in dataclasses.fields(KINDS[kind])
    )


def _column(kind: str, field: "dataclasses.Field[Any]", hint: Any) -> Column:
    default: Any = field.default
    required = default is dataclasses.MISSING
    value_type = next(t for t in (get_args(hint) or (hint,)) if t is not type(None))
    return Column(
        name=field.name,
        type=value_type,
        # An area may be unknown; a name or a binding's start may not.
        required=required,
        default=None if required else default,
        length=getattr(REGISTER_TABLES[kind].c[field.name].type, "length", None),
    )


def parse_cell(column: Column, text: str) -> Cell:
    """The value of a cell. Surrounding blanks go; full-width letters and digits become plain.

    Raises ValueError with the rule that the cell breaks, and no value.
    """
    text = text.strip()
    if column.name not in _VERBATIM:
        text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        if column.required:
            raise ValueError("must not be empty")
        return column.default
    if column.length is not None and len(text) > column.length:
        raise ValueError(f"must have at most {column.length} characters")
    return _PARSERS[column.type](text)


def format_cell(value: Cell) -> str:
    """The text of a value, as ``parse_cell`` reads it back; empty for None. Times are in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _text(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise ValueError("must not hold control characters")
    return text


def _float(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise ValueError("must be a number with a decimal point and no separators")
    return value


def _int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise ValueError("must be a whole number")
    return int(text)


def _bool(text: str) -> bool:
    try:
        return _TRUTHS[text.casefold()]
    except KeyError:
        raise ValueError("must be true or false (是 or 否)") from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date YYYY-MM-DD") from None


def _instant(text: str) -> datetime:
    rule = "must be a time with its zone, YYYY-MM-DDTHH:MM:SS+08:00"
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError(rule)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(rule) from None


_TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "1", "是"), True),
    **dict.fromkeys(("false", "no", "0", "否"), False),
}
_PARSERS: Mapping[type, Callable[[str], Cell]] = {
    str: _text,
    float: _float,
    int: _int,
    bool: _bool,
    date: _date,
    datetime: _instant,
}
