"""Which assets somebody reaches."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.access.principal import Grant, Principal, TokenScope, Tree
from quotawatt.access.roles import Permission, Role
from quotawatt.access.scope import Reach, Reaches
from quotawatt.register.model import (
    Binding,
    Building,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from tests.quotawatt.access.people import HOLDER, NOW

TODAY = date(2024, 1, 1)
READ = Permission.RESULTS_READ


def organisation(code: str, region: str | None = None, system: str | None = None) -> Organisation:
    return Organisation(code, code, code, "party_government", "city", region, system)


REGISTER = Register(
    organisations=[
        organisation("CITY"),
        organisation("HEALTH", "CITY"),
        organisation("COUNTY", "CITY"),
        organisation("CLINIC", "COUNTY", "HEALTH"),
        organisation("OFFICE", "COUNTY"),
    ],
    headcounts=[Headcount("OFFICE", "in_post", 3, TODAY), Headcount("CLINIC", "in_post", 4, TODAY)],
    sites=[Site(s, s, s, "Asia/Shanghai", "shandong", "B") for s in ("S-1", "S-2", "S-3")],
    buildings=[
        Building("B-CLINIC", "", "", "S-1", "CLINIC"),
        Building("B-OFFICE", "", "", "S-1", "OFFICE"),
        Building("B-CITY", "", "", "S-2", "CITY"),
    ],
    spaces=[
        Space("R-OFFICE", "", "", "B-OFFICE", "office"),
        Space("R-LENT", "", "", "B-OFFICE", "office", organisation="CLINIC"),
    ],
    equipment=[Equipment("E-CLINIC", "", "", "pump", "CLINIC", "B-OFFICE")],
    meters=[Meter("M-CLINIC", "", "", "B-CLINIC", "electricity")],
    vehicles=[Vehicle("V-OFFICE", "", "", "OFFICE", "x", "car", "petrol")],
    bindings=[Binding("d1", "M-CLINIC", NOW), Binding("d2", "B-CITY", NOW)],
    former_values=[FormerValue("B-OFFICE", "year_built", "1990", date(2020, 1, 1))],
)
ALL = {
    "CITY", "HEALTH", "COUNTY", "CLINIC", "OFFICE", "S-1", "S-2", "S-3", "B-CLINIC", "B-OFFICE",
    "B-CITY", "R-OFFICE", "R-LENT", "E-CLINIC", "M-CLINIC", "V-OFFICE",
}  # fmt: skip


def seen(reach: Reach) -> set[str]:
    return {code for code in REGISTER.assets if reach.sees(code)}


def over(organisation: str, tree: Tree = "region") -> Reach:
    return Reach(REGISTER, (Grant(Role.VIEWER, organisation, tree),))


CLINICS = {"CLINIC", "B-CLINIC", "M-CLINIC", "E-CLINIC", "R-LENT", "S-1"}


@pytest.mark.parametrize(
    ("organisation", "tree", "expected"),
    [
        ("", "region", ALL),
        ("CITY", "region", ALL - {"S-3"}),
        ("COUNTY", "region", CLINICS | {"COUNTY", "OFFICE", "B-OFFICE", "R-OFFICE", "V-OFFICE"}),
        ("CLINIC", "region", CLINICS),
        ("OFFICE", "region", {"OFFICE", "B-OFFICE", "R-OFFICE", "V-OFFICE", "S-1"}),
        ("HEALTH", "region", {"HEALTH"}),
        ("HEALTH", "system", CLINICS | {"HEALTH"}),
        ("COUNTY", "system", {"COUNTY"}),
        ("GONE", "region", set()),
    ],
)
def test_what_a_grant_reaches(organisation: str, tree: Tree, expected: set[str]) -> None:
    assert seen(over(organisation, tree)) == expected


def test_only_the_whole_reaches_what_the_register_lacks() -> None:
    assert over("").everywhere
    assert over("").sees("GONE")
    assert not over("CITY").everywhere
    assert not over("CITY").sees("GONE")
    assert not Reach(REGISTER, ()).sees("CITY")


def test_several_grants_reach_what_each_reaches() -> None:
    both = Reach(REGISTER, (Grant(Role.VIEWER, "OFFICE"), Grant(Role.VIEWER, "HEALTH", "system")))
    assert seen(both) == seen(over("OFFICE")) | seen(over("HEALTH", "system"))


codes = st.sampled_from(["", *REGISTER.organisations, "GONE"])
trees = st.sampled_from(["region", "system"])
grants = st.builds(Grant, st.just(Role.VIEWER), codes, trees)
limits = st.builds(TokenScope, st.just(frozenset({READ})), codes, trees)


@given(st.lists(grants, max_size=3).map(tuple), limits)
def test_a_token_reaches_no_more_than_its_owner_and_its_subtree(
    held: tuple[Grant, ...], limit: TokenScope
) -> None:
    owner, token = Reach(REGISTER, held), Reach(REGISTER, held, limit)
    subtree = over(limit.organisation, limit.tree)
    assert token.everywhere == (owner.everywhere and not limit.organisation)
    buildings = {c for c in REGISTER.assets if c not in REGISTER.sites}
    assert seen(token) & buildings == seen(owner) & seen(subtree) & buildings
    assert seen(token) <= seen(owner)


@given(st.lists(grants, max_size=3).map(tuple))
def test_the_restricted_register_holds_what_is_seen_and_nothing_else(
    held: tuple[Grant, ...],
) -> None:
    reach = Reach(REGISTER, held)
    shown = reach.register
    assert set(shown.assets) == seen(reach)
    assert all(reach.sees(b.asset) for b in shown.bindings)
    assert all(reach.sees(h.organisation) for h in shown.headcounts)
    assert all(reach.sees(f.asset) for f in shown.former_values)
    for one in shown.organisations.values():
        assert one.region_parent in (None, *shown.organisations)
        assert one.system_parent in (None, *shown.organisations)


def test_the_whole_keeps_the_register_itself() -> None:
    assert over("").register is REGISTER


def test_it_follows_the_register_as_it_is_on_the_day() -> None:
    moved = Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        buildings=[replace(REGISTER.buildings["B-OFFICE"], organisation="CLINIC")],
        former_values=[FormerValue("B-OFFICE", "organisation", "OFFICE", TODAY)],
    )
    office = Principal("wang", (Grant(Role.VIEWER, "OFFICE"),), user="wang")
    reaches = Reaches()
    yesterday = TODAY - timedelta(days=1)
    assert reaches.reach(moved, yesterday, office, READ).sees("B-OFFICE")
    assert not reaches.reach(moved, TODAY, office, READ).sees("B-OFFICE")


def test_a_reach_is_kept_until_the_register_changes() -> None:
    office = Principal("wang", (Grant(Role.VIEWER, "OFFICE"),), user="wang")
    reaches = Reaches()
    first = reaches.reach(REGISTER, TODAY, office, READ)
    assert reaches.reach(REGISTER, TODAY, office, READ) is first
    assert reaches.reach(REGISTER, TODAY, office, Permission.ALERTS_ACT) is not first
    assert reaches.reach(Register(), TODAY, office, READ) is not first
    assert not reaches.reach(Register(), TODAY, office, READ).sees("OFFICE")


def test_a_permission_reaches_as_far_as_the_roles_that_give_it() -> None:
    both = (Grant(Role.VIEWER), Grant(Role.OFFICER, "OFFICE"))
    who = Principal("wang", both, user="wang")
    reaches = Reaches()
    assert reaches.reach(REGISTER, TODAY, who, READ).everywhere
    acting = reaches.reach(REGISTER, TODAY, who, Permission.ALERTS_ACT)
    assert acting.sees("B-OFFICE")
    assert not acting.sees("B-CLINIC")


def test_the_holder_of_the_home_folder_reaches_everything() -> None:
    assert Reaches().reach(REGISTER, TODAY, HOLDER, READ).everywhere
