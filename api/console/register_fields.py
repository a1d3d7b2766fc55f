"""Fields of the register's forms: made of its columns, read like the cells of a workbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from api.access import Permit
from api.console.register_words import Reader
from quotawatt.quantity_words import quantity_word
from quotawatt.register.cells import REQUIRED
from quotawatt.register.headings import STANDS_IN, headings, meanings, must_be_filled, spelled
from quotawatt.register.problems import CellError, Problem, Rule, Where
from quotawatt.register.rows import Column, column_of, format_cell, kind_of, parse_cell
from quotawatt.register.rules import REFERENCES, VOCABULARIES

OFFERED = 300
"""So many codes a field offers while one types; others can be typed all the same."""

UNKNOWN = Rule(
    "unknown_asset",
    "must be the code or the name of one that is within your reach",
    "须为管理范围内已有对象的编码或名称",
)
SEVERAL = Rule(
    "several_assets",
    "must be a code, for several go by this name",
    "同名的不止一个，须填写编码",
)
_NOWHERE = Where("")
INSTANT = Rule("instant", "must be a day and time of day", "须为日期和时刻")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form as it is drawn.

    type
        ``text``, ``number``, ``date``, ``datetime-local``, ``select`` or ``checkbox``.
    options
        (value, words): all there are of a ``select``; for others what is offered while one types.
    error
        What is wrong with the value; empty: nothing.
    """

    name: str
    label: str
    type: str = "text"
    value: str = ""
    note: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that a form asks for, under the column's name; ``required`` beyond what the column asks."""

    kind: str
    column: str
    required: bool = False
    label: str = ""


@dataclass
class Filled:
    """What was read of a form: values by field, and what is wrong by field (empty name: the form)."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def column_field(reader: Reader, permit: Permit, wanted: Wanted, value: str) -> Field:
    """The field of a column, holding this text of a cell or of an earlier try."""
    kind, name, language = wanted.kind, wanted.column, reader.words.language
    column, heading = column_of(kind, name), headings(kind)[name]
    drawn = Field(
        name=name,
        label=wanted.label or heading.title(language),
        type=_type_of(column),
        value=value,
        note=heading.note(language),
        required=must_be_filled(column) or wanted.required,
    )
    if (kind, name) in REFERENCES:
        return replace(drawn, options=_assets(reader, permit, REFERENCES[kind, name]))
    words = {i: said[0 if language == "zh" else 1] for i, said in heading.words.items()}
    if column.type is bool:
        return replace(drawn, type="select", options=tuple(words.items()))
    if (kind, name) in VOCABULARIES:
        options = tuple(
            (word, words.get(word, quantity_word(word, language)))
            for word in VOCABULARIES[kind, name]
            if word
        )
        empty = () if drawn.required or column.default else (("", ""),)
        return replace(drawn, type="select", options=(*empty, *options))
    if words:
        offered = tuple((word, "") for word in words.values())
        return replace(drawn, value=words.get(value, value), options=offered)
    return drawn


def read_columns(
    reader: Reader, permit: Permit, wanted: Iterable[Wanted], form: Mapping[str, str]
) -> Filled:
    """The values of the columns that a form has fields for; what is wrong stands at its field.

    Where one is empty for which another stands in, it takes the other's text. Without that it is left out.
    """
    filled = Filled()
    for one in wanted:
        if one.column not in form:
            continue
        text = form[one.column].strip()
        if not text and one.column in STANDS_IN:
            text = form.get(STANDS_IN[one.column], "").strip()
            if not text:
                continue
        try:
            filled.values[one.column] = _read(reader, permit, one, text)
        except CellError as error:
            filled.errors[one.column] = said(reader, error.rule, text)
    return filled


def read_day(reader: Reader, filled: Filled, name: str, text: str) -> None:
    """Take in a day that must be given."""
    try:
        filled.values[name] = parse_cell(Column(name, date, True, None, None), text)
    except CellError as error:
        filled.errors[name] = said(reader, error.rule, text)


def read_number(reader: Reader, filled: Filled, name: str, text: str) -> None:
    """Take in a number that must be given."""
    try:
        filled.values[name] = parse_cell(Column(name, float, True, None, None), text)
    except CellError as error:
        filled.errors[name] = said(reader, error.rule, text)


def read_instant(reader: Reader, filled: Filled, name: str, text: str) -> None:
    """Take in a local time that must be given, as UTC."""
    try:
        local = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
        filled.values[name] = local.replace(tzinfo=reader.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        filled.errors[name] = said(reader, INSTANT if text.strip() else REQUIRED, text)


def said(reader: Reader, rule: Rule, value: object = None) -> str:
    """A broken rule in the reader's language, with what broke it."""
    return reader.rule(Problem(_NOWHERE, rule, value))


def cell_text(value: Any) -> str:
    """A value as the text that its field holds: 1000.0 as 1000."""
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else format_cell(value)
    )


def _read(reader: Reader, permit: Permit, wanted: Wanted, text: str) -> Any:
    kind, name = wanted.kind, wanted.column
    column = column_of(kind, name)
    if not text and (wanted.required or column.required):
        raise CellError(REQUIRED)
    if text and (kind, name) in REFERENCES:
        text = _code(reader, permit, REFERENCES[kind, name], text)
    elif text:
        text = meanings(kind, name).get(spelled(text), text)
    return parse_cell(column, text)


def _code(reader: Reader, permit: Permit, kinds: tuple[str, ...], text: str) -> str:
    """The code that somebody typed, or that of what they named."""
    register = reader.register
    if text in register.assets and kind_of(register.assets[text]) in kinds:
        return text
    named = [
        asset.code
        for kind in kinds
        for asset in getattr(register, kind).values()
        if text in (asset.name_zh, asset.name_en) and permit.sees(asset.code)
    ]
    if len(named) != 1:
        raise CellError(SEVERAL if named else UNKNOWN)
    return str(named[0])


def _assets(reader: Reader, permit: Permit, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Codes and names of the first assets of some kinds within reach."""
    found: list[tuple[str, str]] = []
    for kind in kinds:
        for code, asset in getattr(reader.register, kind).items():
            if len(found) == OFFERED:
                return tuple(found)
            if permit.sees(code):
                found.append((code, reader.name_of(asset)))
    return tuple(found)


def _type_of(column: Column) -> str:
    if column.type in (int, float):
        return "number"
    return "date" if column.type is date else "text"
