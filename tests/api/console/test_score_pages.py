"""The page of scores: each organisation's with its parts, and holdings against norms with their clauses."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.register.model import Equipment, Register, Space, Vehicle
from tests.api.console.desk import Desk, identifiers, said
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, Scene

WORLD = Register(
    organisations=list(REGISTER.organisations.values()),
    headcounts=REGISTER.headcounts,
    sites=list(REGISTER.sites.values()),
    buildings=list(REGISTER.buildings.values()),
    spaces=[
        Space("R-1", "局长室", "Head's office", "BLD-1", "office", 60.0, post="bureau", occupants=1)
    ],
    equipment=[
        Equipment("EQ-1", "复印机", "Copier", "copier", "ORG-2", "BLD-2", status="idle"),
    ],
    meters=list(REGISTER.meters.values()),
    vehicles=[Vehicle("CAR-1", "车一", "Car one", "ORG-2", "鲁A00001", "car", "petrol")],
    bindings=REGISTER.bindings,
)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return stored_scene(tmp_path, register=WORLD)


@pytest.fixture
def viewer(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.VIEWER))


def test_each_organisation_has_its_score_and_what_it_rests_on(viewer: Desk) -> None:
    page = said(viewer.page("/score"))
    assert "资产管理绩效 2023" in page
    for words in ("甲机关", "乙机关", "台账完整", "公物仓盘活", "已知权重"):
        assert words in page
    assert "无计量的建筑 0 栋" in page
    assert "闲置或入仓 1 项，其中入仓 0 项" in page


def test_another_year_can_be_chosen_but_none_that_has_not_begun(viewer: Desk) -> None:
    assert "资产管理绩效 2022" in said(viewer.page("/score?year=2022"))
    assert viewer.get("/score?year=2024").status_code == 422
    assert viewer.get("/score?year=12").status_code == 422


def test_holdings_stand_with_their_norm_and_its_clause(viewer: Desk) -> None:
    page = said(viewer.page("/score"))
    assert "实物定额" in page
    assert "依据条款" in page
    assert "未核实" in page


def test_over_a_part_only_that_part_is_seen(scene: Scene) -> None:
    page = said(Desk(scene, "part", Grant(Role.VIEWER, "ORG-2")).page("/score"))
    assert "乙机关" in page
    assert "甲机关" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(viewer: Desk, language: str) -> None:
    assert identifiers(viewer.page(f"/score?lang={language}")) == set()
