"""An asset under what it is judged by, before its use is looked at."""

from dataclasses import dataclass, replace

from analytics.yearly.holdings import Holding
from analytics.yearly.items import Items
from analytics.yearly.needed import IT_PURPOSE, denominator_measure
from analytics.yearly.terms import Term, terms_of
from analytics.yearly.usetable import Pair
from analytics.yearly.yardsticks import Yardstick
from quotawatt.hand.entries import subject_of
from quotawatt.rulebook.indicators import IT_ELECTRICITY

About = dict[str, str | float | int | None]
"""What a finding says."""


@dataclass(frozen=True, slots=True)
class Case:
    """One asset under one yardstick, before its use is looked at.

    terms
        All that it may have, known or not.
    pairs
        All series that it asks for, those of its denominator included.
    """

    asset: str
    yardstick: Yardstick
    held: tuple[Holding, ...]
    terms: tuple[Term, ...]
    pairs: frozenset[Pair]

    @property
    def about(self) -> About:
        """What findings about it say."""
        return {"quota": self.yardstick.account}


def case_of(asset: str, yardstick: Yardstick, held: tuple[Holding, ...], items: Items) -> Case:
    """A case with all terms and series that it may have."""
    terms = tuple(terms_of(asset, yardstick.indicator, held, items))
    case = Case(asset, yardstick, held, terms, frozenset())
    return replace(case, pairs=frozenset(_pairs_of(case, items)))


def _pairs_of(case: Case, items: Items) -> set[Pair]:
    found = {term.pair for term in case.terms} | set(flow_pairs(case, items))
    for one in case.held:
        if case.asset not in {b.code for b in one.buildings}:
            codes = (*(b.code for b in one.buildings), own_series(case))
            found.update((c, n) for c in codes for n in case.yardstick.indicator.carriers)
    return found


def own_series(case: Case) -> str:
    """What was entered by hand of an organisation itself."""
    return subject_of(case.asset, case.held[-1].piece.register)


def flow_pairs(case: Case, items: Items) -> list[Pair]:
    """The series that a denominator is made of which grows with the year; none for other denominators."""
    indicator = case.yardstick.indicator
    measure = denominator_measure(indicator.denominator)
    if measure is None:
        return []
    if indicator.denominator != IT_ELECTRICITY:
        return [(case.asset, measure)]
    buildings = {b.code for one in case.held for b in one.buildings}
    return [i.pair for code in sorted(buildings) for i in items.of(code, (IT_PURPOSE,))]
