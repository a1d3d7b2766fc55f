"""The rules that a single value of a register can break."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.calendars import is_country
from quotawatt.geography.outlines import parse_outline
from quotawatt.quantities import QUANTITIES
from quotawatt.register import rules
from quotawatt.register.contact_rules import CONTACTS
from quotawatt.register.formulas import parse_formula
from quotawatt.register.headings import word_for
from quotawatt.register.problems import CellError, Problem, Rule
from quotawatt.register.rows import CODED, Row

_PARSED: Mapping[tuple[str, str], Callable[[str], object]] = {
    ("virtual_meters", "formula"): parse_formula,
    ("geofences", "outline"): parse_outline,
}
"""Texts with a form of their own, and what reads them; it raises CellError."""

_RULED = {
    *((kind, "code") for kind in CODED),
    *rules.VOCABULARIES,
    *rules.POSITIVE,
    *rules.RANGES,
    ("sites", "timezone"),
    ("sites", "country"),
    *CONTACTS,
    *_PARSED,
}


def check_cells(kind: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """The problems of each value by itself."""
    for column in [column for ruled, column in sorted(_RULED) if ruled == kind]:
        for row in rows:
            value = row.cells.get(column)
            rule = None if value is None else broken_by(kind, column, value)
            if rule is not None:
                yield Problem(row.where.at(column), rule, value)


def broken_by(kind: str, column: str, value: Any) -> Rule | None:
    """The rule that a value of this column breaks by itself; None: none."""
    place = (kind, column)
    if column == "code":
        return None if rules.CODE.fullmatch(value) else rules.CODE_FORM
    if place in rules.VOCABULARIES:
        return None if value in rules.VOCABULARIES[place] else _word_rule(place)
    if place in rules.POSITIVE:
        return None if value > 0 else rules.ABOVE_ZERO
    if place in rules.RANGES:
        low, high = rules.RANGES[place]
        return None if low <= value <= high else rules.RANGE.of(low=_plain(low), high=_plain(high))
    if place in CONTACTS:
        form, rule = CONTACTS[place]
        return None if not value or form.fullmatch(value) else rule
    if place[0] == "sites":
        return _site_rule(column, value)
    return _parsed_rule(place, value) if place in _PARSED else None


def _site_rule(column: str, value: str) -> Rule | None:
    if column == "timezone":
        return None if _is_zone(value) else rules.ZONE
    return None if not value or is_country(value) else rules.COUNTRY


def _parsed_rule(place: tuple[str, str], text: str) -> Rule | None:
    try:
        _PARSED[place](text)
    except CellError as error:
        return error.rule
    return None


@cache
def _word_rule(place: tuple[str, str]) -> Rule:
    words = rules.VOCABULARIES[place]
    if len(words) > len(QUANTITIES):
        return rules.QUANTITY
    chinese = [word_for(*place, word, "zh") for word in words]
    return rules.WORD.of(words=(_listed(words, ", ", "empty"), _listed(chinese, "、", "空")))


def _listed(words: Iterable[str], between: str, empty: str) -> str:
    return between.join(word or empty for word in words)


def _plain(bound: float | date) -> str:
    return bound.isoformat() if isinstance(bound, date) else f"{bound:g}"


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
