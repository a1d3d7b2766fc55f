"""A right folder is read as it is written; a wrong one names every wrong cell at once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quotawatt.errors import RegisterError
from quotawatt.register.csvfolder import read_csv_folder, write_csv_folder
from quotawatt.register.rows import records_of
from tests.quotawatt.register.example import FILES, edited, write_example


def _problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RegisterError) as caught:
        read_csv_folder(folder)
    return caught.value.problems


def test_a_folder_becomes_a_register(tmp_path: Path) -> None:
    register = read_csv_folder(write_example(tmp_path))
    assert list(register.organisations) == ["ORG-1", "ORG-2"]
    assert register.organisations["ORG-2"].region_parent == "ORG-1"
    assert register.organisations["ORG-1"].region_parent is None
    assert register.headcounts[0].valid_until == date(2023, 7, 1)
    assert register.buildings["BLD-1"].name_zh == "主楼（一号）"
    assert register.buildings["BLD-1"].heated_area_m2 == 7500.5
    assert register.buildings["BLD-2"].gross_area_m2 is None
    assert register.bindings[1].valid_from == datetime(2022, 12, 31, 16, tzinfo=UTC)
    assert register.bindings[2].multiplier == 1.0


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    register = read_csv_folder(write_example(tmp_path / "in"))
    write_csv_folder(register, tmp_path / "out")
    assert records_of(read_csv_folder(tmp_path / "out")) == records_of(register)
    # spreadsheets tell UTF-8 by the mark
    assert (tmp_path / "out" / "meters.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_missing_file_means_none_of_its_kind(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    for kind in ("pv_plants", "vehicles", "base_values", "headcounts"):
        (folder / f"{kind}.csv").unlink()
    (folder / "bindings.csv").write_text("device,asset,valid_from\n", encoding="utf-8")
    register = read_csv_folder(folder)
    assert (register.pv_plants, register.bindings, register.headcounts) == ({}, (), ())


def test_full_width_signs_blanks_and_empty_ends_are_forgiven(tmp_path: Path) -> None:
    text = (
        "\ufeffcode ,name_zh,name_en,site,organisation,gross_area_m2,,\r\n"
        "ＢＬＤ－１　, 主楼（一号） ,Main,SITE-1 ,ORG-1,８０００．５ ,,\r\n"
        " , ,,,,,,\r\n"
    )
    folder = write_example(tmp_path, buildings=text, meters="", pv_plants="", bindings="")
    for kind in ("meters", "pv_plants", "bindings"):
        (folder / f"{kind}.csv").unlink()
    building = read_csv_folder(folder).buildings["BLD-1"]
    assert building.gross_area_m2 == 8000.5
    assert building.name_zh == "主楼（一号）"


CASES = [
    ("meters", "MTR-3,", ",", "meters.csv:4 code: must not be empty, got ''"),
    (
        "vehicles",
        "VEH-1",
        "MTR-3",
        "vehicles.csv:2 code: a code must be used once over all kinds and stands in meters.csv:4"
        " too, got 'MTR-3'",
    ),
    (
        "meters",
        "MTR-3,",
        "MTR/3,",
        "meters.csv:4 code: a code must be letters, digits, '.', '_' and '-', got 'MTR/3'",
    ),
    (
        "organisations",
        "city,ORG-1,",
        "city,ORG-7,",
        "organisations.csv:3 region_parent: must be a code of organisations, got 'ORG-7'",
    ),
    (
        "buildings",
        "SITE-1,ORG-2",
        "SITE-2,ORG-2",
        "buildings.csv:3 site: must be a code of sites, got 'SITE-2'",
    ),
    (
        "vehicles",
        "ORG-1,鲁Z",
        "BLD-1,鲁Z",
        "vehicles.csv:2 organisation: must be a code of organisations, got 'BLD-1'",
    ),
    (
        "base_values",
        "ORG-1,",
        "ORG-X,",
        "base_values.csv:2 asset: must be a code of organisations or sites or buildings or spaces"
        " or equipment or meters or virtual_meters or pv_plants or chargers or vehicles or geofences,"
        " got 'ORG-X'",
    ),
    (
        "buildings",
        "8000,",
        "8.000.0,",
        "buildings.csv:2 gross_area_m2: must be a number with a decimal point and no separators,"
        " got '8.000.0'",
    ),
    (
        "buildings",
        "8000,",
        "nan,",
        "buildings.csv:2 gross_area_m2: must be a number with a decimal point and no separators,"
        " got 'nan'",
    ),
    (
        "buildings",
        "8000,",
        "-1,",
        "buildings.csv:2 gross_area_m2: must be above 0, got -1.0",
    ),
    (
        "headcounts",
        "120,",
        "-3,",
        "headcounts.csv:2 people: must be 0 to 1e+07, got -3.0",
    ),
    (
        "headcounts",
        "2022-01-01,2023-07-01",
        "2022-02-30,2023-07-01",
        "headcounts.csv:2 valid_from: must be a date YYYY-MM-DD, got '2022-02-30'",
    ),
    (
        "headcounts",
        "2022-01-01,2023-07-01",
        "2022-01-01,2023-08-01",
        "headcounts.csv:3 valid_from: must not overlap headcounts.csv:2 of the same"
        " organisation, component, got '2023-07-01'",
    ),
    (
        "sites",
        "Asia/Shanghai",
        "Asia/Peking",
        "sites.csv:2 timezone: must be a time zone such as Asia/Shanghai, got 'Asia/Peking'",
    ),
    ("sites", "36.2", "136.2", "sites.csv:2 latitude_deg: must be -90 to 90, got 136.2"),
    (
        "meters",
        "BLD-1,water",
        "BLD-1,steam",
        "meters.csv:4 carrier: must be one of electricity, water, heat, gas, got 'steam'",
    ),
    (
        "meters",
        "BLD-1,electricity,A",
        "BLD-2,electricity,A",
        "meters.csv:3 building: must be that of the parent MTR-1, got 'BLD-2'",
    ),
    (
        "bindings",
        ",40,99999",
        ",0,99999",
        "bindings.csv:2 multiplier: must be above 0, got 0.0",
    ),
    (
        "bindings",
        "2023-01-01T00:00:00+08:00,,40",
        "2023-01-01T25:00:00,,40",
        "bindings.csv:3 valid_from: must be a date or time such as 2024-01-05 08:30, with a zone or in"
        " that of the site, got '2023-01-01T25:00:00'",
    ),
    (
        "bindings",
        "2023-01-01T00:00:00+08:00,40",
        "2021-01-01T00:00:00+08:00,40",
        "bindings.csv:2 valid_until: must be after valid_from 2021-12-31T16:00:00+00:00, got"
        " '2020-12-31T16:00:00+00:00'",
    ),
    (
        "bindings",
        "dev-9",
        "dev-1,,,MTR-3,,2022-06-01T00:00:00Z,2022-07-01T00:00:00Z,,\ndev-9",
        "bindings.csv:3 valid_from: must not overlap bindings.csv:2 of the same device, channel,"
        " quantity, got '2022-06-01T00:00:00+00:00'",
    ),
    (
        "bindings",
        "electricity_import_kwh",
        "electricity_import_mwh",
        "bindings.csv:4 quantity: must be a quantity of docs/nomenclature.md, got"
        " 'electricity_import_mwh'",
    ),
    (
        "bindings",
        "dev-2,1,electricity_import_kwh",
        "dev-2,1,",
        "bindings.csv:4 point_quantity: must be empty where quantity is (all quantities), got"
        " 'pv_generation_kwh'",
    ),
    (
        "base_values",
        "61.5,年报，虚构\n",
        "61.5,年报\nORG-1,carbon_kgco2_per_m2,2020,60,年报\n",
        "base_values.csv:3 asset: a base value must stand once and is in base_values.csv:2 too,"
        " got 'ORG-1'",
    ),
    ("meters", ",rated_power_kw", "", "meters.csv:2: a row must have at most 7 cells, got 8"),
]


@pytest.mark.parametrize(("kind", "old", "new", "problem"), CASES)
def test_each_wrong_cell_is_named(
    tmp_path: Path, kind: str, old: str, new: str, problem: str
) -> None:
    assert problem in _problems(write_example(tmp_path, **edited(kind, old, new)))


def test_trees_do_not_run_in_circles(tmp_path: Path) -> None:
    text = FILES["organisations"].replace("city,,,节", "city,ORG-2,,节")
    problems = _problems(write_example(tmp_path, organisations=text))
    assert problems == (
        "organisations.csv:2 region_parent: must not lead back to the row itself, got 'ORG-2'",
        "organisations.csv:3 region_parent: must not lead back to the row itself, got 'ORG-1'",
    )


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    changed = {
        **edited("meters", "MTR-3,", ","),
        **edited("buildings", "8000,", "-1,"),
        **edited("bindings", ",40,99999", ",-40,x"),
    }
    problems = _problems(write_example(tmp_path, **changed))
    assert sorted(p.split(":")[0] + p.split(":")[1][1:] for p in problems) == [
        "bindings.csv multiplier",
        "bindings.csv register_size",
        "buildings.csv gross_area_m2",
        "meters.csv code",
    ]


def test_a_wrong_cell_does_not_raise_follow_up_problems(tmp_path: Path) -> None:
    # the meter's item is wrong; that its binding names it is right all the same
    problems = _problems(write_example(tmp_path, **edited("meters", "electricity,,,", "gas,Z,,")))
    assert [p.split(": ")[0] for p in problems] == ["meters.csv:2 item", "meters.csv:3 carrier"]


def test_a_folder_without_register_files_is_refused(tmp_path: Path) -> None:
    # importing nothing would remove everything
    (problem,) = _problems(tmp_path)
    assert "a register must be a folder with at least one of its .csv files" in problem


def test_a_misspelt_file_is_not_passed_over(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    (folder / "meters.csv").rename(folder / "meter.csv")
    assert any(p.endswith("got 'meter.csv'") for p in _problems(folder))


def test_a_file_in_no_encoding_of_text_is_named(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    (folder / "sites.csv").write_bytes(FILES["sites"].encode("utf-16"))
    (problem,) = _problems(folder)
    assert problem == "sites.csv: a file must be text in UTF-8 or GB18030, got 'byte 0xff'"
