"""What was read of a workbook or a folder of files: rows by kind, what is wrong, and what was not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quotawatt.register.headings import headings
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
        """The problem with the name of the cell and its heading as its place (``建筑!F5 建筑面积``).

        One that is in no single cell of a workbook stays as it is.
        """
        where = problem.where
        cell = self.cell_of(where)
        if cell is None:
            return problem
        kind = next(kind for kind, sheet in self.sheets.items() if sheet == where.sheet)
        heading = headings(kind)[where.column]
        title = heading.zh if language == "zh" else heading.en
        return replace(problem, where=Where(f"{where.sheet}!{cell}", None, title))

    def cell_of(self, where: Where) -> str | None:
        """``F5``; None where the place is no single cell of a workbook."""
        letter = self.letters.get((where.sheet, where.column))
        return None if letter is None or where.row is None else f"{letter}{where.row}"

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
