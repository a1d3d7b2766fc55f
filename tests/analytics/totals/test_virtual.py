"""Virtual meters, rooms and items: what they are made of, by the hour and over time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key, empty_grid, hour_starts
from analytics.totals.rollup import add_up, to_days
from analytics.totals.tree import Tree
from analytics.totals.virtual import share_of
from quotawatt.register.formulas import Share
from quotawatt.register.model import (
    FormerValue,
    Headcount,
    Meter,
    Register,
    Space,
    VirtualMeter,
)
from quotawatt.register.rows import records_of
from quotawatt.spans import Span, local_midnight
from tests.analytics.builders import IMPORT, SHANGHAI, binding, meter, register

FIRST = date(2023, 7, 1)
HOURS = Span(local_midnight(FIRST, SHANGHAI), local_midnight(FIRST + timedelta(days=3), SHANGHAI))
METERS = [
    meter("M", rated_power_kw=500.0),
    meter("A", parent="M", item="A1", serves="R-1"),
    meter("B", parent="M", item="B"),
    meter("A-SUB", parent="A", item="A1", serves="R-1"),
    meter("OTHER", building="BLD-2"),
]
ROOMS = [
    Space("R-1", "一", "One", "BLD-1", "office", 20.0, occupants=1),
    Space("R-2", "二", "Two", "BLD-1", "office", 60.0, organisation="ORG-TOP", occupants=3),
    Space("HALL", "厅", "Hall", "BLD-1", "other"),
]


def virtual(code: str, formula: str, **others: Any) -> VirtualMeter:
    fields = {"building": "BLD-1", "quantity": IMPORT, **others}
    return VirtualMeter(code, code, code, formula=formula, **fields)


def estate(*virtuals: VirtualMeter, **kinds: Any) -> Register:
    base = register(*(binding(f"d-{m.code}", m.code) for m in METERS), meters=METERS, buildings=2)
    return Register(
        **{**records_of(base), "spaces": ROOMS, "virtual_meters": list(virtuals), **kinds}
    )


def tree_of(*virtuals: VirtualMeter, **kinds: Any) -> Tree:
    return Tree(Wiring(estate(*virtuals, **kinds)), SHANGHAI)


def use(**by_meter: float | Sequence[float]) -> Grid:
    """Every hour of each meter measured, with so much; ``A_SUB`` is ``A-SUB``."""
    keys = [Key(code.replace("_", "-"), IMPORT) for code in by_meter]
    grid = empty_grid(keys, hour_starts(HOURS))
    values = [
        np.broadcast_to(np.asarray(v, dtype=float), len(grid.starts)) for v in by_meter.values()
    ]
    value = np.array(values)
    return Grid(grid.keys, grid.starts, value, (~np.isnan(value)).astype(float), grid.estimated)


def totals(tree: Tree, hours: Grid) -> Grid:
    return add_up(hours, tree.totals_over(dict.fromkeys(hours.keys, HOURS)), tree)


def row(grid: Grid, subject: str) -> np.ndarray:
    return grid.select([Key(subject, IMPORT)]).value[0]


ALL = {"M": 10.0, "A": 4.0, "B": 3.0, "A_SUB": 1.0, "OTHER": 2.0}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A + B", 7.0),
        ("M - A - B", 3.0),
        ("A + 0.5*B", 5.5),
        ("- A + 2 * B", 2.0),
        ("A - M", -6.0),
        ("BLD-1 - A", 6.0),
        ("M + OTHER", 12.0),
        ("share(M, area, R-1)", 2.5),
        ("share(M, area, ORG-TOP)", 7.5),
        ("share(M, people, R-1)", 2.5),
        ("A + share(B, area, ORG-LOW)", 4.75),
        ("M - share(M, area, R-1)", 7.5),
    ],
)
def test_a_formula_is_what_it_says(formula: str, expected: float) -> None:
    found = totals(tree_of(virtual("V", formula)), use(**ALL))
    assert np.allclose(row(found, "V"), expected, rtol=1e-12)


def test_a_virtual_meter_enters_no_building_and_no_organisation() -> None:
    plain, more = totals(tree_of(), use(**ALL)), totals(tree_of(virtual("V", "A + B")), use(**ALL))
    for subject in ("BLD-1", "BLD-2", "ORG-LOW", "ORG-TOP"):
        assert np.array_equal(row(plain, subject), row(more, subject))


def test_virtual_meters_of_virtual_meters_are_resolved_in_any_order() -> None:
    found = totals(
        tree_of(virtual("A0", "V - 0.5*B"), virtual("V", "W + A"), virtual("W", "2*B")),
        use(**ALL),
    )
    assert np.allclose(row(found, "A0"), 2 * 3 + 4 - 1.5)
    assert np.allclose(row(found, "V"), 10)


@pytest.mark.parametrize(
    "formula",
    ["A + NOBODY", "W + A", "V", "A +", "ORG-LOW + A", "share(A, area, HALL)", "A + R-1"],
)
def test_what_cannot_be_computed_is_missing_and_the_rest_goes_on(formula: str) -> None:
    tree = tree_of(virtual("V", formula), virtual("W", "V + B"), virtual("FINE", "A + B"))
    found = totals(tree, use(**ALL))
    assert Key("V", IMPORT) not in found.keys
    assert Key("W", IMPORT) not in found.keys
    assert np.allclose(row(found, "FINE"), 7)
    assert np.allclose(row(found, "BLD-1"), 10)


def test_of_a_sum_what_is_known_counts_and_coverage_says_how_much() -> None:
    values = np.full(72, 3.0)
    values[5] = np.nan
    found = totals(tree_of(virtual("V", "A + 3*B")), use(A=4.0, B=values)).select(
        [Key("V", IMPORT)]
    )
    assert found.value[0, 4:6].tolist() == [13.0, 4.0]
    assert found.coverage[0, 4:6].tolist() == [1.0, 0.25]


def test_nothing_is_left_of_a_difference_of_which_a_part_is_missing() -> None:
    values = np.full(72, 3.0)
    values[5] = np.nan
    for known in ({"M": 10.0, "B": values}, {"M": values, "B": 1.0}):
        found = totals(tree_of(virtual("V", "M - B")), use(**known)).select([Key("V", IMPORT)])
        assert np.isnan(found.value[0, 5])
        assert found.coverage[0, 5] == 0.0
        assert not np.isnan(found.value[0, 4])


def test_it_is_estimated_where_a_part_that_counts_is() -> None:
    hours = use(A=4.0, B=3.0)
    estimated = hours.estimated.copy()
    estimated[1, 7] = True
    hours = Grid(hours.keys, hours.starts, hours.value, hours.coverage, estimated)
    found = totals(tree_of(virtual("V", "A + B"), virtual("W", "A")), hours)
    assert found.select([Key("V", IMPORT)]).estimated[0].nonzero()[0].tolist() == [7]
    assert not found.select([Key("W", IMPORT)]).estimated.any()


def test_a_formula_holds_from_its_day_on() -> None:
    until = FIRST + timedelta(days=1)
    tree = tree_of(virtual("V", "A + B"), former_values=[FormerValue("V", "formula", "2*A", until)])
    days = to_days(totals(tree, use(**ALL)).select([Key("V", IMPORT)]), SHANGHAI)
    assert days.value[0].tolist() == [24 * 8.0, 24 * 7.0, 24 * 7.0]


def test_a_part_that_is_disposed_of_enters_nothing_from_its_day_on() -> None:
    gone = [
        Meter(**{**{f: getattr(m, f) for f in m.__dataclass_fields__}, "status": "disposed"})
        if m.code == "B"
        else m
        for m in METERS
    ]
    former = [FormerValue("B", "status", "in_use", FIRST + timedelta(days=2))]
    tree = tree_of(virtual("V", "M - A - B"), meters=gone, former_values=former)
    days = to_days(totals(tree, use(**ALL)).select([Key("V", IMPORT)]), SHANGHAI)
    assert days.value[0].tolist() == [24 * 3.0, 24 * 3.0, 24 * 6.0]


def test_a_share_by_area_follows_the_rooms_from_day_to_day() -> None:
    former = [FormerValue("R-1", "area_m2", "60.0", FIRST + timedelta(days=1))]
    tree = tree_of(virtual("V", "share(M, area, R-1)"), former_values=former)
    days = to_days(totals(tree, use(**ALL)).select([Key("V", IMPORT)]), SHANGHAI)
    assert days.value[0].tolist() == [240 * 0.5, 240 * 0.25, 240 * 0.25]


def test_a_share_by_people_follows_the_head_counts_from_day_to_day() -> None:
    moved = FIRST + timedelta(days=1)
    headcounts = [
        Headcount("ORG-LOW", "in_post", 30, date(2020, 1, 1), moved),
        Headcount("ORG-LOW", "in_post", 10, moved),
        Headcount("ORG-TOP", "in_post", 20, date(2020, 1, 1)),
        Headcount("ORG-TOP", "non_establishment", 10, date(2020, 1, 1)),
        Headcount("ORG-TOP", "visitors", 999, date(2020, 1, 1)),
    ]
    tree = tree_of(virtual("V", "share(M, people, ORG-LOW)"), headcounts=headcounts)
    days = to_days(totals(tree, use(**ALL)).select([Key("V", IMPORT)]), SHANGHAI)
    assert days.value[0].tolist() == [240 * 0.5, 240 * 0.25, 240 * 0.25]


def test_the_shares_of_all_rooms_and_of_all_organisations_are_the_whole() -> None:
    book = estate(headcounts=[Headcount(o, "in_post", 7, FIRST) for o in ("ORG-LOW", "ORG-TOP")])
    for basis, all_of_them in (
        ("area", ("R-1", "R-2")),
        ("people", ("R-1", "R-2")),
        ("area", ("ORG-LOW", "ORG-TOP")),
        ("people", ("ORG-LOW", "ORG-TOP")),
    ):
        shares = [share_of(book, "BLD-1", Share(basis, of), FIRST) for of in all_of_them]
        assert sum(s or 0.0 for s in shares) == pytest.approx(1.0, rel=1e-12)
    assert share_of(book, "BLD-1", Share("area", "HALL")) is None
    assert share_of(book, "BLD-1", Share("people", "ORG-LOW")) is None


def test_a_room_has_the_top_most_of_what_serves_it() -> None:
    found = totals(tree_of(virtual("V", "share(M, area, R-2)", serves="R-2")), use(**ALL))
    assert np.allclose(row(found, "R-1"), 4.0)  # not A-SUB, which stands behind A
    assert np.allclose(row(found, "R-2"), 7.5)
    together = totals(tree_of(virtual("V", "A + B", serves="R-1")), use(**ALL))
    assert np.allclose(row(together, "R-1"), 7.0)  # A is in the virtual meter


def test_an_item_holds_those_within_it_and_none_twice() -> None:
    found = totals(tree_of(), use(**ALL))
    assert np.allclose(row(found, "BLD-1/item:A"), 4.0)
    assert np.allclose(row(found, "BLD-1/item:A1"), 4.0)
    assert np.allclose(row(found, "BLD-1/item:B"), 3.0)
    assert Key("BLD-2/item:A", IMPORT) not in found.keys


def test_days_are_those_of_the_building() -> None:
    tree = Tree(Wiring(estate(virtual("V", "A"), virtual("W", "A", status="disposed"))), SHANGHAI)
    assert {tree.zone_of(s).key for s in ("V", "W", "R-1", "BLD-1/item:A")} == {"Asia/Shanghai"}
    assert not tree.above(Key("GHOST", IMPORT), HOURS)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(-3, 3)), min_size=1, max_size=5),
    st.lists(st.floats(0, 1e6), min_size=72, max_size=72),
    st.lists(st.floats(0, 1e6), min_size=72, max_size=72),
)
def test_the_days_of_a_formula_are_the_formula_of_the_days(
    terms: list[tuple[str, int]], of_a: list[float], of_b: list[float]
) -> None:
    signs = [f"{'-' if n < 0 else '+'} {abs(n)}*{code}" for code, n in terms]
    weights = {c: sum(n for code, n in terms if code == c) for c in "AB"}
    hours = use(A=of_a, B=of_b)
    found = totals(tree_of(virtual("V", " ".join(signs))), hours)
    if not any(weights.values()):
        assert Key("V", IMPORT) not in found.keys
        return
    days = to_days(hours, SHANGHAI).value
    expected = weights["A"] * days[0] + weights["B"] * days[1]
    computed = to_days(found.select([Key("V", IMPORT)]), SHANGHAI).value[0]
    scale = np.abs(weights["A"]) * days[0] + np.abs(weights["B"]) * days[1]
    assert np.all(np.abs(computed - expected) <= 1e-9 * np.maximum(scale, 1e-9))


def test_instants_before_any_reading_ask_for_nothing() -> None:
    tree = tree_of(virtual("V", "M - A"))
    long_ago = hour_starts(Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2010, 1, 2, tzinfo=UTC)))
    assert not tree.expected(Key("V", IMPORT), long_ago).any()
    assert tree.expected(Key("V", IMPORT), hour_starts(HOURS)).all()


def test_one_that_is_made_of_nothing_in_use_enters_nothing_and_hinders_nobody() -> None:
    gone = [replace(m, status="disposed") if m.code == "B" else m for m in METERS]
    tree = tree_of(virtual("ONLY-B", "B"), virtual("V", "A + ONLY-B"), meters=gone)
    found = totals(tree, use(M=10, A=4, B=3))
    assert set(row(found, "V")) == {4.0}
    broken = tree_of(virtual("NONE", "NOBODY"), virtual("V", "A + NONE"))
    assert broken.parts(Key("V", IMPORT), HOURS) == ()


def test_a_part_that_cancels_out_is_no_part() -> None:
    tree = tree_of(virtual("SUM", "0.1*A + 0.2*A + M"), virtual("V", "SUM - 0.3*A"))
    assert tree.parts(Key("V", IMPORT), HOURS) == (Key("M", IMPORT),)
    # What A lacks is no matter then.
    assert set(row(totals(tree, use(M=10, A=np.nan)), "V")) == {10.0}


def test_two_hundred_terms_ten_deep() -> None:
    many = [meter(f"M{n}", parent="M") for n in range(200)]
    flat = virtual("V0", " + ".join(m.code for m in many))
    deep = [virtual(f"V{n}", f"0.5*V{n - 1} + 0.5*V{n - 1} - M") for n in range(1, 11)]
    tree = tree_of(*reversed(deep), flat, meters=[*METERS, *many])
    weights = [
        tree.weights(Key("V10", IMPORT), Key(c, IMPORT), hour_starts(HOURS))[0] for c in ("M0", "M")
    ]
    assert weights == [1.0, -10.0]
    found = totals(tree, use(M=1, **dict.fromkeys((m.code for m in many), 1.0)))
    assert set(row(found, "V10")) == {190.0}
