"""Accounts, reports and scores over the API: from results and trips, within reach, exempt ones masked."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.dispatch.book import add_order
from quotawatt.dispatch.drivers import put_driver
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.dispatch.records import Driver
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import Span, local_midnight
from tests.api.asking import answer_as
from tests.api.scene import NOW, REGISTER, ZONE, Client, Scene, build_scene

FLEET = "/api/v1/fleet"
START = datetime(2023, 5, 8, 1, tzinfo=UTC)
CAR = Vehicle(
    *("CAR-1", "一号车", "Car 1", "ORG-1", "鲁A1", "car", "petrol"),
    quota_l_per_100km=9.0,
    acquired=date(2010, 1, 1),
)
VEHICLES = [
    CAR,
    replace(CAR, code="CAR-2", plate="鲁A2", organisation="ORG-2"),
    replace(CAR, code="CAR-9", plate="鲁A9", tracking_exempt=True),
]
MAY = local_midnight(date(2023, 5, 1), ZONE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """In May CAR-1 drove 30 km by the odometer, 20 of them on two trips under one order of DRV-1."""
    register = Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        buildings=list(REGISTER.buildings.values()),
        vehicles=VEHICLES,
    )
    scene = build_scene(tmp_path_factory.mktemp("accounts"), register)
    _fill(scene)
    return scene


def _fill(scene: Scene) -> None:
    told = [("CAR-1", "odometer_km", 30.0), ("CAR-1", "fuel_used_l", 3.0)]
    told += [("CAR-1", "cost_cny", 24.0), ("CAR-9", "odometer_km", 80.0)]
    plain = {"quality": "measured", "coverage": 1.0, "revision": 1, "withdrawn": False}
    rows = [
        {"subject": code, "measure": name, "start": MAY, "value": value, **plain}
        for code, name, value in told
    ]
    scene.series.write_results(Grain.MONTH, pa.Table.from_pylist(rows, RESULTS))
    trip = Trip("CAR-1", START, START + timedelta(hours=1), 10.0, DistanceBy.ODOMETER)
    later = replace(trip, start=START + timedelta(hours=2), end=START + timedelta(hours=3))
    order = Order(
        *(0, OrderState.RATED, "ORG-1", "somebody", "送文件", "", "市档案馆"),
        *(START, START + timedelta(hours=4), START),
        vehicle="CAR-1",
        driver="DRV-1",
        cost_cny=12.0,
    )
    with scene.records.begin() as conn:
        replace_within(conn, "CAR-1", Span(MAY, NOW), [trip, later], [])
        put_driver(conn, Driver("DRV-1", "赵一", "ORG-1"), "test", NOW)
        add_order(conn, order)


def act_as(world: Scene, role: Role, organisation: str = "ORG-1") -> Client:
    answer_as(world.app, Principal(f"{role}-of-{organisation}", (Grant(role, organisation),)))
    return Client(world.app, world.bearer)


def got(client: Client, path: str) -> Any:
    answer = client.get(f"{FLEET}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_month_of_each_vehicle(world: Scene) -> None:
    items = got(act_as(world, Role.VIEWER), "accounts?year=2023&month=5")["items"]
    first, _, exempt = items
    assert first["km"] == {"value": 30.0, "by": ["counter"]}
    assert (first["trips_km"], first["unassigned_km"], first["trips"]) == (20.0, 10.0, 2)
    assert first["fuel_l"]["per_100km"] == pytest.approx(10.0)
    assert first["costs_cny"]["fuel"] == {"value": 24.0, "by": ["price"]}
    assert first["costs_cny"]["toll"] == {"value": 12.0, "by": ["orders"]}
    assert first["cost_per_km"] == pytest.approx(1.2)
    assert first["kgco2"] > 0
    assert first["drivers"] == ["DRV-1"]
    assert (exempt["plate"], exempt["masked"], exempt["km"]["value"]) == ("*****", True, 80.0)
    assert [exempt[name] for name in ("trips", "days", "hours", "drivers")] == [None] * 4


def test_a_vehicles_year_is_its_months_and_says_its_factors(world: Scene) -> None:
    found = got(act_as(world, Role.VIEWER), "accounts/CAR-1?year=2023")
    assert len(found["months"]) == 12
    assert found["year"]["km"]["value"] == 30.0
    assert "jst303-2026" in found["factors"]


def test_another_organisation_sees_its_own_only(world: Scene) -> None:
    client = act_as(world, Role.VIEWER, "ORG-2")
    rows = got(client, "accounts?year=2023")["items"]
    assert [row["vehicle"] for row in rows] == ["CAR-2"]
    assert client.get(f"{FLEET}/accounts/CAR-1").status_code == 404
    assert got(client, "public-uses?from=2023-05-01&until=2023-06-01")["items"] == []


def test_a_pool_without_empty_running(world: Scene) -> None:
    pools = got(act_as(world, Role.VIEWER), "utilisation?year=2023")["items"]
    own = next(pool for pool in pools if pool["pool"] == "ORG-1")
    assert (own["carried_km"], own["empty_km"], own["masked"]) == (20.0, 0.0, 1)
    assert own["most_at_once"] == 1
    assert own["l_per_100km"] == pytest.approx(10.0)
    assert [(one["kind"], one["vehicles"], one["km"]) for one in own["kinds"]] == [
        ("car", 2, 110.0)
    ]


def test_a_vehicle_that_never_drove_could_go(world: Scene) -> None:
    groups = got(act_as(world, Role.VIEWER), "surplus?year=2023")["items"]
    spare = [one["vehicle"] for group in groups for one in group["could_go"]]
    assert spare == ["CAR-2"]


def test_the_six_facts_and_their_file(world: Scene) -> None:
    client, span = act_as(world, Role.VIEWER), "from=2023-05-01&until=2023-06-01"
    first, second = got(client, f"public-uses?{span}")["items"]
    assert (first["purpose"], first["cost_cny"], first["missing"]) == ("送文件", 12.0, ["energy"])
    assert second["missing"] == ["energy"]
    text = client.get(f"{FLEET}/public-uses.csv?{span}").content.decode("utf-8-sig")
    assert "鲁A1,甲机关,2023-05-08 09:00" in text
    assert "鲁A9" not in text


def test_more_days_than_a_quarter_are_refused(world: Scene) -> None:
    answer = act_as(world, Role.VIEWER).get(f"{FLEET}/public-uses?from=2023-01-01&until=2024-01-01")
    assert answer.status_code == 422
    assert "93" in answer.text


def test_drivers_are_scored_for_who_deals_with_orders(world: Scene) -> None:
    assert act_as(world, Role.VIEWER).get(f"{FLEET}/driver-scores").status_code == 403
    (score,) = got(act_as(world, Role.MANAGER), "driver-scores?year=2023")["items"]
    assert (score["driver"], score["name"], score["points"]) == ("DRV-1", "赵一", None)
    assert score["known_pct"] < 50
    assert got(act_as(world, Role.MANAGER, "ORG-2"), "driver-scores?year=2023")["items"] == []


def test_the_years_workbook(world: Scene) -> None:
    answer = act_as(world, Role.VIEWER).get(f"{FLEET}/report.xlsx?year=2023&lang=en")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = {row[0]: row[1] for row in book.get_sheet_by_index(0).to_python()[6:]}
    assert rows["Distance"] == 110
    assert "May be renewed" in str(book.get_sheet_by_index(5).to_python())
