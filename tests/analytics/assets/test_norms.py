"""Holdings against norms: arithmetic, clauses, and what is not known."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assets.norms import norm_accounts
from quotawatt.register.model import (
    Building,
    Equipment,
    FormerValue,
    Headcount,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.norms import Norm, Step

BOOK = load_rulebook()
DAY = date(2024, 3, 1)
ORG = Organisation("ORG", "机关", "Office", "party_government", "city", vehicle_quota=1)
HEAD = Space("R-1", "局长室", "Room", "BLD", "office", 36.0, post="division_head", occupants=1)


def world(**changed: object) -> Register:
    records: dict[str, object] = {
        "organisations": [ORG],
        "sites": [Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        "buildings": [Building("BLD", "楼", "House", "SITE", "ORG")],
        **changed,
    }
    return Register(**records)  # type: ignore[arg-type]


def pieces(kind: str, count: int, status: str = "in_use") -> list[Equipment]:
    return [
        Equipment(f"{kind}-{status}-{n}", "台", "one", kind, "ORG", status=status)
        for n in range(count)
    ]


def vehicles(count: int, status: str = "in_use") -> list[Vehicle]:
    return [
        Vehicle(
            f"V-{status}-{n}", "车", "car", "ORG", f"{status}{n}", "sedan", "petrol", status=status
        )
        for n in range(count)
    ]


def test_a_room_above_its_norm_shows_the_arithmetic_and_the_clause() -> None:
    accounts = norm_accounts(world(spaces=[HEAD]), BOOK, DAY)
    (finding,) = accounts.findings
    assert (finding.code, finding.subject) == ("norm_office_area_over", "R-1")
    assert finding.detail == {
        "norm": "office-area-city",
        "instrument": "office-building-standard-2014",
        "clause": "办公室使用面积",
        "trust": "unverified",
        "cites_zh": "发改投资〔2014〕2674号 各级工作人员办公室使用面积〔未核实〕",
        "cites_en": "发改投资〔2014〕2674号, use area of offices by post (unverified)",
        "held_m2": 36.0,
        "allowed_m2": 24.0,
        "excess_m2": 12.0,
        "post": "division_head",
        "people": 1,
        "m2_per_person": 24.0,
    }


def test_within_a_decimetre_is_within() -> None:
    room = replace(HEAD, area_m2=24.05)
    (status,) = norm_accounts(world(spaces=[room]), BOOK, DAY).statuses
    assert not status.over
    assert norm_accounts(world(spaces=[room]), BOOK, DAY).findings == ()


def test_what_is_not_known_of_rooms_is_one_finding() -> None:
    rooms = [
        HEAD,
        replace(HEAD, code="R-2", post=""),
        replace(HEAD, code="R-3", area_m2=None),
        replace(HEAD, code="R-4", occupants=None, post="nobody_knows"),
        replace(HEAD, code="R-5", occupants=0, post=""),
        replace(HEAD, code="R-6", use="meeting", post=""),
        replace(HEAD, code="R-7", status="disposed", post=""),
    ]
    found = {f.code: f for f in norm_accounts(world(spaces=rooms), BOOK, DAY).findings}
    assert found.keys() == {"norm_office_area_over", "norm_office_posts_unknown"}
    unknown = found["norm_office_posts_unknown"]
    assert (unknown.subject, unknown.detail) == (
        "ORG",
        {
            "norm": "office-area-city",
            "rooms": 4,
            "rooms_judged": 1,
            "rooms_without_post": 2,
            "rooms_without_occupants": 1,
            "rooms_without_area": 1,
        },
    )


def test_vehicles_that_are_held_count_against_the_quota() -> None:
    fleet = [*vehicles(2), *vehicles(1, "idle"), *vehicles(3, "disposed")]
    (finding,) = norm_accounts(world(vehicles=fleet), BOOK, DAY).findings
    assert finding.code == "norm_vehicles_over"
    assert (finding.detail["held_vehicles"], finding.detail["excess_vehicles"]) == (3, 2)
    assert finding.detail["cites_en"] == "中办发〔2017〕71号, Article 6"


def test_without_a_quota_vehicles_cannot_be_judged() -> None:
    unknown = [replace(ORG, vehicle_quota=None)]
    (finding,) = norm_accounts(
        world(organisations=unknown, vehicles=vehicles(2)), BOOK, DAY
    ).findings
    assert (finding.code, finding.detail["vehicles"]) == ("norm_vehicle_quota_unknown", 2)
    assert norm_accounts(world(organisations=unknown), BOOK, DAY).findings == ()


def test_equipment_goes_by_the_people_of_that_day() -> None:
    staff = [
        Headcount("ORG", "in_post", 10, date(2020, 1, 1), DAY),
        Headcount("ORG", "in_post", 5, DAY),
        Headcount("ORG", "non_establishment", 50, date(2020, 1, 1)),
    ]
    register = world(headcounts=staff, equipment=pieces("desktop_computer", 8))
    (status,) = norm_accounts(register, BOOK, date(2024, 2, 29)).statuses
    assert (status.held, status.allowed, status.over) == (8, 10, False)
    (finding,) = norm_accounts(register, BOOK, DAY).findings
    assert (finding.detail["people"], finding.detail["excess_pieces"]) == (5, 3)


def test_without_people_in_post_equipment_cannot_be_judged() -> None:
    others = [Headcount("ORG", "students", 500, date(2020, 1, 1))]
    register = world(headcounts=others, equipment=pieces("copier", 2))
    (finding,) = norm_accounts(register, BOOK, DAY).findings
    assert (finding.code, finding.detail) == (
        "norm_staff_unknown",
        {"norm": "copiers", "pieces": 2},
    )


def test_both_printer_norms_judge_an_a3_printer() -> None:
    staff = [Headcount("ORG", "in_post", 10, date(2020, 1, 1))]
    held = [*pieces("printer_a3", 3), *pieces("printer_a4", 6)]
    accounts = norm_accounts(world(headcounts=staff, equipment=held), BOOK, DAY)
    judged = {s.norm: (s.held, s.allowed, s.over) for s in accounts.statuses}
    assert judged == {"printers": (9, 8, True), "printers-a3": (3, 2, True)}


def test_norms_are_for_the_kinds_and_levels_that_they_name() -> None:
    school = [replace(ORG, kind="school")]
    assert norm_accounts(world(organisations=school, spaces=[HEAD]), BOOK, DAY).statuses == ()
    county = [replace(ORG, level="county")]
    (finding,) = norm_accounts(world(organisations=county, spaces=[HEAD]), BOOK, DAY).findings
    assert finding.code == "norm_office_posts_unknown"


def test_a_room_that_moved_is_judged_with_who_had_it_then() -> None:
    other = Organisation("NEW", "新", "New", "party_government", "city", vehicle_quota=0)
    moved = replace(HEAD, organisation="NEW")
    register = world(
        organisations=[ORG, other],
        spaces=[moved],
        former_values=[FormerValue("R-1", "organisation", "ORG", date(2024, 1, 1))],
    )
    holders = [
        next(s.organisation for s in norm_accounts(register.as_of(d), BOOK, d).statuses if s.people)
        for d in (date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert holders == ["ORG", "NEW"]


COPIERS = BOOK.norms["copiers"]


@pytest.mark.parametrize(
    ("people", "allowed"),
    [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5), (101, 6), (130, 6), (131, 7), (20.5, 2)],
)
def test_pieces_by_steps(people: float, allowed: int) -> None:
    assert COPIERS.pieces(people) == allowed


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_more_people_never_may_have_less(one: float, other: float) -> None:
    fewer, more = sorted((one, other))
    for norm in BOOK.norms.values():
        assert norm.pieces(fewer) <= norm.pieces(more)


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_a_share_in_a_hundred_is_exact(people: int, share: int) -> None:
    norm = replace(COPIERS, steps=(Step(None, 100 / share),))
    assert isinstance(norm, Norm)
    assert norm.pieces(people) == -(-people * share // 100)


def test_a_norm_judges_on_the_days_on_which_it_is_in_force() -> None:
    versions = {
        key: [replace(version, effective_from=DAY) for version in listed]
        for key, listed in BOOK.versions["norms"].items()
    }
    book = replace(BOOK, versions={**BOOK.versions, "norms": versions})
    held = world(spaces=[HEAD])
    assert norm_accounts(held, book, date(2024, 2, 29)).statuses == ()
    assert norm_accounts(held, book, DAY).statuses == norm_accounts(held, BOOK, DAY).statuses != ()
