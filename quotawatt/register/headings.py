"""What people call the sheets, columns and words of the register: ``headers.yaml``, and how it is read.

Spelling counts without blanks, line breaks, case and full-width forms, in the table and in a file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from quotawatt.register.header_table import header_table
from quotawatt.register.header_table import spelled as spelled
from quotawatt.register.rows import KINDS, Column, columns
from quotawatt.register.rules import REFERENCES
from quotawatt.register.unit_names import heading_with_unit, multiples, unit_spellings
from quotawatt.settings import Language

REQUIRED_MARK = "*"
"""Stands behind the heading of a column that must be filled."""

STANDS_IN: Mapping[str, str] = {"name_en": "name_zh"}
"""Columns that a file may leave empty though a record has them, and the column whose value they take."""

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
    times
        How many of the column's unit make up one of the heading's: 10000 of 万平方米.
    says_unit
        Whether it names a unit at all.
    """

    column: str | None
    unit: str = ""
    times: int = 1
    says_unit: bool = False


def sheet_name(kind: str, language: Language) -> str:
    """The name of the sheet of a kind."""
    name: str = header_table()["kinds"][kind][language]
    return name


def kind_of_sheet(name: str) -> str | None:
    """The kind that a sheet of this name holds; None where it is no name of a kind.

    A number or year before the name and words such as 台账 or 一览表 behind it say nothing.
    """
    return named_sheet(name, _sheets())


def named_sheet(name: str, known: Mapping[str, str]) -> str | None:
    """What ``known`` has for the name of a sheet, by its spelling, whatever stands around it; else None."""
    before, behind = _around()
    plain, shorter = before.sub("", spelled(name)), ""
    while plain not in known and shorter != plain:
        shorter, plain = plain, behind.sub("", plain)
    return known.get(plain)


@cache
def headings(kind: str) -> Mapping[str, Heading]:
    """What is said of each column of a kind, in order."""
    return {column.name: _heading(kind, column.name) for column in columns(kind)}


def must_be_filled(column: Column) -> bool:
    """Whether a file must have something in each cell of the column."""
    return column.required and column.name not in STANDS_IN


def is_passed_over(text: str) -> bool:
    """Whether a heading is that of a column of which nothing need be said, such as 序号."""
    return spelled(text) in header_table()["passed"]


def read_heading(kind: str, text: str) -> Reading:
    """What a heading of a file means: with or without its unit, a mark, or a hint in brackets."""
    plain = spelled(text).replace(REQUIRED_MARK, "").rstrip(":")
    names = _columns_by_spelling(kind)
    if plain in names:
        return Reading(names[plain])
    parts = _IN_BRACKETS.match(plain) or heading_with_unit().match(plain)
    if parts is None or parts[1] not in names:
        return Reading(None)
    column, bracketed = names[parts[1]], parts[2]
    unit = headings(kind)[column].unit
    if bracketed in _HINTS:
        return Reading(column)
    times = 1 if bracketed in unit_spellings(unit) else multiples(unit).get(bracketed, 0)
    return Reading(column, "" if times else bracketed, times or 1, says_unit=True)


@cache
def meanings(kind: str, column: str) -> Mapping[str, str]:
    """The words of a column by their spelling -> what they mean; empty without a vocabulary."""
    heading = headings(kind)[column]
    return {
        spelled(word): identifier
        for identifier, words in heading.words.items()
        for word in (*words, identifier)
    }


def is_word(text: str) -> bool:
    """Whether a text means something else in any column that has words."""
    return any(words.get(spelled(text), text) != text for words in _vocabularies())


@cache
def _vocabularies() -> tuple[Mapping[str, str], ...]:
    return tuple(meanings(kind, name) for kind in KINDS for name in headings(kind))


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
def _sheets() -> Mapping[str, str]:
    return {
        spelled(name): kind
        for kind, entry in header_table()["kinds"].items()
        for name in (kind, entry["zh"], entry["en"], *entry["aka"])
    }


@cache
def _around() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and behind the name of a kind in that of a sheet."""
    around = header_table()["around"]
    return re.compile(f"^({'|'.join(around['before'])})+"), re.compile(
        f"({'|'.join(around['behind'])})$"
    )


def _heading(kind: str, column: str) -> Heading:
    table = header_table()
    entry = {
        **table["columns"].get(column, {}),
        **table["kind_columns"].get(kind, {}).get(column, {}),
    }
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
    _take(found, ((name, _with_endings(kind, name, said)) for name, said in every))
    return found


def _with_endings(kind: str, column: str, said: Heading) -> Iterator[str]:
    """建筑编号 for the code of a building, 所在建筑名称 for a reference to one."""
    endings = header_table()["endings"]
    if (kind, column) in REFERENCES:
        ends = (*endings["code"], *endings["name_zh"])
        yield from (name + end for name in (said.zh, *said.aka) for end in ends)
    elif column in endings:
        entry = header_table()["kinds"][kind]
        yield from (name + end for name in (entry["zh"], *entry["aka"]) for end in endings[column])


def _take(found: dict[str, str], named: Iterable[tuple[str, Iterable[str]]]) -> None:
    for column, names in named:
        for name in names:
            found.setdefault(spelled(name), column)
