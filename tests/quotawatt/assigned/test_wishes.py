"""What is wrong with a wish by itself."""

import math
from dataclasses import replace
from datetime import date

import pytest

from quotawatt.assigned.wishes import Setting, Wish, problems_alone, require_months_sum
from quotawatt.errors import RegisterError
from tests.quotawatt.assigned.world import months, revision, setting, target

ANYONE = setting(everywhere=True)


def rules(wish: Wish, judged_by: Setting = ANYONE) -> list[str]:
    return [problem.rule.code for problem in problems_alone(wish, judged_by)]


@pytest.mark.parametrize("asset", ["EDU", "B-EDU", "OFFICE", "TAX"])
def test_what_lies_below_can_be_assigned(asset: str) -> None:
    assert rules(target(asset, 1.0)) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"asset": "NOBODY"}, "asset"),
        ({"asset": "SITE"}, "assigned_asset_kind"),
        ({"asset": "CITY"}, "below_assigner"),
        ({"asset": "SCHOOL"}, "below_assigner"),
        ({"assigner": "EDU", "asset": "TAX"}, "below_assigner"),
        ({"assigner": "B-EDU"}, "assigner"),
        ({"name": "joy"}, "indicator"),
        ({"year": 1999}, "year"),
        ({"year": 2101}, "year"),
        ({"effective_from": date(2025, 12, 31)}, "effective_from"),
        ({"amounts": (0.0,)}, "positive"),
        ({"amounts": (-5.0,)}, "positive"),
        ({"amounts": (math.nan,)}, "positive"),
        ({"amounts": (math.inf,)}, "positive"),
        ({"amounts": ()}, "positive"),
        ({"document": " "}, "document_number"),
        ({"note": "x" * 2001}, "length"),
        ({"tree": "family"}, "tree"),
    ],
)
def test_what_breaks_a_rule_is_told(changes: dict[str, object], rule: str) -> None:
    assert rule in rules(replace(target("EDU", 1.0), **changes))  # type: ignore[arg-type]


def test_by_system_the_school_lies_below() -> None:
    assert rules(target("SCHOOL", 1.0, assigner="EDU", tree="system")) == []


def test_outside_of_ones_reach_nothing_is_assigned() -> None:
    own = setting("EDU", "OFFICE")
    assert rules(target("OFFICE", 1.0, assigner="EDU"), own) == []
    assert rules(target("EDU", 1.0), own) == ["assigner"]
    assert rules(target("TAX", 1.0), own) == ["asset", "assigner"]
    # From an authority outside of the register only over the whole: a unit must not set its own target.
    assert rules(target("EDU", 1.0, assigner=""), own) == ["assigner"]
    assert rules(target("CITY", 1.0, assigner=""), ANYONE) == []


def test_a_revision_is_of_a_quota_of_the_rulebook() -> None:
    assert rules(revision(80.0)) == []
    assert rules(revision(80.0, name="q-2")) == ["quota"]
    assert rules(revision(80.0, name="assigned-water_m3")) == ["quota"]


def test_months_are_twelve_amounts_of_a_quota_or_a_target() -> None:
    year = [1.0] * 12
    assert rules(months(*year)) == []
    assert rules(months(*year, name="assigned-water_m3")) == []
    assert rules(months(*year, name="assigned-joy")) == ["quota"]
    for wrong in ([1.0] * 11, [-1.0, *year[1:]], [0.0] * 12, [math.nan, *year[1:]]):
        assert rules(months(*wrong)) == ["months"]


def test_months_sum_to_the_limit() -> None:
    require_months_sum(months(*[100.0] * 12), 1200.5)
    with pytest.raises(RegisterError, match=r"must sum to the year's limit of 1300 .*got 1200"):
        require_months_sum(months(*[100.0] * 12), 1300.0)


@pytest.mark.parametrize(
    ("asset", "seen", "found"),
    [
        ("EDU", ("EDU", "OFFICE"), ["revised_from_above"]),
        ("OFFICE", ("EDU", "OFFICE"), []),
        ("SCHOOL", ("EDU", "SCHOOL"), []),  # EDU is above it by system
        ("CITY", ("CITY", "EDU"), ["revised_from_above"]),
        ("B-EDU", ("EDU", "B-EDU"), []),
    ],
)
def test_nobody_revises_the_quota_of_their_own_unit(
    asset: str, seen: tuple[str, ...], found: list[str]
) -> None:
    wish = replace(revision(80.0), asset=asset)
    assert rules(wish, setting(*seen)) == found
    assert rules(wish) == []
