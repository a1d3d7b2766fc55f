"""How well year-ends are known beforehand: coverage, error and CRPS against the naive remainder, flags."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.quotas_cases import Case
from benchmarks.report import Figure

LIMIT_SHARES = (0.92, 0.95, 0.98, 1.01, 1.04)
"""Quotas are this much of the year before's total: some are kept, some are not."""

FLAGGED_FROM = 2 / 3
"""Likely: the word that the IPCC keeps for two thirds and more (Guidance Note on Uncertainties, 2010)."""

JULY = 7


def accuracy_figures(cases: Sequence[Case]) -> Iterator[Figure]:
    """Figures of all cases, with their bars, and of each group beside them."""
    yield from main_figures("", cases, bars=True)
    for name, mine in _groups():
        yield from main_figures(f"{name}: ", [case for case in cases if mine(case)])
    yield from _flags([case for case in cases if case.month == JULY and case.last_total > 0])


def _groups() -> tuple[tuple[str, Callable[[Case], bool]], ...]:
    return (
        ("offices, two clean years", lambda c: c.of.group == "offices" and not _panther(c)),
        ("offices, last year from May only", _panther),
        ("Cambridge electricity", lambda c: c.of.group == "Cambridge electricity"),
        ("Cambridge gas", lambda c: c.of.group == "Cambridge gas"),
    )


def _panther(case: Case) -> bool:
    return "Panther" in case.of.building


def stress_figures(cases: Sequence[Case]) -> Iterator[Figure]:
    """Years that nobody could foresee, without bars."""
    for year in sorted({case.of.year for case in cases}):
        yield from main_figures(f"stress, {year}: ", [c for c in cases if c.of.year == year])


def main_figures(name: str, cases: Sequence[Case], bars: bool = False) -> Iterator[Figure]:
    """Coverage, error and CRPS of some cases, beside the naive ones."""
    said = [c for c in cases if not np.isnan(c.median)]
    inside = 100 * float(np.mean([c.low <= c.true <= c.high for c in said]))
    yield Figure(f"{name}projections made", len(said), "")
    yield Figure(
        f"{name}true year-end inside the 80 % interval", inside, "%", at_least=70 if bars else None
    )
    if bars:
        yield Figure("… and not more often than", inside, "%", at_most=90)
    both = [c for c in said if not np.isnan(c.naive)]
    late = [c for c in both if c.month >= JULY]
    ours = _median([abs(c.median - c.true) / c.true for c in late])
    naive = _median([abs(c.naive - c.true) / c.true for c in late])
    yield Figure(f"{name}median error from July on", 100 * ours, "%")
    yield Figure(f"{name}the same, naive", 100 * naive, "%")
    yield Figure(
        f"{name}median error below the naive one by",
        100 * (1 - ours / naive),
        "%",
        at_least=30 if bars else None,
    )
    crps = float(np.mean([c.crps / c.true for c in both]))
    peer = float(np.mean([abs(c.naive - c.true) / c.true for c in both]))
    yield Figure(
        f"{name}CRPS below the naive one by",
        100 * (1 - crps / peer),
        "%",
        at_least=25 if bars else None,
    )


def _flags(cases: Sequence[Case]) -> Iterator[Figure]:
    """Who is told by 30 June, of those who end over their quota and of those who do not."""
    told: dict[bool, list[bool]] = {True: [], False: []}
    naive: dict[bool, list[bool]] = {True: [], False: []}
    for case in cases:
        for share in LIMIT_SHARES:
            limit = share * case.last_total
            likely = case.ends.probability_above(np.array([limit]))[0]
            told[case.true > limit].append(bool(likely >= FLAGGED_FROM))
            naive[case.true > limit].append(bool(case.naive > limit))
    yield Figure("ended over a quota", len(told[True]), "")
    yield Figure("of them flagged by 30 June", _percent(told[True]), "%", at_least=80)
    yield Figure("the same, naive", _percent(naive[True]), "%")
    yield Figure("kept within a quota", len(told[False]), "")
    yield Figure("of them flagged falsely", _percent(told[False]), "%", at_most=10)
    yield Figure("the same, naive", _percent(naive[False]), "%")


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))


def _percent(flags: Sequence[bool]) -> float:
    return 100 * float(np.mean(flags))
