"""Commands on the page of a case: asked for by one, confirmed by another, offered as far as they fit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.console.case_acts import CommandReader, command_acts
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from tests.api.console.desk import Desk, identifiers, said
from tests.api.routes.test_commands import Desk as World

ALL = {"officer": True, "confirms": True}


def command(state: str, number: int = 1, undoes: int | None = None) -> Mapping[str, Any]:
    return {"number": number, "state": state, "asked_by": "li", "undoes": undoes}


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("asked", ("confirm", "refuse", "withdraw")),
        ("confirmed", ("withdraw",)),
        ("sent", ()),
        ("answered", ("undo",)),
        ("timed_out", ("undo",)),
        ("refused", ()),
        ("expired", ()),
        ("failed", ()),
    ],
)
def test_what_fits_the_state(state: str, acts: tuple[str, ...]) -> None:
    one = command(state)
    assert command_acts(one, [one], CommandReader("wang", **ALL)) == acts
    assert command_acts(one, [one], CommandReader("sun", officer=False, confirms=False)) == ()


def test_whoever_asked_does_not_confirm_by_another_way_either() -> None:
    one = command("asked")
    for actor in ("li", "li/phone", "cli:li"):
        assert command_acts(one, [one], CommandReader(actor, **ALL)) == ("refuse", "withdraw")


@pytest.mark.parametrize(
    ("state", "acts"), [("asked", ()), ("answered", ()), ("refused", ("undo",))]
)
def test_what_is_being_taken_back_is_not_taken_back_twice(
    state: str, acts: tuple[str, ...]
) -> None:
    one = command("answered")
    back = command(state, number=2, undoes=1)
    assert command_acts(one, [back, one], CommandReader("wang", **ALL)) == acts


def test_from_the_offer_to_the_confirmed_command(tmp_path: Path) -> None:
    world = World(tmp_path)
    officer = Desk(world.scene, "li", Grant(Role.OFFICER, "ORG-2"))
    manager = Desk(world.scene, "wang", Grant(Role.MANAGER, "ORG-2"))
    case = f"/cases/{world.cases[2]}"
    page = officer.page(f"{case}?lang=en")
    assert 'value="plug-2"' in page
    assert identifiers(page) == set()
    fields = {"command": "switch_off", "device": "plug-2", "channel": "", "comment": "下班后"}
    assert officer.done(f"{case}/commands", **fields).startswith(case)
    assert "/commands/1/confirm" not in officer.page(case)
    assert "/commands/1/confirm" in manager.page(case)
    assert officer.send("/commands/1/confirm").status_code == 403
    manager.done("/commands/1/confirm", comment="同意")
    page = manager.page(case)
    assert "同意" in said(page)
    assert "/commands/1/confirm" not in page
