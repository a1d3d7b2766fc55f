"""What a reader of values does not tell of a sheet: formulas without a value, errors, merged cells, extent.

Read from the XML of the sheet (ECMA-376 part 1, 18.3.1), as a stream. The extent matters before values are
read, for a reader makes room for every cell between the first and the last.
"""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from xml.parsers import expat

_PIECE = 1 << 18
_MOST_LISTED = 10_000
_T = TypeVar("_T")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Scan:
    """What was seen of one sheet; rows and columns count from 1.

    merged
        (first row, first column, last row, last column) of each merged range.
    errors, unvalued
        (row, column) of the cells that hold an error, and of formulas whose value was not saved.
    hidden_rows
        How many rows with cells are hidden.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
    unvalued: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    last_row: int = 0
    last_column: int = 0


def scan_sheet(archive: zipfile.ZipFile, part: str) -> Scan:
    """Look through a sheet. Raises KeyError where there is no such part, ExpatError where it is no XML."""
    scanner = _Scanner()
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            scanner.feed(piece, last=False)
    scanner.feed(b"", last=True)
    return scanner.scan


def sheet_parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The part of each sheet by the sheet's name. Raises KeyError or ExpatError where the book is damaged."""
    targets = {
        found.get("Id", ""): found.get("Target", "")
        for found in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    parts: dict[str, str] = {}
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        identifier = next((v for k, v in sheet.items() if k.rpartition(":")[2] == "id"), "")
        target = targets.get(identifier, "")
        parts[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target))[1:]
    return parts


def letter(column: int) -> str:
    """The letters of a column that counts from 1: A, Z, AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)
    return found


class _Scanner:
    """Handlers of the parser. Rows and cells may leave out where they are: then they follow the last one."""

    def __init__(self) -> None:
        self.scan = Scan()
        self._row = 0
        self._column = 0
        self._row_hidden = False
        self._is_error = False
        self._has_formula = False
        self._has_value = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._handlers = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._new_row,
            "mergeCell": self._merged,
        }

    def feed(self, piece: bytes, last: bool) -> None:
        """Take the next piece of the sheet."""
        self._parser.Parse(piece, last)
        if last:
            self._end_cell()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self._handlers.get(name if ":" not in name else name.rpartition(":")[2])
        if handler is not None:
            handler(attributes)

    def _new_row(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        given = attributes.get("r", "")
        self._row = int(given) if given.isdecimal() else self._row + 1
        self._column = 0
        self._row_hidden = attributes.get("hidden") in ("1", "true")

    def _cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        if found is None:
            self._column += 1
        else:
            self._column, self._row = _number(found[1]), int(found[2])
        self._is_error = attributes.get("t") == "e"
        if "t" in attributes:  # one that is only formatted has no type, and takes no room
            self._reach()

    def _formula(self, _: dict[str, str]) -> None:
        self._has_formula = True
        self._reach()

    def _reach(self) -> None:
        self.scan.last_row = max(self.scan.last_row, self._row)
        self.scan.last_column = max(self.scan.last_column, self._column)

    def _value(self, _: dict[str, str]) -> None:
        self._reach()
        if self._has_formula:  # an empty element is no value
            self._parser.CharacterDataHandler = self._characters
        else:
            self._has_value = True

    def _characters(self, _: str) -> None:
        self._has_value = True

    def _end_cell(self) -> None:
        """Note what the cell before was, once all of it was seen."""
        if self._is_error:
            _note(self.scan.errors, (self._row, self._column))
        elif self._has_formula and not self._has_value:
            _note(self.scan.unvalued, (self._row, self._column))
        if self._row_hidden and self._has_value:
            self.scan.hidden_rows += 1
            self._row_hidden = False
        if self._has_formula:
            self._parser.CharacterDataHandler = None
        self._is_error = self._has_formula = self._has_value = False

    def _merged(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if start is not None and end is not None:
            corners = (int(start[2]), _number(start[1]), int(end[2]), _number(end[1]))
            _note(self.scan.merged, corners)


def _note(found: list[_T], value: _T) -> None:
    """Keep the value, unless there are so many that nobody reads them."""
    if len(found) < _MOST_LISTED:
        found.append(value)


def _number(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number
