"""What was read of a workbook or a folder of files: rows by kind, what is wrong, and what was not read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quotawatt.register.headings import headings, sheet_name
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.rows import KINDS, Row
from quotawatt.settings import Language


@dataclass(frozen=True, slots=True)
class Note:
    """Something that whoever hands a file in should know and that is no mistake: what was not read, or
    how something was understood."""

    where: Where
    said: Rule

    def text(self, language: Language = "en") -> str:
        """``where: what is said``, in one line."""
        return (
            f"{self.where}：{self.said.zh}" if language == "zh" else f"{self.where}: {self.said.en}"
        )


@dataclass(frozen=True)
class Found:
    """What was read.

    rows
        By kind, for the kinds whose sheet or file was there and could be read. Of a row only the columns
        are in ``cells`` that ``columns`` names and whose cells could be read.
    columns
        By kind the columns that the sheet has; others stay as they are stored.
    sheets
        By kind the name of its sheet or file.
    letters
        By sheet and column the letter of the column in the sheet; empty for files without letters.
    problems, notes
        What is wrong, and what is to be known besides.
    unread
        Kinds whose sheet is there and could not be read at all: what refers to them cannot be judged.
    """

    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[tuple[str, str], str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    unread: frozenset[str] = frozenset()

    def placed(self, problem: Problem, language: Language = "en") -> Problem:
        """The problem with its place as people know it (``建筑!F5 建筑面积``).

        One of a stored record is placed by the kind's name and the record's key (``建筑 BLD-1 所在院区``).
        """
        where = problem.where
        kind = next((kind for kind, sheet in self.sheets.items() if sheet == where.sheet), None)
        if kind is None:
            return replace(problem, where=stored_place(where, language))
        cell = self.cell_of(where)
        if cell is None and language == "en":
            return problem
        sheet, row = (where.sheet, where.row) if cell is None else (f"{where.sheet}!{cell}", None)
        return replace(problem, where=Where(sheet, row, _title(kind, where.column, language)))

    def cell_of(self, where: Where) -> str | None:
        """``F5``; None where the place is no single cell of a workbook."""
        letter = self.letters.get((where.sheet, where.column))
        return None if letter is None or where.row is None else f"{letter}{where.row}"

    def in_order(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems as one goes through the file: by sheet, row and column; those of no sheet last."""
        sheets = {sheet: position for position, sheet in enumerate(self.sheets.values())}
        columns = {
            (sheet, name): position
            for kind, sheet in self.sheets.items()
            for position, name in enumerate(headings(kind))
        }

        def place(problem: Problem) -> tuple[int, int, int]:
            where = problem.where
            column = columns.get((where.sheet, where.column), -1)
            return (sheets.get(where.sheet, len(sheets)), where.row or 0, column)

        return tuple(sorted(problems, key=place))

    def plain(self, problem: Problem, language: Language) -> dict[str, Any]:
        """The problem as plain JSON: sheet, row, column, cell, rule (its code), text."""
        where = problem.where
        return {
            "sheet": where.sheet,
            "row": where.row,
            "column": where.column or None,
            "cell": self.cell_of(where),
            "rule": problem.rule.code,
            "text": self.placed(problem, language).text(language),
        }


def unreadable(problem: Problem) -> Found:
    """What is found where nothing could be read at all."""
    return Found(problems=(problem,), unread=frozenset(KINDS))


def stored_place(where: Where, language: Language) -> Where:
    """The place of a stored record, ``kind key column``, in words; any other place as it is."""
    kind, _, key = where.sheet.partition(" ")
    if language == "en" or kind not in KINDS:
        return where
    place = f"{sheet_name(kind, language)} {key}".rstrip()
    return Where(place, where.row, _title(kind, where.column, language))


def in_both(where: Where) -> tuple[str, str]:
    """A place in English and Chinese."""
    return str(where), str(stored_place(where, "zh"))


def _title(kind: str, column: str, language: Language) -> str:
    heading = headings(kind).get(column)
    if heading is None:
        return column
    return heading.zh if language == "zh" else heading.en
