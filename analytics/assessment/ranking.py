"""Ranking of like with like: who is among the same kind, level and zone, and who uses least there.

A rank is 1 plus the number of peers with a smaller figure, so equal figures share a rank. The percentile is
the share of the other peers that use more. Whoever is covered too little is listed apart, never ranked
silently; where there are too few peers nobody has a rank.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from analytics.assessment.figures import Amounts, Books, Figure, figures, in_use
from analytics.assessment.peers import PeerGroup, benchmarks_of, peer_group, tiers_of
from quotawatt.rulebook.assessment import Benchmark, Ranking
from quotawatt.rulebook.indicators import HEADCOUNT


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands among its peers.

    rank, percentile
        None: not ranked, and ``apart`` says why: ``coverage``, ``too_few``, or why the figure is missing.
    change_pct
        Against the same days a year before; None where one of the two is not known or covered too little.
    tiers
        Values of the quota's tiers, where the period has twelve months and one quota is for the asset.
    """

    figure: Figure
    rank: int | None
    percentile: float | None
    apart: str
    last_year: Figure
    change_pct: float | None
    tiers: Mapping[str, float]
    benchmarks: tuple[Benchmark, ...]

    @property
    def tier_distances(self) -> list[dict[str, Any]]:
        """Each tier with its value and how far the figure lies above it in percent."""
        value = self.figure.value
        return [
            {"tier": tier, "value": limit, "above_pct": _above(value, limit)}
            for tier, limit in self.tiers.items()
        ]

    @property
    def benchmark_distances(self) -> list[dict[str, Any]]:
        """Each benchmark with its value, how far the figure lies above it, and how well it is known."""
        value = self.figure.value
        return [
            {
                "id": b.id,
                "title": {"zh": b.title.zh, "en": b.title.en},
                "year": b.year,
                "value": b.value,
                "above_pct": _above(value, b.value),
                "electricity_basis": b.electricity_basis,
                "trust": b.trust.value,
                "source": b.source,
            }
            for b in self.benchmarks
        ]


@dataclass(frozen=True, slots=True)
class PeerRanking:
    """One group under one ranking: standings by figure, those apart at the end; median of the ranked."""

    ranking: Ranking
    group: PeerGroup
    standings: tuple[Standing, ...]
    median: float | None

    @property
    def ranked(self) -> int:
        """How many are ranked."""
        return sum(s.rank is not None for s in self.standings)


def rank_peers(
    ranking: Ranking, now: Amounts, year_before: Amounts, held: Books, held_before: Books
) -> tuple[PeerRanking, ...]:
    """Every group of peers under a ranking, sorted by what they have in common.

    now, year_before
        Use over the period and over the same days a year before; ``held`` and ``held_before`` are the
        books of both.
    """
    assets = in_use(held)
    if ranking.denominator == HEADCOUNT:  # people are an organisation's, not a building's
        assets = [asset for asset in assets if asset in held.register.organisations]
    current = figures(ranking, assets, now, held)
    earlier = figures(ranking, assets, year_before, held_before)
    groups: dict[PeerGroup, list[str]] = {}
    for asset in assets:
        groups.setdefault(peer_group(asset, held.register), []).append(asset)
    return tuple(
        _rank_group(ranking, group, [current[a] for a in members], earlier, held)
        for group, members in sorted(groups.items(), key=lambda item: str(item[0]))
    )


def ranks(values: Sequence[float]) -> list[int]:
    """The rank of each value, from 1 for the smallest; equal values share one."""
    rising = sorted(values)
    return [1 + bisect_left(rising, value) for value in values]


def percentiles(values: Sequence[float]) -> list[float]:
    """Percent of the other values that are greater than each; a value by itself has 0."""
    rising, others = sorted(values), max(len(values) - 1, 1)
    return [100 * (len(rising) - bisect_right(rising, value)) / others for value in values]


def distance_pct(value: float, limit: float) -> float:
    """How far a figure lies above a limit in percent of it; below it the answer is negative."""
    return 100 * (value - limit) / limit


def _above(value: float | None, limit: float) -> float | None:
    return None if value is None else distance_pct(value, limit)


def _rank_group(
    ranking: Ranking,
    group: PeerGroup,
    members: Sequence[Figure],
    earlier: Mapping[str, Figure],
    held: Books,
) -> PeerRanking:
    apart = {figure.asset: _apart(ranking, figure) for figure in members}
    fit = [figure for figure in members if not apart[figure.asset]]
    values = [figure.value for figure in fit if figure.value is not None]
    enough = len(values) >= ranking.least_peers
    placed = dict(
        zip(
            [f.asset for f in fit],
            zip(ranks(values), percentiles(values), strict=True),
            strict=True,
        )
    )
    standings = []
    for figure in members:
        why = apart[figure.asset] or ("" if enough else "too_few")
        rank, percentile = placed[figure.asset] if not why else (None, None)
        before = earlier[figure.asset]
        standings.append(
            Standing(
                figure,
                rank,
                percentile,
                why,
                before,
                _change(ranking, figure, before),
                tiers_of(ranking, figure.asset, held),
                benchmarks_of(ranking, figure.asset, held),
            )
        )
    return PeerRanking(ranking, group, _ordered(standings), median(values) if values else None)


def _ordered(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    def order(s: Standing) -> tuple[bool, float, str]:
        known = s.figure.value
        apart = s.apart not in ("", "too_few")
        return apart, float("inf") if known is None else known, s.figure.asset

    return tuple(sorted(standings, key=order))


def _apart(ranking: Ranking, figure: Figure) -> str:
    if figure.value is None:
        return figure.missing
    return "" if figure.coverage >= ranking.least_coverage else "coverage"


def _change(ranking: Ranking, figure: Figure, before: Figure) -> float | None:
    if figure.value is None or not before.value:
        return None
    if min(figure.coverage, before.coverage) < ranking.least_coverage:
        return None
    return distance_pct(figure.value, before.value)
