"""Rows of the register as text: what its columns are, and the way from cell to value and back.

The columns of a kind are the fields of its dataclass in ``kinds``, in that order; a field with a default
is an optional column. Times carry a zone, dates do not.
"""

import dataclasses
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from quotawatt.geography.outlines import plain_outline
from quotawatt.register.cells import PARSERS, REQUIRED, TOO_LONG, Cell
from quotawatt.register.forms import FORMS, LENGTHS
from quotawatt.register.forms_fleet import FLEET_FORMS, FLEET_LENGTHS
from quotawatt.register.kinds import (
    Asset,
    BaseValue,
    Binding,
    Building,
    Charger,
    Duty,
    Equipment,
    FormerValue,
    Geofence,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.problems import CellError, Where
from quotawatt.storage.register_tables import REGISTER_TABLES

if TYPE_CHECKING:  # the register itself stands on the values that this module reads
    from quotawatt.register.model import Register

Record = (
    Organisation
    | Headcount
    | Site
    | Building
    | Space
    | Equipment
    | Meter
    | VirtualMeter
    | PvPlant
    | Charger
    | Vehicle
    | Geofence
    | Binding
    | BaseValue
    | Duty
    | FormerValue
)

KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "organisations": Organisation,
        "headcounts": Headcount,
        "sites": Site,
        "buildings": Building,
        "spaces": Space,
        "equipment": Equipment,
        "meters": Meter,
        "virtual_meters": VirtualMeter,
        "pv_plants": PvPlant,
        "chargers": Charger,
        "vehicles": Vehicle,
        "geofences": Geofence,
        "bindings": Binding,
        "base_values": BaseValue,
        "duties": Duty,
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
    "virtual_meters",
    "pv_plants",
    "chargers",
    "vehicles",
    "geofences",
)
"""The kinds whose records have a code."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(CODED, ("code",)),
        "headcounts": ("organisation", "component", "valid_from"),
        "bindings": ("device", "channel", "quantity", "asset", "valid_from"),
        "base_values": ("asset", "measure", "year"),
        "duties": ("asset", "duty", "rank", "valid_from"),
        "former_values": ("asset", "attribute", "valid_until"),
    }
)
"""What tells the records of a kind apart."""

_KIND_OF: Mapping[type, str] = MappingProxyType({KINDS[kind]: kind for kind in CODED})

# Taken as they are: full-width signs are right in Chinese text, and a device's name is its own.
_VERBATIM = frozenset(
    {"name_zh", "name_en", "owner_zh", "owner_en", "source", "device", "channel", "value"}
)
# Of texts whose columns in the store have no bounds.
_LENGTHS = MappingProxyType({("geofences", "outline"): 20_000})
# Without a default in their records, and empty all the same: the column held none.
_MAY_BE_EMPTY = frozenset({("former_values", "value")})


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
    """A row with where it stands and its values by column.

    A column whose cell was wrong is absent from ``cells``. Of a column that has no unit of its own ``units``
    has the one that its heading names.
    """

    where: Where
    cells: Mapping[str, Any]
    units: Mapping[str, str] = dataclasses.field(default_factory=dict)


def records_of(register: "Register") -> Mapping[str, Sequence[Record]]:
    """All records of a register by kind."""
    return {
        **{kind: tuple(getattr(register, kind).values()) for kind in CODED},
        **{kind: getattr(register, kind) for kind in KINDS if kind not in CODED},
    }


def kind_of(asset: Asset) -> str:
    """The kind of an asset, by the name of its table."""
    return _KIND_OF[type(asset)]


def column_of(kind: str, name: str) -> Column:
    """One column of a kind. Raises KeyError where it has none of that name."""
    return _columns_by_name(kind)[name]


@cache
def _columns_by_name(kind: str) -> Mapping[str, Column]:
    return {column.name: column for column in columns(kind)}


@cache
def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind or form, in order."""
    filled: type = FORMS.get(kind) or FLEET_FORMS.get(kind) or KINDS[kind]
    hints = get_type_hints(filled)
    return tuple(_column(kind, field, hints[field.name]) for field in dataclasses.fields(filled))


def _column(kind: str, field: "dataclasses.Field[Any]", hint: Any) -> Column:
    may_be_empty = (kind, field.name) in _MAY_BE_EMPTY
    default: Any = "" if may_be_empty else field.default
    required = default is dataclasses.MISSING
    value_type = next(t for t in (get_args(hint) or (hint,)) if t is not type(None))
    return Column(
        name=field.name,
        type=value_type,
        # An area may be unknown; a name or a binding's start may not.
        required=required,
        default=None if required else default,
        length=_length(kind, field.name),
    )


def _length(kind: str, column: str) -> int | None:
    if kind in FORMS:
        return LENGTHS.get(column)
    if kind in FLEET_FORMS:
        return FLEET_LENGTHS.get(column)
    bound: int | None = getattr(REGISTER_TABLES[kind].c[column].type, "length", None)
    return _LENGTHS.get((kind, column), bound)


def parse_cell(column: Column, text: str) -> Cell:
    """The value of a cell. Surrounding blanks go; full-width letters and digits become plain.

    Raises CellError with the rule that the cell breaks.
    """
    text = text.strip()
    if column.name == "outline":
        text = plain_outline(text)
    if column.type is not str or column.name not in _VERBATIM:
        text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        if column.required:
            raise CellError(REQUIRED)
        return column.default
    if column.length is not None and len(text) > column.length:
        raise CellError(TOO_LONG.of(length=column.length))
    return PARSERS[column.type](text)


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
