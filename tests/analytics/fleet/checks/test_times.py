"""Working time, sealed days, seals. Of 2024: 1 to 5 May off, 28 April and 11 May (weekend) worked."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.checks.subject import minutes, overlap, uncovered
from quotawatt.dispatch.records import DutyEntry, Seal
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import Span
from tests.analytics.fleet.checks.scenery import (
    OTHER,
    VEHICLE,
    at,
    day,
    judged,
    later,
    order,
    register,
    trip,
)

DUTY = DutyEntry(1, "V-1", day("05-01"), day("05-03"), "on call", "chief", at("04-20 10:00"))


def test_only_the_minutes_outside_working_time_count() -> None:
    (found,) = judged(Check.OUTSIDE_WORKING_TIME, trips=[trip("05-06 19:00", "05-06 20:10")])
    assert (found.start, found.end, found.value) == (at("05-06 19:30"), at("05-06 20:10"), 40.0)
    assert found.detail["working_day"] == "yes"
    assert judged(Check.OUTSIDE_WORKING_TIME, trips=[trip("05-06 19:00", "05-06 19:40")]) == []


def test_a_trip_over_midnight_is_one_with_all_its_minutes() -> None:
    (found,) = judged(Check.OUTSIDE_WORKING_TIME, trips=[trip("05-07 23:30", "05-08 00:40")])
    assert found.value == 70.0


def test_worked_weekends_are_working_days_and_days_off_are_not() -> None:
    worked, free = trip("05-11 10:00", "05-11 11:00"), trip("05-12 10:00", "05-12 11:00")
    (found,) = judged(Check.OUTSIDE_WORKING_TIME, trips=[worked, free])
    assert (found.start, found.detail["working_day"]) == (free.start, "no")


def test_holidays_go_by_the_country_of_the_site() -> None:
    # 6 May 2024: early May bank holiday in England, a working day in China.
    driven = [trip("05-06 10:00", "05-06 11:00")]
    assert judged(Check.SEALED, trips=driven) == []
    (found,) = judged(Check.SEALED, trips=driven, under=register(country="GB-ENG"))
    assert found.value == 60.0


def test_an_order_or_duty_makes_overtime_ordinary() -> None:
    late = [trip("05-07 21:00", "05-07 22:00")]
    orders = [order("05-07 20:00", "05-07 23:00")]
    assert judged(Check.OUTSIDE_WORKING_TIME, trips=late, orders=orders) == []
    counted = judged(
        Check.OUTSIDE_WORKING_TIME, trips=late, orders=orders, changed={"with_order": "counted"}
    )
    assert [found.value for found in counted] == [60.0]
    on_holiday = [trip("05-01 10:00", "05-01 11:00")]
    holidays = {"since": "05-02 00:00", "changed": {"holidays": "counted"}}
    assert len(judged(Check.OUTSIDE_WORKING_TIME, trips=on_holiday, **holidays)) == 1
    assert judged(Check.OUTSIDE_WORKING_TIME, trips=on_holiday, duty=[DUTY], **holidays) == []


def test_driving_on_a_sealed_day_is_told_but_for_the_duty_list() -> None:
    driven = [trip("05-04 10:00", "05-04 11:00", odometer_start_km=100.0, odometer_end_km=130.0)]
    (found,) = judged(Check.SEALED, trips=driven, duty=[DUTY])
    assert (found.value, found.detail["day"]) == (60.0, "2024-05-04")
    assert found.detail["odometer_end_km"] == 130.0
    assert judged(Check.SEALED, trips=[trip("05-02 10:00", "05-02 11:00")], duty=[DUTY]) == []
    withdrawn = replace(DUTY, withdrawn_at=at("04-30 10:00"))
    driven_then = [trip("05-02 10:00", "05-02 11:00")]
    early = {"since": "05-02 00:00", "trips": driven_then}
    assert len(judged(Check.SEALED, duty=[withdrawn], **early)) == 1


def test_weekends_are_sealed_only_where_the_rule_says_so() -> None:
    driven = [trip("05-12 10:00", "05-12 11:00")]
    assert judged(Check.SEALED, trips=driven) == []
    assert len(judged(Check.SEALED, trips=driven, changed={"days": "non_working"})) == 1


def test_coming_home_shortly_after_midnight_is_tolerated() -> None:
    early = {"since": "05-02 00:00"}
    assert judged(Check.SEALED, trips=[trip("04-30 23:20", "05-01 00:25")], **early) == []
    (found,) = judged(Check.SEALED, trips=[trip("04-30 23:20", "05-01 00:50")], **early)
    assert (found.start, found.value) == (at("05-01 00:30"), 20.0)


def test_what_may_only_have_reached_into_the_sealed_day_is_possible() -> None:
    seen_after = trip("05-06 00:10", "05-06 00:40", start_after=at("05-05 20:00"))
    (found,) = judged(Check.SEALED, trips=[seen_after])
    assert (found.detail["certainty"], found.value) == ("possible", None)
    assert (found.start, found.end) == (at("05-05 20:00"), at("05-05 23:30"))


def test_a_tracker_that_slept_over_the_holiday_raises_no_doubt() -> None:
    home = trip("04-30 17:00", "04-30 18:00", odometer_end_km=500.0)
    asleep = trip("05-06 08:00", "05-06 08:30", start_after=home.end, odometer_start_km=500.4)
    assert judged(Check.SEALED, trips=[home, asleep]) == []
    blind = [replace(home, end_place=None), asleep]
    assert judged(Check.SEALED, trips=blind) == []
    early = {"since": "05-02 00:00"}
    moved = [home, replace(asleep, start_place=OTHER)]
    (found,) = judged(Check.SEALED, trips=moved, **early)
    assert found.detail["certainty"] == "possible"
    driven = [replace(home, end_place=None), replace(asleep, odometer_start_km=540.0)]
    assert len(judged(Check.SEALED, trips=driven, **early)) == 1


def test_a_vehicle_sealed_by_hand_may_not_drive_on_working_days_either() -> None:
    seal = Seal(3, "V-1", at("05-06 18:00"), "keeper", 500.0, at("05-09 08:00"), "keeper", 530.5)
    (found,) = judged(Check.SEALED, trips=[trip("05-07 10:00", "05-07 10:30")], seals=[seal])
    assert found.value == 30.0
    (differs,) = judged(Check.SEAL_ODOMETER, seals=[seal])
    assert (differs.start, differs.value, differs.unit) == (at("05-06 18:00"), 30.5, "km")
    for quiet in (replace(seal, odometer_at_unseal_km=500.4), replace(seal, unsealed_at=None)):
        assert judged(Check.SEAL_ODOMETER, seals=[quiet]) == []


def test_exempt_vehicles_other_kinds_and_given_up_ones_give_nothing() -> None:
    driven = [trip("05-07 21:00", "05-07 22:00")]
    for changed in ({"tracking_exempt": True}, {"status": "disposed"}):
        other = register(replace(VEHICLE, **changed))
        assert judged(Check.OUTSIDE_WORKING_TIME, trips=driven, under=other) == []


SPANS = st.lists(
    st.tuples(st.integers(-300, 2000), st.integers(1, 400)).map(
        lambda pair: Span(later(at("05-06 00:00"), pair[0]), later(at("05-06 00:00"), sum(pair)))
    ),
    max_size=6,
)


@settings(max_examples=40)
@given(SPANS)
def test_what_is_left_and_what_is_covered_make_up_the_whole(windows: list[Span]) -> None:
    whole = Span(at("05-06 00:00"), at("05-07 00:00"))
    left = uncovered(whole, windows)
    assert all(not overlap(part, [window]) for part in left for window in windows)
    covered = uncovered(whole, left)
    assert minutes(left) + minutes(covered) == 1440
    assert all(uncovered(part, windows) == [] for part in covered)
