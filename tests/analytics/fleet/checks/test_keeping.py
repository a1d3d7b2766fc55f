"""Hardly used, idle, renewable, due for maintenance; odometer against positions."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.fleet.checks.facts import MonthSum
from analytics.fleet.checks.monthsums import month_sums
from quotawatt.dispatch.records import Service, ServiceKind
from quotawatt.register.model import Register
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import local_midnight
from tests.analytics.fleet.checks.scenery import VEHICLE, ZONE, at, day, judged, register, trip


def kept(**changed: object) -> Register:
    return register(replace(VEHICLE, **changed))


def heard(share: float | None):
    return lambda vehicle, span: share


MONTHS = [MonthSum("V-1", date(2024, m, 1), 5, 100.0) for m in range(1, 9)]
LATE = {"now": "09-01 00:00", "since": "08-31 00:00"}


def test_a_year_with_few_kilometres_is_a_candidate_for_the_pool() -> None:
    (found,) = judged(Check.UNDER_USED, months=MONTHS, heard=heard(0.9), **LATE)
    assert (found.value, found.start) == (800.0, at("01-01 00:00"))
    assert found.limit == pytest.approx(5000 * 244 / 365.25, abs=0.01)
    assert (found.detail["days"], found.detail["trips"]) == (244, 40)


def test_a_year_is_not_judged_early_unheard_or_when_the_odometer_knows_more() -> None:
    early = {"now": "06-01 00:00", "since": "05-31 00:00"}
    assert judged(Check.UNDER_USED, months=MONTHS[:5], heard=heard(0.9), **early) == []
    for share in (None, 0.5):
        assert judged(Check.UNDER_USED, months=MONTHS, heard=heard(share), **LATE) == []
    driven = [
        replace(MONTHS[0], odometer_first_km=1000.0, odometer_last_km=1100.0),
        *MONTHS[1:7],
        replace(MONTHS[7], odometer_first_km=6000.0, odometer_last_km=6100.0),
    ]
    assert judged(Check.UNDER_USED, months=driven, heard=heard(0.9), **LATE) == []
    new = kept(acquired=date(2024, 7, 1))
    assert judged(Check.UNDER_USED, months=MONTHS, heard=heard(0.9), under=new, **LATE) == []


def test_an_idle_vehicle_is_heard_and_does_not_move() -> None:
    last = trip("03-01 09:00", "03-01 10:00")
    (found,) = judged(Check.IDLE, last_trips=last, heard=heard(1.0))
    assert (found.value, found.start, found.end) == (80.0, last.end, at("05-20 00:00"))
    for share in (None, 0.3):
        assert judged(Check.IDLE, last_trips=last, heard=heard(share)) == []
    lately = trip("05-01 09:00", "05-01 10:00")
    assert judged(Check.IDLE, last_trips=lately, heard=heard(1.0)) == []
    known = kept(status="idle")
    assert judged(Check.IDLE, last_trips=last, heard=heard(1.0), under=known) == []


def test_after_eight_years_a_vehicle_may_be_renewed() -> None:
    (found,) = judged(Check.RENEWABLE, under=kept(acquired=date(2016, 2, 29)))
    assert found.start == at("02-29 00:00")
    assert found.value == pytest.approx(8.22, abs=0.01)
    assert judged(Check.RENEWABLE, under=kept(acquired=date(2016, 5, 21))) == []
    assert judged(Check.RENEWABLE) == []


SERVICED = Service(
    1, "V-1", day("01-10"), ServiceKind.MAINTENANCE, "keeper", at("01-10 18:00"), 20_000.0
)


def test_maintenance_is_due_by_kilometres_or_months() -> None:
    by_km = kept(service_every_km=5000)
    told = trip("05-19 09:00", "05-19 10:00", odometer_end_km=24_600.0)
    (found,) = judged(Check.MAINTENANCE_DUE, services=[SERVICED], last_trips=told, under=by_km)
    assert (found.value, found.limit, found.unit) == (4600.0, 5000.0, "km")
    assert (found.start, found.detail["overdue"]) == (at("01-10 00:00"), "no")
    by_day = kept(service_every_months=4)
    (found,) = judged(Check.MAINTENANCE_DUE, services=[SERVICED], under=by_day)
    assert (found.value, found.limit, found.unit) == (131.0, 121.0, "days")
    assert (found.detail["due_day"], found.detail["overdue"]) == ("2024-05-10", "yes")


def test_only_maintenance_that_stands_counts() -> None:
    by_day = kept(service_every_months=4, acquired=date(2023, 12, 1))
    fresh = replace(SERVICED, day=day("05-01"))
    assert judged(Check.MAINTENANCE_DUE, services=[SERVICED, fresh], under=by_day) == []
    withdrawn = replace(fresh, withdrawn_at=at("05-02 09:00"))
    wash = replace(fresh, kind=ServiceKind.REPAIR)
    (found,) = judged(Check.MAINTENANCE_DUE, services=[withdrawn, wash], under=by_day)
    assert found.start == local_midnight(date(2023, 12, 1), ZONE)
    assert "last_maintenance" not in found.detail
    assert judged(Check.MAINTENANCE_DUE, under=kept(service_every_months=4)) == []


TOLD = {"odometer_start_km": 1000.0, "odometer_end_km": 1110.0, "gnss_km": 100.0}


def test_an_odometer_that_differs_from_positions_is_told_by_month() -> None:
    trips = [trip("05-07 09:00", "05-07 11:00", 110.0, **TOLD)]
    sums = month_sums(trips, ZONE)
    (found,) = judged(Check.ODOMETER_DIFFERS, months=sums)
    assert (found.value, found.limit, found.unit) == (10.0, 5.0, "%")
    assert (found.detail["odometer_km"], found.detail["gnss_km"]) == (110.0, 100.0)
    for changed in ({"coverage": 0.5}, {"gnss_km": 108.0}, {"gnss_km": None}):
        others = month_sums([replace(trips[0], **changed)], ZONE)
        assert judged(Check.ODOMETER_DIFFERS, months=others) == []


def test_an_odometer_that_agrees_and_few_kilometres_say_nothing() -> None:
    few = month_sums([trip("05-07 09:00", "05-07 11:00", 50.0, **{**TOLD, "gnss_km": 50.0})], ZONE)
    assert judged(Check.ODOMETER_DIFFERS, months=few) == []


def test_a_rise_between_trips_was_driven_unseen() -> None:
    one = trip("05-07 09:00", "05-07 10:00", odometer_end_km=500.0)
    following = trip("05-09 09:00", "05-09 10:00", odometer_start_km=547.0)
    (found,) = judged(Check.UNSEEN_KILOMETRES, trips=[one, following])
    assert (found.start, found.end, found.value) == (one.end, following.start, 47.0)
    for stand in (None, 503.0, 100.0):  # not told, in the yard, another dashboard
        others = [one, replace(following, odometer_start_km=stand)]
        assert judged(Check.UNSEEN_KILOMETRES, trips=others) == []


def test_a_trip_of_which_no_message_told_was_driven_unseen() -> None:
    stands = {"odometer_start_km": 500.0, "odometer_end_km": 530.0}
    hidden = {"start_after": at("05-07 23:50"), "end_before": at("05-08 08:59")}
    one = trip("05-08 08:59", "05-08 08:59", 30.0, **stands, **hidden)
    (found,) = judged(Check.UNSEEN_KILOMETRES, trips=[one])
    assert (found.start, found.end) == (one.start_after, one.end_before)
    assert (found.value, found.detail["odometer_after_km"]) == (30.0, 530.0)
    told = replace(one, start=at("05-08 08:20"))  # some of it was
    yard = replace(one, odometer_end_km=503.0)
    for other in (told, yard):
        assert judged(Check.UNSEEN_KILOMETRES, trips=[other]) == []


def test_month_sums_go_by_the_local_month_of_the_start() -> None:
    nan = float("nan")
    trips = [
        trip("04-30 23:50", "05-01 00:30", 40.0, fuel_l=4.0, odometer_start_km=10.0),
        trip("05-01 08:00", "05-01 09:00", 20.0, electricity_kwh=3.0, odometer_end_km=75.0),
        trip("05-02 08:00", "05-02 09:00", nan, fuel_l=2.0),
    ]
    april, may = month_sums(trips, ZONE)
    assert (april.month, april.fuelled_km, april.fuel_l) == (day("04-01"), 40.0, 4.0)
    assert (may.trips, may.distance_km, may.fuelled_km) == (2, 20.0, 0.0)
    assert (may.charged_km, may.electricity_kwh, may.odometer_last_km) == (20.0, 3.0, 75.0)
