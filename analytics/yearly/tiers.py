"""Where a figure stands among the tiers of a quota."""

from collections.abc import Mapping
from enum import StrEnum

from quotawatt.rulebook.model import Tier


class Standing(StrEnum):
    """Where a figure stands among the tiers of a quota, from bad to good."""

    OVER_CONSTRAINT = "over_constraint"
    """Above the constraint value: over the quota."""
    OVER_BASELINE = "over_baseline"
    """Amber: within the constraint value, above the baseline."""
    OVER_GUIDANCE = "over_guidance"
    """Within the baseline (or the constraint, where there is no baseline), above the guidance value."""
    WITHIN_GUIDANCE = "within_guidance"
    """At or below the strictest tier."""


def standing(amount: float, limits: Mapping[Tier, float]) -> Standing:
    """Where an amount stands among the tiers; a value equal to a tier is within it."""
    reached = {
        Tier.CONSTRAINT: Standing.OVER_CONSTRAINT,
        Tier.BASELINE: Standing.OVER_BASELINE,
        Tier.GUIDANCE: Standing.OVER_GUIDANCE,
    }
    for tier, over in reached.items():
        if tier in limits and amount > limits[tier]:
            return over
    return Standing.WITHIN_GUIDANCE
