"""The register as a workbook over HTTP: shown first, then done; out and in again."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from quotawatt.register.rows import records_of
from quotawatt.register.workbook_out import workbook_of
from tests.api.asking import answer_as
from tests.api.register_scene import ANY, PREFIX, stored_scene
from tests.api.scene import REGISTER, Client, Scene

ZONE = ZoneInfo("Asia/Shanghai")
IMPORT = f"{PREFIX}/import"


@pytest.fixture
def stored(tmp_path: Path) -> Scene:
    """The small world, its register stored."""
    return stored_scene(tmp_path)


@pytest.fixture
def client(stored: Scene) -> Client:
    """Somebody who may do anything."""
    return Client(stored.app, stored.bearer)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Somebody who may do anything, and of whom nothing is taken."""
    scene = stored_scene(tmp_path_factory.mktemp("refused"))
    return Client(scene.app, scene.bearer)


def as_manager_of(scene: Scene, organisation: str) -> Client:
    """Somebody who may change what is below an organisation."""
    principal = Principal("manager", (Grant(Role.MANAGER, organisation),), user="manager")
    answer_as(scene.app, principal)
    return Client(scene.app)


def changed(**area_m2: float) -> bytes:
    """The small world's workbook with other areas of buildings."""
    return workbook(REGISTER, **area_m2)


def workbook(register: Register, **area_m2: float) -> bytes:
    """A register as a workbook, with other areas of buildings by code (``_`` for ``-``)."""
    records: dict[str, Any] = dict(records_of(register))
    wanted = {code.replace("_", "-"): area for code, area in area_m2.items()}
    records["buildings"] = [
        replace(b, gross_area_m2=wanted.get(b.code, b.gross_area_m2)) for b in records["buildings"]
    ]
    return workbook_of(Register(**records), "zh", ZONE)


def hand_in(client: Client, data: bytes, query: str = "", name: str = "a.xlsx") -> httpx.Response:
    """Upload a workbook."""
    return client.post(f"{IMPORT}{query}", files={"file": (name, data)})


def test_a_dry_run_shows_and_the_plan_is_carried_out(stored: Scene, client: Client) -> None:
    data = changed(BLD_1=1200.0)
    shown = hand_in(client, data)
    assert shown.status_code == 200, shown.text
    body = shown.json()
    assert (body["applied"], body["problems"]) == (False, [])
    assert body["difference"] == {"buildings": {"added": 0, "changed": 1, "removed": 0}}
    assert [(c["code"], c["column"], c["after"]) for c in body["columns"]] == [
        ("BLD-1", "gross_area_m2", "1200.0")
    ]
    assert load_register(stored.records).buildings["BLD-1"].gross_area_m2 == 1000.0
    done = hand_in(client, data, f"?dry_run=false&plan={body['plan']}")
    assert (done.status_code, done.json()["applied"]) == (200, True), done.text
    assert load_register(stored.records).buildings["BLD-1"].gross_area_m2 == 1200.0
    entry = Ledger(stored.records).entries()[-1]
    assert json.loads(entry.detail)["source"] == "a.xlsx"


def test_a_plan_is_void_once_the_register_has_changed(stored: Scene, client: Client) -> None:
    data = changed(BLD_1=1200.0)
    plan = hand_in(client, data).json()["plan"]
    area = {"gross_area_m2": 1500.0}
    client.send("PATCH", f"{PREFIX}/buildings/BLD-1", json=area, headers=ANY)
    late = hand_in(client, data, f"?dry_run=false&plan={plan}")
    assert late.status_code == 409
    assert "must do what its dry run showed" in late.json()["detail"]
    assert load_register(stored.records).buildings["BLD-1"].gross_area_m2 == 1500.0


def test_a_plan_is_of_one_workbook_and_must_be_named(stored: Scene, client: Client) -> None:
    plan = hand_in(client, changed(BLD_1=1200.0)).json()["plan"]
    other = hand_in(client, changed(BLD_1=1300.0), f"?dry_run=false&plan={plan}")
    assert other.status_code == 409
    unnamed = hand_in(client, changed(BLD_1=1200.0), "?dry_run=false")
    assert (unnamed.status_code, unnamed.json()["detail"]) == (
        422,
        "plan must be that of the dry run that is carried out, got none",
    )
    assert load_register(stored.records).buildings == REGISTER.buildings


def test_an_import_from_a_day_keeps_what_was_before(stored: Scene, client: Client) -> None:
    data = changed(BLD_1=1200.0)
    plan = hand_in(client, data, "?from=2023-07-01").json()
    assert plan["columns"][0]["dated"] is True
    assert plan["recomputation"]["text"]
    query = f"?from=2023-07-01&dry_run=false&plan={plan['plan']}"
    assert hand_in(client, data, query).status_code == 200
    then = client.get("/api/v1/assets/BLD-1?as_of=2023-06-30").json()
    now = client.get("/api/v1/assets/BLD-1").json()
    assert then["attributes"]["gross_area_m2"] == 1000.0
    assert now["attributes"]["gross_area_m2"] == 1200.0


@pytest.mark.parametrize(("language", "words"), [("en", "must be above 0"), ("zh", "须大于 0")])
def test_problems_name_their_cells(refused: Client, language: str, words: str) -> None:
    shown = hand_in(refused, changed(BLD_1=-1.0), f"?lang={language}").json()
    assert shown["plan"] is None
    (problem,) = shown["problems"]
    assert (problem["column"], problem["rule"]) == ("gross_area_m2", "above_zero")
    assert problem["cell"].startswith("F")
    assert words in problem["text"]


def test_broken_rules_are_an_error_once_it_is_to_be_done(stored: Scene, client: Client) -> None:
    done = hand_in(client, changed(BLD_1=-1.0), "?dry_run=false&plan=x")
    assert done.status_code == 422
    assert "must be above 0" in done.json()["detail"]
    assert load_register(stored.records).buildings == REGISTER.buildings


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"xx", b"PK\x03\x04broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 200, _bomb()]
)
def test_what_is_no_workbook_is_a_problem_and_no_crash(refused: Client, data: bytes) -> None:
    shown = hand_in(refused, data)
    assert shown.status_code == 200, shown.text
    assert shown.json()["problems"]
    assert shown.json()["plan"] is None


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, 422),
        ({"files": {"other": ("a.xlsx", b"xx")}}, 422),
        ({"data": {"file": "text"}}, 400),
        ({"json": {"file": "x"}}, 422),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, 400),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]}, 400),
    ],
)
def test_forms_without_a_file(refused: Client, options: dict[str, Any], status: int) -> None:
    answer = refused.post(IMPORT, **options)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    scene = stored_scene(tmp_path)
    limit = scene.services.settings.upload_bytes_limit
    answer = hand_in(Client(scene.app, scene.bearer), b"x" * (limit + 1))
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith(f"a request must have at most {limit} bytes")


def test_nothing_is_read_of_somebody_unknown(stored: Scene) -> None:
    assert hand_in(Client(stored.app), changed()).status_code == 401


def test_an_export_goes_in_again_without_a_difference(stored: Scene, client: Client) -> None:
    for language in ("zh", "en"):
        export = client.get(f"{PREFIX}/export.xlsx?lang={language}")
        assert export.status_code == 200
        assert "register.xlsx" in export.headers["content-disposition"]
        shown = hand_in(client, export.content).json()
        assert (shown["difference"], shown["problems"]) == ({}, [])
    assert Ledger(stored.records).entries()[-1].action == "register_exported"


AREA = {
    "type": "Feature",
    "id": "FENCE-2",
    "properties": {"name": "停车场", "organisation": "ORG-2", "use": "parking", "radius_m": 150},
    "geometry": {"type": "Point", "coordinates": [117.02, 36.66]},
}


def test_geofences_go_in_as_geojson_and_out_again(stored: Scene, client: Client) -> None:
    drawn = json.dumps(AREA).encode()
    plan = hand_in(client, drawn, "?datum=gcj02", "areas.geojson").json()
    assert plan["difference"] == {"geofences": {"added": 1, "changed": 0, "removed": 0}}
    query = f"?dry_run=false&plan={plan['plan']}"
    assert hand_in(client, drawn, query, "areas.geojson").status_code == 409
    done = hand_in(client, drawn, f"{query}&datum=gcj02", "areas.geojson")
    assert done.status_code == 200, done.text
    export = client.get(f"{PREFIX}/export.geojson")
    assert export.headers["content-type"] == "application/geo+json"
    (feature,) = export.json()["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([117.0141, 36.6597], abs=1e-4)
    assert Ledger(stored.records).entries()[-1].action == "register_exported"
    assert hand_in(client, export.content, name="out").json()["difference"] == {}


def test_geofences_of_others_are_not_given_out(stored: Scene, client: Client) -> None:
    drawn = json.dumps(AREA).encode()
    plan = hand_in(client, drawn).json()["plan"]
    assert hand_in(client, drawn, f"?dry_run=false&plan={plan}").status_code == 200
    theirs = as_manager_of(stored, "ORG-2").get(f"{PREFIX}/export.geojson").json()
    assert [f["id"] for f in theirs["features"]] == ["FENCE-2"]
    other = as_manager_of(stored, "ORG-3").get(f"{PREFIX}/export.geojson").json()
    assert other["features"] == []


def test_the_template_is_a_workbook_without_records(client: Client) -> None:
    template = client.get(f"{PREFIX}/template.xlsx?lang=en")
    assert template.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(template.content))
    shown = hand_in(client, template.content).json()
    assert {p["rule"] for p in shown["problems"]} <= {"lacking"}


def test_a_part_goes_out_and_in_and_touches_nothing_else(stored: Scene) -> None:
    client = as_manager_of(stored, "ORG-2")
    export = client.get(f"{PREFIX}/export.xlsx").content
    shown = hand_in(client, export).json()
    assert (shown["difference"], shown["problems"]) == ({}, [])
    removing = hand_in(client, export, "?remove=true").json()
    assert removing["difference"] == {}
    mine = workbook(_part(stored), BLD_2=2500.0)
    plan = hand_in(client, mine).json()
    assert plan["difference"] == {"buildings": {"added": 0, "changed": 1, "removed": 0}}
    assert hand_in(client, mine, f"?dry_run=false&plan={plan['plan']}").status_code == 200
    after = load_register(stored.records)
    assert after.buildings["BLD-2"].gross_area_m2 == 2500.0
    assert after.buildings["BLD-1"] == REGISTER.buildings["BLD-1"]
    assert after.meters == REGISTER.meters


def _part(scene: Scene) -> Register:
    """What the manager of ORG-2 has in their workbook."""
    records: dict[str, Any] = dict(records_of(load_register(scene.records)))
    records["organisations"] = [o for o in records["organisations"] if o.code == "ORG-2"]
    records["headcounts"] = [h for h in records["headcounts"] if h.organisation == "ORG-2"]
    records["buildings"] = [b for b in records["buildings"] if b.organisation == "ORG-2"]
    records["meters"] = [m for m in records["meters"] if m.building == "BLD-2"]
    return Register(**{**records, "bindings": [], "base_values": []})


def test_a_part_is_refused_with_its_codes_where_it_touches_another(stored: Scene) -> None:
    answer = hand_in(as_manager_of(stored, "ORG-2"), changed(BLD_1=1200.0, BLD_2=2500.0))
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "a change must touch only what is within reach, got BLD-1, ORG-1"
    )
