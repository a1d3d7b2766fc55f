"""``quotawatt decode`` and ``quotawatt profiles``: a device that nobody knew becomes known."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import collectors.profile
from quotawatt.app.main import app
from quotawatt.errors import InputError

README = (collectors.profile.PROFILES / "README.md").read_text(encoding="utf-8")
BLOCKS = {kind: re.findall(rf"```{kind}\n(.+?)```", README, re.DOTALL) for kind in ("yaml", "json")}
PROFILE, CASE = BLOCKS["yaml"]
(PAYLOAD,) = BLOCKS["json"]
TOPIC = "plant/p7/meter/2"


def run(*arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], input=input)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The profile and the case of the README, in a folder of one's own."""
    (tmp_path / "plant_meter.yaml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "cases" / "plant_meter").mkdir(parents=True)
    (tmp_path / "cases" / "plant_meter" / "report.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


def test_a_device_never_seen_before(folder: Path) -> None:
    refused = run("decode", "--topic", TOPIC, input=PAYLOAD)
    assert refused.exit_code == 1
    result = run("decode", "--topic", TOPIC, "--profiles", folder, input=PAYLOAD)
    assert result.exit_code == 0, result.output
    shown = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(s["device"], s["channel"], s["quantity"], s["value"]) for s in shown] == [
        ("p7", "2", "electricity_import_kwh", 120.5),
        ("p7", "2", "switch_on", 1.0),
        ("p7", "2/1", "voltage_v", 229.5),
    ]
    assert {s["time"] for s in shown} == {"2022-12-31T16:00:00Z"}


def test_the_folder_may_be_a_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTAWATT_PROFILES", json.dumps([str(folder)]))
    result = run("decode", "--topic", TOPIC, input=PAYLOAD)
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["taken: plant_meter", "no value", "known, not stored: serial"]),
        ("zh", ["采用：plant_meter", "无值"]),
    ],
)
def test_why_is_said_on_stderr(folder: Path, language: str, words: list[str]) -> None:
    arguments = ("decode", "--topic", TOPIC, "--profiles", folder, "--why", "--lang", language)
    result = run(*arguments, input=PAYLOAD)
    assert [word for word in words if word not in result.stderr] == []
    assert all(json.loads(line)["profile"] == "plant_meter" for line in result.stdout.splitlines())


def test_why_is_said_of_what_is_refused_too(folder: Path) -> None:
    wrong = PAYLOAD.replace("1672502400", '"noon"')
    result = run(
        "decode", "--topic", TOPIC, "--profiles", folder, "--why", "--lang", "en", input=wrong
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "refused: bad_time: a value must be a number, got 'noon'" in result.stderr


def test_cases_that_hold_and_cases_that_do_not(folder: Path) -> None:
    held = run("profiles", "test", folder)
    assert (held.exit_code, held.stdout) == (0, "1 cases, 0 failed\n")
    path = folder / "cases" / "plant_meter" / "wrong.yaml"
    path.write_text(CASE.replace("120.5,", "121.5,"), encoding="utf-8")
    failed = run("profiles", "test", folder)
    assert failed.exit_code == 1
    lines = failed.stdout.splitlines()
    assert lines[0] == "plant_meter/wrong.yaml"
    assert lines[1].startswith("  expected {'device': 'p7'")
    assert lines[2].startswith("  got {'device': 'p7'")
    assert lines[-1] == "2 cases, 1 failed"


def test_mistakes_are_named_with_file_and_line(folder: Path) -> None:
    assert run("profiles", "check", folder).stdout == "1 profiles: no errors\n"
    broken = PROFILE.replace("unit: Wh", "unit: W").replace("voltage_v", "volts")
    (folder / "plant_meter.yaml").write_text(broken, encoding="utf-8")
    result = run("profiles", "check", folder)
    assert isinstance(result.exception, InputError)
    lines = str(result.exception).splitlines()
    numbers = [
        number
        for number, line in enumerate(broken.splitlines(), 1)
        if "unit: W}" in line or "volts" in line
    ]
    assert [int(line.split(":")[1].split()[0]) for line in lines] == [numbers[0], numbers[-1]]


def test_the_profiles_in_use_are_listed_ones_own_first(folder: Path) -> None:
    rows = run(
        "profiles", "list", "--profiles", folder, "--lang", "zh", "--json"
    ).stdout.splitlines()
    assert json.loads(rows[0]) == {"id": "plant_meter", "title": "厂区电表", "messages": 2}
    assert len(rows) == 1 + len(collectors.profile.load_profiles())


def test_a_folder_without_cases_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "plant_meter.yaml").write_text(PROFILE, encoding="utf-8")
    assert isinstance(run("profiles", "test", tmp_path).exception, InputError)


def test_the_schema_knows_what_the_models_know() -> None:
    schema = json.loads(run("profiles", "schema").stdout)
    assert schema["properties"]["datum"]["enum"] == ["wgs84", "gcj02"]
    assert "electricity_import_kwh" in json.dumps(schema["$defs"]["FieldSpec"])
    assert {"in", "starts"} <= set(schema["$defs"]["ConditionSpec"]["properties"])
    written = (collectors.profile.PROFILES / "profile.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == schema
