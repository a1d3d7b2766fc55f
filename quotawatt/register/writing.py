"""From values to the text of a cell, so that ``reading`` gives the same value back."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

from quotawatt.register.cells import Cell
from quotawatt.register.headings import is_word, word_for
from quotawatt.register.problems import CellError
from quotawatt.register.reading import ESCAPE, Raw, reader_of
from quotawatt.register.rows import Column, column_of, format_cell
from quotawatt.register.sheets import says_no_record
from quotawatt.settings import Language

# What a spreadsheet program takes for a formula when it opens a file of text.
_FORMULA = re.compile(r"[=+\-@]")
_HARMLESS = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")


def text_of(kind: str, column: Column, value: Cell, language: Language | None = None) -> str:
    """The text of a value: a word of the language where there is one, else the identifier.

    A text that would be read as something else, or run as a formula, has an apostrophe before it.
    """
    text = format_cell(value)
    if not text or isinstance(value, datetime) or column.type not in (str, bool):
        return text
    return _text_of(kind, column.name, text, value, language)


@cache
def _reader(kind: str, name: str) -> Callable[[Raw], Cell]:
    return reader_of(kind, column_of(kind, name))


def _text_of(kind: str, name: str, text: str, value: Cell, language: Language | None) -> str:
    if language is not None:
        word = word_for(kind, name, text, language)
        if word != text and _reads_as(kind, name, word, value):
            return word
    formula = _FORMULA.match(text) is not None and _HARMLESS.fullmatch(text) is None
    if formula or says_no_record(text) or not _reads_as(kind, name, text, value):
        return ESCAPE + text
    return text


def _reads_as(kind: str, name: str, text: str, value: Cell) -> bool:
    if (kind, name) == ("former_values", "value"):  # is taken as its own column's cells are
        return not text.startswith(ESCAPE) and not is_word(text)
    try:
        return _reader(kind, name)(text) == value
    except CellError:
        return False
