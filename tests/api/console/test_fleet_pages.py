"""The pages of vehicles: the month, one vehicle, one trip with its map, what needs an explanation."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.deviations_book import enter
from quotawatt.fleet.deviations_kept import deviations_within
from quotawatt.fleet.trips import Deviation, EventKind, VehicleEvent
from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Geofence, Register, Vehicle
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import Span
from quotawatt.storage.intake import store_readings
from tests.api.console.desk import Desk, identifiers, said
from tests.api.fleet_page_samples import TRIP_START, trip_of
from tests.api.scene import NOW, REGISTER, Scene, build_scene, shipped_rulebook

MONTH = Span(datetime(2023, 11, 30, 16, tzinfo=UTC), NOW)
TRIP = f"/fleet/CAR-1/trips/{TRIP_START:%Y-%m-%dT%H:%M:%SZ}"
CIRCLE = '{"type":"Point","coordinates":[117.1,36.2]}'
RULE = next(r for r in shipped_rulebook().vehicle_rules.values() if r.check is Check.NO_ORDER)


def vehicle(number: int, **more: object) -> Vehicle:
    return Vehicle(
        f"CAR-{number}",
        f"{number}号车",
        f"Car {number}",
        "ORG-1",
        f"鲁Z·Q000{number}",
        "sedan",
        "petrol",
        tank_l=50.0,
        **more,
    )


def fleet_register() -> Register:
    """The small world with a vehicle to follow, one that must not be followed, and a car park."""
    kinds = {
        name: list(getattr(REGISTER, name).values())
        for name in ("organisations", "sites", "buildings", "meters")
    }
    return Register(
        **kinds,
        vehicles=[
            vehicle(1, quota_l_per_100km=9.0, driver_pool="POOL-1"),
            vehicle(2, tracking_exempt=True),
            vehicle(3),
            replace(vehicle(4), energy="electric"),
        ],
        geofences=[
            Geofence("GEO-1", "一号停车场", "Car park one", "ORG-1", "parking", CIRCLE, 200.0)
        ],
        bindings=[Binding("tbox-1", "CAR-1", datetime(2022, 1, 1, tzinfo=UTC))],
    )


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("fleet")
    made = build_scene(
        folder, fleet_register(), records_url=f"sqlite:///{folder / 'records.sqlite'}"
    )
    store_readings(made.series, made.records, list(readings()))
    with made.records.begin() as conn:
        for code in ("CAR-1", "CAR-2"):
            replace_within(conn, code, MONTH, [trip_of(code)], [])
            trip = trip_of(code)
            found = Deviation(RULE.id, code, trip.start, trip.end, trip.start, 15.0, 1.0, "km")
            resting = replace(found, start=trip.end + timedelta(days=1), trip=None)
            enter(conn, code, MONTH, [RULE.id], [found, resting], NOW - timedelta(days=3))
        for code, odometer_km in (("CAR-3", 203.0), ("CAR-4", 212.0)):
            trip = replace(trip_of(code), gnss_km=200.0, odometer_end_km=1000.0 + odometer_km)
            replace_within(conn, code, MONTH, [trip], [charging(code)])
    return made


def charging(code: str) -> VehicleEvent:
    """A session of 10 kWh into the battery of which a charger's meter counted 11."""
    match: dict[str, str | float | int | None] = {
        "charger": "CH-9",
        "charger_kwh": 11.0,
        "loss_kwh": 1.0,
        "loss_share_pct": 9.1,
    }
    start, end = TRIP_START + timedelta(hours=2), TRIP_START + timedelta(hours=4)
    return VehicleEvent(code, EventKind.CHARGING, start, end, amount=10.0, detail=match)


def readings() -> list[Reading]:
    """A way of 5.6 km to the north, told every half-minute; a halt of two minutes on it."""
    found = []
    for step in range(61):
        time = TRIP_START + timedelta(seconds=30 * step)
        way = min(step, 30) if step < 34 else step - 4
        speed = 0.0 if 30 <= step < 34 else 42.0
        place = {"latitude_deg": 36.2 + way / 56 * 0.05, "longitude_deg": 117.1, "speed_kmh": speed}
        found += [Reading("tbox-1", "", n, time, v, arrived=time) for n, v in place.items()]
    return found


@pytest.fixture(scope="module")
def officer(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.OFFICER))


@pytest.fixture(scope="module")
def manager(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.MANAGER))


ZH = ["2023-12", "1号车", "15.0 km", "免跟踪", "定额 9.0", "超定额"]
ZH += ["差 1.4 %，不作判断", "与定位一致，差 1.5", "与定位不符，差 6.0"]
EN = ["Car 1", "10.0 L", "quota 9.0", "above its quota", "Not followed"]
EN += ["1.4 % apart, not judged", "agrees, 1.5", "differs, 6.0"]


@pytest.mark.parametrize(("language", "words"), [("zh", ZH), ("en", EN)])
def test_the_month_says_km_use_quota_and_that_the_odometer_agrees(
    officer: Desk, language: str, words: list[str]
) -> None:
    page = officer.page(f"/fleet?lang={language}")
    told = said(page)
    for word in words:
        assert word in told
    assert identifiers(page) == set()


def test_of_an_exempt_vehicle_nothing_is_shown(officer: Desk) -> None:
    row = officer.page("/fleet?lang=en").partition('class="masked"')[2].partition("</tr>")[0]
    assert "Car 2" in row
    assert "km" not in row
    assert "鲁Z" not in row
    page = said(officer.page("/fleet/CAR-2?lang=en"))
    assert "Not followed" in page
    assert "15.0" not in page
    assert "鲁Z" not in page
    assert officer.get(TRIP.replace("CAR-1", "CAR-2")).status_code == 404
    assert "CAR-2" not in officer.page("/fleet/deviations")


def test_the_month_is_filtered(officer: Desk) -> None:
    assert "Car 2" not in officer.page("/fleet?pool=POOL-1&lang=en")
    assert "There is no such vehicle" in said(officer.page("/fleet?organisation=ORG-2&lang=en"))
    november = said(officer.page("/fleet?month=2023-11&lang=en"))
    assert "15.0 km" not in november
    assert "To explain 0" not in november
    assert officer.get("/fleet?month=2023-13").status_code == 422


def test_a_month_s_figures_are_those_of_its_account(officer: Desk) -> None:
    row = officer.page("/fleet?lang=en&month=2023-12").partition("/fleet/CAR-1")[2]
    told = said("<main " + row.partition("</tr>")[0])
    account = officer.client.get("/api/v1/fleet/accounts?year=2023&month=12&vehicle=CAR-1").json()
    (of_car_1,) = account["items"]
    assert f"{of_car_1['km']['value']:.1f} km sum of trips" in told
    assert f"{of_car_1['fuel_l']['per_100km']:.1f} L" in told
    assert of_car_1["open_deviations"] == 2
    page = said(officer.page("/fleet/CAR-1?lang=en&month=2023-12"))
    assert f"{of_car_1['km']['value']:.1f} km sum of trips" in page


def test_what_is_made_public_can_be_fetched_from_the_month(officer: Desk) -> None:
    page = html.unescape(officer.page("/fleet?month=2023-12&organisation=ORG-1&lang=en"))
    links = re.findall(r'href="(/api/v1/fleet/[^"]*)"', page)
    assert [link.partition("?")[0].rpartition("/")[2] for link in links] == [
        *("public-uses.xlsx", "public-uses.csv", "report.xlsx")
    ]
    for link in links:
        assert "organisation=ORG-1" in link
        answer = officer.get(link)
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]


def test_a_charging_session_has_its_charger_and_what_was_lost(officer: Desk) -> None:
    page = said(officer.page("/fleet/CAR-4?month=2023-12&lang=en"))
    assert "CH-9 11.0 kWh 1.0 kWh lost (9.1 %)" in page


def test_days_are_folded_but_those_with_something_to_explain(officer: Desk) -> None:
    assert '<details class="day" open>' in officer.page("/fleet/CAR-1?month=2023-12")
    quiet = officer.page("/fleet/CAR-3?month=2023-12")
    assert '<details class="day">' in quiet
    assert '<details class="day" open>' not in quiet


def test_what_a_vehicle_falls_short_of_is_at_least_and_of_no_single_trip(scene: Scene) -> None:
    (rule,) = (r for r in shipped_rulebook().vehicle_rules.values() if r.check is Check.UNDER_USED)
    found = Deviation(rule.id, "CAR-3", MONTH.start, NOW, None, 4000.0, 5000.0, "km")
    short = replace(found, rule=RULE.id, start=TRIP_START, end=TRIP_START + timedelta(minutes=5))
    with scene.records.begin() as conn:
        enter(conn, "CAR-3", MONTH, [rule.id, RULE.id], [found, short], NOW)
    page = Desk(scene, "zhou", Grant(Role.OFFICER)).page("/fleet/CAR-3?month=2023-12&lang=en")
    with scene.records.begin() as conn:
        enter(conn, "CAR-3", MONTH, [rule.id, RULE.id], [], NOW)
    assert "4,000 km, at least 5,000 km" in said(page)
    trips = said("<main " + page.partition('id="trips-title"')[2])
    assert RULE.title.en in trips
    assert rule.title.en not in trips


def test_a_vehicle_s_trips_are_listed_by_day_with_what_was_found(officer: Desk) -> None:
    page = officer.page("/fleet/CAR-1?month=2023-12&lang=en")
    told = said(page)
    for word in ("2023-12-12", "Tuesday", "19:00", "19:30", "0:30", "15.0 km", "1.50 L"):
        assert word in told
    assert told.count(RULE.title.en) >= 3
    assert f'href="{TRIP}"' in page
    assert identifiers(page) == set()


def test_a_trip_has_its_map_times_and_clause(scene: Scene, officer: Desk) -> None:
    page = officer.page(f"{TRIP}?lang=en")
    _, clause = scene.services.rulebook.clause(RULE.cites)
    assert clause.text.en in said(page)
    assert page.count('<polyline class="way speed-2"') == 2
    assert "halt of 2 min" in said(page)
    assert 'class="area parking"' in page
    assert "Car park one" in page
    assert 'class="scale-bar"' in page
    assert page.count('<tr id="point-') == 36
    assert "No order stands behind this trip" in said(page)
    assert "1,000.0 → 1,015.0 km" in said(page)
    assert identifiers(page) == set()


def test_looking_at_a_track_is_in_the_ledger(scene: Scene) -> None:
    auditor = Desk(scene, "zhao", Grant(Role.AUDITOR))
    looker = Desk(scene, "sun", Grant(Role.OFFICER))
    looker.page(TRIP)
    entries = auditor.page("/ledger?actor=sun")
    assert "CAR-1" in entries


def test_who_may_not_see_tracks_sees_figures_without_places(scene: Scene) -> None:
    viewer = Desk(scene, "qian", Grant(Role.VIEWER))
    page = viewer.page(f"{TRIP}?lang=en")
    assert "<polyline" not in page
    assert "36.2" not in page
    assert "shown only to those who may see tracks" in said(page)
    assert "15.0 km" in said(page)


def test_a_deviation_is_explained_and_decided_by_another(
    scene: Scene, officer: Desk, manager: Desk
) -> None:
    listed = officer.page("/fleet/deviations?lang=en")
    assert "for 3 days" in said(listed)
    assert listed.count('id="deviation-') == 2
    with scene.records.connect() as conn:
        number = deviations_within(conn, MONTH, ["CAR-1"])[0].number
    address = f"/fleet/deviations/{number}"
    refused = officer.send(f"{address}/explain", explanation="")
    assert refused.status_code == 422
    assert officer.done(f"{address}/explain", explanation="接送专家").startswith(TRIP)
    assert officer.send(f"{address}/decide", decision="accept").status_code == 403
    refused = manager.send(f"{address}/decide", decision="reject")
    assert refused.status_code == 422
    assert manager.done(f"{address}/decide", decision="accept").startswith(TRIP)
    page = said(officer.page(f"{TRIP}?lang=en"))
    assert "接送专家" in page
    assert "Explanation accepted" in page


@pytest.mark.parametrize(
    ("state", "count"), [("", 1), ("open", 1), ("accepted", 1), ("retracted", 2)]
)
def test_deviations_are_listed_by_state(officer: Desk, state: str, count: int) -> None:
    """After one of the two was accepted."""
    page = officer.page(f"/fleet/deviations?state={state}&lang=en")
    assert page.count('id="deviation-') == count
    assert officer.get("/fleet/deviations?state=lost").status_code == 422
