"""Use without an approved order, and orders that came too late."""

from math import nan

from quotawatt.dispatch.order import OrderState
from quotawatt.rulebook.vehicle_rules import Check
from tests.analytics.fleet.checks.scenery import at, judged, order, trip

SINCE = at("01-01 00:00")


def test_a_trip_without_an_order_is_told_with_its_minutes() -> None:
    (found,) = judged(
        Check.NO_ORDER, trips=[trip("05-06 09:00", "05-06 09:40")], orders_since=SINCE
    )
    assert (found.start, found.end, found.trip) == (
        at("05-06 09:00"),
        at("05-06 09:40"),
        at("05-06 09:00"),
    )
    assert (found.value, found.unit) == (40.0, "min")
    assert "order" not in found.detail


def test_one_order_covers_several_trips_and_some_tolerance() -> None:
    trips = [
        trip("05-06 08:40", "05-06 09:00"),  # 20 minutes early, 30 are tolerated
        trip("05-06 10:00", "05-06 11:00"),
        trip("05-06 12:10", "05-06 12:25"),
    ]
    known = {"trips": trips, "orders": [order("05-06 09:00", "05-06 12:00")]}
    assert judged(Check.NO_ORDER, orders_since=SINCE, **known) == []


def test_what_goes_beyond_the_order_is_told_with_its_number() -> None:
    (found,) = judged(
        Check.NO_ORDER,
        trips=[trip("05-06 11:00", "05-06 14:00")],
        orders=[order("05-06 10:00", "05-06 12:00")],
        orders_since=SINCE,
    )
    assert (found.start, found.end, found.value) == (at("05-06 12:30"), at("05-06 14:00"), 90.0)
    assert (found.detail["order"], found.detail["order_state"]) == (7, "approved")


def test_an_order_that_was_not_approved_entitles_nobody() -> None:
    for state in (OrderState.REQUESTED, OrderState.REJECTED, OrderState.CANCELLED):
        (found,) = judged(
            Check.NO_ORDER,
            trips=[trip("05-06 11:00", "05-06 11:30")],
            orders=[order("05-06 10:00", "05-06 12:00", state)],
            orders_since=SINCE,
        )
        assert found.detail["order_state"] == state.value


def test_nobody_is_accused_where_no_orders_are_kept_or_little_is_known() -> None:
    known = [trip("05-06 09:00", "05-06 09:40")]
    assert judged(Check.NO_ORDER, trips=known) == []
    assert judged(Check.NO_ORDER, trips=known, orders_since=at("05-07 00:00")) == []
    moved_in_the_yard = [trip("05-06 09:00", "05-06 09:02", km=0.3)]
    assert judged(Check.NO_ORDER, trips=moved_in_the_yard, orders_since=SINCE) == []
    unknown = [trip("05-06 09:00", "05-06 09:02", km=nan)]
    assert judged(Check.NO_ORDER, trips=unknown, orders_since=SINCE) == []


def test_an_order_approved_after_departure_is_told_once() -> None:
    late = order("05-06 08:00", "05-06 18:00", decided="05-06 09:45")
    trips = [trip("05-06 09:00", "05-06 09:20"), trip("05-06 09:30", "05-06 09:50")]
    (found,) = judged(Check.LATE_ORDER, trips=trips, orders=[late])
    assert (found.start, found.value, found.detail["order"]) == (at("05-06 09:00"), 45.0, 7)


def test_an_order_in_time_or_of_unknown_time_is_not_late() -> None:
    trips = [trip("05-06 09:00", "05-06 09:20")]
    for decided in ("05-05 16:00", "05-06 09:10", None):
        timely = order("05-06 08:00", "05-06 18:00", decided=decided)
        assert judged(Check.LATE_ORDER, trips=trips, orders=[timely]) == []
