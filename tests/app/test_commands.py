"""Commands over a small home folder: what they print, and how they fail."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.demo import REGISTER
from quotawatt.app.main import app
from quotawatt.errors import DecodeError, QuotawattError, RegisterError, SettingError, StateError


def run(*arguments: str, **more: object) -> Result:
    return CliRunner().invoke(app, list(arguments), **more)


def failure(*arguments: str) -> QuotawattError:
    result = run(*arguments)
    assert isinstance(result.exception, QuotawattError), result.output
    return result.exception


@pytest.mark.usefixtures("both_stores")
def test_a_register_is_imported_once_and_exported_again(tmp_path: Path) -> None:
    home, out = str(tmp_path / "home"), tmp_path / "out"
    first = run("register", "import", str(REGISTER), "--home", home, "--lang", "en")
    assert "Buildings: 6 added" in first.output
    second = run("register", "import", str(REGISTER), "--home", home, "--lang", "en")
    assert second.output.strip() == "nothing differs from what is stored"
    run("register", "export", str(out), "--home", home)
    third = run("register", "import", str(out), "--home", home, "--lang", "en")
    assert third.output.strip() == "nothing differs from what is stored"


def test_a_row_without_a_code_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    shutil.copytree(REGISTER, folder)
    lines = (folder / "buildings.csv").read_text().splitlines()
    lines[2] = lines[2][lines[2].index(",") :]
    (folder / "buildings.csv").write_text("\n".join(lines))
    home = str(tmp_path / "home")
    error = failure("register", "import", str(folder), "--home", home, "--lang", "en")
    assert isinstance(error, RegisterError)
    assert any(p.startswith("buildings.csv:3 code:") for p in error.problems), error.problems
    assert not (tmp_path / "home" / "records.sqlite").exists()


def test_a_wrong_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTAWATT_MQTT_PORT", "99999")
    error = failure("quota")
    assert isinstance(error, SettingError)
    assert "QUOTAWATT_MQTT_PORT" in str(error)
    assert "99999" in str(error)


def test_an_unknown_role_is_named(tmp_path: Path) -> None:
    error = failure("serve", "--role", "collects", "--home", str(tmp_path))
    assert "collect, analyse, alert, api, got collects" in str(error)


def test_an_unknown_store_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUOTAWATT_SERIES_URL", "mongo://x")
    error = failure("quota", "--home", str(tmp_path))
    assert isinstance(error, SettingError)
    assert "mongo" in str(error)


def test_a_payload_that_is_not_json_is_refused_with_its_reason() -> None:
    result = run("decode", "--topic", "quotawatt/m1/readings", input="not json")
    assert isinstance(result.exception, DecodeError)
    assert result.exception.reason == "not_json"
    assert "not json" in str(result.exception)


def test_publishing_boards_needs_address_and_token() -> None:
    assert "QUOTAWATT_GRAFANA_URL" in str(failure("boards", "publish"))


def test_built_in_packs_pass_their_tests() -> None:
    assert "packs are right" in run("rules", "check", "--lang", "en").output
    assert "pack tests passed" in run("rules", "test", "--lang", "en").output
    listed = run("rules", "list", "--json").output
    for rule in ("quota-projected-over", "quota-exhausted", "use-above-expected", "meter-silent"):
        assert f'"id": "{rule}"' in listed


def test_a_broken_pack_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules:\n  - id: x\n\ttitle: y\n")
    result = run("rules", "check", str(tmp_path))
    assert result.exit_code == 1
    assert "mine.yaml:3" in result.output


def test_a_folder_without_packs_is_not_right(tmp_path: Path) -> None:
    for command in ("check", "test"):
        assert "must hold *.yaml files" in str(failure("rules", command, str(tmp_path)))


def test_a_payload_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.json")
    assert missing in str(failure("decode", "--topic", "quotawatt/m/readings", missing))


def test_a_demo_home_takes_no_real_register(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    for command in (["register", "import", str(REGISTER)], ["serve"]):
        error = failure(*command, "--home", str(tmp_path))
        assert "which the next demo empties" in str(error)


def test_stores_held_by_a_running_system_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotawatt.app.client.is_served", lambda home: True)
    assert isinstance(failure("analyse", "--home", str(tmp_path)), StateError)


@pytest.mark.usefixtures("both_stores")
def test_nothing_stored_is_an_empty_answer(tmp_path: Path) -> None:
    for command in (
        ["quota"],
        ["carbon"],
        ["findings"],
        ["alerts", "list"],
        ["deadletters", "list"],
        ["devices", "list"],
    ):
        result = run(*command, "--home", str(tmp_path), "--json")
        assert (result.exit_code, result.output) == (0, "")
    retried = run("deadletters", "retry", "--home", str(tmp_path), "--lang", "en")
    assert retried.output.startswith("0 dead letters")
    said = run("analyse", "--home", str(tmp_path)).output.splitlines()
    assert said[0].startswith("0 marks taken")
    assert said[1].startswith("0 vehicles brought up to date: 0 trips;")
    assert said[2].startswith("0 baselines learnt, 0 not for want of data; 0 series judged")
