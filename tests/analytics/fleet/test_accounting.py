"""A vehicle's month added up from counters, trips, cards, services and orders; unknown stays unknown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.accountfacts import CHARGED, AccountFacts, UseOfOrder
from analytics.fleet.accounting import month_accounts, months_of
from analytics.fleet.accounts import Account, SumBy, year_account
from analytics.fleet.checks.monthsums import month_sums
from analytics.fleet.footprint import Footprint
from analytics.fleet.tripframe import idling_frame, trip_frame
from quotawatt.dispatch.records import Service, ServiceKind
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import DistanceBy, EventKind, Trip, VehicleEvent
from quotawatt.register.model import Vehicle

ZONE = ZoneInfo("Asia/Shanghai")
MAY = date(2023, 5, 1)
NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAR = Vehicle("CAR-1", "一号车", "Car 1", "ORG-1", "鲁A1", "car", "petrol", quota_l_per_100km=8.0)
SECRET = replace(CAR, code="CAR-9", tracking_exempt=True)


def trip(day: int, km: float = 10.0, hour: int = 1, month: int = 5, **more: object) -> Trip:
    start = datetime(2023, month, day, hour, tzinfo=UTC)
    made = Trip("CAR-1", start, start + timedelta(minutes=30), km, DistanceBy.ODOMETER)
    return replace(made, **more)  # type: ignore[arg-type]


def facts(*trips: Trip, **more: object) -> AccountFacts:
    made = AccountFacts(ZONE, NOW, [CAR], trip_frame(trips))
    return replace(made, **more)  # type: ignore[arg-type]


def of_may(given_facts: AccountFacts) -> Account:
    (account,) = month_accounts(given_facts, [MAY])
    return account


def test_the_odometers_result_goes_before_the_sum_of_trips_and_what_is_between_is_told() -> None:
    account = of_may(facts(trip(4), trip(5), results={("CAR-1", MAY, "odometer_km"): 23.5}))
    assert account.km.value == 23.5
    assert account.km.by == (SumBy.COUNTER,)
    assert account.trips_km == pytest.approx(20.0)
    assert account.unassigned_km == pytest.approx(3.5)


def test_without_a_counter_the_trips_count_and_nothing_is_known_to_be_outside_them() -> None:
    account = of_may(facts(trip(4), trip(4, hour=8)))
    assert (account.km.value, account.km.by) == (20.0, (SumBy.TRIPS,))
    assert account.unassigned_km is None
    assert (account.trips, account.days, account.hours) == (2, 1, pytest.approx(1.0))


def test_odometer_and_positions_are_compared_over_the_trips_of_the_rule() -> None:
    """One tells no positions, one has gaps: the sums are those on which ``odometer_differs`` rests."""
    stands = {"odometer_start_km": 100.0, "odometer_end_km": 110.5}
    trips = [
        trip(4, gnss_km=10.0, coverage=1.0, **stands),
        trip(5, gnss_km=9.0, coverage=0.95, **stands),
        trip(6, gnss_km=2.0, coverage=0.5, **stands),
        trip(7, coverage=1.0, **stands),
        trip(8, gnss_km=10.0, coverage=1.0),
    ]
    account, (month,) = of_may(facts(*trips)), month_sums(trips, ZONE)
    assert (account.compared_odometer_km, account.compared_gnss_km) == (21.0, 19.0)
    assert month.compared_odometer_km == account.compared_odometer_km
    assert month.compared_gnss_km == account.compared_gnss_km


def test_a_month_of_which_nothing_is_known_has_no_figures() -> None:
    account = of_may(facts())
    assert account.km.value is None
    assert account.fuel.per_100km is None
    assert account.cost_cny is None
    assert account.kgco2 is None
    assert account.known_share is None


def test_a_trip_late_in_the_evening_belongs_to_the_local_month() -> None:
    evening = trip(30, hour=17, month=4)  # 1 May, 01:00 local
    assert of_may(facts(evening)).trips == 1


def test_use_per_distance_rests_on_trips_that_tell_both() -> None:
    account = of_may(facts(trip(4, fuel_l=0.9), trip(5)))
    assert account.fuel.per_100km == pytest.approx(9.0)
    assert account.known_share == pytest.approx(0.5)
    assert account.fuel.over_quota_pct == pytest.approx(12.5)


def test_working_days_leave_the_holiday_out_and_count_the_weekend_that_is_worked() -> None:
    account = of_may(facts(trip(1), trip(6)))  # Labour Day; Saturday 6 May 2023 was worked
    assert account.days == 2
    assert account.working_days == 21
    assert account.working_days_used == 1


def card(day: int, litres: float, cost: float | None) -> FuelCard:
    return FuelCard("CAR-1", datetime(2023, 5, day, tzinfo=UTC), "C", "petrol", litres, cost)


def test_fuel_costs_what_was_paid_where_every_row_tells_it_else_the_use_at_its_price() -> None:
    priced = {("CAR-1", MAY, "cost_cny"): 500.0}
    paid = of_may(facts(cards=[card(3, 30, 240.0), card(9, 20, 160.0)], results=priced))
    assert (paid.costs["fuel"].value, paid.costs["fuel"].by) == (400.0, (SumBy.CARDS,))
    partly = of_may(facts(cards=[card(3, 30, 240.0), card(9, 20, None)], results=priced))
    assert (partly.costs["fuel"].value, partly.costs["fuel"].by) == (500.0, (SumBy.PRICE,))


def test_tolls_are_not_counted_twice() -> None:
    at = datetime(2023, 5, 4, tzinfo=UTC)
    toll = Service(1, "CAR-1", date(2023, 5, 31), ServiceKind.TOLL, "a", NOW, cost_cny=90.0)
    order = UseOfOrder("CAR-1", at, "DRV-1", 25.0)
    told = of_may(facts(orders=[order]))
    assert (told.costs["toll"].value, told.costs["toll"].by) == (25.0, (SumBy.ORDERS,))
    assert told.drivers == ("DRV-1",)
    assert of_may(facts(orders=[order], services=[toll])).costs["toll"].value == 90.0


def test_a_cost_per_kilometre_without_the_cost_of_energy_is_not_told() -> None:
    repair = Service(1, "CAR-1", MAY, ServiceKind.REPAIR, "a", NOW, cost_cny=300.0)
    account = of_may(facts(trip(4), services=[repair]))
    assert account.cost_cny == 300.0
    assert account.cost_per_km is None
    both = facts(trip(4), services=[repair], results={("CAR-1", MAY, "cost_cny"): 100.0})
    assert of_may(both).cost_per_km == pytest.approx(40.0)


def test_idling_is_that_under_way_and_at_rest() -> None:
    start = datetime(2023, 5, 4, 1, tzinfo=UTC)
    first = VehicleEvent("CAR-1", EventKind.IDLING, start, start + timedelta(minutes=30), 0.4)
    second = replace(
        first, start=start + timedelta(hours=2), end=start + timedelta(hours=3), amount=None
    )
    account = of_may(facts(idlings=idling_frame([first, second])))
    assert account.idling_h == pytest.approx(1.5)
    assert account.idling_l == pytest.approx(0.4)
    assert of_may(facts(trip(4))).idling_l is None


def test_carbon_and_coal_by_the_factors_of_the_year() -> None:
    footprint = Footprint("petrol_l", 2.2, 1.07, ("set",))
    account = of_may(facts(trip(4, fuel_l=10.0), footprints={("CAR-1", 2023): footprint}))
    assert account.kgco2 == pytest.approx(22.0)
    assert account.kgce == pytest.approx(10.7)


def test_of_a_vehicle_that_must_not_be_followed_totals_alone() -> None:
    results = {("CAR-9", MAY, "odometer_km"): 120.0, ("CAR-9", MAY, "cost_cny"): 80.0}
    trips = trip_frame([replace(trip(4), vehicle="CAR-9")])
    account = of_may(AccountFacts(ZONE, NOW, [SECRET], trips, results=results))
    assert account.masked
    assert account.km.value == 120.0
    assert (account.trips, account.days, account.trips_km, account.costs) == (0, 0, None, {})


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28), st.floats(0.1, 500)), max_size=40)
)
def test_a_year_is_the_sum_of_its_months(made: list[tuple[int, int, float]]) -> None:
    trips = [trip(day, km, month=month, fuel_l=km / 10) for month, day, km in made]
    months = month_accounts(facts(*trips), months_of(2023))
    year = year_account(months)
    assert (year.first, year.until) == (date(2023, 1, 1), date(2024, 1, 1))
    assert year.trips == len(trips)
    assert (year.km.value or 0.0) == pytest.approx(sum(km for _, _, km in made))
    assert year.days == len({(month, day) for month, day, _ in made})
    if trips:
        assert year.fuel.per_100km == pytest.approx(10.0)


def test_per_100_km_goes_by_what_was_driven_on_not_by_what_was_charged() -> None:
    car = replace(CAR, energy="electric")
    results = {("CAR-1", MAY, "odometer_km"): 20.0, ("CAR-1", MAY, CHARGED): 1.2}
    trips = [trip(4, electricity_kwh=2.0), trip(5, electricity_kwh=2.0)]
    account = of_may(facts(*trips, vehicles=[car], results=results))
    assert account.electricity.amount.value == 1.2
    assert account.electricity.per_100km == pytest.approx(20.0)
    fewer = of_may(facts(trips[0], vehicles=[car], results=results))
    assert fewer.electricity.per_100km == pytest.approx(6.0)
