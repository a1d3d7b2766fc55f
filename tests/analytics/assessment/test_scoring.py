"""Scores by a scheme: worked by hand, graded, and left open where something is not known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.scoring import Facts, SchemeScore, score
from tests.api.scene import shipped_rulebook

BOOK = shipped_rulebook()
SCHEME = BOOK.schemes["annual-targets"]
GOOD = Facts(
    standings={"electricity_kwh_per_m2": "over_guidance", "water_m3_per_head": "within_guidance"},
    targets={"assigned": {"assigned-kwh": True}, "carbon": {"c": True}},
    changes_pct={"energy-kgce-per-m2": -1.5},
    coverage=0.98,
    returns_due=4,
    returns_on_time=4,
    answered_for=10,
    confirmed={"training": 1.0},
)


def points(result: SchemeScore) -> dict[str, float | None]:
    return {item.item: item.points for item in result.items}


def test_a_good_year_by_hand() -> None:
    # The worst standing decides: over guidance, 0.9 x 30 = 27. All else full: 15 + 15 + 10 + 10 + 10 + 5 + 5
    # = 70. Together 97 of 100: exceeded (95 and more).
    result = score(SCHEME, "A", GOOD)
    assert points(result) == {
        "quotas": 27,
        "assigned": 15,
        "carbon": 15,
        "energy-reduction": 10,
        "data": 10,
        "returns": 10,
        "findings": 5,
        "training": 5,
    }
    assert (result.points, result.known_pct) == (97, 100)
    assert result.grade is not None
    assert result.grade.title.zh == "超额完成"


def test_a_middling_year_by_hand() -> None:
    # Amber: 0.6 x 30 = 18. Carbon missed: 0. Energy +1.75 %: a fall of -1.75 lies half way from -5 to 1.5,
    # 10 x 3.25 / 6.5 = 5. Coverage 79 %: half way from 60 to 98, 5. Returns 3 of 4: 7.5. Findings old
    # about 2 of 10: 80 %, 5 x 30 / 50 = 3. No training: 0. 18 + 15 + 0 + 5 + 5 + 7.5 + 3 + 0 = 53.5.
    facts = replace(
        GOOD,
        standings={"electricity_kwh_per_m2": "over_baseline"},
        targets={"assigned": {"a": True}, "carbon": {"c": False}},
        changes_pct={"energy-kgce-per-m2": 1.75},
        coverage=0.79,
        returns_on_time=3,
        findings_days={"MTR-1": 40.0, "MTR-2": 30.0, "MTR-3": 29.0},
        confirmed={"training": 0.0},
    )
    result = score(SCHEME, "A", facts)
    assert result.points == pytest.approx(53.5)
    assert result.grade is not None
    assert result.grade.id == "not-met"
    assert result.missed == ()


@pytest.mark.parametrize(
    ("got", "grade"),
    [(95, "exceeded"), (94.99, "met"), (80, "met"), (79.9, "mostly-met"), (65, "mostly-met")],
)
def test_grades_begin_where_the_scheme_says(got: float, grade: str) -> None:
    # One confirmed item worth everything: its share is the score.
    item = replace(SCHEME.items[-1], points=100.0)
    result = score(replace(SCHEME, items=(item,)), "A", Facts(confirmed={"training": got / 100}))
    assert (result.points, result.grade and result.grade.id) == (got, grade)


def test_a_missed_binding_item_fails_the_whole() -> None:
    over = replace(GOOD, standings={"electricity_kwh_per_m2": "over_constraint"})
    result = score(SCHEME, "A", over)
    # 70 of 100 points would be mostly met.
    assert (result.points, result.missed) == (70, ("quotas",))
    assert result.grade is not None
    assert result.grade.title.zh == "未完成"


def test_an_unknown_binding_item_leaves_the_grade_open() -> None:
    result = score(SCHEME, "A", replace(GOOD, targets={"carbon": {"c": True}}))
    # 82 of 85 known points: 100 x 82 / 85 = 96.47.
    assert (result.points, result.known_pct) == (96.47, 85)
    assert (result.grade, result.open_binding) == (None, ("assigned",))


def test_too_little_known_gives_no_score() -> None:
    result = score(SCHEME, "A", Facts(coverage=1.0, answered_for=1))
    assert (result.points, result.grade, result.known_pct) == (None, None, 15)


def test_the_demonstration_units_pass_at_85_of_110() -> None:
    scheme = BOOK.schemes["conservation-demonstration"]
    assert (scheme.full_points, scheme.template) == (110, True)
    # 35 + 29 + 20 = 84, bonus 0.1 x 10 = 1: 85 passes. A starred item at 0 does not, whatever the rest.
    shares = {"consumption": 1.0, "management": 1.0, "building": 1.0, "water": 0.0, "green": 0.0}
    result = score(scheme, "A", Facts(confirmed={**shares, "bonus": 0.1}))
    assert (result.points, result.grade and result.grade.id) == (85, "passed")
    result = score(
        scheme, "A", Facts(confirmed={**dict.fromkeys(shares, 1.0), "bonus": 1, "management": 0})
    )
    assert (result.missed, result.grade and result.grade.id) == (("management",), "not-passed")


@given(
    coverage=st.floats(0, 1),
    change=st.floats(-100, 100),
    better=st.floats(0, 50),
    old=st.integers(0, 10),
)
def test_better_facts_never_score_less(
    coverage: float, change: float, better: float, old: int
) -> None:
    days = {f"M{n}": 99.0 for n in range(old)}
    facts = replace(
        GOOD,
        coverage=coverage,
        changes_pct={"energy-kgce-per-m2": change},
        findings_days=days,
    )
    improved = replace(
        facts,
        coverage=min(coverage + better / 50, 1),
        changes_pct={"energy-kgce-per-m2": change - better},
        findings_days=dict(list(days.items())[1:]),
    )
    less, more = score(SCHEME, "A", facts).points, score(SCHEME, "A", improved).points
    assert less is not None
    assert more is not None
    assert 0 <= less <= more <= SCHEME.full_points
