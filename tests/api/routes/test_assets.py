"""The register as a tree."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.rows import records_of
from tests.api.asking import answer_as
from tests.api.scene import REGISTER, Client, Scene, build_scene


def _codes(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/assets{query}")
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


def test_a_parent_comes_before_its_children(client: Client) -> None:
    codes = _codes(client)
    assert sorted(codes) == sorted(
        ["ORG-1", "ORG-2", "SITE-1", "BLD-1", "BLD-2", "MTR-1", "MTR-1-A", "MTR-2"]
    )
    items = {i["code"]: i for i in client.get("/api/v1/assets").json()["items"]}
    for code, item in items.items():
        if item["parent"] is not None:
            assert codes.index(item["parent"]) < codes.index(code)
    assert items["MTR-1-A"]["parent"] == "MTR-1"
    assert items["ORG-1"]["children"] == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=building", ["BLD-2", "BLD-1"]),
        ("?parent=BLD-1", ["MTR-1"]),
        ("?under=BLD-1", ["BLD-1", "MTR-1", "MTR-1-A"]),
        ("?under=ORG-2&kind=meter", ["MTR-2"]),
        ("?search=building one", ["BLD-1", "MTR-1"]),
        ("?search=二号楼", ["BLD-2", "MTR-2"]),
        ("?search=nothing", []),
    ],
)
def test_filters(client: Client, query: str, expected: list[str]) -> None:
    assert sorted(_codes(client, query)) == sorted(expected)


def test_pages_join_to_the_whole(client: Client) -> None:
    whole = _codes(client)
    pages = [_codes(client, f"?limit=3&offset={n}") for n in (0, 3, 6, 9)]
    assert [code for page in pages for code in page] == whole
    assert client.get("/api/v1/assets?limit=3").json()["total"] == len(whole)


def test_one_asset_with_path_and_bindings(client: Client) -> None:
    body = client.get("/api/v1/assets/MTR-1").json()
    assert body["path"] == ["ORG-1", "BLD-1", "MTR-1"]
    assert body["child_codes"] == ["MTR-1-A"]
    assert [b["device"] for b in body["bindings"]] == ["dev-old", "dev-new"]
    assert body["attributes"]["carrier"] == "electricity"


@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/assets/NONE", 404, "got 'NONE'"),
        ("/assets?parent=NONE", 404, "got 'NONE'"),
        ("/assets?under=NONE", 404, "got 'NONE'"),
        ("/assets?kind=castle", 422, "got 'castle'"),
        ("/assets?limit=0", 422, "got '0'"),
        ("/assets?limit=1001", 422, "got '1001'"),
        ("/assets?offset=-1", 422, "got '-1'"),
    ],
)
def test_bad_input(client: Client, path: str, status: int, value: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert value in answer.json()["detail"]


# --- by day, by tree, by reach --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The small world, in which BLD-2 was ORG-1's until 2023-07-01 and is idle from 2024-06-01 on."""
    records = dict(records_of(REGISTER))
    first, second = REGISTER.organisations.values()
    records["organisations"] = [first, replace(second, region_parent=None, system_parent="ORG-1")]
    records["buildings"] = [
        REGISTER.buildings["BLD-1"],
        replace(REGISTER.buildings["BLD-2"], status="idle"),
    ]
    records["former_values"] = [
        FormerValue("BLD-2", "organisation", "ORG-1", date(2023, 7, 1)),
        FormerValue("BLD-2", "status", "in_use", date(2024, 6, 1)),
    ]
    return build_scene(tmp_path_factory.mktemp("dated"), Register(**records))


@pytest.mark.parametrize(
    ("query", "organisation", "status"),
    [
        ("?as_of=2023-06-30", "ORG-1", "in_use"),
        ("?as_of=2023-07-01", "ORG-2", "in_use"),
        ("", "ORG-2", "in_use"),  # today, the first day of 2024
        ("?as_of=2024-06-01", "ORG-2", "idle"),
    ],
)
def test_as_of_a_day(dated: Scene, query: str, organisation: str, status: str) -> None:
    client = Client(dated.app, dated.bearer)
    body = client.get(f"/api/v1/assets/BLD-2{query}").json()
    assert (body["organisation"], body["status"]) == (organisation, status)
    assert body["attributes"]["status"] == status
    assert body["path"] == [organisation, "BLD-2"]
    listed = client.get(f"/api/v1/assets{query}").json()["items"]
    (line,) = [item for item in listed if item["code"] == "BLD-2"]
    assert {name: body[name] for name in ("parent", "organisation", "status")} == {
        name: line[name] for name in ("parent", "organisation", "status")
    }
    meter = client.get(f"/api/v1/assets/MTR-2{query}").json()
    assert meter["organisation"] == organisation


def test_children_are_those_of_today_or_not_told(dated: Scene) -> None:
    client = Client(dated.app, dated.bearer)
    today = client.get("/api/v1/assets/BLD-2").json()
    assert (today["children"], today["child_codes"]) == (1, ["MTR-2"])
    then = client.get("/api/v1/assets/BLD-2?as_of=2023-06-30").json()
    assert (then["children"], then["child_codes"]) == (None, None)


def test_the_tree_by_system(dated: Scene) -> None:
    client = Client(dated.app, dated.bearer)
    assert _codes(client, "?under=ORG-1&tree=system&kind=building") == ["BLD-2", "BLD-1"]
    assert _codes(client, "?under=ORG-1&kind=building") == ["BLD-1"]
    path = client.get("/api/v1/assets/MTR-2?tree=system").json()["path"]
    assert path == ["ORG-1", "ORG-2", "BLD-2", "MTR-2"]
    assert client.get("/api/v1/assets/MTR-2").json()["path"] == ["ORG-2", "BLD-2", "MTR-2"]


def test_what_stands_in_a_stage_of_its_life(dated: Scene) -> None:
    client = Client(dated.app, dated.bearer)
    assert _codes(client, "?status=idle") == []
    assert _codes(client, "?status=idle&as_of=2024-06-01") == ["BLD-2"]


def test_history_has_no_gaps(dated: Scene) -> None:
    steps = Client(dated.app, dated.bearer).get("/api/v1/assets/BLD-2/history").json()["items"]
    assert [tuple(step.values()) for step in steps] == [
        ("organisation", "ORG-1", None, "2023-07-01"),
        ("organisation", "ORG-2", "2023-07-01", None),
        ("status", "in_use", None, "2024-06-01"),
        ("status", "idle", "2024-06-01", None),
    ]


def test_what_is_out_of_reach_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    scene = build_scene(tmp_path)
    principal = Principal("viewer", (Grant(Role.VIEWER, "ORG-2"),), user="viewer")
    answer_as(scene.app, principal)
    client = Client(scene.app)
    assert sorted(_codes(client)) == ["BLD-2", "MTR-2", "ORG-2", "SITE-1"]
    assert client.get("/api/v1/assets").json()["total"] == 4
    mine = client.get("/api/v1/assets/ORG-2").json()
    assert (mine["parent"], mine["path"]) == (None, ["ORG-2"])
    for path in ("BLD-1", "BLD-1/history", "ORG-1"):
        assert client.get(f"/api/v1/assets/{path}").status_code == 404
    assert client.get("/api/v1/assets?under=ORG-1").status_code == 404
    assert client.get("/api/v1/assets?parent=BLD-1").status_code == 404
