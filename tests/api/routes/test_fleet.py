"""Trips, tracks and deviations over the API: who sees what, who looked is kept, another decides."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from analytics.jobs.fleet import FleetKeeper
from api.app import create_app
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.geography.datum import wgs84_to_gcj02
from quotawatt.ledger import Ledger
from quotawatt.readings import readings_table
from quotawatt.register.model import Binding
from tests.analytics.jobs.drives import CAR, SECRET, bound, drive, register_of
from tests.api.asking import answer_as
from tests.api.scene import NOW, Client, Scene, build_scene

FLEET = "/api/v1/fleet"
START = NOW - timedelta(days=3)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """CAR-1 idled for 25 minutes, then drove 16 km; of CAR-9, which is exempt, nothing is kept."""
    return _world(tmp_path_factory.mktemp("fleet"))


def _world(home: Path) -> Scene:
    register = register_of(bound("gps-1"), bound("gps-9", "CAR-9"), vehicles=(CAR, SECRET))
    scene = build_scene(home, register)
    told = [*drive("gps-1", START, 20, 1000, idling=25), *drive("gps-9", START, 20, 1000)]
    scene.series.write_readings(readings_table(told))
    with scene.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": START, "CAR-9": START})
    services = scene.services
    FleetKeeper(
        scene.series, scene.records, lambda: register, services.rulebook, services.settings, "test"
    ).run(NOW)
    return scene


def act_as(world: Scene, role: Role, organisation: str = "ORG-1", name: str = "") -> Client:
    somebody = Principal(name or f"{role}-of-{organisation}", (Grant(role, organisation),))
    answer_as(world.app, somebody)
    return Client(world.app, world.bearer)


def got(client: Client, path: str, **params: Any) -> Any:
    answer = client.get(f"{FLEET}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_trips_are_listed_with_figures_and_exempt_vehicles_as_masked_rows(world: Scene) -> None:
    page = got(act_as(world, Role.OFFICER), "trips")
    (trip,) = page["items"]
    assert (trip["vehicle"], trip["plate"], trip["distance_by"]) == ("CAR-1", CAR.plate, "odometer")
    assert trip["distance_km"] == pytest.approx(16.0)
    assert trip["start_place"]["longitude_deg"] == pytest.approx(117.0)
    assert page["masked"] == [
        {"vehicle": "CAR-9", "plate": "*****", "organisation": "ORG-1", "tracked": False}
    ]
    assert SECRET.plate not in str(page)
    assert got(act_as(world, Role.OFFICER), "trips", vehicle="CAR-9")["items"] == []
    assert got(act_as(world, Role.OFFICER), "trips", until="2023-01-01", **{"from": "2022-12-01"})[
        "total"
    ] == 0  # fmt: skip


def test_places_are_for_those_who_may_see_tracks(world: Scene) -> None:
    (trip,) = got(act_as(world, Role.VIEWER), "trips")["items"]
    assert (trip["start_place"], trip["end_place"]) == (None, None)
    assert trip["distance_km"] == pytest.approx(16.0)
    (event,) = got(act_as(world, Role.VIEWER), "events", kind="idling")["items"]
    assert event["place"] is None
    address = f"{FLEET}/trips/CAR-1/{quote(trip['start'])}/track"
    assert act_as(world, Role.VIEWER).get(address).status_code == 403
    assert act_as(world, Role.OFFICER, "ORG-2").get(address).status_code == 404


def test_a_track_is_a_line_in_either_datum_and_who_looked_is_kept(world: Scene) -> None:
    client = act_as(world, Role.OFFICER, name="li.na")
    (trip,) = got(client, "trips")["items"]
    path = f"trips/CAR-1/{quote(trip['start'])}"
    track = got(client, f"{path}/track", why="case 17")
    line, start, end, *_ = track["features"]
    assert (track["type"], line["geometry"]["type"]) == ("FeatureCollection", "LineString")
    positions = line["geometry"]["coordinates"]
    assert len(positions) == len(line["properties"]["times"]) >= 20
    assert positions[0] == [117.0, 36.6]
    assert (start["properties"]["what"], end["properties"]["what"]) == ("start", "end")
    shifted = got(client, f"{path}/track", datum="gcj02")["features"][0]["geometry"]["coordinates"]
    north, east = wgs84_to_gcj02(36.6, 117.0)
    assert shifted[0] == pytest.approx([east, north], abs=1e-6)
    entries = [e for e in Ledger(world.records).entries(50) if e.action == "track_read"]
    assert {(e.actor, e.subject) for e in entries} == {("li.na", "CAR-1")}
    assert "case 17" in [json.loads(e.detail)["why"] for e in entries]
    detail = got(client, path)
    assert detail["start"] == trip["start"]
    assert isinstance(detail["events"], list)


def test_where_vehicles_are_now_leaves_exempt_ones_out_and_is_kept(world: Scene) -> None:
    found = got(act_as(world, Role.MANAGER, name="wang"), "positions", why="school bus")
    (position,) = found["items"]
    assert position["vehicle"] == "CAR-1"
    assert position["latitude_deg"] > 36.6
    assert [row["vehicle"] for row in found["masked"]] == ["CAR-9"]
    (entry,) = [e for e in Ledger(world.records).entries(50) if e.action == "positions_read"]
    assert (entry.actor, json.loads(entry.detail)["vehicles"]) == ("wang", 1)


def test_a_deviation_is_explained_by_one_and_decided_by_another(tmp_path: Path) -> None:
    world = _world(tmp_path)
    page = got(act_as(world, Role.VIEWER), "deviations", rule="idling")
    (found,) = page["items"]
    number = found["number"]
    assert (found["vehicle"], found["state"], found["unit"]) == ("CAR-1", "open", "min")
    assert found["cites"][0]["clause"]
    assert found["title"]["en"]
    one = f"{FLEET}/deviations/{number}"
    officer = act_as(world, Role.OFFICER, name="li.na")
    assert officer.post(f"{one}/decide", json={"accept": True}).status_code == 403
    told = officer.post(f"{one}/explain", json={"text": "heating for a patient"}).json()
    assert (told["state"], told["explained_by"]) == ("explained", "li.na")
    same = act_as(world, Role.MANAGER, name="li.na").post(f"{one}/decide", json={"accept": True})
    assert same.status_code == 409
    manager = act_as(world, Role.MANAGER, name="wang")
    assert manager.post(f"{one}/decide", json={"accept": False}).status_code == 422
    back = manager.post(f"{one}/decide", json={"accept": False, "comment": "which patient?"})
    assert back.json()["state"] == "rejected"
    act_as(world, Role.OFFICER, name="li.na").post(f"{one}/explain", json={"text": "of ward 3"})
    done = act_as(world, Role.MANAGER, name="wang").post(f"{one}/decide", json={"accept": True})
    assert (done.json()["state"], done.json()["decided_by"]) == ("accepted", "wang")
    assert got(act_as(world, Role.VIEWER), "deviations", rule="idling")["total"] == 0
    steps = [e.action for e in Ledger(world.records).entries(50) if e.subject == "CAR-1"]
    assert steps.count("deviation_explain") == 2
    assert {"deviation_accept", "deviation_reject"} <= set(steps)


def test_what_is_out_of_reach_is_as_if_it_were_not_there(world: Scene) -> None:
    number = got(act_as(world, Role.VIEWER), "deviations")["items"][0]["number"]
    other = act_as(world, Role.MANAGER, "ORG-2")
    assert got(other, "deviations")["items"] == []
    assert got(other, "trips") == {"total": 0, "items": [], "masked": []}
    for path in (f"deviations/{number}", "trips?vehicle=CAR-1", "deviations?organisation=ORG-1"):
        assert other.get(f"{FLEET}/{path}").status_code == 404


def test_readings_of_positions_are_for_those_who_may_see_tracks_and_kept(world: Scene) -> None:
    address = "/api/v1/readings?asset=CAR-1&from=2023-12-29&quantity="
    assert act_as(world, Role.VIEWER).get(f"{address}latitude_deg").status_code == 403
    assert act_as(world, Role.VIEWER).get(f"{address}speed_kmh").json()["items"]
    seen = act_as(world, Role.OFFICER, name="zhao").get(f"{address}latitude_deg")
    assert seen.json()["items"]
    by_device = "/api/v1/readings?device=gps-1&from=2023-12-29&quantity=longitude_deg"
    assert act_as(world, Role.VIEWER).get(by_device).status_code == 403
    (entry,) = [e for e in Ledger(world.records).entries(50) if e.actor == "zhao"]
    assert (entry.action, entry.subject) == ("track_read", "CAR-1")


def test_readings_of_nobodys_device_take_the_permission_over_everything(world: Scene) -> None:
    for device in ("gps-0", "asset:CAR-1"):
        address = f"/api/v1/readings?device={device}&from=2023-12-29&quantity=latitude_deg"
        assert act_as(world, Role.VIEWER, "").get(address).status_code == 403
        assert act_as(world, Role.OFFICER, "").get(address).status_code == 200
    heading = "/api/v1/readings?asset=CAR-1&from=2023-12-29&quantity=heading_deg"
    assert act_as(world, Role.VIEWER).get(heading).status_code == 403
    exempt = "/api/v1/readings?asset=CAR-9&from=2023-12-29&quantity=latitude_deg"
    assert act_as(world, Role.OFFICER).get(exempt).status_code == 403


def test_an_export_has_places_for_those_alone_who_may_see_tracks(world: Scene) -> None:
    address = "/api/v1/readings/export?format=csv&device=gps-1"
    assert "latitude_deg" in act_as(world, Role.OFFICER, "").get(address).text
    answer = act_as(world, Role.VIEWER, "").get(address)
    assert "odometer_km" in answer.text
    assert "itude_deg" not in answer.text
    asked = act_as(world, Role.VIEWER, "").get(f"{address}&quantity=latitude_deg")
    assert asked.status_code == 403


def test_places_in_lists_are_a_look_and_kept_but_findings_have_none(world: Scene) -> None:
    client = act_as(world, Role.OFFICER, name="sun")
    (trip,) = got(client, "trips", vehicle="CAR-1")["items"]
    got(client, "events", kind="idling")
    got(client, f"trips/CAR-1/{quote(trip['start'])}")
    assert all("latitude_deg" in row["detail"] for row in got(client, "deviations")["items"])
    viewer = act_as(world, Role.VIEWER, name="qian")
    got(viewer, "trips")
    assert not any("latitude_deg" in row["detail"] for row in got(viewer, "deviations")["items"])
    found = viewer.get("/api/v1/findings?source=vehicle_rules").json()["items"]
    assert found
    assert not any("latitude_deg" in row["detail"] for row in found)
    entries = [e for e in Ledger(world.records).entries(50) if e.action == "places_read"]
    assert {e.actor for e in entries} >= {"sun"}
    assert "qian" not in {e.actor for e in entries}
    subjects = [e.subject for e in entries if e.actor == "sun"]
    assert sorted(subjects) == ["CAR-1", "CAR-1", "fleet", "fleet"]


def test_a_device_that_was_moved_does_not_place_its_new_vehicle_where_the_old_one_was(
    tmp_path: Path,
) -> None:
    moved = NOW - timedelta(days=1)
    other = replace(CAR, code="CAR-2", plate="鲁A00002")
    register = register_of(
        bound("gps-1", valid_until=moved),
        Binding("gps-1", "CAR-2", moved),
        vehicles=(CAR, other),
    )
    scene = build_scene(tmp_path, register)
    scene.series.write_readings(readings_table(drive("gps-1", START, 20, 1000)))
    (position,) = got(act_as(scene, Role.MANAGER), "positions")["items"]
    assert position["vehicle"] == "CAR-1"


def test_deviations_of_a_vehicle_that_became_exempt_are_hidden_at_once(tmp_path: Path) -> None:
    world = _world(tmp_path)
    (found,) = got(act_as(world, Role.MANAGER), "deviations", rule="idling")["items"]
    exempt = register_of(bound("gps-1"), vehicles=(replace(CAR, tracking_exempt=True),))
    services = replace(world.services, register_source=lambda: exempt)
    later = replace(world, services=services, app=create_app(services))
    client = act_as(later, Role.MANAGER)
    assert got(client, "deviations")["items"] == []
    one = f"{FLEET}/deviations/{found['number']}"
    assert client.get(one).status_code == 404
    assert client.post(f"{one}/explain", json={"text": "why"}).status_code == 404
