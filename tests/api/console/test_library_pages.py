"""The library of instruments agrees with the API: clauses, what rests on each, what its rules did."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.rulebook.effects import version_of
from quotawatt.storage.rules_tables import rule_effects
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import Client, Scene, build_scene, shipped_rulebook


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def viewer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.VIEWER))


def api(scene: Scene, path: str) -> Any:
    answer = Client(scene.app, scene.bearer).get(f"/api/v1/rules/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_instrument_in_force_is_listed_with_its_mark(scene: Scene, viewer: Desk) -> None:
    page = viewer.page("/rules/library?day=2023-06-30")
    items = api(scene, "instruments?as_of=2023-06-30")["items"]
    assert page.count("data-instrument=") == len(items)
    for item in items:
        assert f'data-instrument="{item["id"]}"' in page
        assert item["instrument_number"] in page
    assert "未核实" in said(page)


def test_templates_stand_apart(scene: Scene, viewer: Desk) -> None:
    page = viewer.page("/rules/library?templates=true")
    items = api(scene, "instruments?templates=true")["items"]
    assert items
    assert page.count("data-instrument=") == len(items)


def test_an_instrument_has_its_clauses_and_what_rests_on_it(scene: Scene, viewer: Desk) -> None:
    page = said(viewer.page("/rules/library/db37t2672-2019"))
    found = api(scene, "instruments/db37t2672-2019")
    for clause in found["values"]["clauses"]:
        assert clause["text"]["zh"] in page
    assert found["values"]["source"] in page
    quotas = shipped_rulebook().quotas
    for used in found["used_by"]:
        if used["section"] == "quotas":
            assert quotas[used["id"]].title.zh in page
    assert "约束值 80.0" in page
    assert viewer.get("/rules/library/none").status_code == 404


def test_what_its_rules_did_stands_there(scene: Scene, viewer: Desk) -> None:
    assert "其规则尚无记录" in said(viewer.page("/rules/library/conservation-regulation"))
    rule = shipped_rulebook().rules["quota-exhausted"]
    row = {
        "rule": rule.id,
        "version": version_of(rule),
        "day": date(2023, 5, 4),
        "evaluated": 7123,
        "fired": 3,
        "resolved": 2,
        "acknowledged": 1,
        "accepted": 1,
    }
    with scene.records.begin() as conn:
        conn.execute(insert(rule_effects).values(row))
    page = said(viewer.page("/rules/library/conservation-regulation"))
    assert rule.title.zh in page
    assert "7,123" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(viewer: Desk, language: str) -> None:
    for path in ("/rules/library", "/rules/library/db37t2672-2019"):
        assert identifiers(viewer.page(f"{path}?lang={language}")) == set()
