"""What a change did, put into words: records of the register, entries of the rulebook, anything else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.console.register_words import Reader
from api.console.texts import TEXTS, Words
from quotawatt.formatting import DASH, minute_text
from quotawatt.register.finding_texts import finding_texts
from quotawatt.register.rows import CODED, KEYS, KINDS, columns
from quotawatt.rulebook.sections import section_title

SHOWN = 200
"""So many records or entries are drawn of one change; the others are counted."""

_COUNTS = frozenset({"added", "changed", "removed"})
"""What is counted of a change: none of it is not worth a line."""

_YES = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value that differs; a dash where there was, or is, none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """A record or entry that was ``added``, ``changed`` or ``removed``, with what differs of it."""

    kind: str
    title: str
    change: str
    values: Sequence[ChangedValue]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change did; ``left_out``: so many more things are not drawn."""

    things: Sequence[ChangedThing]
    left_out: int = 0


def changes_of(reader: Reader, before: Any, after: Any) -> Changes:
    """What tells ``after`` from ``before``, both plain JSON as the ledger keeps them; None: nothing."""
    if _is_register(before) and _is_register(after):
        return _of_records(reader, before or {}, after or {})
    change = "added" if before is None else "removed" if after is None else "changed"
    values = _differing(reader, before, after)
    return Changes([ChangedThing("", "", change, values)] if values else [])


def rule_changes(reader: Reader, changes: Sequence[Mapping[str, Any]]) -> Changes:
    """Entries of the rulebook that differ, as ``quotawatt.rulebook.difference`` tells them."""
    things = [
        ChangedThing(
            section_title(str(change["section"])).in_language(reader.words.language),
            str(change["id"]),
            str(change["change"]),
            _differing(reader, change["before"], change["after"]),
        )
        for change in changes[:SHOWN]
    ]
    return Changes(things, len(changes) - len(things))


def told(reader: Reader, detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry says beside before and after: what it is called, and the value in words."""
    return [
        (_label(reader.words, path), plain_value(reader, value))
        for path, value in _leaves(detail)
        if not (path[-1:] and path[-1] in _COUNTS and value == 0)
    ]


def plain_value(reader: Reader, value: Any) -> str:
    """A value as people read it: words for what has some, instants in the reader's zone."""
    if value is None or value == "" or value == []:
        return DASH
    if isinstance(value, bool):
        return reader.words(f"value_is_{_YES[value]}")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list):
        return reader.words("list_between").join(plain_value(reader, one) for one in value)
    return _in_words(reader, str(value))


def _in_words(reader: Reader, text: str) -> str:
    """A word for an identifier, the name of a code, the local time of an instant; else the text."""
    words = reader.words
    for key in (f"said_{text}", f"may_{text.replace('.', '_')}"):
        if key in TEXTS:
            return words(key)
    if text in finding_texts():
        return finding_texts()[text].title[words.language]
    if text in reader.register.assets:
        return f"{reader.name(text)} {text}"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if instant.tzinfo is None else minute_text(instant, reader.zone)


def _of_records(reader: Reader, before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    pairs = list(_pairs(before, after))
    things = [_record(reader, kind, old, new) for kind, old, new in pairs[:SHOWN]]
    return Changes(things, len(pairs) - len(things))


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Records by kind, as they were and as they are; None: it was not there, or is not any more."""
    for kind in (k for k in KINDS if k in before or k in after):
        old = {_key(kind, row): row for row in before.get(kind, ())}
        new = {_key(kind, row): row for row in after.get(kind, ())}
        for key in dict.fromkeys((*new, *old)):
            yield kind, old.get(key), new.get(key)


def _record(
    reader: Reader, kind: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> ChangedThing:
    change = "added" if old is None else "removed" if new is None else "changed"
    was, becomes = old or {}, new or {}
    values = [
        ChangedValue(
            reader.title(kind, column.name),
            _cell(reader, kind, column.name, was.get(column.name)),
            _cell(reader, kind, column.name, becomes.get(column.name)),
        )
        for column in columns(kind)
        if was.get(column.name) != becomes.get(column.name)
    ]
    return ChangedThing(reader.kind(kind), _title(reader, kind, becomes or was), change, values)


def _cell(reader: Reader, kind: str, column: str, value: Any) -> str:
    """A value as it was written to the ledger: instants and days are texts there."""
    if isinstance(value, str):
        return reader.cell(kind, column, value).text
    return reader.value(kind, column, value).text


def _title(reader: Reader, kind: str, row: Mapping[str, Any]) -> str:
    if kind in CODED:
        name = row.get("name_zh" if reader.words.language == "zh" else "name_en")
        code = str(row.get("code", ""))
        return f"{name or reader.name(code)} {code}"
    named = (_cell(reader, kind, name, row[name]) for name in KEYS[kind] if row.get(name))
    return " · ".join(named)


def _key(kind: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(str(row.get(name)) for name in KEYS[kind])


def _is_register(value: Any) -> bool:
    """Whether it is what the ledger keeps of a change of the register: records by kind."""
    return value is None or (
        isinstance(value, dict)
        and all(kind in KINDS and _is_rows(rows) for kind, rows in value.items())
    )


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _differing(reader: Reader, before: Any, after: Any) -> list[ChangedValue]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        ChangedValue(
            _label(reader.words, path),
            plain_value(reader, old.get(path)),
            plain_value(reader, new.get(path)),
        )
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    ]


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of nested JSON, each with the names that lead to it; a list of plain values is one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, (*path, str(number)))
    else:
        yield path, value


def _label(words: Words, path: tuple[str, ...]) -> str:
    return " › ".join(words.known(f"part_{name}", name) for name in path)
