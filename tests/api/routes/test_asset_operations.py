"""What people do with assets, over HTTP: dated, shown before, in the ledger, within reach only."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.register_examples import EXAMPLES
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from quotawatt.register.rows import KINDS, records_of
from quotawatt.spans import Span
from tests.api.asking import answer_as
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, REGISTER, Client, Scene

SWAPPED_AT = NOW - timedelta(hours=1)
SWAP = {
    "at": SWAPPED_AT.isoformat(),
    "device": "dev-newer",
    "end_reading": 500.0,
    "start_reading": 3.0,
    "multiplier": 40.0,
}
OPERATIONS: dict[str, dict[str, Any]] = {
    "/assets/MTR-1/replace-meter": SWAP,
    "/assets/SPC-701/move": {"organisation": "ORG-1", "from": "2024-02-01"},
    "/assets/VEH-7/transfer": {"organisation": "ORG-2", "from": "2024-02-01"},
    "/assets/EQP-71/status": {"status": "idle", "from": "2024-02-01"},
    "/assets/MTR-2/dispose": {"from": "2024-02-01"},
}


@pytest.fixture
def stored(tmp_path: Path) -> Scene:
    """The small world, and one of each kind beside it."""
    return stored_scene(tmp_path, register=_world())


def _world() -> Register:
    records = records_of(REGISTER)
    return Register(**{kind: [*records[kind], EXAMPLES[kind]] for kind in KINDS})


@pytest.fixture
def client(stored: Scene) -> Client:
    """Somebody who may do anything."""
    return Client(stored.app, stored.bearer)


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    tmp_path: Path, records_url: str
) -> None:
    scene = stored_scene(tmp_path, records_url, _world())
    client = Client(scene.app, scene.bearer)
    for path, body in OPERATIONS.items():
        before = records_of(load_register(scene.records))
        shown = client.post(f"/api/v1{path}?dry_run=true", json=body)
        assert shown.status_code == 200, (path, shown.text)
        assert shown.json()["applied"] is False
        assert shown.json()["after"]
        assert records_of(load_register(scene.records)) == before
        done = client.post(f"/api/v1{path}", json=body)
        assert done.status_code == 200, (path, done.text)
        assert done.json() == {**shown.json(), "applied": True}
        assert records_of(load_register(scene.records)) != before


def test_each_operation_is_in_the_ledger(stored: Scene, client: Client) -> None:
    actions = []
    for path, body in OPERATIONS.items():
        assert client.post(f"/api/v1{path}", json=body).status_code == 200
        entry = Ledger(stored.records).entries()[-1]
        assert entry.subject == path.split("/")[2]
        actions.append(entry.action)
    assert actions == [
        "meter_replaced",
        "room_moved",
        "asset_transferred",
        "status_set",
        "asset_disposed",
    ]


def test_a_vehicle_is_transferred_from_a_day_on(client: Client) -> None:
    client.post("/api/v1/assets/VEH-7/transfer", json=OPERATIONS["/assets/VEH-7/transfer"])
    for day, organisation in (("2024-01-31", "ORG-7"), ("2024-02-01", "ORG-2")):
        body = client.get(f"/api/v1/assets/VEH-7?as_of={day}").json()
        assert body["organisation"] == body["attributes"]["organisation"] == organisation
    assert client.get("/api/v1/assets/VEH-7").json()["organisation"] == "ORG-7"  # as of today
    steps = client.get("/api/v1/assets/VEH-7/history").json()["items"]
    assert [(s["value"], s["valid_from"], s["valid_until"]) for s in steps] == [
        ("ORG-7", None, "2024-02-01"),
        ("ORG-2", "2024-02-01", None),
    ]


def test_a_replaced_meter_counts_on_with_another_device(stored: Scene, client: Client) -> None:
    answer = client.post("/api/v1/assets/MTR-1/replace-meter", json=SWAP)
    assert answer.json()["recomputation"]["channels"] == 2
    register = load_register(stored.records)
    begun = register.bindings_on("dev-newer", "")
    assert [(b.asset, b.valid_from, b.multiplier) for b in begun] == [("MTR-1", SWAPPED_AT, 40.0)]
    span = Span(SWAPPED_AT, NOW)
    key = SeriesKey("dev-newer", "", "electricity_import_kwh")
    assert stored.series.read_readings([key], span)["value"].to_pylist() == [3.0]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Somebody who may do anything, and of whom nothing is taken."""
    scene = stored_scene(tmp_path_factory.mktemp("refused"), register=_world())
    return Client(scene.app, scene.bearer)


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/assets/NONE/status", {"status": "idle", "from": "2024-01-01"}, 404, "got 'NONE'"),
        ("/assets/BLD-1/move", {"organisation": "ORG-2", "from": "2024-01-01"}, 422, "got 'BLD-1'"),
        (
            "/assets/VEH-7/transfer",
            {"organisation": "NONE", "from": "2024-01-01"},
            422,
            "got 'NONE'",
        ),
        ("/assets/VEH-7/status", {"status": "lost", "from": "2024-01-01"}, 422, "got 'lost'"),
        ("/assets/VEH-7/status", {"status": "idle", "from": 5}, 422, "from"),
        ("/assets/VEH-7/status", {"status": "idle"}, 422, "from: must be given"),
        ("/assets/VEH-7/dispose", {"from": "2024-01-01", "colour": 1}, 422, "colour"),
        ("/assets/MTR-1/replace-meter", {**SWAP, "at": "2030-01-01T00:00:00Z"}, 422, "2030"),
        ("/assets/MTR-1/replace-meter", {**SWAP, "at": "2023-01-01"}, 422, "at"),
        ("/assets/MTR-1/replace-meter", {**SWAP, "end_reading": -1.0}, 422, "end_reading"),
        ("/assets/MTR-2/replace-meter", SWAP, 409, "MTR-2"),
    ],
)
def test_what_cannot_be_done_is_refused(
    refused: Client, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    answer = refused.post(f"/api/v1{path}", json=body)
    assert answer.status_code == status, answer.text
    assert says in answer.json()["detail"]


def test_nothing_is_done_to_what_is_out_of_reach(stored: Scene) -> None:
    principal = Principal("manager", (Grant(Role.MANAGER, "NONE"),), user="manager")
    answer_as(stored.app, principal)
    before = records_of(load_register(stored.records))
    for path, body in OPERATIONS.items():
        for query in ("", "?dry_run=true"):
            answer = Client(stored.app).post(f"/api/v1{path}{query}", json=body)
            assert answer.status_code == 404, path
    assert records_of(load_register(stored.records)) == before


def test_nothing_goes_to_an_organisation_out_of_reach(stored: Scene) -> None:
    principal = Principal("manager", (Grant(Role.MANAGER, "ORG-7"),), user="manager")
    answer_as(stored.app, principal)
    body = {"organisation": "ORG-2", "from": "2024-02-01"}
    answer = Client(stored.app).post("/api/v1/assets/VEH-7/transfer", json=body)
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("got ORG-2")
