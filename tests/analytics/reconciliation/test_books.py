"""What the books lack: denominators, devices, main meters; and what they hold twice."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reconciliation import World
from analytics.reconciliation.coverage import unmeasured
from analytics.reconciliation.denominators import missing_denominators
from analytics.reconciliation.needs import needs_of
from analytics.reconciliation.twice import registered_twice
from quotawatt.findings import Finding
from quotawatt.register.model import (
    Building,
    Headcount,
    Meter,
    Organisation,
    PvPlant,
    Space,
    Vehicle,
)
from tests.analytics.reconciliation.worlds import (
    BOUND,
    BUILDING,
    DAY,
    HOUR,
    METER,
    NOW,
    SHIPPED,
    SITE,
    found,
    hourly,
    register,
    world,
)

OFFICE = Organisation("O-1", "甲局", "First Office", "party_government", "city")
BRANCH = replace(OFFICE, code="O-2", region_parent="O-1")
SHANDONG = replace(SITE, province="shandong", quota_zone="B")
IN_POST = Headcount("O-1", "in_post", 40, date(2023, 5, 1))
JUDGED = {"organisations": [OFFICE], "sites": [SHANDONG]}


def denominators(made: World) -> list[Finding]:
    return list(missing_denominators(made, needs_of(made.register, made.rulebook, made.today)))


def uncovered(made: World) -> list[Finding]:
    return list(unmeasured(made, needs_of(made.register, made.rulebook, made.today)))


# --- denominators ----------------------------------------------------------------------------------


def test_complete_books_lack_nothing() -> None:
    made = world(register(**JUDGED, headcounts=[IN_POST]), rulebook=SHIPPED)
    assert denominators(made) == []


def test_an_area_is_asked_for_once_with_how_many_quotas_wait() -> None:
    book = register(
        **JUDGED, headcounts=[IN_POST], buildings=[replace(BUILDING, gross_area_m2=None)]
    )
    (finding,) = denominators(world(book, rulebook=SHIPPED))
    assert (finding.code, finding.subject) == ("area_missing", "B-1")
    assert isinstance(finding.detail["quota_count"], int)
    assert finding.detail["quota_count"] > 0
    planned = register(
        **JUDGED,
        headcounts=[IN_POST],
        buildings=[replace(BUILDING, gross_area_m2=None, status="planned")],
    )
    assert denominators(world(planned, rulebook=SHIPPED)) == []


def test_people_are_asked_for_where_a_quota_counts_them() -> None:
    (finding,) = denominators(world(register(**JUDGED), rulebook=SHIPPED))
    assert (finding.code, finding.subject) == ("headcount_missing", "O-1")
    assert finding.detail["since"] == "2023-12-31T16:00:00+00:00"
    assert "in_post" in str(finding.detail["components"])
    assert denominators(world(register())) == []


def test_who_stands_below_is_asked_too_by_its_own_name() -> None:
    book = register(organisations=[OFFICE, BRANCH], sites=[SHANDONG], headcounts=[IN_POST])
    assert found(denominators(world(book, rulebook=SHIPPED))) == [("headcount_missing", "O-2")]


@pytest.mark.parametrize(
    ("rows", "since"),
    [
        ([replace(IN_POST, valid_until=date(2024, 3, 1))], "2024-02-29T16:00:00+00:00"),
        ([replace(IN_POST, valid_from=date(2024, 2, 1))], "2023-12-31T16:00:00+00:00"),
        (
            [
                replace(IN_POST, valid_until=date(2024, 2, 1)),
                replace(IN_POST, valid_from=date(2024, 4, 1)),
            ],
            "2024-01-31T16:00:00+00:00",
        ),
        ([replace(IN_POST, valid_until=date(2024, 6, 4))], None),
        ([replace(IN_POST, component="beds")], "2023-12-31T16:00:00+00:00"),
    ],
)
def test_a_gap_in_the_year_is_named(rows: list[Headcount], since: str | None) -> None:
    made = denominators(world(register(**JUDGED, headcounts=rows), rulebook=SHIPPED))
    assert [f.detail["since"] for f in made] == ([] if since is None else [since])


_ROWS = st.lists(
    st.tuples(st.integers(0, 200), st.one_of(st.none(), st.integers(1, 90))), max_size=5
)


@given(rows=_ROWS)
def test_people_are_missing_exactly_where_their_mean_is(rows: list[tuple[int, int | None]]) -> None:
    day0, held = date(2023, 12, 1), []
    for start, length in rows:
        first = day0 + start * DAY
        held.append(
            replace(
                IN_POST,
                valid_from=first,
                valid_until=None if length is None else first + length * DAY,
            )
        )
    # Rows of one component never overlap in a register.
    held.sort(key=lambda h: h.valid_from)
    apart = [
        replace(h, valid_until=min(h.valid_until or nxt.valid_from, nxt.valid_from)) if nxt else h
        for h, nxt in zip(held, [*held[1:], None], strict=False)
    ]
    apart = [h for h in apart if h.valid_until is None or h.valid_until > h.valid_from]
    book = register(**JUDGED, headcounts=apart)
    made = world(book, rulebook=SHIPPED)
    mean = book.headcount_mean("O-1", ["in_post"], date(2024, 1, 1), date(2024, 6, 4))
    assert (denominators(made) == []) == (mean is not None)


# --- what no device measures -----------------------------------------------------------------------


def test_a_meter_without_a_device_is_named_with_its_last_one() -> None:
    ended = replace(BOUND, valid_until=NOW - DAY)
    (finding,) = uncovered(world(register(bindings=[ended])))
    assert (finding.code, finding.subject) == ("meter_unbound", "M-1")
    assert finding.detail == {"since": (NOW - DAY).isoformat(), "former_device": "d-1"}


def test_a_meter_that_is_read_by_hand_needs_no_device() -> None:
    made = world(register(bindings=[]), hourly("asset:M-1", days=1))
    assert uncovered(made) == []
    assert found(uncovered(world(register(bindings=[])))) == [("meter_unbound", "M-1")]


@pytest.mark.parametrize(("days", "expected"), [(44, []), (46, [("meter_unbound", "M-1")])])
def test_readings_by_hand_may_be_as_late_as_a_bill(
    days: int, expected: list[tuple[str, str]]
) -> None:
    entered = hourly("asset:M-1", NOW - days * DAY + HOUR, days=1)
    assert found(uncovered(world(register(bindings=[]), entered))) == expected


def test_an_organisation_of_which_nothing_is_bound_is_one_finding() -> None:
    buildings = [BUILDING, replace(BUILDING, code="B-2"), replace(BUILDING, code="B-3")]
    meters = [replace(METER, code=f"M-{n}", building=f"B-{n}") for n in (1, 2, 3)]
    none = register(buildings=buildings, meters=meters, bindings=[])
    (finding,) = uncovered(world(none))
    assert (finding.code, finding.subject, finding.detail) == (
        "meters_unbound",
        "O-1",
        {"count": 3},
    )
    one = register(buildings=buildings, meters=meters, bindings=[BOUND])
    assert found(uncovered(world(one))) == [("meter_unbound", "M-2"), ("meter_unbound", "M-3")]


@pytest.mark.parametrize("status", ["planned", "idle", "disposed", "transferred"])
def test_what_is_not_in_use_needs_none(status: str) -> None:
    building = replace(BUILDING, status=status)
    assert uncovered(world(register(buildings=[building], bindings=[]))) == []


def test_a_building_of_which_nothing_is_bound_is_one_finding() -> None:
    meters = [METER, *(replace(METER, code=f"M-{n}", parent="M-1") for n in (2, 3))]
    (finding,) = uncovered(world(register(meters=meters, bindings=[])))
    assert (finding.code, finding.subject, finding.detail["count"]) == ("meters_unbound", "B-1", 3)
    assert len(uncovered(world(register(meters=meters)))) == 2


def test_a_building_needs_a_main_meter() -> None:
    (finding,) = uncovered(world(register(meters=[], bindings=[])))
    assert (finding.code, finding.subject) == ("main_meter_missing", "B-1")
    assert finding.detail["carrier"] == "electricity"


def test_water_is_asked_for_where_a_quota_counts_it() -> None:
    made = uncovered(world(register(**JUDGED), rulebook=SHIPPED))
    assert [(f.code, f.detail["carrier"]) for f in made] == [("main_meter_missing", "water")]
    with_water = [METER, Meter("M-2", "水表", "Water", "B-1", "water")]
    made = uncovered(world(register(**JUDGED, meters=with_water), rulebook=SHIPPED))
    assert found(made) == [("meter_unbound", "M-2")]


def test_where_no_building_has_a_main_meter_it_is_one_finding() -> None:
    houses = [BUILDING, replace(BUILDING, code="B-2", name_zh="副楼")]
    (finding,) = uncovered(world(register(buildings=houses, meters=[], bindings=[])))
    assert (finding.code, finding.subject) == ("main_meters_missing", "O-1")
    assert (finding.detail["carrier"], finding.detail["count"]) == ("electricity", 2)
    some = uncovered(world(register(buildings=houses)))
    assert found(some) == [("main_meter_missing", "B-2")]


def test_a_plant_needs_its_generation() -> None:
    book = register(pv_plants=[PvPlant("P-1", "光伏", "PV", "B-1", 50.0)])
    assert found(uncovered(world(book))) == [("plant_unmetered", "P-1")]
    fed = register(
        pv_plants=[PvPlant("P-1", "光伏", "PV", "B-1", 50.0)],
        bindings=[BOUND, replace(BOUND, device="i-1", asset="P-1")],
    )
    assert uncovered(world(fed)) == []


def cars(count: int) -> list[Vehicle]:
    return [
        Vehicle(f"V-{n}", "车", "Car", "O-1", f"鲁A0000{n}", "sedan", "petrol")
        for n in range(count)
    ]


def test_plates_without_terminals() -> None:
    one_bound = [BOUND, replace(BOUND, device="t-0", asset="V-0")]
    book = register(vehicles=cars(3), bindings=one_bound)
    assert found(uncovered(world(book))) == [("vehicle_unbound", "V-1"), ("vehicle_unbound", "V-2")]
    (finding,) = uncovered(world(register(vehicles=cars(3))))
    assert (finding.code, finding.subject, finding.detail["count"]) == (
        "vehicles_unbound",
        "O-1",
        3,
    )
    exempt = [replace(v, tracking_exempt=True) for v in cars(2)]
    assert uncovered(world(register(vehicles=exempt))) == []


# --- twice -----------------------------------------------------------------------------------------


def test_the_same_plate_however_it_is_typed() -> None:
    one, other = cars(2)
    book = register(vehicles=[one, replace(other, plate="鲁a·00000")])
    assert found(registered_twice(world(book))) == [("asset_twice", "V-1")]
    gone = register(vehicles=[one, replace(other, plate=one.plate, status="disposed")])
    assert found(registered_twice(world(gone))) == []


def test_names_are_compared_within_their_place() -> None:
    rooms = [
        Space(f"R-{n}", "会议室", "Meeting", "B-1", "meeting", floor=f) for n, f in enumerate("112")
    ]
    meters = [
        METER,
        replace(METER, code="M-2", name_zh="总表 "),
        replace(METER, code="M-3", item="A"),
    ]
    houses = [BUILDING, Building("B-2", "主楼", "Main", "S-2", "O-1", 1.0)]
    book = register(spaces=rooms, meters=meters, buildings=houses)
    assert found(registered_twice(world(book))) == [("asset_twice", "M-2"), ("asset_twice", "R-1")]
