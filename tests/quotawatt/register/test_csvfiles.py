"""Files as spreadsheet programs save them: other encodings, headings in Chinese, some kinds only."""

from pathlib import Path

from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.uploads import read_path
from tests.quotawatt.register.books import planned
from tests.quotawatt.register.example import FILES, write_example


def test_a_file_in_gb18030_is_read_and_said_so(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    (folder / "sites.csv").write_bytes(FILES["sites"].encode("gb18030"))
    found = read_path(folder)
    assert [note.text("zh") for note in found.notes] == ["sites.csv：不是 UTF-8，已按 GB18030 读取"]
    plan = planned(found)
    assert plan.after is not None
    assert plan.after.sites["SITE-1"].name_zh == "东院"


def test_headings_and_words_in_chinese(tmp_path: Path) -> None:
    text = "编码,中文名称,英文名称,所在建筑,能源种类,备注\nMTR-3,水表,Water,BLD-1,水,新装\n"
    found = read_path(write_example(tmp_path, meters=text, bindings="device,asset,valid_from\n"))
    assert [note.text() for note in found.notes] == [
        "meters.csv:1: the column '备注' is none of the register and was not read"
    ]
    plan = planned(found)
    assert plan.after is not None
    assert plan.after.meters["MTR-3"].carrier == "water"


def test_a_folder_with_some_kinds_changes_these_only(tmp_path: Path) -> None:
    stored = read_csv_folder(write_example(tmp_path / "all"))
    (tmp_path / "some").mkdir()
    text = FILES["vehicles"].replace("petrol,55", "petrol,60")
    (tmp_path / "some" / "vehicles.csv").write_text(text, encoding="utf-8")
    plan = planned(read_path(tmp_path / "some"), stored)
    assert plan.problems == ()
    assert [change.column for change in plan.columns] == ["tank_l"]
    assert set(plan.difference) == {"vehicles"}


def test_quotes_that_do_not_close_are_named_with_their_file(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    (folder / "sites.csv").write_text('code,name_zh\n"SITE-1,东院\n', encoding="utf-8")
    (problem,) = read_path(folder).problems
    assert problem.text().startswith("sites.csv: a file must be readable CSV")
