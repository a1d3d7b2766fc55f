"""Explanations of an overrun on the account's page: an officer writes and hands in, a manager decides."""

import re

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from tests.api.console.desk import Desk, said
from tests.api.scene import Client, Scene, build_scene

PAGE = "/quota/BLD-1/db37t2672-city-b-electricity"
PLACE = f"{PAGE}/explanations"
WORDS = {"year": "2023", "reason": "大厅周末开放", "measures": "六月起装定时器", "amount": "1800"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("acts"))


@pytest.fixture(scope="module")
def officer(scene: Scene) -> Desk:
    return Desk(scene, "officer", Grant(Role.OFFICER, "ORG-1"))


@pytest.fixture(scope="module")
def manager(scene: Scene) -> Desk:
    return Desk(scene, "manager", Grant(Role.MANAGER, "ORG-1"))


def write(desk: Desk, **more: str) -> int:
    """A new explanation's number."""
    assert desk.done(PLACE, **WORDS, **more) == f"{PAGE}#explanations"
    numbers = re.findall(r'data-number="(\d+)"', desk.page(PAGE))
    return max(map(int, numbers))


def state(scene: Scene, number: int) -> str:
    found = Client(scene.app, scene.bearer).get(f"/api/v1/explanations/{number}").json()
    return str(found["state"])


def test_from_a_draft_to_approval(scene: Scene, officer: Desk, manager: Desk) -> None:
    number = write(officer)
    assert state(scene, number) == "draft"
    officer.done(f"{PLACE}/{number}/change", **{**WORDS, "amount": "1900"})
    officer.done(f"{PLACE}/{number}/submit", comment="请审")
    page = said(manager.page(PAGE))
    assert "大厅周末开放" in page
    assert "1,900 kWh" in page
    manager.done(f"{PLACE}/{number}/decide/approve", comment="同意")
    assert state(scene, number) == "approved"
    assert "同意" in said(officer.page(PAGE))


def test_handed_in_at_once_and_returned_with_a_comment(
    scene: Scene, officer: Desk, manager: Desk
) -> None:
    number = write(officer, submit="on")
    assert state(scene, number) == "submitted"
    refused = manager.send(f"{PLACE}/{number}/decide/return", comment="")
    assert refused.status_code == 422
    assert "退回或驳回说明必须写明意见" in said(refused.text)
    manager.done(f"{PLACE}/{number}/decide/return", comment="哪几天？", back="day=2023-11-30")
    assert state(scene, number) == "returned"
    officer.done(f"{PLACE}/{number}/withdraw")
    assert state(scene, number) == "withdrawn"


def test_what_is_refused_keeps_what_was_written(officer: Desk) -> None:
    answer = officer.send(PLACE, **{**WORDS, "amount": "-1"})
    assert answer.status_code == 422
    assert "大厅周末开放" in answer.text


def test_who_wrote_it_cannot_decide_it(scene: Scene, manager: Desk) -> None:
    number = write(manager, submit="on")
    page = manager.page(PAGE)
    assert f"{PLACE}/{number}/decide/approve" not in page
    assert f"{PLACE}/{number}/withdraw" in page
    answer = manager.send(f"{PLACE}/{number}/decide/approve", comment="")
    assert answer.status_code in (403, 409, 422)
    assert state(scene, number) == "submitted"


def test_an_officer_cannot_decide_and_a_viewer_cannot_write(scene: Scene, officer: Desk) -> None:
    number = write(officer, submit="on")
    assert officer.send(f"{PLACE}/{number}/decide/approve").status_code == 403
    viewer = Desk(scene, "viewer", Grant(Role.VIEWER, "ORG-1"))
    assert PLACE not in viewer.page(PAGE)
    assert viewer.send(PLACE, **WORDS).status_code == 403
    elsewhere = Desk(scene, "elsewhere", Grant(Role.OFFICER, "ORG-2"))
    assert elsewhere.send(PLACE, **WORDS).status_code in (403, 404)


def test_a_form_of_another_session_is_refused(officer: Desk) -> None:
    assert officer.send(PLACE, **{**WORDS, "csrf": "wrong"}).status_code == 403
