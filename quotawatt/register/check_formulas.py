"""Formulas of virtual meters in rows of a register: what they name, circles, quantities, shares."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from quotawatt.register import rules
from quotawatt.register.formula_faults import PARTS, SHARERS, Fault, formula_fault
from quotawatt.register.formulas import parts_first, terms_by_code
from quotawatt.register.known_codes import KnownCodes
from quotawatt.register.problems import Problem, Rule
from quotawatt.register.timeline import NOW, Timeline

_COLUMNS = ("formula", "quantity", "building")


def check_formulas(timeline: Timeline, known: KnownCodes) -> Iterator[Problem]:
    """The problems of every formula as the rows say it now, and as its row said it before each change.

    What a cell breaks by itself, spelling included, is said of the cell.
    """
    now = _Rows(timeline, known, NOW)
    for code, row in timeline.assets("virtual_meters"):
        if (rule := now.rule_broken_by(code)) is not None:
            yield Problem(row.where.at("formula"), rule, row.cells["formula"])
    for past in timeline.pasts:
        if past.kind == "virtual_meters" and past.column in _COLUMNS:
            rule = _Rows(timeline, known, past.last_day).rule_broken_by(past.code)
            if rule is not None:
                yield Problem(past.row.where.at("value"), rules.until(rule, past.until), past.value)


class _Rows:
    """The rows as they were on one day, as formulas are held against them."""

    def __init__(self, timeline: Timeline, known: KnownCodes, day: date) -> None:
        self._timeline = timeline
        self._known = known
        self._day = day
        formulas = (
            (code, formula)
            for code, _ in timeline.assets("virtual_meters")
            if (formula := timeline.value(code, "formula", day))
        )
        terms = terms_by_code(formulas)
        parts = {code: [term.part for term in of_one] for code, of_one in terms.items()}
        self._circular = parts_first(parts)[1]

    def kind(self, code: str) -> str | None:
        """The kind of a row; None: there is none of this code."""
        return self._known.kinds.get(code)

    def cells(self, code: str) -> Mapping[str, Any]:
        """What a row says."""
        return self._timeline.cells(code, self._day)

    def organisations_in(self, building: str) -> Collection[str]:
        """Those that a building is accounted to, or that occupy a space of it."""
        spaces = (self.cells(code) for code, _ in self._timeline.assets("spaces"))
        found = {s.get("organisation") for s in spaces if s.get("building") == building}
        return {code for code in (*found, self.cells(building).get("organisation")) if code}

    def rule_broken_by(self, code: str) -> Rule | None:
        """The rule that a virtual meter's formula breaks; None: none, or its cell is wrong already."""
        cells = self.cells(code)
        if not cells.get("formula"):
            return None
        fault = formula_fault(self, code, self._circular)
        if fault is None or fault.code == "unreadable" or self._is_excused(fault):
            return None
        terms = {
            "part": fault.part,
            "quantity": cells.get("quantity"),
            "building": cells.get("building"),
        }
        return _RULES[fault.code].of(**terms)

    def _is_excused(self, fault: Fault) -> bool:
        """Whether what is missing may be in a row that could not be read."""
        return fault.code == "unknown_part" and self._known.may_be_unread((*PARTS, *SHARERS))


_RULES: Mapping[str, Rule] = {
    "unknown_part": rules.FORMULA_PART,
    "in_circle": rules.FORMULA_CIRCLE,
    "quantities_differ": rules.FORMULA_QUANTITY,
    "share_elsewhere": rules.FORMULA_SHARE,
}
