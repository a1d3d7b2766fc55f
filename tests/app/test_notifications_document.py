"""docs/notifications.md: its register, its route and its commands."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.people.audience import AT_ONCE
from quotawatt.app.main import app
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.routes import OFFICES, Route
from simulators.cast import DEMO_REGISTER

DOCUMENT = (Path(__file__).parents[2] / "docs/notifications.md").read_text(encoding="utf-8")
BLOCKS = {
    kind: re.findall(rf"```{kind}\n(.+?)```", DOCUMENT, re.DOTALL) for kind in ("csv", "yaml", "sh")
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the demo's register, the page's duties in it, and the page's route."""
    folder = tmp_path_factory.mktemp("home")
    register = folder / "register"
    shutil.copytree(DEMO_REGISTER, register)
    (register / "duties.csv").write_text(BLOCKS["csv"][0], encoding="utf-8")
    packs = folder / "packs"
    packs.mkdir()
    (packs / "own-routes.yaml").write_text(BLOCKS["yaml"][0], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTAWATT_HOME", str(folder / "var"))
        patch.setenv("QUOTAWATT_PACKS", json.dumps([str(packs)]))
        said = CliRunner().invoke(app, ["register", "import", str(register)])
        assert said.exit_code == 0, said.output
        yield folder


def test_the_commands_show_who_would_be_told_and_why(home: Path) -> None:
    first, second = BLOCKS["sh"][0].strip().splitlines()
    lines = run(first).splitlines()
    assert "  civic-silent-meters (Silent meters of the civic centre): counts" in lines
    assert "  warnings (Warnings): behind the last that counts" in lines
    found = json.loads(run(second))
    assert [look["route"] for look in found["routes"] if look["counts"]] == [
        "civic-silent-meters",
        "systems",
    ]
    assert "No person can be reached when it is opened: channels alone are told." in lines
    assert found["severity"] == "critical"


def run(line: str) -> str:
    program, *words = shlex.split(line)
    assert program == "quotawatt"
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_register_of_the_page_is_that_of_the_demo_with_these_duties(home: Path) -> None:
    out = home / "out"
    assert CliRunner().invoke(app, ["register", "export", str(out)]).exit_code == 0
    kept = (out / "duties.csv").read_text(encoding="utf-8-sig")
    assert "13800000000" in kept  # whoever holds the home folder sees all
    assert kept.count("ORG-OAB") == 3


def test_the_page_names_all_keys_and_offices() -> None:
    for name in (
        *OFFICES,
        "digest_every",
        "repeat_every",
        "quiet",
        "limit",
        "escalate",
        "continue",
    ):
        assert f"`{name}`" in DOCUMENT
    shipped = load_rulebook().routes.values()
    assert all(isinstance(route, Route) for route in shipped)


def test_the_table_says_which_steps_go_at_once() -> None:
    rows = re.findall(
        r"^\| ([a-z ,()]+) \| .+ \| (at once|with the next digest) \|$", DOCUMENT, re.M
    )
    said = {
        step.strip().replace(" ", "_"): when == "at once"
        for steps, when in rows
        for step in re.sub(r"\(.+\)", "", steps).split(",")
    }
    assert {name for name, at_once in said.items() if at_once} == {e.value for e in AT_ONCE}
