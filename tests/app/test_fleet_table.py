"""Logs of vehicles in other wrappings than CSV: JSON, workbooks, archives, attributes, lines of titles."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from quotawatt.app.fleet_table import read_log_table
from quotawatt.errors import InputError

HEADINGS = ("time", "speed")
ROWS = [("2024-03-04 08:00:00", "10"), ("2024-03-04 08:00:30", "12")]
CSV = "time,speed\n" + "\n".join(",".join(row) for row in ROWS) + "\n"


def cells(path: Path, raw: bytes) -> list[tuple[str, ...]]:
    path.write_bytes(raw)
    table = read_log_table(path)
    assert table.headings[:2] == HEADINGS
    return [tuple(row[:2]) for row in table.cells.to_numpy()]


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Track of a car"])
    sheet.write_row(1, 0, HEADINGS)
    for number, row in enumerate(ROWS, start=2):
        sheet.write_row(number, 0, [row[0], int(row[1])])
    book.close()
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, CSV)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("log.txt", CSV.replace(",", "\t").encode("utf-16")),
        ("log.csv", ("\ufeffTrack of a car\nby: nobody\n" + CSV).encode()),
        ("log.zip", archive("inner.csv")),
        ("log.xlsx", workbook()),
        ("log.json", json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in ROWS]).encode()),
        (
            "lines.json",
            "\n".join(json.dumps(dict(zip(HEADINGS, row, strict=True))) for row in ROWS).encode(),
        ),
    ],
)
def test_the_same_cells_come_out_of_every_wrapping(tmp_path: Path, name: str, raw: bytes) -> None:
    assert cells(tmp_path / name, raw) == ROWS


def test_lines_are_counted_below_titles_and_commas_in_quotes_make_none(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Track\n" + CSV)
    assert read_log_table(path).at(0) == f"{path}:3"
    path.write_text('place,time,speed\n"a, b, c, d, e, f",1,2\n')
    assert read_log_table(path).headings == ("place", "time", "speed")


def test_attributes_become_columns(tmp_path: Path) -> None:
    path = tmp_path / "positions.json"
    one = {"speed": 1.5, "attributes": {"ignition": True, "totalDistance": 12.0}, "network": None}
    path.write_text(json.dumps({"positions": [one]}))
    table = read_log_table(path)
    assert dict(table.cells.iloc[0]) == {
        "speed": "1.5",
        "attributes.ignition": "true",
        "attributes.totalDistance": "12.0",
        "network": "",
    }
    path = tmp_path / "report.csv"
    path.write_text('time,Attributes\n1,ignition=true  hours=3\n2,"{""ignition"": false}"\n')
    assert read_log_table(path).cells["ignition"].tolist() == ["true", "false"]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("two.zip", archive("a.csv", "b.csv"), "an archive must hold one file"),
        ("no.zip", b"no archive", "must be readable"),
        ("no.xlsx", b"no workbook", "a workbook must be readable"),
        ("no.json", b"[1, 2", "JSON must be a list of objects"),
        ("no.csv", b"", "must have headings and rows"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_rule(
    tmp_path: Path, name: str, raw: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=words):
        read_log_table(tmp_path / name)
