"""``alerts templates`` on a home folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.errors import TemplateError


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["alerts", "templates", *words, "--home", str(home)])


def test_the_shipped_templates_are_checked_and_tested(tmp_path: Path) -> None:
    done = _run(tmp_path, "check", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "The templates are right;" in done.output


def test_wrong_templates_and_failed_tests_are_named(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "cases").mkdir(parents=True)
    for language in ("zh", "en"):
        (own / f"short.{language}.j2").write_text("{{ message.tite }}", encoding="utf-8")
    wrong = _run(tmp_path, "check", str(own))
    assert wrong.exit_code == 1
    assert "short.en.j2:1: a field of message must be" in wrong.output
    assert "short.zh.j2:1: a field of message must be" in wrong.output
    for language in ("zh", "en"):
        (own / f"short.{language}.j2").write_text("{{ message.count }}", encoding="utf-8")
    (own / "cases" / "mine.yaml").write_text("- name: bare\n", encoding="utf-8")
    failed = _run(tmp_path, "check", str(own))
    assert failed.exit_code == 1
    assert "mine.yaml:1" in failed.output


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder that is made once: these commands change nothing in it."""
    return tmp_path_factory.mktemp("home")


def test_templates_are_listed_and_printed(home: Path) -> None:
    listed = _run(home, "show", "--lang", "en")
    assert "text.zh.j2" in listed.output
    assert "case.coal" in listed.output
    (row,) = map(json.loads, _run(home, "show", "short.zh.j2", "--json").output.splitlines())
    assert (row["form"], row["language"], row["own"]) == ("short", "zh", False)
    assert "message.kind" in row["source"]


def test_a_sample_is_shown(home: Path) -> None:
    shown = _run(home, "preview", "--lang", "en")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("[warning] Projected to exceed the yearly quota")
    assert "To: Energy officer" in shown.output


def test_nothing_starts_that_tells_people_by_wrong_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "short.zh.j2").write_text("{{ message.tite }}", encoding="utf-8")
    monkeypatch.setenv("QUOTAWATT_TEMPLATES", str(own))
    done = CliRunner().invoke(app, ["serve", "--role", "alert", "--home", str(tmp_path)])
    assert isinstance(done.exception, TemplateError)
    assert len(done.exception.problems) == 2  # the field, and the language that is not there
