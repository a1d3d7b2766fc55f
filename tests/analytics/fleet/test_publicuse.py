"""The six public facts a trip: what is missing is marked; who must not be seen is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.fleet.matching import match_orders
from analytics.fleet.publicsheet import public_sheet
from analytics.fleet.publicuse import PublicUse, open_to_public, public_uses
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.sheets import sheet_csv
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.model import Organisation, Register, Vehicle

START = datetime(2023, 5, 8, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = START + timedelta(days=9)
CAR = Vehicle("CAR-1", "车", "Car", "ORG-1", "鲁A1", "car", "petrol")
REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First Office", "party_government", "city")],
    vehicles=[CAR, replace(CAR, code="CAR-9", plate="鲁A9", tracking_exempt=True)],
)
ORDER = Order(
    *(7, OrderState.RETURNED, "ORG-1", "somebody", "=送文件", "", "市档案馆"),
    *(START, START + 6 * HOUR, START),
    vehicle="CAR-1",
    cost_cny=25.0,
)


def trip(hours: float, vehicle: str = "CAR-1", **more: object) -> Trip:
    start = START + hours * HOUR
    made = Trip(vehicle, start, start + HOUR / 2, 12.0, DistanceBy.ODOMETER, fuel_l=1.0)
    return replace(made, **more)  # type: ignore[arg-type]


def uses(orders: list[Order], *trips: Trip) -> list[PublicUse]:
    return public_uses(match_orders(orders, trips, NOW))


def test_the_cost_of_an_order_stands_once_and_is_not_missing_from_its_other_trips() -> None:
    out, back = uses([ORDER], trip(0.5), trip(3))
    assert (out.order, out.cost_cny, out.missing) == (7, 25.0, ())
    assert (back.order, back.cost_cny, back.missing) == (7, None, ())
    assert (back.purpose, back.places) == ("=送文件", "市档案馆")


def test_a_trip_without_an_order_lacks_what_only_an_order_tells() -> None:
    (alone,) = uses([], trip(0, fuel_l=None))
    assert alone.order is None
    assert alone.missing == ("purpose", "place", "energy", "cost")


def test_an_order_that_nobody_recorded_a_trip_for_is_a_row_too() -> None:
    (row,) = uses([ORDER])
    assert (row.trip, row.start) == (None, START)
    assert row.missing == ("distance", "energy")


def test_the_public_sees_neither_exempt_vehicles_nor_classified_organisations() -> None:
    rows = uses([ORDER], trip(0.5), trip(1, "CAR-9"))
    assert len(rows) == 2
    assert {r.vehicle for r in open_to_public(rows, REGISTER, frozenset())} == {"CAR-1"}
    assert open_to_public(rows, REGISTER, frozenset({"CAR-1"})) == []


def test_the_file_has_units_local_times_and_no_formula() -> None:
    days = date(2023, 5, 8), date(2023, 5, 8)
    zone = ZoneInfo("Asia/Shanghai")
    sheet = public_sheet(uses([ORDER], trip(0.5)), *days, REGISTER, "zh", zone)
    head, row = sheet_csv(sheet).decode("utf-8-sig").splitlines()
    assert head.split(",")[6:10] == ["里程 (km)", "油耗 (L)", "电耗 (kWh)", "费用 (CNY)"]
    assert (
        row == "鲁A1,甲机关,2023-05-08 09:30,2023-05-08 10:00,'=送文件,市档案馆,12.0,1.00,,25.00,"
    )
