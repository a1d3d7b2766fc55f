"""Orders and trips: each trip at one order at most, and what is missing or differs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.matching import OrderMatch, match_orders
from analytics.fleet.orderchecks import DifferenceKind
from analytics.fleet.ordernames import named_places
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.trips import DistanceBy, Place, Trip
from quotawatt.register.fleet import Geofence

START = datetime(2024, 5, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
KIND = DifferenceKind

PLACES = named_places(
    [
        Geofence(
            code, zh, en, "ORG-1", "other", f'{{"type":"Point","coordinates":[{x},36.6]}}', 300.0
        )
        for code, zh, en, x in (
            ("GEO-A", "市档案馆", "City archive", 117.0),
            ("GEO-B", "火车站", "Railway station", 117.2),
        )
    ]
)


def order(number: int = 1, begin: float = 0, hours: float = 3, **more: Any) -> Order:
    """A use that was driven as planned, ``begin`` hours after ``START``."""
    start = START + begin * HOUR
    end = start + hours * HOUR
    told: dict[str, Any] = {
        "state": OrderState.RATED,
        "purpose": "送文件",
        "to_places": "城东",
        "vehicle": "CAR-1",
        "driver": "DRV-1",
        "left_at": start,
        "returned_at": end,
        "odometer_out_km": 100.0,
        "odometer_in_km": 136.0,
        "litres": 3.4,
        "cost_cny": 0.0,
        "rating": 5,
        **more,
    }
    return Order(
        number=number,
        organisation="ORG-1",
        applicant="li",
        from_place="",
        planned_start=start,
        planned_end=end,
        requested_at=START,
        **told,
    )


def trip(begin: float = 0, hours: float = 3, km: float = 36.0, **more: Any) -> Trip:
    start = START + begin * HOUR
    vehicle = more.pop("vehicle", "CAR-1")
    by = DistanceBy.ODOMETER
    return Trip(vehicle, start, start + hours * HOUR, km, by, **more)


def only(orders: list[Order], trips: list[Trip], now: datetime = NOW) -> OrderMatch:
    (found,) = match_orders(orders, trips, now, places=PLACES).order_matches
    return found


def kinds(match: OrderMatch) -> list[DifferenceKind]:
    return [difference.kind for difference in match.differences]


def test_a_use_driven_as_told_lacks_nothing() -> None:
    match = only([order()], [trip(0, 1.4, 17.0), trip(1.6, 1.4, 19.0)])
    assert (match.missing, match.differences, len(match.trips)) == ((), (), 2)
    facts = match.facts
    assert (facts.distance_km, facts.fuel_l, facts.cost_cny) == (36.0, 3.4, 0.0)
    assert (facts.start, facts.end) == (START, START + 3 * HOUR)


def test_a_trip_goes_to_the_order_that_it_overlaps_most() -> None:
    first, second = order(1, 0, 3), order(2, 3, 3)
    found = match_orders([second, first], [trip(2.0, 3.0)], NOW)
    assert [(m.order.number, len(m.trips)) for m in found.order_matches] == [(1, 0), (2, 1)]
    assert found.trips_without_order == ()


@pytest.mark.parametrize(("begin", "matched"), [(3.4, True), (3.6, False), (-1.4, True)])
def test_beside_all_orders_by_the_tolerance_at_most(begin: float, matched: bool) -> None:
    found = match_orders([order()], [trip(begin, 1.0)], NOW)
    assert bool(found.order_matches[0].trips) is matched
    assert len(found.trips_without_order) == (0 if matched else 1)


def test_another_vehicles_trip_is_not_of_the_order() -> None:
    found = match_orders([order()], [trip(vehicle="CAR-2")], NOW)
    assert [t.vehicle for t in found.trips_without_order] == ["CAR-2"]
    assert kinds(found.order_matches[0]) == [KIND.NO_TRIP]


@pytest.mark.parametrize("state", ["requested", "rejected", "cancelled"])
def test_an_order_that_does_not_stand_entitles_to_nothing(state: str) -> None:
    found = match_orders([order(state=OrderState(state))], [trip()], NOW)
    assert (found.order_matches, len(found.trips_without_order)) == ((), 1)


def test_what_is_to_come_lacks_nothing_yet() -> None:
    bare: dict[str, Any] = {
        "left_at": None,
        "returned_at": None,
        "odometer_out_km": None,
        "rating": None,
    }
    coming = order(state=OrderState.ASSIGNED, **bare)
    match = only([coming], [], START - HOUR)
    assert (match.over, match.missing, match.differences) == (False, (), ())
    late = only([coming], [], START + 3 * HOUR + 30 * MINUTE)
    assert (late.over, kinds(late)) == (True, [KIND.NO_TRIP])
    assert late.missing == ("time", "distance")


def test_one_under_way_goes_on_until_it_is_back() -> None:
    out = order(state=OrderState.UNDER_WAY, returned_at=None, rating=None)
    match = only([out], [trip(8.0, 1.0)], START + 9 * HOUR)
    assert (len(match.trips), match.over) == (1, False)
    assert KIND.RETURNED_LATE in kinds(match)


def test_what_nobody_told_is_missing() -> None:
    nothing: dict[str, Any] = {
        "purpose": " ",
        "to_places": "",
        "driver": None,
        "odometer_in_km": None,
        "litres": None,
        "cost_cny": None,
    }
    bare = order(state=OrderState.RETURNED, rating=None, **nothing)
    match = only([bare], [trip(km=float("nan"))])
    assert match.missing == (
        *("purpose", "place", "distance", "energy", "cost"),
        *("driver", "odometer", "rating"),
    )
    known = only([bare], [trip(electricity_kwh=6.0)])
    assert (known.facts.distance_km, known.facts.electricity_kwh) == (36.0, 6.0)
    assert not {"distance", "energy"} & set(known.missing)


@pytest.mark.parametrize(
    ("changes", "driven", "expected"),
    [
        ({}, trip(km=37.5), []),
        ({}, trip(km=40.0), [KIND.DISTANCE]),
        ({"planned_km": 32.0}, trip(), []),
        ({"planned_km": 20.0}, trip(), [KIND.PLANNED_DISTANCE]),
        ({}, trip(odometer_start_km=102.0, odometer_end_km=138.1), [KIND.ODOMETER_IN]),
        ({}, trip(odometer_start_km=90.0), [KIND.ODOMETER_OUT]),
        ({}, trip(0.6, 1.8), [KIND.LEFT_AT, KIND.RETURNED_AT]),
        ({"planned_start": START + HOUR}, trip(), [KIND.LEFT_EARLY]),
        ({"planned_end": START + HOUR}, trip(), [KIND.RETURNED_LATE]),
    ],
)
def test_what_differs(
    changes: dict[str, Any], driven: Trip, expected: list[DifferenceKind]
) -> None:
    assert kinds(only([replace(order(), **changes)], [driven])) == expected


@pytest.mark.parametrize(
    ("told", "longitude", "missed"),
    [
        ("市档案馆", 117.001, []),
        ("city ARCHIVE", 117.001, []),
        ("GEO-A；火车站", 117.001, ["火车站"]),
        ("市档案馆", 117.1, ["市档案馆"]),
        ("没有登记的地方", 117.1, []),
    ],
)
def test_a_destination_of_the_register_must_have_been_reached(
    told: str, longitude: float, missed: list[str]
) -> None:
    match = only([order(to_places=told)], [trip(end_place=Place(36.6, longitude))])
    assert [d.told for d in match.differences if d.kind is KIND.PLACE] == missed


def test_where_a_trip_ended_unknown_no_destination_is_judged() -> None:
    assert only([order(to_places="市档案馆")], [trip()]).differences == ()


_TRIPS = st.lists(
    st.builds(
        trip,
        st.integers(-30, 130).map(lambda quarter: quarter / 4),
        st.integers(0, 20).map(lambda quarter: quarter / 4),
        km=st.floats(0, 100),
        vehicle=st.sampled_from(["CAR-1", "CAR-2"]),
    ),
    max_size=12,
)
_ORDERS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(["CAR-1", "CAR-2"])),
    max_size=6,
).map(
    lambda told: [
        order(number, begin, hours, vehicle=vehicle)
        for number, (begin, hours, vehicle) in enumerate(told, start=1)
    ]
)


@settings(max_examples=60, deadline=None)
@given(orders=_ORDERS, trips=_TRIPS, seed=st.randoms(use_true_random=False))
def test_every_trip_is_counted_once_in_whatever_order_they_come(
    orders: list[Order], trips: list[Trip], seed: Any
) -> None:
    found = match_orders(orders, trips, NOW)
    matched = [t for match in found.order_matches for t in match.trips]
    together = sorted((t.start, t.vehicle) for t in (*matched, *found.trips_without_order))
    assert together == sorted({(t.start, t.vehicle) for t in trips})
    assert [m.order.number for m in found.order_matches] == [
        o.number for o in sorted(orders, key=lambda o: (o.planned_start, o.number))
    ]
    shuffled = list(orders)
    seed.shuffle(shuffled)
    unlike = {(t.start, t.vehicle): t for t in trips}
    again = [*unlike.values(), *unlike.values()]
    seed.shuffle(again)
    assert match_orders(shuffled, again, NOW) == match_orders(orders, unlike.values(), NOW)
