"""The register as a tree: every asset once, a parent before its children, quick to ask again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from api.tree import Tree, Trees, parent_of
from quotawatt.register.model import Organisation, Register
from tests.api.scene import REGISTER


def _organisations(parents: list[int]) -> Register:
    """Organisations of which each hangs under one before it; a number beyond: under none."""
    return Register(
        organisations=[
            Organisation(f"O{n}", "", "", "school", "city", f"O{p}" if p < n else None)
            for n, p in enumerate(parents)
        ]
    )


@given(st.lists(st.integers(0, 30), max_size=30))
def test_every_asset_stands_once_and_behind_its_parent(parents: list[int]) -> None:
    register = _organisations(parents)
    order = list(Tree(register).all())
    assert sorted(order) == sorted(register.assets)
    for code, organisation in register.organisations.items():
        if organisation.region_parent is not None:
            assert order.index(organisation.region_parent) < order.index(code)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_what_is_under_an_asset_is_what_leads_up_to_it(parents: list[int]) -> None:
    register = _organisations(parents)
    tree = Tree(register)
    for code in register.assets:
        assert set(tree.under(code)) == set(register.sub_organisations(code))
        assert tree.under(code)[0] == code


def test_what_hangs_under_something_unknown_stands_at_the_top() -> None:
    building = replace(REGISTER.buildings["BLD-1"], organisation="NONE")
    tree = Tree(Register(buildings=[building], meters=[REGISTER.meters["MTR-1"]]))
    assert parent_of(building) == "NONE"
    assert tree.children(None) == ["BLD-1"]
    assert list(tree.all()) == ["BLD-1", "MTR-1"]


def test_a_very_deep_tree_is_no_trouble() -> None:
    assert len(Tree(_organisations(list(range(-1, 4999)))).under("O1")) == 4999


def test_trees_are_kept_and_the_oldest_go() -> None:
    trees = Trees()
    first = trees.of(REGISTER)
    assert trees.of(REGISTER) is first
    assert trees.of(REGISTER, "system") is not first
    for _ in range(4):
        trees.of(Register())
    assert trees.of(REGISTER) is not first
