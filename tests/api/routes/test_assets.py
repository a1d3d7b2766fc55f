"""The register as a tree."""

import pytest

from tests.api.scene import Client


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
