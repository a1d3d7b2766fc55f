"""Who has what, by either tree, and who answers for an asset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.register.model import Organisation, Register
from tests.quotawatt.register.estate import ESTATE


def test_each_tree_has_its_own_branches() -> None:
    assert ESTATE.sub_organisations("CITY") == ("CITY", "EDU", "WATER")
    assert ESTATE.sub_organisations("SYSTEM") == ("SYSTEM",)
    assert ESTATE.sub_organisations("SYSTEM", "system") == ("SYSTEM", "EDU")
    assert [b.code for b in ESTATE.buildings_of("SYSTEM", "system")] == ["HALL"]
    assert [v.code for v in ESTATE.vehicles_of("CITY")] == ["CAR", "VAN"]
    assert [s.code for s in ESTATE.spaces_of("CITY")] == ["R101", "R201"]


@pytest.mark.parametrize(
    ("code", "organisation"),
    [
        *(("EDU", "EDU"), ("YARD", None), ("HALL", "EDU"), ("R201", "WATER"), ("PRN", "EDU")),
        *(("M2", "WATER"), ("PV", "EDU"), ("CH", "WATER"), ("VAN", "WATER"), ("nobody", None)),
    ],
)
def test_who_answers_for_an_asset(code: str, organisation: str | None) -> None:
    assert ESTATE.organisation_of(code) == organisation


def test_what_is_in_a_building() -> None:
    assert ESTATE.in_building("HALL") == ("M0", "M1", "PV", "R101", "PRN")
    assert ESTATE.in_building("nowhere") == ()
    assert [m.code for m in ESTATE.meters_of("HALL", "electricity")] == ["M0", "M1"]
    assert ESTATE.meters_of("HALL", "water") == ()


def test_the_way_upwards() -> None:
    assert ESTATE.path_of("EDU") == ("EDU", "CITY")
    assert ESTATE.path_of("EDU", "system") == ("EDU", "SYSTEM")
    assert ESTATE.path_of(None) == ESTATE.path_of("nobody") == ()


def test_circles_end() -> None:
    circle = Register(
        organisations=[
            Organisation("A", "甲", "A", "school", "city", "B"),
            Organisation("B", "乙", "B", "school", "city", "A"),
        ]
    )
    assert circle.sub_organisations("A") == ("A", "B")
    assert circle.path_of("A") == ("A", "B")


@given(st.lists(st.integers(0, 30), max_size=30))
def test_below_and_above_are_the_same_relation(parents: list[int]) -> None:
    # the n-th hangs on one of those before it
    register = Register(
        organisations=[
            Organisation("0", "根", "Root", "school", "city"),
            *(
                Organisation(str(n), "叶", "Leaf", "school", "city", str(parent % n))
                for n, parent in enumerate(parents, 1)
            ),
        ]
    )
    for code in register.organisations:
        below = register.sub_organisations(code)
        assert len(set(below)) == len(below)
        assert set(below) == {c for c in register.organisations if code in register.path_of(c)}
