"""Returns added up level by level."""

import math
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from quotawatt.register.model import Building, Headcount, Organisation, Register, Site
from quotawatt.returns.periods import Period
from quotawatt.returns.sums import by_class, by_tree, respondents
from tests.quotawatt.returns.forms import form

YEAR = Period(2024)


def register(parents: list[int], kinds: list[str]) -> Register:
    """Organisations O-0... each below an earlier one by region, all with a building."""
    codes = [f"O-{n}" for n in range(len(parents) + 1)]
    return Register(
        organisations=[
            Organisation(
                code,
                code,
                code,
                kinds[n % len(kinds)],
                "city",
                codes[parents[n - 1]] if n else None,
            )
            for n, code in enumerate(codes)
        ],
        sites=[Site("S", "院", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building(f"B-{c}", "楼", "House", "S", c) for c in codes],
    )


@st.composite
def forests(draw: st.DrawFn) -> tuple[Register, dict[str, dict[str, float | None]]]:
    count = draw(st.integers(0, 8))
    parents = [draw(st.integers(0, n)) for n in range(count)]
    world = register(parents, draw(st.lists(st.sampled_from("ab"), min_size=1, max_size=3)))
    cents = st.one_of(st.none(), st.integers(0, 10**9).map(lambda n: n / 100))
    own = {
        code: {"use.power_cost": draw(cents), "base.area": draw(cents)}
        for code in world.organisations
        if draw(st.booleans())
    }
    return world, own


@given(forests())
def test_every_level_is_the_sum_of_its_leaves(
    case: tuple[Register, dict[str, dict[str, float | None]]],
) -> None:
    world, own = case
    for level in by_tree(world, "region", own, form(), YEAR):
        within = world.sub_organisations(level.code, "region")
        assert set(level.counted) == {c for c in within if c in own}
        assert set(level.missing) == {c for c in within if c not in own}
        known = [v for c in level.counted if (v := own[c]["use.power_cost"]) is not None]
        assert level.known["use.power_cost"] == len(known)
        expected = round(math.fsum(known), 2) if known else None
        assert level.figures["use.power_cost"] == expected


@given(forests())
def test_classes_together_are_the_top(
    case: tuple[Register, dict[str, dict[str, float | None]]],
) -> None:
    world, own = case
    [top] = [level for level in by_tree(world, "region", own, form(), YEAR) if level.code == "O-0"]
    classes = by_class(world, own, form(), YEAR)
    assert sorted(c for level in classes for c in level.counted) == sorted(top.counted)
    parts = [v for level in classes if (v := level.figures["base.area"]) is not None]
    whole = top.figures["base.area"]
    assert (whole is None) == (not parts)
    if whole is not None:
        # Each class prints to one decimal, so they may be off by half of that each.
        assert abs(whole - sum(parts)) <= 0.05 * (len(parts) + 1) + 1e-6


def test_who_holds_nothing_makes_no_return() -> None:
    world = Register(
        organisations=[
            Organisation("REGION", "区", "Region", "region", "city"),
            Organisation("A", "甲", "A", "school", "city", "REGION"),
            Organisation("GONE", "撤", "Gone", "school", "city", "REGION", status="disposed"),
        ],
        headcounts=[
            Headcount("A", "in_post", 3, date(2020, 1, 1)),
            Headcount("GONE", "in_post", 3, date(2020, 1, 1)),
        ],
    )
    assert respondents(world) == ("A",)
    [a, region] = by_tree(world, "region", {}, form(), YEAR)
    assert (a.code, region.code) == ("A", "REGION")
    assert region.missing == ("A",)
    assert region.figures["use.power"] is None
