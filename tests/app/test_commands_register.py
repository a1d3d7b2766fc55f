"""``register template|validate|import|export``: what is said, in both languages, and how they end."""

import getpass
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.import_report import SHOWN_PROBLEMS
from quotawatt.app.main import app
from quotawatt.errors import InputError, RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.repository import load_register
from quotawatt.storage.records import open_records
from tests.quotawatt.register.books import BUILDINGS, Sheets, book, whole


class Program:
    """The command line over one home folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"

    def run(self, command: str, *arguments: object) -> Result:
        words = ["register", command, *map(str, arguments)]
        if command != "template":
            words += ["--home", str(self.home)]
        return CliRunner().invoke(app, words)

    def said(self, command: str, *arguments: object) -> list[str]:
        result = self.run(command, *arguments)
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()

    def refused(self, command: str, *arguments: object) -> tuple[str, ...]:
        error = self.run(command, *arguments).exception
        assert isinstance(error, RegisterError), error
        return error.problems

    def file(self, sheets: Sheets) -> Path:
        path = self.folder / "台账.xlsx"
        path.write_bytes(book(sheets))
        return path


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_a_template_is_right_and_empty(program: Program) -> None:
    file = program.folder / "new" / "t.xlsx"
    assert program.said("template", file, "--lang", "en")[0].startswith("template written: ")
    assert program.said("validate", file, "--lang", "en") == [
        "no errors, and no records: fill in the sheets"
    ]
    assert not program.home.exists()
    error = program.run("template", program.folder / "t.csv").exception
    assert isinstance(error, InputError)


def test_an_import_is_shown_first_then_done_then_without_effect(program: Program) -> None:
    file = program.file(whole(备忘=[["x"]]))
    shown = program.said("import", file, "--dry-run")
    assert shown[:2] == ["单位：新增 1", "  新增 ORG-1"]
    assert "提示：备忘：不是台账工作表，未读取" in shown
    assert shown[-1] == "以上为预演，未写入任何内容。"
    assert not (program.home / "records.sqlite").exists()
    assert program.said("import", file)[-1] == "已导入。"
    assert program.said("import", file)[0] == "与已存台账一致，没有差异。"
    records = open_records("sqlite", program.home)
    (entry,) = Ledger(records).entries()
    assert entry.actor == f"cli:{getpass.getuser()}"
    assert '"source":"台账.xlsx"' in entry.detail
    records.dispose()


def test_changes_are_shown_with_what_was_before(program: Program) -> None:
    program.said("import", program.file(whole()))
    changed = program.file({"建筑": [BUILDINGS[0], [*BUILDINGS[1][:5], 9000]]})
    lines = program.said("import", changed, "--dry-run", "--lang", "en")
    assert lines[:2] == [
        "Buildings: 1 changed",
        "  changed BLD-1 gross_area_m2: 8000.0 -> 9000.0 (correction: it was always so)",
    ]
    lines = program.said("import", changed, "--from", "2024-07-01", "--lang", "en")
    assert lines[1].endswith("9000.0 (with its day)")
    records = open_records("sqlite", program.home)
    (former,) = load_register(records).former_values
    assert (former.attribute, former.value) == ("gross_area_m2", "8000.0")
    records.dispose()
    error = program.run("import", changed, "--from", "1/7/2024").exception
    assert isinstance(error, InputError)


def test_what_a_sheet_lacks_stops_an_import_unless_it_is_removed(program: Program) -> None:
    two = [*BUILDINGS, ["BLD-2", *BUILDINGS[1][1:]]]
    program.said("import", program.file(whole(建筑=two)))
    file = program.file(whole())
    (problem,) = program.refused("import", file, "--lang", "en")
    assert problem.startswith("建筑: what is stored must be in its sheet")
    assert program.said("import", file, "--remove", "--lang", "en")[:2] == [
        "Buildings: 1 removed",
        "  removed BLD-2",
    ]


def test_problems_are_said_in_the_readers_language_the_first_of_many(program: Program) -> None:
    count = SHOWN_PROBLEMS + 50
    rows = [[f"B-{n}", "楼", "B", "SITE-1", "ORG-1", "x"] for n in range(count)]
    file = program.file(whole(建筑=[BUILDINGS[0], *rows]))
    problems = program.refused("validate", file)
    assert len(problems) == SHOWN_PROBLEMS + 1
    assert problems[0].startswith("建筑!F2 建筑面积：须为数字")
    assert problems[-1] == "另有 50 个错误（--json 列出全部）"
    result = program.run("import", file, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["applied"], len(told["problems"])) == (False, count)
    assert told["problems"][0]["cell"] == "F2"
    assert not (program.home / "records.sqlite").exists()


def test_rules_over_all_rows_undo_an_import_as_a_whole(program: Program) -> None:
    program.said("import", program.file(whole()))
    bad = program.file({"建筑": [*BUILDINGS, ["BLD-2", "楼", "B", "SITE-9", "ORG-1", 5]]})
    assert len(program.refused("import", bad)) == 1
    result = program.run("import", bad, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["rule"] == "reference"
    records = open_records("sqlite", program.home)
    assert list(load_register(records).buildings) == ["BLD-1"]
    records.dispose()


def test_an_export_is_in_the_ledger(program: Program) -> None:
    program.said("import", program.file(whole()))
    for target in (program.folder / "out.xlsx", program.folder / "out"):
        program.said("export", target)
    book = Ledger(open_records("sqlite", program.home))
    told = [e for e in book.entries() if e.action == "register_exported"]
    assert [book.detail_of(e)["target"] for e in told] == ["out.xlsx", "out"]
    assert {e.actor for e in told} == {f"cli:{getpass.getuser()}"}
    assert book.detail_of(told[0])["assets"] > 0


def test_what_is_exported_can_be_imported(program: Program) -> None:
    program.said("import", program.file(whole()))
    for target in (program.folder / "out.xlsx", program.folder / "out"):
        program.said("export", target, "--lang", "en")
        assert program.said("import", target, "--lang", "en") == [
            "nothing differs from what is stored"
        ]
    told = json.loads(program.run("import", program.folder / "out", "--json").stdout)
    assert (told["applied"], told["difference"], told["problems"]) == (True, {}, [])


def test_geofences_go_in_and_out_as_geojson_in_either_datum(program: Program) -> None:
    program.said("import", program.file(whole()))
    feature = {
        "type": "Feature",
        "id": "LOT",
        "properties": {
            "name": "停车场",
            "organisation": "ORG-1",
            "use": "parking",
            "radius_m": 150,
        },
        "geometry": {"type": "Point", "coordinates": [117.02, 36.66]},
    }
    drawn = program.folder / "areas.geojson"
    drawn.write_text(json.dumps(feature), encoding="utf-8")
    program.said("import", drawn, "--datum", "gcj02")
    out, shifted = program.folder / "out.geojson", program.folder / "shifted.geojson"
    program.said("export", out)
    program.said("export", shifted, "--datum", "gcj02")
    places = [
        json.loads(file.read_text(encoding="utf-8"))["features"][0]["geometry"]["coordinates"]
        for file in (out, shifted)
    ]
    assert places[0] == pytest.approx([117.0141, 36.6597], abs=1e-4)
    assert places[1] == pytest.approx([117.02, 36.66], abs=1e-6)
    for file in (out, shifted):
        said = program.said("import", file, "--lang", "en")
        assert said == ["nothing differs from what is stored"]


def test_a_file_that_is_not_there_is_named(program: Program) -> None:
    (problem,) = program.refused("import", program.folder / "none.xlsx", "--lang", "en")
    assert (
        "a register must be a workbook .xlsx, a folder of .csv files or a file .geojson" in problem
    )
