"""A quota status as people judge it: a word, a colour group, and a bar with marks for the tiers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analytics.yearly import tiers
from analytics.yearly.quotas import QuotaStatus
from quotawatt.rulebook.model import Tier

_SCALE_PCT = 125.0
"""Share of the constraint at the right end of an ordinary bar."""

GROUPS = ("fine", "unknown", "amber", "over")
"""The later, the worse."""


@dataclass(frozen=True)
class Standing:
    """``word`` names the text ``standing_...``; ``group`` is over, amber, fine or unknown."""

    word: str
    group: str

    @property
    def rank(self) -> int:
        """The higher, the worse."""
        return GROUPS.index(self.group)


@dataclass(frozen=True)
class Bar:
    """Geometry of a bar in percent of its width; ``marks`` are the tiers, the loosest first."""

    used: float
    projected: float | None
    marks: tuple[tuple[Tier, float], ...]


UNKNOWN = Standing("unknown", "unknown")

_BY_TIER = {
    tiers.Standing.OVER_CONSTRAINT: Standing("projected_over", "over"),
    tiers.Standing.OVER_BASELINE: Standing("amber", "amber"),
    tiers.Standing.OVER_GUIDANCE: Standing("fine", "fine"),
    tiers.Standing.WITHIN_GUIDANCE: Standing("best", "fine"),
}


def judge(status: QuotaStatus) -> Standing:
    """How a status stands: what is over already is over; else what the year will come to decides."""
    return judge_figures(status.standing, status.projected_standing, status.limits)


def judge_figures(
    now: tiers.Standing, projected: tiers.Standing | None, limits: Collection[Tier]
) -> Standing:
    """The same of where the use so far and the projected use stand among the tiers that there are."""
    if now is tiers.Standing.OVER_CONSTRAINT:
        return Standing("over", "over")
    if projected is None:
        return UNKNOWN
    if projected is tiers.Standing.OVER_GUIDANCE and Tier.BASELINE not in limits:
        return Standing("within", "fine")
    return _BY_TIER[projected]


def worst(standings: Sequence[Standing]) -> Standing:
    """The worst of several; unknown where there are none."""
    return max(standings, key=lambda s: s.rank, default=UNKNOWN)


def bar_of(status: QuotaStatus) -> Bar:
    """The bar of a status; it is stretched where the year goes beyond the ordinary scale."""
    largest = max(status.share_pct, status.projected_share_pct or 0.0)
    scale = max(_SCALE_PCT, largest * 1.04)
    constraint = status.limits[Tier.CONSTRAINT]
    return Bar(
        used=100 * status.share_pct / scale,
        projected=None
        if status.projected_share_pct is None
        else 100 * status.projected_share_pct / scale,
        marks=tuple(
            (tier, 100 * (100 * status.limits[tier] / constraint) / scale)
            for tier in Tier
            if tier in status.limits
        ),
    )
