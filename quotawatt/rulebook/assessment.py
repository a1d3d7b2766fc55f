"""How institutions are compared and assessed, as values: rankings, benchmarks and schemes of scoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quotawatt.rulebook.basics import Text, Trust


class Convert(StrEnum):
    """What use becomes before it is divided."""

    NONE = "none"
    COAL = "coal"
    CARBON = "carbon"


@dataclass(frozen=True, slots=True)
class Ranking:
    """A figure by which like is ranked with like; less is better.

    measures
        Whose use stands above the line; ``convert`` with ``factor_set`` says what it becomes.
    denominator
        ``gross_area_m2`` or ``headcount``; ``headcount_components`` says which people count.
    least_coverage
        Share (0..1) of the period that must rest on results; what has less is listed apart.
    least_peers
        So many must be comparable for a rank to say anything.
    indicator
        That of the quotas whose tiers stand beside the figure; empty: none.
    """

    id: str
    title: Text
    unit: str
    convert: Convert
    factor_set: str
    measures: Sequence[str]
    denominator: str
    headcount_components: Sequence[str]
    least_coverage: float
    least_peers: int
    indicator: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published figure of many institutions, shown beside those of a ranking.

    kinds, levels
        Those of the organisations that it may be held against; none: all.
    province
        Only for sites there; empty: everywhere.
    electricity_basis
        ``equivalent``, ``calorific`` or ``unknown``: how it counts electricity; ``none`` where it counts
        no coal equivalent.
    """

    id: str
    title: Text
    ranking: str
    year: int
    value: float
    kinds: Sequence[str]
    levels: Sequence[str]
    province: str
    electricity_basis: str
    source: str
    trust: Trust


BASES = (
    "quota_standing",
    "target_met",
    "reduction",
    "data_quality",
    "returns_on_time",
    "findings_dealt_with",
    "confirmed",
)
"""What an item of a scheme can rest on."""


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One item: its points, what they rest on, and whether missing it fails the whole (★, binding).

    about
        What of the basis: an indicator of quotas, ``carbon``, ``assigned``, or a ranking.
    shares
        ``quota_standing``: share (0..1) of the points at each standing.
    none_at, full_at
        Between which figures the points grow from none to all. ``reduction``: percent below last year;
        ``data_quality``: coverage in percent; ``findings_dealt_with``: percent of what is answered for.
    older_than_days
        ``findings_dealt_with``: an open finding counts once it is as old as this.
    """

    id: str
    title: Text
    basis: str
    points: float
    binding: bool = False
    about: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    none_at: float = 0.0
    full_at: float = 100.0
    older_than_days: int = 0


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of who has ``least`` points or more."""

    id: str
    title: Text
    least: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme by which organisations are scored each year.

    grades
        From the best to the worst; the last begins at 0 points, and is that of who misses a binding item.
    least_known_pct
        Percent of the points of which something must be known for a score to be given.
    template
        Whether its items are to be filled in from the standard before it means anything.
    """

    id: str
    title: Text
    grades: Sequence[Grade]
    items: Sequence[SchemeItem]
    least_known_pct: float
    template: bool
    source: str
    trust: Trust

    @property
    def full_points(self) -> float:
        """All points that can be had."""
        return sum(item.points for item in self.items)
