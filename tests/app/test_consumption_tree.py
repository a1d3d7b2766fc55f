"""Use down the tree on the command line."""

import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.clock import system_clock
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Register, VirtualMeter
from quotawatt.register.repository import save_register
from quotawatt.register.rows import records_of
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from tests.api.scene import NOW, REGISTER, ZONE, result_rows

IMPORT = "electricity_import_kwh"
PER_DAY = {"BLD-1": 250.0, "MTR-1": 250.0, "MTR-1-A": 90.0, "VM-1": 160.0, "BLD-1/item:A": 90.0}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A building with a main meter, a sub-meter, what is left, and ten days of results."""
    folder = tmp_path_factory.mktemp("tree") / "home"
    system = open_system(Settings(home=folder), system_clock)
    rest = VirtualMeter("VM-1", "其余", "Rest", "BLD-1", IMPORT, "MTR-1 - MTR-1-A")
    book = Register(**{**records_of(REGISTER), "virtual_meters": [rest]})
    save_register(system.records, book, actor="test", at=NOW)
    days = [local_midnight(date(2023, 5, 1) + timedelta(days=n), ZONE) for n in range(10)]
    rows = [r for s, v in PER_DAY.items() for r in result_rows(s, IMPORT, days, v)]
    system.series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    system.close()
    return folder


def ask(home: Path, *options: str) -> Result:
    span = ("--from", "2023-05-01", "--until", "2023-05-11")
    words = ("consumption", "BLD-1", "--tree", *span, *options, "--home", str(home))
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result


def test_each_line_stands_under_its_parent_with_its_gap(home: Path) -> None:
    lines = ask(home, "--lang", "en").output.splitlines()
    assert "electricity_import_kwh, 2023-05-01 00:00 to 2023-05-11 00:00" in lines[0]
    main = next(line for line in lines if " MTR-1 " in line)
    assert main.startswith("  Building One, main")
    assert "1,600.0" in main
    rest = next(line for line in lines if "VM-1" in line)
    assert rest.startswith("  Rest *")
    assert "1,600.0" in rest
    assert lines[-1].startswith("* Another view")


def test_it_speaks_chinese(home: Path) -> None:
    output = ask(home, "--lang", "zh").output
    assert "与下级之差" in output
    assert "照明插座用电 A *" in output


def test_programs_get_the_lines(home: Path) -> None:
    lines = [json.loads(line) for line in ask(home, "--json").stdout.splitlines()]
    assert [(line["subject"], line["depth"], line["use"], line["gap"]) for line in lines] == [
        ("BLD-1", 0, 2500.0, 0.0),
        ("MTR-1", 1, 2500.0, 1600.0),
        ("MTR-1-A", 2, 900.0, None),
        ("VM-1", 1, 1600.0, None),
        ("BLD-1/item:A", 1, 900.0, None),
    ]
