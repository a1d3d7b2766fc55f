"""What a change did, put into words: records of the register, entries of the rulebook, anything else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.console.formatting import DASH
from api.console.register_words import Reader
from api.console.texts import Words
from quotawatt.register.rows import CODED, KEYS, KINDS, columns

SHOWN = 500
"""So many records are drawn of one change; the others are counted."""

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


def changed_things(reader: Reader, before: Any, after: Any) -> list[ChangedThing]:
    """What tells ``after`` from ``before``, both plain JSON as the ledger keeps them; None: nothing."""
    if _is_register(before) and _is_register(after) and (before or after):
        return list(_records(reader, before or {}, after or {}))
    change = "added" if before is None else "removed" if after is None else "changed"
    values = _differing(reader.words, before, after)
    return [ChangedThing("", "", change, values)] if values else []


def rule_changes(words: Words, changes: Sequence[Mapping[str, Any]]) -> list[ChangedThing]:
    """Entries of the rulebook that differ, as ``quotawatt.rulebook.difference`` tells them."""
    return [
        ChangedThing(
            words.known(f"section_{change['section']}", change["section"]),
            change["id"],
            change["change"],
            _differing(words, change["before"], change["after"]),
        )
        for change in changes[:SHOWN]
    ]


def told(words: Words, detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry says beside before and after: what it is called, and the value in words."""
    return [(_label(words, path), plain_value(words, value)) for path, value in _leaves(detail)]


def plain_value(words: Words, value: Any) -> str:
    """A value as people read it: words for what has some, numbers with separators."""
    if value is None or value == "" or value == []:
        return DASH
    if isinstance(value, bool):
        return words(f"value_is_{_YES[value]}")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list):
        return words("list_between").join(plain_value(words, one) for one in value)
    return words.known(f"said_{value}", str(value))


def _records(
    reader: Reader, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[ChangedThing]:
    count = 0
    for kind in (k for k in KINDS if k in before or k in after):
        old = {_key(kind, row): row for row in before.get(kind, ())}
        new = {_key(kind, row): row for row in after.get(kind, ())}
        for key in (*new, *(k for k in old if k not in new)):
            if count == SHOWN:
                return
            count += 1
            yield _record(reader, kind, old.get(key), new.get(key))


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
        return f"{name or reader.name(row['code'])} {row['code']}"
    named = (_cell(reader, kind, name, row[name]) for name in KEYS[kind] if row.get(name))
    return " · ".join(named)


def _key(kind: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in KEYS[kind])


def _is_register(value: Any) -> bool:
    """Whether it is what the ledger keeps of a change of the register: records by kind."""
    return value is None or (
        isinstance(value, dict)
        and all(kind in KINDS and isinstance(rows, list) for kind, rows in value.items())
    )


def _differing(words: Words, before: Any, after: Any) -> list[ChangedValue]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        ChangedValue(
            _label(words, path),
            plain_value(words, old.get(path)),
            plain_value(words, new.get(path)),
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
    return " › ".join(words.known(f"field_{name}", name) for name in path)
