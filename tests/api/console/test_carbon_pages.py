"""The pages of carbon agree with the API: targets, both ledgers, months, scorecards."""

import re
from typing import Any

import pytest

from api.console.carbon_view import scope_lines, shown_words
from api.console.quota_sentences import amount
from api.console.texts import Words
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import Client, Scene, build_scene, shipped_rulebook


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("carbon"))


@pytest.fixture(scope="module")
def viewer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.VIEWER))


def api(scene: Scene, path: str) -> Any:
    answer = Client(scene.app, scene.bearer).get(f"/api/v1/carbon/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_targets_stand_with_gap_and_landing(scene: Scene, viewer: Desk) -> None:
    page = viewer.page("/carbon?day=2023-06-30")
    items = api(scene, "targets?as_of=2023-07-01")["items"]
    assert items
    for item in items:
        assert f'data-account="{item["asset"]}/{item["target"]}"' in page
        for figure in (item["used"], abs(item["gap"]), item["projected"], item["limit"]):
            assert amount(figure, item["amount_unit"]) in page
    assert "未核实" in said(page)
    assert "data-account" not in viewer.page("/carbon?target=none")
    assert set(
        re.findall(r'data-account="([^/]+)/', viewer.page("/carbon?organisation=ORG-2"))
    ) <= {
        "ORG-2",
        "BLD-2",
    }


def test_one_asset_in_both_ledgers(scene: Scene, viewer: Desk) -> None:
    page = said(viewer.page("/carbon/BLD-1"))
    found = api(scene, "ledgers/BLD-1")
    for ledger in ("location", "market"):
        assert f"{found[ledger]['kgco2']:,.0f} kgCO₂" in page
    assert f"{found['fixed_kgco2']:,.0f} kgCO₂" in page
    for factor in found["factors"]:
        assert str(factor["value"]) in page
    (target,) = api(scene, "targets?asset=BLD-1")["items"]
    for month in target["months"]:
        assert amount(month["used"], target["amount_unit"]) in page
        assert amount(month["fixed"], target["amount_unit"]) in page
    for card in api(scene, "scorecards/BLD-1")["items"]:
        for item in card["items"]:
            assert item["title"]["zh"] in page


def test_an_asset_out_of_reach_is_not_shown(scene: Scene, viewer: Desk) -> None:
    part = Desk(scene, "part", Grant(Role.VIEWER, "ORG-2"))
    assert "一号楼" not in said(part.page("/carbon"))
    assert part.get("/carbon/BLD-1").status_code in (403, 404)
    assert viewer.get("/carbon/MTR-1").status_code == 404
    assert viewer.get("/carbon/NOBODY").status_code == 404


def test_trees_with_different_parts_stand_side_by_side() -> None:
    def node(name: str, kgco2: float, parts: list[Any], nodes: list[Any]) -> dict[str, Any]:
        title = {"zh": name, "en": name}
        return {"id": name, "title": title, "kgco2": kgco2, "parts": parts, "nodes": nodes}

    def part(what: str) -> dict[str, Any]:
        return {"measure": "electricity_import_kwh", "what": what, "title": {"en": what}}

    both, green = part("bought"), part("green")
    here = node("all", 2.0, [], [node("s1", 0.0, [], []), node("s2", 2.0, [both], [])])
    there = node("all", 1.0, [], [node("s2", 1.0, [both, green], []), node("s3", 0.5, [], [])])
    lines = scope_lines(here, there)
    assert [(x.depth, x.title["en"], x.is_part) for x in lines] == [
        (0, "all", False),
        (1, "s1", False),
        (1, "s2", False),
        (2, "bought", True),
        (2, "green", True),
        (1, "s3", False),
    ]
    assert [(x.location, x.market) for x in lines if not x.is_part] == [
        (2.0, 1.0),
        (0.0, None),
        (2.0, 1.0),
        (None, 0.5),
    ]
    assert (lines[4].location, lines[4].market) == (None, green)


def test_evidence_is_named_in_words() -> None:
    shown = {
        "2023/db37t2672-city-b-electricity/limit": 31.9,
        "green_kwh": 0.0,
        "2022": None,
        "document": "Statement 1",
    }
    assert shown_words(shown, Words("en"), shipped_rulebook()) == [
        ("2023 City institutions, zone B: electricity per floor area limit", "31.9"),
        ("green kWh", "0"),
        ("2022", "–"),
        ("document", "Statement 1"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(viewer: Desk, language: str) -> None:
    for path in ("/carbon", "/carbon/BLD-1", "/carbon/ORG-1"):
        assert identifiers(viewer.page(f"{path}?lang={language}")) == set()
