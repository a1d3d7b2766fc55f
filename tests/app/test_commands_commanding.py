"""``commands`` on a home folder: what docs/commands.md shows, in its order."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert
from typer.testing import CliRunner

from alerts.cases.book import take_step
from alerts.cases.model import Act, Case, CaseEvent, CaseState
from alerts.commanding.states import CommandState
from quotawatt.app.home import prepare_home
from quotawatt.app.main import app
from quotawatt.app.server import ApiServer
from quotawatt.app.system import System, open_system
from quotawatt.app.texts_commands import command_text
from quotawatt.app.token import with_token
from quotawatt.clock import system_clock
from quotawatt.devicecommands import KINDS
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import load_settings
from quotawatt.storage.jobs import claim_job, end_job
from quotawatt.storage.tables import device_families

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\$ quotawatt (.+?)(?:\s+# (\w+))?$", TEXT, re.MULTILINE)


@dataclass
class Running:
    """A running system, and the part that collector and alert role have in it."""

    home: Path
    system: System
    monkeypatch: pytest.MonkeyPatch

    def says(self, words: str, who: str = "li", language: str = "en") -> str:
        """What the command line says to somebody; as it says it, right or wrong."""
        self.monkeypatch.setenv("LOGNAME", who)
        options = ["--home", str(self.home), "--lang", language]
        done = CliRunner().invoke(app, [*shlex.split(words), *options])
        return done.output if done.exception is None else str(done.exception)

    def hears(self, value: float) -> None:
        now = system_clock()
        reading = Reading("plug-2", "", "switch_on", now, value, now)
        self.system.series.write_readings(readings_table([reading]))

    def obeys(self, value: float) -> None:
        """What was confirmed is sent and answered."""
        now = system_clock()
        with self.system.records.begin() as conn:
            job = claim_job(conn, ("command",), "collector", now)
            assert job is not None
            end_job(conn, job, now, {"sent_at": now.isoformat(), "acknowledged": True})
        self.system.alerts.follow_commands(now)
        self.hears(value)
        self.system.alerts.follow_commands(system_clock() + timedelta(seconds=1))


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    home = prepare_home(tmp_path)
    settings = load_settings(home=home, api_port=0, series_url="memory", commands_enabled=True)
    settings = with_token(settings)
    system = open_system(settings, system_clock)
    register = Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院区", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG")],
        meters=[Meter("MTR", "饮水机", "Water heater", "BLD", "electricity", "A1")],
        bindings=[Binding("plug-2", "MTR", system_clock() - timedelta(days=9))],
    )
    save_register(system.records, register, "test", system_clock())
    with system.records.begin() as conn:
        conn.execute(insert(device_families), [{"device": "plug-2", "profile": "tasmota"}])
        take_step(conn, _case(), CaseEvent.OPENED, Act("alerts", system_clock()))
    server = ApiServer(system.app(dict), settings)
    server.start()
    yield Running(home, system, monkeypatch)
    server.stop()
    system.close()


def _case() -> Case:
    now = system_clock()
    return Case(
        id=0,
        rule="use-above-expected",  # of the shipped rules, which offers to switch off
        subject="BLD",
        asset="BLD",
        organisation="ORG",
        site="SITE",
        source="results",
        severity="warning",
        state=CaseState.OPEN,
        firing=True,
        began_at=now,
        opened_at=now,
        changed_at=now,
    )


def test_what_the_document_shows(running: Running) -> None:
    assert "offers no command now" in running.says("commands offers 1")
    running.hears(1.0)
    (offers, _), (ask, _), (confirm, boss), *later = SHOWN
    said = running.says(offers)
    assert "Commands that case 1 offers" in said
    assert "Switch off switch_off" in said
    assert "plug-2" in said
    asked = running.says(ask)
    assert "Command 1: asked for." in asked
    assert "quotawatt commands confirm 1" in asked
    assert "somebody other than who asked" in running.says(confirm)
    assert running.says(confirm, boss) == "Command 1: confirmed.\n"
    running.obeys(0.0)
    (listed, _), (shown, _), (undo, _), (withdraw, _), (refuse, boss) = later
    assert "answered" in running.says(listed)
    assert '"state": "answered"' in running.says(shown)
    assert "Command 2: asked for." in running.says(undo)
    assert running.says(withdraw) == "Command 2: withdrawn.\n"
    assert "Command 3: asked for." in running.says(undo)
    assert running.says(refuse, boss, "zh") == "指令 3：已驳回。\n"
    assert "no commands" in running.says("commands list --state expired")


def test_every_state_and_command_is_explained_and_has_words() -> None:
    for state in CommandState:
        assert f"`{state.value}`" in TEXT
        for language in ("zh", "en"):
            assert command_text(f"state_{state.value}", language)
    for kind in KINDS.values():
        assert f"| `{kind.name}` {kind.title_zh} | `{kind.quantity}` |" in TEXT


def test_the_list_of_what_is_never_commanded_is_in_the_document() -> None:
    listed = yaml.safe_load((ROOT / "alerts/commanding/never.yaml").read_text(encoding="utf-8"))
    assert {"items", "carriers", "uses", "organisation_kinds", "words"} == set(listed)
    assert "`alerts/commanding/never.yaml`" in TEXT
