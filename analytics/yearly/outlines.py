"""Outlines of accounts: what stays of a draft as long as the same series are known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.yearly.cases import Case
from analytics.yearly.drafts import Draft, denominator_of
from analytics.yearly.items import Items
from analytics.yearly.terms import LEAVES_OUT, Adjustment, Conversion, Term
from analytics.yearly.usetable import Pair, UseTable
from quotawatt.findings import Finding
from quotawatt.rulebook.indicators import FLOWS, HEADCOUNT

DAILY = frozenset({"denominator_missing"})
"""Findings that may go, or come, with a day alone."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An account without its use.

    possible
        The terms of its case, by which it is known again.
    known, used
        The series that have any day in both periods, and in this one.
    terms, conversions, correction, denominator, adjustments, metered_area_share
        As in ``Draft``; without terms there is no account.
    """

    possible: tuple[Term, ...]
    known: frozenset[Pair]
    used: frozenset[Pair]
    findings: tuple[Finding, ...]
    terms: tuple[Term, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    correction: float = 1.0
    denominator: float = 1.0
    adjustments: tuple[Adjustment, ...] = ()
    metered_area_share: float | None = None

    def is_of(self, case: Case, table: UseTable) -> bool:
        """Whether it is the case's, and the same series are known of it."""
        return (
            self.possible is case.terms
            and self.known == case.pairs & table.known_pairs
            and self.used == case.pairs & table.used_pairs
        )


def outline_of(
    case: Case, table: UseTable, draft: Draft | None, findings: Sequence[Finding]
) -> Outline | None:
    """The outline of an account; None where more of it than its use changes from day to day.

    That is so where use is left out with its area, where series count on some days only, and where the
    denominator grows like the use.
    """
    dated = any(term.first is not None or term.until is not None for term in case.terms)
    if dated or case.yardstick.indicator.denominator in FLOWS:
        return None
    if any(finding.code in DAILY for finding in findings):
        return None
    known, used = case.pairs & table.known_pairs, case.pairs & table.used_pairs
    if draft is None:
        return Outline(case.terms, known, used, tuple(findings))
    if any(term.role == LEAVES_OUT for term in draft.terms):
        return None
    return Outline(
        possible=case.terms,
        known=known,
        used=used,
        findings=tuple(findings),
        terms=draft.terms,
        conversions=draft.conversions,
        correction=draft.correction,
        denominator=draft.denominator,
        adjustments=draft.adjustments,
        metered_area_share=draft.metered_area_share,
    )


def filled_in(outline: Outline, case: Case, table: UseTable, items: Items) -> Draft | None:
    """The account of a case by its outline; None where it has to be drawn up from the beginning."""
    whole = _denominator(outline, case, table, items)
    if whole is None:
        return None
    if outline.adjustments and not math.isclose(whole, outline.denominator):
        # What was adjusted goes by the denominator.
        return None
    amounts = tuple(t.sign * table.amount(t.pair) for t in outline.terms)
    use = math.fsum(a * c.value for a, c in zip(amounts, outline.conversions, strict=True))
    return Draft(
        asset=case.asset,
        yardstick=case.yardstick,
        table=table,
        terms=outline.terms,
        conversions=outline.conversions,
        amounts=amounts,
        correction=outline.correction,
        used=outline.correction * use,
        denominator=whole,
        coverage=table.coverage_of([t.pair for t in outline.terms]),
        adjustments=outline.adjustments,
        metered_area_share=outline.metered_area_share,
    )


def _denominator(outline: Outline, case: Case, table: UseTable, items: Items) -> float | None:
    """Areas of a single piece are the same each day, those of several weigh by their days."""
    if len(case.held) == 1 and case.yardstick.indicator.denominator != HEADCOUNT:
        return outline.denominator
    whole, _ = denominator_of(case, outline.terms, table, items)
    if whole is None or not case.yardstick.indicator.partly_metered:
        return whole
    return whole * (1.0 if outline.metered_area_share is None else outline.metered_area_share)
