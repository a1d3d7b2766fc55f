"""What people call the sheets, columns and words of the register: ``headers.yaml``, and how it is read.

Spelling counts without blanks, line breaks, case and full-width forms, in the table and in a file.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from quotawatt.register.rows import KINDS, columns
from quotawatt.settings import Language

REQUIRED_MARK = "*"
"""Stands behind the heading of a column that must be filled."""

_IN_BRACKETS = re.compile(r"^(.+?)[(\[]([^()\[\]]*)[)\]]$")
_HINTS = frozenset({"必填", "选填", "可选", "required", "optional", "必填项"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said of one column.

    unit
        As it stands behind the heading; empty: none.
    words
        Identifier -> the words that mean it, zh and en first; empty for a column without a vocabulary.
    note, example
        For the template; the example as an identifier or number.
    """

    zh: str
    en: str
    aka: tuple[str, ...]
    unit: str
    words: Mapping[str, tuple[str, ...]]
    note_zh: str
    note_en: str
    example: str

    def title(self, language: Language) -> str:
        """The heading with its unit, as a file has it."""
        name = self.zh if language == "zh" else self.en
        return f"{name} ({self.unit})" if self.unit else name

    def note(self, language: Language) -> str:
        """What is to be filled in."""
        return self.note_zh if language == "zh" else self.note_en


@dataclass(frozen=True, slots=True)
class Reading:
    """What a heading of a file was taken for.

    column
        Its identifier; None: no column of the kind.
    unit
        The unit that it names and that is not the column's; empty: none.
    """

    column: str | None
    unit: str = ""


def spelled(text: str) -> str:
    """The text as spellings are compared: plain forms, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def sheet_name(kind: str, language: Language) -> str:
    """The name of the sheet of a kind."""
    name: str = _table()["kinds"][kind][language]
    return name


def kind_of_sheet(name: str) -> str | None:
    """The kind that a sheet of this name holds; None where it is no name of a kind."""
    return _sheets().get(spelled(re.sub(r"^\s*\d+\s*[.、_-]\s*", "", name)))


@cache
def headings(kind: str) -> Mapping[str, Heading]:
    """What is said of each column of a kind, in order."""
    return {column.name: _heading(kind, column.name) for column in columns(kind)}


def read_heading(kind: str, text: str) -> Reading:
    """What a heading of a file means: with or without its unit, a mark, or a hint in brackets."""
    plain = spelled(text).replace(REQUIRED_MARK, "").rstrip(":")
    names = _columns_by_spelling(kind)
    if plain in names:
        return Reading(names[plain])
    parts = _IN_BRACKETS.match(plain)
    if parts is None or parts[1] not in names:
        return Reading(None)
    column, bracketed = names[parts[1]], parts[2]
    right = bracketed in _HINTS or bracketed in _unit_spellings(headings(kind)[column].unit)
    return Reading(column, "" if right else bracketed)


@cache
def meanings(kind: str, column: str) -> Mapping[str, str]:
    """The words of a column by their spelling -> what they mean; empty without a vocabulary."""
    heading = headings(kind)[column]
    return {
        spelled(word): identifier
        for identifier, words in heading.words.items()
        for word in (*words, identifier)
    }


@cache
def attributes() -> Mapping[str, str]:
    """Headings of all kinds by their spelling -> the column, where they name the same one in all kinds."""
    found: dict[str, set[str]] = {}
    for kind in KINDS:
        for spelling, column in _columns_by_spelling(kind).items():
            found.setdefault(spelling, set()).add(column)
    return {spelling: min(names) for spelling, names in found.items() if len(names) == 1}


def word_for(kind: str, column: str, identifier: str, language: Language) -> str:
    """The word that stands for an identifier; the identifier itself where there is none."""
    words = headings(kind)[column].words.get(identifier)
    return identifier if words is None else words[0 if language == "zh" else 1]


@cache
def _table() -> Mapping[str, Any]:
    text = files("quotawatt.register").joinpath("headers.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table


@cache
def _sheets() -> Mapping[str, str]:
    return {
        spelled(name): kind
        for kind, entry in _table()["kinds"].items()
        for name in (kind, entry["zh"], entry["en"], *entry["aka"])
    }


def _heading(kind: str, column: str) -> Heading:
    table = _table()
    entry = table["kind_columns"].get(kind, {}).get(column) or table["columns"][column]
    words = table["words"].get(entry.get("words"), {})
    return Heading(
        zh=entry["zh"],
        en=entry["en"],
        aka=tuple(entry.get("aka", ())),
        unit=entry.get("unit", ""),
        words={identifier: tuple(said) for identifier, said in words.items()},
        note_zh=entry["note_zh"],
        note_en=entry["note_en"],
        example=entry["example"],
    )


@cache
def _columns_by_spelling(kind: str) -> Mapping[str, str]:
    """Every spelling of a column's names -> the column. The names that are written go before the others."""
    found: dict[str, str] = {}
    every = headings(kind).items()
    _take(found, ((name, (name, said.zh, said.en)) for name, said in every))
    _take(found, ((name, said.aka) for name, said in every))
    return found


def _take(found: dict[str, str], named: Iterable[tuple[str, Iterable[str]]]) -> None:
    for column, names in named:
        for name in names:
            found.setdefault(spelled(name), column)


@cache
def _unit_spellings(unit: str) -> frozenset[str]:
    others = _table()["units"].get(unit, ())
    return frozenset(spelled(name) for name in (unit, *others)) if unit else frozenset()
