"""The register's records over HTTP: listed, read, made, replaced, changed and removed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.register_examples import EXAMPLES
from api.register_keys import address_key, cells_of
from api.register_schemas import RESERVED
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.register.repository import load_register
from quotawatt.register.rows import KINDS, columns
from tests.api.asking import answer_as
from tests.api.register_scene import ANY, PREFIX, stored_scene
from tests.api.scene import Client, Scene


@pytest.fixture
def stored(tmp_path: Path) -> Scene:
    """The small world, its register stored."""
    return stored_scene(tmp_path)


@pytest.fixture
def client(stored: Scene) -> Client:
    """Somebody who may do anything."""
    return Client(stored.app, stored.bearer)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Somebody who may do anything, and changes nothing."""
    scene = stored_scene(tmp_path_factory.mktemp("reader"))
    return Client(scene.app, scene.bearer)


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Somebody who may change what is below ORG-2, and asks for more."""
    return as_manager_of(stored_scene(tmp_path_factory.mktemp("manager")), "ORG-2")


def as_manager_of(scene: Scene, organisation: str) -> Client:
    """Somebody who may change what is below an organisation."""
    principal = Principal("manager", (Grant(Role.MANAGER, organisation),), user="manager")
    answer_as(scene.app, principal)
    return Client(scene.app)


def _keys(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["key"] for item in answer.json()["items"]]


def _change(client: Client, path: str, body: Mapping[str, Any], **headers: str) -> httpx.Response:
    return client.send("PATCH", PREFIX + path, json=body, headers={**ANY, **headers})


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("/buildings", ["BLD-1", "BLD-2"]),
        ("/buildings?organisation=ORG-2", ["BLD-2"]),
        ("/buildings?gross_area_m2=1000", ["BLD-1"]),
        ("/buildings?year_built=", ["BLD-1", "BLD-2"]),
        ("/buildings?under=ORG-1", ["BLD-1", "BLD-2"]),
        ("/buildings?under=ORG-1&tree=system", ["BLD-1"]),
        ("/buildings?under=ORG-2", ["BLD-2"]),
        ("/buildings?sort=-gross_area_m2", ["BLD-2", "BLD-1"]),
        ("/buildings?sort=-gross_area_m2&limit=1&offset=1", ["BLD-1"]),
        ("/buildings?search=building two", ["BLD-2"]),
        ("/meters?search=照明", ["MTR-1-A"]),
        ("/meters?carrier=electricity&parent=", ["MTR-1", "MTR-2"]),
        ("/meters?under=ORG-2", ["MTR-2"]),
        ("/headcounts", ["ORG-1,in_post,2022-01-01", "ORG-2,in_post,2022-01-01"]),
        ("/headcounts?organisation=ORG-2", ["ORG-2,in_post,2022-01-01"]),
        ("/bindings?device=dev-old", ["dev-old,,,MTR-1,20220101T000000Z"]),
        ("/vehicles", []),
    ],
)
def test_listings(reader: Client, query: str, expected: list[str]) -> None:
    answer = reader.get(PREFIX + query)
    assert _keys(answer) == expected
    if "limit" not in query:
        assert answer.json()["total"] == len(expected)


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("/castles", 404, "/castles"),
        ("/buildings?limit=0", 422, "got '0'"),
        ("/buildings?gross_area_m2=x", 422, "must be a number .* got 'x'"),
        ("/buildings?sort=height", 422, "got 'height'"),
        ("/buildings?height=3", 422, "height"),
        ("/buildings?as_of=tomorrow", 422, "as_of must be a day, YYYY-MM-DD, got 'tomorrow'"),
        ("/buildings?under=BLD-1", 404, "got 'BLD-1'"),
        ("/buildings/NONE", 404, "got 'NONE'"),
        ("/bindings/dev-old", 404, "got 'dev-old'"),
    ],
)
def test_bad_questions(reader: Client, query: str, status: int, says: str) -> None:
    answer = reader.get(PREFIX + query)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says.partition(" .* ")[0] in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/buildings", "/buildings/BLD-1", "/bindings"])
def test_what_has_not_changed_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(PREFIX + path)
    again = client.get(PREFIX + path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    _change(client, "/buildings/BLD-1", {"year_built": 1999})
    _change(client, f"/bindings/{_first_binding(client)}", {"multiplier": 2.0})
    other = client.get(PREFIX + path, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def _first_binding(client: Client) -> str:
    return _keys(client.get(f"{PREFIX}/bindings"))[0]


def test_no_column_goes_by_the_name_of_a_parameter() -> None:
    assert not {c.name for kind in KINDS for c in columns(kind)} & set(RESERVED)


# --- making, changing, removing --------------------------------------------------------------------------


def test_the_examples_are_taken_in_and_read_back(tmp_path: Path, records_url: str) -> None:
    scene = stored_scene(tmp_path, records_url)
    client = Client(scene.app, scene.bearer)
    for kind, record in EXAMPLES.items():
        made = client.post(f"{PREFIX}/{kind}", json=cells_of(record))
        assert made.status_code == 201, (kind, made.text)
        read = client.get(made.headers["location"])
        assert read.json() == made.json()
        assert read.headers["etag"] == made.headers["etag"] == read.json()["etag"]
        assert read.json()["key"] == address_key(kind, record)


def test_a_record_is_made_once(client: Client) -> None:
    site = cells_of(EXAMPLES["sites"])
    assert client.post(f"{PREFIX}/sites", json=site).status_code == 201
    again = client.post(f"{PREFIX}/sites", json=site)
    assert (again.status_code, again.json()["detail"]) == (409, "a key must be free, got 'SITE-7'")


def test_a_change_must_name_the_version_that_it_is_of(stored: Scene, client: Client) -> None:
    place = f"{PREFIX}/buildings/BLD-1"
    etag = client.get(place).headers["etag"]
    body = {"gross_area_m2": 1200.0}
    assert client.send("PATCH", place, json=body).status_code == 428
    done = client.send("PATCH", place, json=body, headers={"If-Match": etag})
    assert (done.status_code, done.json()["gross_area_m2"]) == (200, 1200.0)
    late = client.send("PATCH", place, json={"year_built": 1}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert done.headers["etag"] in late.json()["detail"]
    removal = client.send("DELETE", place, headers={"If-Match": etag})
    assert removal.status_code == 412
    assert load_register(stored.records).buildings["BLD-1"].year_built is None


def test_a_correction_leaves_no_former_value(stored: Scene, client: Client) -> None:
    assert _change(client, "/buildings/BLD-1", {"gross_area_m2": 1200.0}).status_code == 200
    assert load_register(stored.records).former_values == ()


def test_a_change_from_a_day_keeps_what_was_before(client: Client) -> None:
    done = _change(client, "/buildings/BLD-1?from=2023-07-01", {"gross_area_m2": 1200.0})
    assert (done.status_code, done.json()["gross_area_m2"]) == (200, 1200.0), done.text
    read = [
        client.get(f"{PREFIX}/buildings/BLD-1?as_of={day}").json()["gross_area_m2"]
        for day in ("2023-06-30", "2023-07-01")
    ]
    assert read == [1000.0, 1200.0]
    assert _keys(client.get(f"{PREFIX}/former_values")) == ["BLD-1,gross_area_m2,2023-07-01"]
    earlier = _change(client, "/buildings/BLD-1?from=2023-01-01", {"gross_area_m2": 900.0})
    assert earlier.status_code == 409  # nobody knows what of the later change is still meant
    assert _change(client, "/buildings/BLD-1?from=July", {"year_built": 1990}).status_code == 422


def test_an_asset_goes_with_its_past_and_its_code_is_no_others(client: Client) -> None:
    site = cells_of(EXAMPLES["sites"])
    client.post(f"{PREFIX}/sites", json=site)
    _change(client, "/sites/SITE-7?from=2023-07-01", {"quota_zone": "A"})
    assert client.send("DELETE", f"{PREFIX}/sites/SITE-7", headers=ANY).status_code == 204
    assert _keys(client.get(f"{PREFIX}/former_values")) == []
    other = client.post(f"{PREFIX}/sites", json={**site, "name_zh": "别处", "name_en": "Elsewhere"})
    assert other.status_code == 422
    assert "SITE-7" in other.json()["detail"]
    assert client.post(f"{PREFIX}/sites", json=site).status_code == 201


def test_replacing_gives_what_is_left_out_its_default(client: Client) -> None:
    place = f"{PREFIX}/meters/MTR-1-A"
    body = {"code": "MTR-1-A", "name_zh": "甲", "name_en": "A", "building": "BLD-1"}
    done = client.send("PUT", place, json={**body, "carrier": "electricity"}, headers=ANY)
    assert done.status_code == 200, done.text
    assert (done.json()["item"], done.json()["parent"]) == ("", None)
    other = {**body, "code": "MTR-9", "carrier": "electricity"}
    refused = client.send("PUT", place, json=other, headers=ANY)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "code must be as in the address, 'MTR-1-A', got 'MTR-9'",
    )


def test_every_broken_rule_is_told_with_its_column(stored: Scene, client: Client) -> None:
    before = load_register(stored.records)
    answer = _change(client, "/buildings/BLD-1", {"gross_area_m2": -1.0, "organisation": "NONE"})
    assert answer.status_code == 422
    problems = {p["pointer"]: p for p in answer.json()["problems"]}
    assert set(problems) == {"/gross_area_m2", "/organisation"}
    assert problems["/gross_area_m2"]["detail"] == "must be above 0, got -1.0"
    assert "须大于 0" in problems["/gross_area_m2"]["detail_zh"]
    assert load_register(stored.records).buildings == before.buildings


def test_what_others_refer_to_stays(stored: Scene, client: Client) -> None:
    place = f"{PREFIX}/meters/MTR-1"
    refused = client.send("DELETE", place, headers=ANY)
    assert refused.status_code == 409
    assert "meters MTR-1-A parent" in refused.json()["detail"]
    assert client.send("DELETE", f"{PREFIX}/meters/MTR-1-A", headers=ANY).status_code == 204
    for key in _keys(client.get(f"{PREFIX}/bindings")):
        assert client.send("DELETE", f"{PREFIX}/bindings/{key}", headers=ANY).status_code == 204
    assert client.send("DELETE", place, headers=ANY).status_code == 204
    assert client.get(place).status_code == 404
    assert set(load_register(stored.records).meters) == {"MTR-2"}


def test_each_change_is_in_the_ledger(stored: Scene, client: Client) -> None:
    before = len(Ledger(stored.records).entries())
    client.post(f"{PREFIX}/sites", json=cells_of(EXAMPLES["sites"]))
    _change(client, "/sites/SITE-7", {"quota_zone": "A"})
    client.send("DELETE", f"{PREFIX}/sites/SITE-7", headers=ANY)
    _change(client, "/sites/SITE-1", {"quota_zone": "B"})  # as it was: nothing to tell
    entries = Ledger(stored.records).entries()[before:]
    assert [(e.action, e.subject) for e in entries] == [
        ("record_added", "SITE-7"),
        ("record_changed", "SITE-7"),
        ("record_removed", "SITE-7"),
    ]
    changed = json.loads(entries[1].detail)
    assert changed["sites"]["changed"] == 1


# --- what cannot be read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"{", 422),
        (b"\xff\xfe{}", 422),
        (b"[" * 100_000, 400),
        (b"1" * 5000, 400),
        (b'{"code": "B", "code": 1}', 422),
        (b'{"gross_area_m2": NaN}', 422),
        (b'{"gross_area_m2": 1e999}', 422),
        (b'{"name_zh": "\\ud800"}', 422),
        (b'{"\\ud800": 1}', 422),
    ],
)
def test_bodies_that_are_none(reader: Client, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = reader.post(f"{PREFIX}/buildings", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "cells",
    [
        {"name_zh": "a\0b"},
        {"code": "a/b"},
        {"code": "x" * 65},
        {"year_built": 10**30},
        {"year_built": 1990.5},
        {"year_built": True},
        {"gross_area_m2": "1000"},
        {"status": "lost"},
        {"colour": "red"},
    ],
)
def test_values_that_are_none(reader: Client, cells: dict[str, Any]) -> None:
    body = {**cells_of(EXAMPLES["buildings"]), "site": "SITE-1", "organisation": "ORG-1", **cells}
    answer = reader.post(f"{PREFIX}/buildings", json=body)
    assert answer.status_code == 422, answer.text
    assert next(iter(cells)) in answer.json()["detail"]


@pytest.mark.parametrize(
    "since", ["2024-01-01", 1704067200, "2024-01-01T00:00:00", "0001-01-01T00:00:00+08:00"]
)
def test_instants_need_a_zone_and_a_day_in_utc(reader: Client, since: object) -> None:
    body = {"device": "d", "asset": "MTR-1", "valid_from": since}
    answer = reader.post(f"{PREFIX}/bindings", json=body)
    assert answer.status_code == 422
    assert "valid_from" in answer.json()["detail"]


def test_more_than_is_taken_is_refused(reader: Client) -> None:
    headers = {"Content-Type": "application/json"}
    announced = reader.post(f"{PREFIX}/sites", content=b" " * 5_000_000, headers=headers)
    assert announced.status_code == 413
    assert announced.json()["detail"].startswith("a request must have at most 4194304 bytes")

    async def pieces() -> Any:
        for _ in range(50):
            yield b" " * 100_000

    streamed = reader.post(f"{PREFIX}/sites", content=pieces(), headers=headers)
    assert streamed.status_code == 413


# --- reach ---------------------------------------------------------------------------------------------


def test_a_part_is_listed_and_changed_as_if_there_were_no_other(stored: Scene) -> None:
    client = as_manager_of(stored, "ORG-2")
    assert _keys(client.get(f"{PREFIX}/buildings")) == ["BLD-2"]
    assert _keys(client.get(f"{PREFIX}/bindings")) == []
    assert client.get(f"{PREFIX}/buildings/BLD-1").status_code == 404
    assert client.get(f"{PREFIX}/buildings?under=ORG-1").status_code == 404
    assert _change(client, "/buildings/BLD-1", {"year_built": 1990}).status_code == 404
    assert _change(client, "/buildings/BLD-2", {"year_built": 1990}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/buildings/BLD-2", {"organisation": "ORG-1"}, "ORG-1"),
        ("/organisations/ORG-2", {"region_parent": None}, "ORG-2"),
        ("/organisations/ORG-2", {"system_parent": "ORG-1"}, "ORG-1"),
        ("/meters/MTR-2", {"building": "BLD-1"}, "BLD-1"),
        ("/sites/SITE-1", {"quota_zone": "A"}, "SITE-1"),
    ],
)
def test_nothing_is_moved_out_of_reach(
    manager: Client, path: str, body: dict[str, Any], named: str
) -> None:
    answer = _change(manager, path, body)
    assert answer.status_code == 404, answer.text
    assert answer.json()["detail"].startswith("a change must touch only what is within reach, got ")
    assert named in answer.json()["detail"]


@pytest.mark.parametrize(("formula", "status"), [("MTR-2", 201), ("MTR-2 - 0.5*MTR-1", 404)])
def test_a_formula_reads_no_meter_that_is_out_of_reach(
    manager: Client, formula: str, status: int
) -> None:
    body = {
        "code": f"VM-{status}", "name_zh": "虚", "name_en": "Rest", "building": "BLD-2",
        "quantity": "electricity_import_kwh", "formula": formula,
    }  # fmt: skip
    answer = manager.post(f"{PREFIX}/virtual_meters", json=body)
    assert answer.status_code == status, answer.text
    if status == 404:
        assert "within reach, got MTR-1" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("formula", "said"),
    [("MTR-1 +", "with a code at sign 8"), ("MTR-1 - NONE", "and NONE is none")],
)
def test_a_formula_that_cannot_be_is_refused(client: Client, formula: str, said: str) -> None:
    body = {
        "code": "VM-1", "name_zh": "虚", "name_en": "Rest", "building": "BLD-1",
        "quantity": "electricity_import_kwh", "formula": formula,
    }  # fmt: skip
    answer = client.post(f"{PREFIX}/virtual_meters", json=body)
    assert answer.status_code == 422
    assert said in answer.text


def test_what_is_added_must_be_within_reach(stored: Scene) -> None:
    client = as_manager_of(stored, "ORG-2")
    room = {"code": "SPC-1", "name_zh": "室", "name_en": "Room", "use": "office"}
    inside = client.post(f"{PREFIX}/spaces", json={**room, "building": "BLD-2"})
    assert inside.status_code == 201, inside.text
    outside = client.post(f"{PREFIX}/spaces", json={**room, "code": "SPC-2", "building": "BLD-1"})
    assert outside.status_code == 404
    below = {"name_zh": "下属", "name_en": "Below", "kind": "school", "level": "city"}
    child = {**below, "code": "ORG-3", "region_parent": "ORG-2"}
    assert client.post(f"{PREFIX}/organisations", json=child).status_code == 201
    past = {"asset": "BLD-2", "attribute": "organisation", "value": "ORG-1"}
    body = {**past, "valid_until": "2020-01-01"}
    assert client.post(f"{PREFIX}/former_values", json=body).status_code == 404
    alone = {**below, "code": "ORG-4"}
    assert client.post(f"{PREFIX}/organisations", json=alone).status_code == 404
