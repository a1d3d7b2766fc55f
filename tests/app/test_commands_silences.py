"""``alerts silence`` on a home folder."""

import json
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.clock import system_clock

UNTIL = (system_clock() + timedelta(days=20)).date().isoformat()
ADD = ("alerts", "silence", "add", "--rule", "meter-silent", "--until", UNTIL, "--comment", "works")
LIST = ("alerts", "silence", "list")
WINDOW = ("--maintenance", "--days", "non_working", "--hours", "08:00-18:00", "--month-day", "-1")


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_window_is_previewed_added_ended_and_listed(tmp_path: Path) -> None:
    seen = run(tmp_path, *ADD, *WINDOW, "--preview", "--lang", "en")
    assert "Matches no open case now." in seen
    said = run(tmp_path, *ADD, *WINDOW, "--lang", "en")
    assert said.startswith("Silence 1 is added.")
    assert "days off; days -1 of the month; each 08:00 to 18:00" in said
    assert run(tmp_path, "alerts", "silence", "end", "1", "--lang", "zh") == "第 1 条已结束。\n"
    (row,) = map(json.loads, run(tmp_path, *LIST, "--all", "--json").splitlines())
    assert (row["kind"], row["state"]) == ("maintenance", "expired")
    assert row["matchers"] == {"rules": ["meter-silent"]}


def test_a_window_of_whole_days_says_which(tmp_path: Path) -> None:
    said = run(tmp_path, *ADD, "--maintenance", "--working-day", "1", "--lang", "en")
    assert "    working days 1 of the month; all day\n" in said
    assert "every day" not in said


def test_hours_that_are_none_are_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, [*ADD, "--maintenance", "--hours", "night", "--home", str(tmp_path)]
    )
    assert done.exit_code != 0
    assert "--hours must be as in 22:00-06:00, got night" in str(done.exception)
