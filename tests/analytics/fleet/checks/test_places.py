"""Nights away from home, nights at another site, and driving outside the permitted area."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from quotawatt.fleet.trips import Place
from quotawatt.rulebook.vehicle_rules import Check
from tests.analytics.fleet.checks.scenery import (
    AWAY,
    HOME,
    OTHER,
    VEHICLE,
    at,
    circle,
    judged,
    order,
    register,
    track,
    trip,
)

OUT = trip("05-07 17:00", "05-07 18:00", to=AWAY)
BACK = trip("05-08 08:00", "05-08 09:00", frm=AWAY)
AREA = circle("AREA", "permitted", HOME, 5000)
FENCED = register(replace(VEHICLE, permitted_area="AREA"), [AREA])


def test_a_night_away_is_told_with_place_and_metres() -> None:
    (found,) = judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT, BACK])
    assert (found.start, found.end) == (at("05-07 23:00"), at("05-08 05:00"))
    assert (found.detail["hours_away"], found.detail["night"]) == (6.0, "2024-05-07")
    assert (found.detail["latitude_deg"], found.detail["longitude_deg"]) == (36.3, 117.3)
    assert found.value is not None
    assert 42_000 < found.value < 44_000
    assert found.limit == 300


def test_nights_are_as_long_as_the_local_clock_makes_them() -> None:
    london = register(country="GB-ENG", timezone="Europe/London")
    out = trip("03-30 20:00", "03-30 21:00", to=AWAY)
    back = trip("03-31 20:00", "03-31 21:00", frm=AWAY)
    early = {"since": "03-31 00:00", "now": "04-01 12:00"}
    (found,) = judged(Check.NOT_HOME_OVERNIGHT, trips=[out, back], under=london, **early)
    # 23:00 GMT to 05:00 BST: the clocks went forward in between.
    assert found.detail["hours_away"] == 5.0
    assert (found.start.hour, found.end.hour) == (23, 4)


def test_nights_over_a_long_holiday_are_known_when_the_vehicle_is_heard_again() -> None:
    away = trip("04-27 17:00", "04-27 18:00", to=AWAY)
    back = trip("05-06 08:00", "05-06 09:00", frm=AWAY)
    known = judged(Check.NOT_HOME_OVERNIGHT, trips=[away, back], since="05-06 08:00")
    assert len(known) == 9


def test_a_night_at_home_or_under_an_order_is_none() -> None:
    at_home = [trip("05-07 17:00", "05-07 18:00"), trip("05-08 08:00", "05-08 09:00")]
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=at_home) == []
    travel = [order("05-07 08:00", "05-08 18:00")]
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT, BACK], orders=travel) == []


def test_the_home_area_goes_before_the_home_site() -> None:
    depot = register(replace(VEHICLE, home_area="DEPOT"), [circle("DEPOT", "parking", AWAY, 200)])
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT, BACK], under=depot) == []
    at_site = [trip("05-07 17:00", "05-07 18:00"), trip("05-08 08:00", "05-08 09:00")]
    (found,) = judged(Check.NOT_HOME_OVERNIGHT, trips=at_site, under=depot)
    assert (found.detail["home"], found.limit) == ("DEPOT", 50)


def test_unknown_places_accuse_nobody() -> None:
    nowhere = [replace(OUT, end_place=None), BACK]
    moved_unseen = [OUT, replace(BACK, start_place=OTHER)]
    no_home = register(replace(VEHICLE, home_site=None))
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=nowhere) == []
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=moved_unseen) == []
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT, BACK], under=no_home) == []
    arrived_unseen = [replace(OUT, end_before=at("05-08 03:00")), BACK]
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=arrived_unseen) == []  # two hours are certain


def test_after_the_last_trip_a_rest_is_as_long_as_messages_tell() -> None:
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT]) == []
    heartbeat = track("05-07 19:00", 3600, latitude_deg=[36.3] * 12, longitude_deg=[117.3] * 12)
    (found,) = judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT], told=heartbeat)
    assert found.detail["hours_away"] == 6.0
    elsewhere = track("05-07 19:00", 3600, latitude_deg=[36.0] * 12, longitude_deg=[117.0] * 12)
    assert judged(Check.NOT_HOME_OVERNIGHT, trips=[OUT], told=elsewhere) == []


def test_a_night_that_is_not_over_is_not_judged() -> None:
    heartbeat = track("05-07 19:00", 3600, latitude_deg=[36.3] * 9, longitude_deg=[117.3] * 9)
    known = {"trips": [OUT], "told": heartbeat, "since": "05-07 00:00"}
    assert judged(Check.NOT_HOME_OVERNIGHT, now="05-08 04:00", **known) == []
    assert len(judged(Check.NOT_HOME_OVERNIGHT, now="05-08 05:00", **known)) == 1


def _nights(place: Place, count: int) -> list:
    out = trip("05-01 17:00", "05-01 18:00", to=place)
    trips = [out]
    for n in range(count):
        start = at("05-02 08:00") + timedelta(days=n)
        trips.append(replace(out, start=start, end=start + timedelta(hours=1), start_place=place))
    return trips


def test_nights_at_another_site_are_counted_by_month() -> None:
    (found,) = judged(Check.FOREIGN_HOME, trips=_nights(OTHER, 17))
    assert (found.value, found.limit, found.unit) == (17.0, 15, "nights")
    assert (found.detail["site"], found.detail["home"]) == ("SITE-2", "SITE")
    assert found.start == at("05-01 00:00")
    assert judged(Check.FOREIGN_HOME, trips=_nights(OTHER, 14)) == []
    for elsewhere in (HOME, AWAY):  # its home; no site of the register at all
        assert judged(Check.FOREIGN_HOME, trips=_nights(elsewhere, 17)) == []


def _drive(latitudes: list[float], step_s: float = 60) -> dict:
    way = track(
        "05-07 09:00", step_s, latitude_deg=latitudes, longitude_deg=[117.0] * len(latitudes)
    )
    end = at("05-07 09:00") + timedelta(seconds=step_s * (len(latitudes) - 1))
    return {"told": way, "trips": [replace(trip("05-07 09:00", "05-07 09:10"), end=end)]}


def test_leaving_the_area_is_told_with_instants_share_and_distance() -> None:
    # 0.01 degrees of latitude are 1,112 m; the border lies 5,000 m from the middle.
    latitudes = [*np.linspace(36.0, 36.10, 11), *np.linspace(36.10, 36.0, 11)]
    (found,) = judged(Check.OUTSIDE_AREA, under=FENCED, **_drive(latitudes))
    assert (found.start, found.end) == (at("05-07 09:05"), at("05-07 09:16"))
    assert found.value is not None
    assert abs(found.value - (0.1 * 111_195 - 5000)) < 30
    assert found.detail["minutes_outside"] == 11
    assert found.detail["share_outside_pct"] == round(100 * 11 / 21, 3)
    assert found.detail["back_at"] == at("05-07 09:17").isoformat()
    assert found.detail["area"] == "AREA"


def test_a_stray_position_or_a_short_way_out_is_none() -> None:
    stray = [36.0, 36.0, 36.2, 36.0, 36.0, 36.0, 36.0, 36.0]
    assert judged(Check.OUTSIDE_AREA, under=FENCED, **_drive(stray)) == []
    brief = [36.0, 36.05, 36.06, 36.05, 36.0]
    assert judged(Check.OUTSIDE_AREA, under=FENCED, **_drive(brief)) == []


def test_without_area_positions_or_against_an_order_nothing_is_said() -> None:
    far = [36.2] * 20
    assert len(judged(Check.OUTSIDE_AREA, under=FENCED, **_drive(far))) == 1
    assert judged(Check.OUTSIDE_AREA, **_drive(far)) == []
    ordered = [order("05-07 08:00", "05-07 18:00")]
    assert judged(Check.OUTSIDE_AREA, under=FENCED, orders=ordered, **_drive(far)) == []
    blind = {**_drive(far), "told": track("05-07 09:00", 60, speed_kmh=[50.0] * 20)}
    assert judged(Check.OUTSIDE_AREA, under=FENCED, **blind) == []
