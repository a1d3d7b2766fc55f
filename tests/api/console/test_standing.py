"""How a status is judged, and the geometry of its bar."""

import pytest

from analytics.yearly.quotas import QuotaStatus
from analytics.yearly.tiers import standing
from api.console.standing import UNKNOWN, Standing, bar_of, judge, worst
from quotawatt.rulebook.model import Tier

LIMITS = {Tier.CONSTRAINT: 80.0, Tier.BASELINE: 50.0, Tier.GUIDANCE: 30.0}


def _status(
    used: float, projected: float | None, limits: dict[Tier, float] | None = None
) -> QuotaStatus:
    known = limits or LIMITS
    constraint = known[Tier.CONSTRAINT]
    return QuotaStatus(
        asset="BLD-1",
        quota="q",
        indicator="electricity_kwh_per_m2",
        year=2023,
        unit="kWh",
        denominator_name="gross_area_m2",
        denominator=1.0,
        used=used,
        intensity=used,
        limits=known,
        standing=standing(used, known),
        share_pct=100 * used / constraint,
        projected=projected,
        projected_standing=None if projected is None else standing(projected, known),
        projected_share_pct=None if projected is None else 100 * projected / constraint,
        days=180,
        days_in_year=365,
        coverage=1.0,
        parts=(),
    )


@pytest.mark.parametrize(
    ("used", "projected", "word", "group"),
    [
        (81.0, 160.0, "over", "over"),
        (80.0, 80.5, "projected_over", "over"),
        (40.0, 80.0, "amber", "amber"),
        (40.0, 50.0, "fine", "fine"),
        (10.0, 30.0, "best", "fine"),
        (10.0, None, "unknown", "unknown"),
        (81.0, None, "over", "over"),
    ],
)
def test_what_is_over_is_over_else_the_projection_decides(
    used: float, projected: float | None, word: str, group: str
) -> None:
    assert judge(_status(used, projected)) == Standing(word, group)


def test_a_quota_without_a_baseline_has_nothing_to_be_above() -> None:
    limits = {Tier.CONSTRAINT: 25.0, Tier.GUIDANCE: 10.0}
    assert judge(_status(10.0, 20.0, limits)) == Standing("within", "fine")


def test_the_worst_of_several() -> None:
    fine, amber, over = (
        Standing("fine", "fine"),
        Standing("amber", "amber"),
        Standing("over", "over"),
    )
    assert worst([fine, over, amber]) == over
    assert worst([fine, UNKNOWN]) == UNKNOWN
    assert worst([]) == UNKNOWN


def test_a_bar_ends_at_125_percent_of_the_constraint() -> None:
    bar = bar_of(_status(40.0, 80.0))
    # 50 % and 100 % of the constraint on a scale of 125 %: 40 and 80 % of the width.
    assert bar.used == pytest.approx(40)
    assert bar.projected == pytest.approx(80)
    assert dict(bar.marks) == pytest.approx(
        {Tier.CONSTRAINT: 80.0, Tier.BASELINE: 50.0, Tier.GUIDANCE: 30.0}
    )


def test_a_bar_never_leaves_its_box() -> None:
    bar = bar_of(_status(400.0, 900.0))
    assert bar.projected is not None
    assert 0 < bar.used < bar.projected <= 100
    assert bar_of(_status(1.0, None)).projected is None
