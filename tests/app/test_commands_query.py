"""Why figures are what they are, asked on the command line over a small home folder."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.demo import REGISTER
from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.clock import system_clock
from quotawatt.errors import InputError, NotFoundError
from quotawatt.readings import Reading
from quotawatt.settings import Settings
from quotawatt.storage.intake import store_readings

METER = "MTR-CIVIC-W"
START = datetime(2023, 3, 1, tzinfo=UTC)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo's register, and a day of hourly readings of one of its meters, taken by hand."""
    folder = tmp_path_factory.mktemp("query") / "home"
    assert run("register", "import", str(REGISTER), "--home", str(folder)).exit_code == 0
    system = open_system(Settings(home=folder), system_clock)
    readings = [
        Reading(f"asset:{METER}", "", "gas_kwh", START + timedelta(hours=h), 100.0 + 2 * h, START)
        for h in range(25)
    ]
    store_readings(system.series, system.records, readings)
    system.close()
    assert run("analyse", "--home", str(folder)).exit_code == 0
    return str(folder)


def ask(home: str, *options: str) -> Result:
    span = ("--from", "2023-03-01T02:00:00Z", "--measure", "gas_kwh")
    return run("consumption", METER, *span, *options, "--home", home, "--lang", "en")


def test_an_hour_is_explained(home: str) -> None:
    result = ask(home, "--explain")
    assert result.exit_code == 0, result.output
    assert "difference" in result.output
    assert "Sum 2 kWh; stored 2 kWh." in result.output
    (line,) = ask(home, "--explain", "--json").stdout.splitlines()
    (hour,) = json.loads(line)["hours"]
    assert [(s["before"], s["after"], s["use"]) for s in hour["steps"]] == [(104.0, 106.0, 2.0)]


def test_an_instant_without_a_zone_is_local(home: str) -> None:
    named = ("--measure", "gas_kwh", "--explain", "--json", "--home", home)
    (line,) = run("consumption", METER, "--from", "2023-03-01T10:00", *named).stdout.splitlines()
    (hour,) = json.loads(line)["hours"]
    assert [(s["before"], s["after"]) for s in hour["steps"]] == [(104.0, 106.0)]
    wrong = run("consumption", METER, "--from", "2023-03-01T25:00", *named).exception
    assert str(wrong) == "--from must be a day or an instant in ISO 8601, got 2023-03-01T25:00"


def test_the_books_are_closed(home: str) -> None:
    result = ask(home, "--until", "2023-03-01T12:00:00Z", "--audit")
    assert result.exit_code == 0, result.output
    assert "By the meters: 20 kWh" in result.output
    assert "Sum of 10 hours: 20 kWh" in result.output
    assert "Difference: 0 kWh" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--explain", "--audit"), "either --explain or --audit"),
        (("--explain", "--measure", "water_m3"), "one measure must be explained at a time"),
    ],
)
def test_what_cannot_be_asked_together_is_refused(
    home: str, options: tuple[str, ...], words: str
) -> None:
    error = ask(home, *options).exception
    assert isinstance(error, InputError)
    assert words in str(error)


def test_an_unknown_code_is_named(home: str) -> None:
    error = run(
        "consumption", "NONE", "--from", "2023-03-01", "--explain", "--home", home
    ).exception
    assert isinstance(error, NotFoundError)
    assert "'NONE'" in str(error)
