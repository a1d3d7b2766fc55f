"""Scorecards as values: schemes by which an institution is called green, low-carbon or near-zero.

An item is worked out from data (``basis``), or a person confirms it by a document (``evidence``). It must be
met, or it has a weight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from quotawatt.rulebook.basics import Citation, Text, Tier, Trust

EVIDENCE = "evidence"

BASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "quota_within": ("tier", "years"),
        "carbon_falling": ("years",),
        "green_share": ("at_least_pct",),
        "targets_met": ("targets",),
        "energy_at_least": ("at_least_tce",),
        EVIDENCE: (),
    }
)
"""What an item can rest on, and the keys that each needs.

``quota_within``: every quota of energy within ``tier`` in each of the last ``years`` years.
``carbon_falling``: carbon per m² with a fixed grid factor below that of the year before, ``years`` times.
``green_share``: PV used on the spot and matched certificates as a share of all electricity used.
``targets_met``: the named targets are kept. ``energy_at_least``: the use of a year in tce.
"""


@dataclass(frozen=True, slots=True)
class ScorecardItem:
    """One item.

    weight
        Points where it is wholly met; 0 for one that must be met.
    must
        Whether without it there is no title.
    only_kinds, not_kinds
        Kinds of organisation that it is asked of, or not; empty: of all.
    trust
        How well the item and its figure are known.
    """

    id: str
    title: Text
    basis: str
    trust: Trust
    weight: float = 0.0
    must: bool = False
    tier: Tier | None = None
    years: int = 1
    at_least_pct: float = 0.0
    at_least_tce: float = 0.0
    targets: Sequence[str] = ()
    only_kinds: Sequence[str] = ()
    not_kinds: Sequence[str] = ()

    def asked_of(self, kind: str) -> bool:
        """Whether an organisation of this kind has to meet it."""
        return (not self.only_kinds or kind in self.only_kinds) and kind not in self.not_kinds


@dataclass(frozen=True, slots=True)
class Level:
    """A title that is given from so many points on."""

    title: Text
    points: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scheme.

    factor_set
        That its energy is converted by, where an item asks for tce; else empty.
    note
        What must be known of it before anybody quotes it: that it is ours, or a template.
    levels
        Titles by points, the lowest first; empty: met where all that must be met is.
    """

    id: str
    title: Text
    cites: Citation
    note: Text
    items: Sequence[ScorecardItem]
    levels: Sequence[Level]
    factor_set: str
    trust: Trust
