"""Orders and the vehicles' books over the api: each step within one's reach, files, and other systems."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.model import Register, Vehicle
from quotawatt.register.rows import records_of
from quotawatt.spans import Span
from tests.api.scene import NOW, REGISTER, Client, Scene, build_scene
from tests.quotawatt.access.people import add_ready_user

V1 = "/api/v1/dispatch"
FLEET = "/api/v1/fleet"
HOUR = timedelta(hours=1)
FILE = """派车单号,用车单位,计划出车时间,计划收车时间,车牌号,实际出车时间,实际收车时间
A-1,ORG-2,2023-12-01 09:00,2023-12-01 12:00,{plate},2023-12-01 09:05,2023-12-01 11:40
"""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """On SQLite, the small world with a vehicle of each organisation, and two that are not driven here."""
    cars = [
        Vehicle(f"CAR-{n}", f"车{n}", f"Car {n}", f"ORG-{n}", f"鲁A0000{n}", "car", "petrol")
        for n in (1, 2)
    ]
    masked = replace(cars[1], code="CAR-X", plate="鲁A00009", tracking_exempt=True)
    kinds: dict[str, Any] = {**records_of(REGISTER), "vehicles": [*cars, masked]}
    return build_scene(tmp_path, Register(**kinds))


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def somebody(scene: Scene, name: str, role: Role, organisation: str = "ORG-2") -> Client:
    """A browser in which somebody is signed in."""
    add_ready_user(scene.records, name, Grant(role, organisation))
    gate = scene.app.state.gate
    with scene.records.begin() as conn:
        secret = gate.sessions.open(conn, name, "", gate.clock())
    return Client(scene.app, {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)})


def wish(**more: Any) -> dict[str, Any]:
    return {
        "organisation": "ORG-2",
        "purpose": "送文件",
        "to_places": "市档案馆",
        "planned_start": (NOW + HOUR).isoformat(),
        "planned_end": (NOW + 3 * HOUR).isoformat(),
        **more,
    }


def test_an_order_from_the_phone_to_the_rating(scene: Scene, client: Client) -> None:
    officer = somebody(scene, "li", Role.OFFICER)
    manager = somebody(scene, "wang", Role.MANAGER)
    driver = {"name": "赵一", "organisation": "ORG-2", "account": "zhao"}
    assert officer.send("PUT", f"{FLEET}/drivers/DRV-2", json=driver).status_code == 200
    asked = officer.post(f"{V1}/orders", json=wish())
    assert (asked.status_code, asked.json()["applicant"]) == (201, "li")
    one = f"{V1}/orders/{asked.json()['number']}"
    # The officer may not decide, the manager may.
    assert officer.post(f"{one}/approve", json={}).status_code == 403
    assert manager.post(f"{one}/approve", json={}).json()["actions"] == ["assign", "cancel"]
    given = manager.post(f"{one}/assign", json={"vehicle": "CAR-2", "driver": "DRV-2"}).json()
    assert (given["plate"], given["driver_name"]) == ("鲁A00002", "赵一")
    scene.moment[0] = NOW + HOUR
    officer.post(f"{one}/leave", json={"odometer_km": 100})
    scene.moment[0] = NOW + 2 * HOUR
    back = officer.post(f"{one}/return", json={"odometer_km": 136, "cost_cny": 25}).json()
    assert (back["state"], back["driven_km"]) == ("returned", 36.0)
    rated = officer.post(f"{one}/rate", json={"rating": 5, "note": "准时"})
    assert rated.json() == client.get(one).json()
    assert officer.post(f"{one}/cancel", json={}).status_code == 409


def test_a_list_is_filtered_and_shows_what_is_ones_own(scene: Scene, client: Client) -> None:
    officer = somebody(scene, "li", Role.OFFICER)
    mine = officer.post(f"{V1}/orders", json=wish()).json()["number"]
    other = client.post(f"{V1}/orders", json=wish(organisation="ORG-1")).json()["number"]

    def listed(asker: Client, query: str = "") -> list[int]:
        return [item["number"] for item in asker.get(f"{V1}/orders?{query}").json()["items"]]

    assert sorted(listed(client)) == [mine, other]
    assert listed(officer) == [mine]
    assert listed(officer, "mine=true") == [mine]
    assert listed(somebody(scene, "xu", Role.OFFICER, "ORG-1"), "mine=true") == []
    assert listed(client, "state=approved") == []
    assert listed(client, "organisation=ORG-1&from=2024-01-01&until=2024-01-02") == [other]
    assert listed(client, "from=2024-01-02") == []


def test_who_asked_cancels_and_so_does_who_decides(scene: Scene) -> None:
    people = {
        name: somebody(scene, name, role)
        for name, role in (("li", Role.OFFICER), ("xu", Role.OFFICER), ("wang", Role.MANAGER))
    }
    for name, status in (("li", 200), ("xu", 409), ("wang", 200)):
        number = people["li"].post(f"{V1}/orders", json=wish()).json()["number"]
        answer = people[name].post(f"{V1}/orders/{number}/cancel", json={"note": "改期"})
        assert answer.status_code == status, answer.text
    assert (
        "by who asked for it, or by who decides"
        in people["xu"].post(f"{V1}/orders/2/cancel", json={}).text
    )


def test_an_exempt_vehicle_has_no_orders_and_no_books(client: Client) -> None:
    body = {"organisation": "ORG-2", "planned_start": "2023-12-01", "planned_end": "2023-12-02"}
    answer = client.send("PUT", f"{V1}/sources/oa/orders/1", json={**body, "vehicle": "鲁A00009"})
    assert answer.status_code == 422
    assert "must not be exempt from tracking" in answer.text
    assert client.post(f"{FLEET}/seals", json={"vehicle": "CAR-X"}).status_code == 422
    assert client.get(f"{V1}/orders").json()["total"] == 0


def test_another_system_hands_the_same_order_in_again(client: Client) -> None:
    place = f"{V1}/sources/oa/orders/2023-7"
    body = {
        "organisation": "ORG-2",
        "planned_start": "2023-12-01 09:00",
        "planned_end": "2023-12-01 12:00",
        "passengers": 2,
        "vehicle": "鲁A·00002",
    }
    first = client.send("PUT", place, json=body).json()
    assert (first["state"], first["vehicle"], first["passengers"]) == ("assigned", "CAR-2", 2)
    assert first["planned_start"] == "2023-12-01T01:00:00Z"
    assert client.send("PUT", place, json=body).json() == first
    later = client.send("PUT", place, json={**body, "left_at": "2023-12-01 09:10"}).json()
    assert (later["number"], later["state"]) == (first["number"], "under_way")
    wrong = client.send("PUT", place, json={**body, "rating": 9, "planned_end": "soon"})
    assert wrong.status_code == 422
    assert "order planned_end" in wrong.text


def test_files_of_orders_and_cards_are_tried_and_taken(client: Client) -> None:
    def handed(place: str, text: str, **params: Any) -> dict[str, Any]:
        files = {"file": ("a.csv", text.encode("gb18030"))}
        found: dict[str, Any] = client.post(place, files=files, params=params).json()
        return found

    bad = handed(f"{V1}/import", FILE.format(plate="鲁A77777"), dry_run=False, lang="en")
    assert bad["applied"] is False
    assert [(p["row"], p["column"], p["rule"]) for p in bad["problems"]] == [
        (2, "vehicle", "vehicle")
    ]
    good = FILE.format(plate="鲁A00002")
    assert handed(f"{V1}/import", good)["applied"] is False
    assert client.get(f"{V1}/orders").json()["total"] == 0
    assert handed(f"{V1}/import", good, dry_run=False)["added"] == 1
    assert handed(f"{V1}/import", good, dry_run=False)["unchanged"] == 1
    cards = "车牌号,加油时间,加油量\n鲁A00002,2023-12-01 10:12,42.3\n"
    assert handed(f"{FLEET}/cards/import", cards, dry_run=False)["added"] == 1
    (row,) = client.get(f"{FLEET}/cards?vehicle=CAR-2&from=2023-12-01").json()["items"]
    assert (row["litres"], row["fuel"], row["time"]) == (42.3, "petrol", "2023-12-01T02:12:00Z")
    gone = client.post(f"{FLEET}/cards/{row['id']}/remove", json={"note": "x"}).json()
    assert gone == row
    assert client.get(f"{FLEET}/cards").json()["total"] == 0


def test_orders_stand_beside_their_trips(scene: Scene, client: Client) -> None:
    text = FILE.format(plate="鲁A00002").encode()
    client.post(f"{V1}/import?dry_run=false", files={"file": ("a.csv", text)})
    start = NOW - timedelta(days=31) + 9 * HOUR
    trips = [
        Trip("CAR-2", at, at + HOUR, 20.0, DistanceBy.POSITIONS) for at in (start, start + 9 * HOUR)
    ]
    with scene.records.begin() as conn:
        replace_within(conn, "CAR-2", Span(start, NOW), trips, [])
    answer = client.get(f"{V1}/matches?from=2023-12-01&until=2023-12-02").json()
    (match,) = answer["items"]
    assert ([t["distance_km"] for t in match["trips"]], match["over"]) == ([20.0], True)
    assert "driver" in match["missing"]
    assert [d["kind"] for d in match["differences"]] == ["returned_at"]
    assert [t["start"] for t in answer["trips_without_order"]] == ["2023-12-01T10:00:00Z"]
    assert client.get(f"{V1}/matches?from=2023-01-01&until=2023-12-31").status_code == 422


def test_seals_duty_and_services_over_the_api(client: Client) -> None:
    duty = {"vehicle": "CAR-2", "first_day": "2024-02-10", "until": "2024-02-18", "reason": "春节"}
    entry = client.post(f"{FLEET}/duty", json=duty).json()
    assert client.post(f"{FLEET}/duty/{entry['id']}/withdraw").json()["withdrawn_by"]
    (listed,) = client.get(f"{FLEET}/duty?from=2024-02-17").json()["items"]
    assert listed["id"] == entry["id"]
    sealed = {"vehicle": "CAR-2", "at": "2023-12-31", "odometer_km": 8000}
    assert client.post(f"{FLEET}/seals", json=sealed).status_code == 201
    assert client.post(f"{FLEET}/seals", json=sealed).status_code == 409
    unsealed = client.post(f"{FLEET}/seals/CAR-2/unseal", json={"odometer_km": 8012}).json()
    assert unsealed["odometer_at_unseal_km"] == 8012
    service = {"vehicle": "CAR-2", "day": "2023-12-10", "kind": "repair", "cost_cny": 680}
    assert client.post(f"{FLEET}/services", json=service).status_code == 201
    late = client.post(f"{FLEET}/services", json={**service, "day": "2031-01-01"})
    assert "must not lie in the future" in late.text
    assert client.post(f"{FLEET}/services", json={**service, "vehicle": "BLD-2"}).status_code == 404
    assert len(client.get(f"{FLEET}/services?vehicle=CAR-2").json()["items"]) == 1
