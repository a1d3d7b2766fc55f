"""Norms of what an institution may hold (实物定额), when an asset counts as idle, and how assets are scored.

Values of the pack sections ``norms``, ``asset_kinds``, ``idle_rules`` and ``scores``. A norm cites its
clause and carries a trust mark like every number of the rulebook.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from quotawatt.rulebook.basics import Citation, Text, Trust


class Holding(StrEnum):
    """What a norm limits."""

    OFFICE_AREA = "office_area"
    """Use area of offices in m² for each person, by post."""
    VEHICLES = "vehicles"
    """Number of official vehicles: the organisation's own quota (编制) in the register."""
    EQUIPMENT = "equipment"
    """Number of pieces of equipment by the people in post."""


@dataclass(frozen=True, slots=True)
class PostArea:
    """What a person of one post may have. ``post`` is the word of a space's column ``post``."""

    post: str
    title: Text
    m2_per_person: float


@dataclass(frozen=True, slots=True)
class Step:
    """One piece for so many people, of the people up to a number; None: of all the others."""

    staff_up_to: int | None
    staff_per_piece: float


@dataclass(frozen=True, slots=True)
class Norm:
    """An upper limit of holdings.

    kind, levels
        Of the organisations that it is for; None and empty: any.
    posts
        The areas of an ``office_area`` norm.
    equipment
        The kinds of equipment that are counted together.
    headcount_components
        Whom a norm by people counts.
    steps
        Pieces by people, in order; a part of a step counts as a whole one.
    """

    id: str
    title: Text
    cites: Citation
    holding: Holding
    kind: str | None
    levels: Sequence[str]
    trust: Trust
    posts: Sequence[PostArea] = ()
    equipment: Sequence[str] = ()
    headcount_components: Sequence[str] = ()
    steps: Sequence[Step] = ()

    def post(self, name: str) -> PostArea | None:
        """The area of a post; None where the norm does not name it."""
        return next((p for p in self.posts if p.post == name), None)

    def pieces(self, people: float) -> int:
        """Pieces of equipment that so many people may have; a part of a step counts as a whole one."""
        allowed, counted = 0, 0.0
        for step in self.steps:
            until = people if step.staff_up_to is None else min(people, step.staff_up_to)
            # Rounded first: 80 % of 55 people are 44 pieces and not 44.000000000000007.
            share = round(max(until - counted, 0.0) / step.staff_per_piece, 9)
            allowed += math.ceil(share)
            counted = max(counted, until)
        return allowed


@dataclass(frozen=True, slots=True)
class AssetKind:
    """A kind of equipment or use of a room, with the words people have for it in both languages."""

    id: str
    asset: str
    words_zh: Sequence[str]
    words_en: Sequence[str]

    def is_called(self, word: str) -> bool:
        """Whether people call it so, blanks and capitals apart."""
        names = (self.id, *self.words_zh, *self.words_en)
        return _plain(word) in {_plain(name) for name in names}


@dataclass(frozen=True, slots=True)
class IdleRule:
    """When equipment or a room that is measured counts as unused.

    asset
        ``equipment`` or ``space``; ``kinds`` are kinds of equipment or uses of rooms, empty: any.
    unused_for
        Whole days before now on each of which it must have been unused.
    least_coverage
        Share of that time, 0..1, that must be measured: silent is not idle.
    standby_pct
        Mean power of a day, in % of the rating, up to which equipment stands by only.
    standby_w_per_m2
        Mean power of a day up to which nobody uses a room.
    peaks
        The highest value of a quantity, by name, that an unused asset shows: ``co2_ppm`` 600.
    """

    id: str
    title: Text
    cites: Citation
    asset: str
    kinds: Sequence[str]
    unused_for: timedelta
    least_coverage: float
    standby_pct: float
    standby_w_per_m2: float
    peaks: Mapping[str, float]
    trust: Trust


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a score, 0 to 100.

    basis
        What is measured, one of ``PARTS``.
    needed
        For ``register_complete``: columns that must be filled, by kind of record.
    older_than
        For ``open_findings``: how long a finding may be open.
    """

    basis: str
    title: Text
    weight: float
    needed: Mapping[str, Sequence[str]]
    older_than: timedelta


@dataclass(frozen=True, slots=True)
class ScoreScheme:
    """How an organisation's care of its assets is scored. What is not known is left out, and said.

    least_known_pct
        Weight of the parts that must be known for a total to be given.
    """

    id: str
    title: Text
    least_known_pct: float
    parts: Sequence[ScorePart]
    trust: Trust


PARTS = (
    "register_complete",
    "metering_coverage",
    "idle_share",
    "within_norms",
    "open_findings",
    "pool_use",
)
"""What a part of a score can rest on."""


def _plain(word: str) -> str:
    return "".join(word.casefold().replace("_", " ").split())
