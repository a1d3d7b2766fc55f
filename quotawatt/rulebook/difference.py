"""What tells two rulebooks apart, entry by entry: for whoever approves a change, and for the ledger."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from typing import Any, Literal

from quotawatt.rulebook.model import GridFactor, Rulebook
from quotawatt.rulebook.versions import Version

Change = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that differs.

    section
        ``quotas``, ``rules``, ``factor_sets``, ... as packs call it.
    before, after
        Of an entry that changed the values that did, by name; of one that was added or removed all of
        them. Plain JSON; durations in seconds, dates in ISO 8601.
    """

    section: str
    id: str
    change: Change
    before: Mapping[str, Any]
    after: Mapping[str, Any]


PlainBook = Mapping[str, Mapping[str, Any]]
"""Every entry of a rulebook as plain JSON, by section and id."""


def plain_book(book: Rulebook) -> PlainBook:
    """The rulebook as plain JSON: of each id the newest version, older ones as ``ID until DAY``."""
    names = [section.name for section in fields(Rulebook) if section.name != "versions"]
    return {name: _plain_section(book, name) for name in names}


def _plain_section(book: Rulebook, name: str) -> dict[str, Any]:
    versions = book.versions.get(name)
    if versions is None:
        return {key: plain(entry) for key, entry in _by_id(getattr(book, name)).items()}
    return {
        key if version is listed[-1] else f"{key} until {version.effective_until}": _dated(version)
        for key, listed in versions.items()
        for version in listed
    }


def _dated(version: Version) -> dict[str, Any]:
    """A version's values, and from when until when it is in force, as far as that is known."""
    days = {"effective_from": version.effective_from, "effective_until": version.effective_until}
    known = {name: day.isoformat() for name, day in days.items() if day is not None}
    return {**plain(version.value), **known}


def differences(before: PlainBook, after: PlainBook) -> list[Difference]:
    """The entries of all sections that are not the same in both, by section and id."""
    found: list[Difference] = []
    for name in dict.fromkeys((*before, *after)):
        found += _section(name, before.get(name, {}), after.get(name, {}))
    return found


def _section(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        was, becomes = old.get(key), new.get(key)
        if was is None:
            yield Difference(name, key, "added", {}, new[key])
        elif becomes is None:
            yield Difference(name, key, "removed", was, {})
        elif was != becomes:
            names = [n for n in {**was, **becomes} if was.get(n) != becomes.get(n)]
            old_values = {n: was[n] for n in names if n in was}
            new_values = {n: becomes[n] for n in names if n in becomes}
            yield Difference(name, key, "changed", old_values, new_values)


def _by_id(entries: Mapping[str, Any] | Sequence[GridFactor]) -> Mapping[str, Any]:
    if isinstance(entries, Mapping):
        return entries
    return {f"{factor.region} {factor.year}": factor for factor in entries}


def plain(value: Any) -> Any:
    """A value of the rulebook as plain JSON."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in (sorted(value) if isinstance(value, set) else value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no infinity
    return value.isoformat() if isinstance(value, date | time) else value
