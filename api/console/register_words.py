"""Columns and values of the register as people read them: headings, words, names in place of codes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.console.texts import Words
from quotawatt.formatting import DASH, minute_text
from quotawatt.quantity_words import quantity_word
from quotawatt.register.headings import headings, sheet_name, word_for
from quotawatt.register.kinds import Asset
from quotawatt.register.model import Register
from quotawatt.register.problems import Problem
from quotawatt.register.rows import CODED, KINDS, column_of, parse_cell
from quotawatt.register.rules import REFERENCES

_QUANTITIES = ("quantity", "point_quantity", "measure")
_WHOLE = 1e15


@dataclass(frozen=True, slots=True)
class Shown:
    """A value in words; ``code`` leads to the asset that it names, empty: to none."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom values are put into words: the language, the zone of instants, and the names of codes."""

    words: Words
    register: Register
    zone: ZoneInfo

    def kind(self, kind: str) -> str:
        """What a kind of records is called."""
        return sheet_name(kind, self.words.language)

    def title(self, kind: str, column: str) -> str:
        """What a column is called, with its unit."""
        return headings(kind)[column].title(self.words.language)

    def name(self, code: str) -> str:
        """The name of an asset; its code where there is none in the register."""
        asset = self.register.assets.get(code)
        return code if asset is None else self.name_of(asset)

    def name_of(self, asset: Asset) -> str:
        """The name of an asset in the reader's language, else in the other one."""
        both = (asset.name_zh, asset.name_en)
        first, second = both if self.words.language == "zh" else reversed(both)
        return first or second or asset.code

    def value(self, kind: str, column: str, value: Any) -> Shown:
        """A value of a column; a dash where there is none."""
        if value is None or value == "":
            return Shown(DASH)
        if isinstance(value, bool):
            return Shown(word_for(kind, column, str(value).lower(), self.words.language))
        if isinstance(value, int | float):
            return Shown(_number(column, value))
        if isinstance(value, datetime):
            return Shown(minute_text(value, self.zone))
        if isinstance(value, date):
            return Shown(value.isoformat())
        return self._text(kind, column, str(value))

    def cell(self, kind: str, column: str, text: str) -> Shown:
        """A value given as the text of a cell; what cannot be read is shown as it is."""
        try:
            value = parse_cell(column_of(kind, column), text) if text else None
        except ValueError:
            return Shown(text)
        return self.value(kind, column, value)

    def rule(self, problem: Problem) -> str:
        """The rule that is broken, and what was there."""
        rule = problem.rule.zh if self.words.language == "zh" else problem.rule.en
        if problem.value in (None, ""):
            return self.words("rule_broken", rule=rule)
        return self.words("rule_broken_by", rule=rule, value=str(problem.value)[:80])

    def place(self, problem: Problem) -> str:
        """Where a problem of a stored record stands: kind, key and column."""
        kind, _, key = problem.where.sheet.partition(" ")
        if kind not in KINDS:
            return str(problem.where)
        column = problem.where.column
        known = column in KINDS[kind].__dataclass_fields__
        return " ".join(
            filter(None, (self.kind(kind), key, self.title(kind, column) if known else ""))
        )

    def _text(self, kind: str, column: str, text: str) -> Shown:
        language = self.words.language
        if column in _QUANTITIES:
            return Shown(quantity_word(text, language))
        if kind == "former_values" and column == "attribute":
            return Shown(self._attribute(text))
        if (kind, column) in REFERENCES and text in self.register.assets:
            return Shown(self.name(text), text)
        return Shown(word_for(kind, column, text, language))

    def _attribute(self, column: str) -> str:
        """The heading of a column, whichever kind has it."""
        kinds = [kind for kind in CODED if column in headings(kind)]
        return self.title(kinds[0], column) if kinds else column


def _number(column: str, value: float) -> str:
    """Years and codes without separators, others with; no zeros that say nothing."""
    if column in {"year_built", "year"}:
        return str(value)
    return f"{value:,.0f}" if value == int(value) and abs(value) < _WHOLE else f"{value:,.6g}"
