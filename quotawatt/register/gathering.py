"""What is read of several sheets or files, put together sheet by sheet."""

from collections.abc import Callable
from dataclasses import dataclass, field

from quotawatt.register.found import Found, Note
from quotawatt.register.problems import Problem
from quotawatt.register.rows import Row
from quotawatt.register.sheets import Taken


@dataclass
class Gathering:
    """Collects what becomes of each sheet.

    sheets
        Kind -> the name of its sheet, whether it could be read or not.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)

    def take(
        self, kind: str, name: str, taken: Taken, letter: Callable[[int], str] | None = None
    ) -> None:
        """Add what was read of the sheet ``name``. ``letter`` names a position from 0; None: a file."""
        self.problems += taken.problems
        self.notes += taken.notes
        if taken.header is None:
            return
        if taken.readable:
            self.rows[kind] = taken.rows
            self.columns[kind] = frozenset(taken.header.positions)
        if letter is not None:
            for column, position in taken.header.positions.items():
                self.letters[name, column] = letter(position)

    def found(self) -> Found:
        """All of it. Problems stand in the order of kinds and rows."""
        return Found(
            rows=self.rows,
            columns=self.columns,
            sheets=self.sheets,
            letters=self.letters,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            unread=frozenset(self.sheets) - frozenset(self.rows),
        )
