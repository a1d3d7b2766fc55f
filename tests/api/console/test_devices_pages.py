"""Adopting and forgetting devices from their page."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from tests.api.console.desk import Desk, said
from tests.api.register_scene import stored_scene
from tests.api.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return stored_scene(tmp_path)


@pytest.fixture
def manager(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.MANAGER))


FORM = {"device": "stranger", "asset.0": "BLD-2", "channel.0": "", "multiplier.0": "40"}


def test_a_device_is_adopted_for_an_asset(scene: Scene, manager: Desk) -> None:
    page = manager.page("/devices")
    assert 'id="device-stranger"' in page
    assert 'action="/devices/adopt"' in page
    assert manager.done("/devices/adopt", **FORM, if_fed="refuse") == "/devices?adopted=stranger"
    assert "设备 stranger 已认领" in manager.page("/devices?adopted=stranger")
    (binding,) = scene.services.register_source().bindings_on("stranger", "")
    assert (binding.asset, binding.multiplier) == ("BLD-2", 40.0)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"asset.0": "nowhere"}, 422),
        ({"asset.0": ""}, 422),
        ({"multiplier.0": "many"}, 422),
        ({"valid_from": "someday"}, 422),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_bound(
    scene: Scene, manager: Desk, changes: dict[str, str], status: int
) -> None:
    answer = manager.send("/devices/adopt", **{**FORM, **changes})
    assert answer.status_code == status
    assert "未能完成" in said(answer.text)
    assert scene.services.register_source().bindings_on("stranger", "") == ()


def test_a_device_is_forgotten(manager: Desk) -> None:
    assert manager.done("/devices/forget", device="stranger") == "/devices"
    assert "没有未登记的设备" in manager.page("/devices")
    assert manager.send("/devices/forget", device="stranger").status_code == 404


def test_who_only_reads_sees_no_forms(scene: Scene) -> None:
    officer = Desk(scene, "li", Grant(Role.OFFICER))
    assert "/devices/adopt" not in officer.page("/devices")
    assert "devices adopt" not in officer.page("/devices")
    system = Desk(scene, "sys", Grant(Role.SYSTEM_ADMIN))
    assert "devices adopt" not in system.page("/devices")
    assert "<code>quotawatt devices adopt" in Desk(scene, "wang", Grant(Role.MANAGER)).page(
        "/devices"
    )
    assert officer.send("/devices/adopt", **FORM).status_code == 403
