"""What was passed on against what there is."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.assigned.cascade import Cascade, cascade_findings, cascades
from quotawatt.assigned.values import AssignedTarget, Decision
from tests.quotawatt.assigned.world import AT, REGISTER

DECISION = Decision("2026-12", date(2026, 1, 15), "", "", "manager", AT)


def given_to(asset: str, amount: float, assigner: str = "CITY") -> AssignedTarget:
    return AssignedTarget(
        asset,
        "electricity_kwh",
        2026,
        amount,
        assigner,
        "region",
        1,
        date(2026, 1, 1),
        False,
        DECISION,
    )


def passed_on(*targets: AssignedTarget, unknown: str = "") -> Cascade:
    (found,) = cascades(
        targets, REGISTER, lambda target: None if target.asset == unknown else target.amount
    )
    return found


def test_what_is_left_is_not_yet_assigned() -> None:
    found = passed_on(given_to("CITY", 100.0, ""), given_to("EDU", 60.0), given_to("TAX", 30.0))
    assert (found.own_amount, found.assigned, found.remainder) == (100.0, 90.0, 10.0)
    assert not found.is_over
    assert cascade_findings([found]) == []


def test_too_much_is_a_finding() -> None:
    found = passed_on(given_to("CITY", 100.0, ""), given_to("EDU", 80.0), given_to("TAX", 30.0))
    assert found.remainder == pytest.approx(-10.0)
    (finding,) = cascade_findings([found])
    assert (finding.code, finding.subject) == ("assigned_over_parent", "CITY")
    assert (finding.detail["over"], finding.detail["units"]) == (pytest.approx(10.0), 2)


def test_a_unit_below_another_in_the_list_is_part_of_it() -> None:
    found = passed_on(
        given_to("CITY", 100.0, ""),
        given_to("EDU", 80.0),
        given_to("OFFICE", 40.0),
        given_to("B-EDU", 50.0),
        given_to("B-TAX", 20.0),
    )
    assert {share.target.asset for share in found.shares} == {"EDU", "B-TAX"}
    assert (found.assigned, found.is_over) == (100.0, False)


def test_below_means_by_the_tree_that_the_other_one_was_assigned_by() -> None:
    school = given_to("SCHOOL", 40.0)  # below EDU by system alone
    assert len(passed_on(given_to("EDU", 80.0), school).shares) == 2
    by_system = replace(given_to("EDU", 80.0), tree="system")
    assert [share.target.asset for share in passed_on(by_system, school).shares] == ["EDU"]


def test_without_a_target_of_its_own_nothing_is_exceeded() -> None:
    found = passed_on(given_to("EDU", 80.0))
    assert (found.own, found.remainder, found.is_over) == (None, None, False)


def test_what_is_not_known_leaves_the_remainder_open_unless_the_rest_is_too_much() -> None:
    targets = given_to("CITY", 100.0, ""), given_to("EDU", 80.0), given_to("TAX", 30.0)
    assert passed_on(*targets, unknown="TAX").remainder is None
    over = given_to("CITY", 70.0, ""), *targets[1:]
    assert passed_on(*over, unknown="TAX").is_over


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=2))
def test_shares_that_make_the_whole_fit(cents: list[int]) -> None:
    parts = [cent / 100 for cent in cents]
    own = given_to("CITY", sum(cents) / 100, "")
    found = passed_on(own, given_to("EDU", parts[0]), given_to("TAX", parts[1]))
    assert not found.is_over
