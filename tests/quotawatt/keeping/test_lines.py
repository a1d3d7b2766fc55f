"""Lines of a file of readings: what is good becomes a reading, what is wrong is told with its line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotawatt.errors import InputError
from quotawatt.keeping.importing import FileOfReadings, check_file
from quotawatt.keeping.kinds import FileKind, kind_of_file
from quotawatt.keeping.problems import Problems
from quotawatt.register.exempt import exempt_devices
from quotawatt.register.kinds import Binding, Vehicle
from quotawatt.register.model import Register
from tests.quotawatt.keeping.builders import NOW, START, file_of, rules

GOOD = "2023-01-01T00:00:00Z,dev,water_m3,1.5"


def taken(tmp_path: Path, text: str, **changed: object) -> tuple[list[dict], Problems]:  # type: ignore[type-arg]
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    file = FileOfReadings(path, FileKind.CSV, rules(**changed))
    rows = [row for table in file.tables(problems) for row in table.to_pylist()]
    return rows, problems


def test_what_a_file_leaves_out_has_its_default(tmp_path: Path) -> None:
    rows, problems = taken(tmp_path, f"time,device,quantity,value\n{GOOD}\n")
    assert problems.count == 0
    assert rows == [
        {
            "device": "dev",
            "channel": "",
            "quantity": "water_m3",
            "time": START,
            "value": 1.5,
            "arrived": NOW,
            "revision": 0,
            "quality": "measured",
            "reason": "",
            "timed_by_server": False,
        }
    ]


def test_what_comes_without_a_device_is_the_assets(tmp_path: Path) -> None:
    rows, problems = taken(
        tmp_path, "time,asset,quantity,value\n2023-01-01T00:00:00Z,MTR-1,gas_m3,1\n"
    )
    assert (rows[0]["device"], problems.count) == ("asset:MTR-1", 0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "2023-01-01T00:00:00,dev,water_m3,1",
            "time must be an instant in ISO 8601 with an offset",
        ),
        ("yesterday,dev,water_m3,1", "got 'yesterday'"),
        ("1500-01-01T00:00:00Z,dev,water_m3,1", "time must be an instant"),
        (",dev,water_m3,1", "time must be an instant"),
        ("2023-01-01T00:00:00Z,dev,water_m3,", "value must be a finite number, got ''"),
        ("2023-01-01T00:00:00Z,dev,water_m3,nan", "value must be a finite number, got 'nan'"),
        ("2023-01-01T00:00:00Z,dev,water_m3,1e999", "value must be a finite number"),
        ("2023-01-01T00:00:00Z,dev,water_m3,1 m3", "got '1 m3'"),
        ("2023-01-01T00:00:00Z,dev,water_l,1", "quantity must be one of docs/nomenclature.md"),
        ("2023-01-01T00:00:00Z,,water_m3,1", "either a device or an asset"),
        (f"2023-01-01T00:00:00Z,{'d' * 129},water_m3,1", "device must have at most 128 characters"),
        ("2023-01-01T00:00:00Z,d\0v,water_m3,1", "device must not have the character NUL"),
        ("2023-01-01T00:00:00Z,dev,water_m3", "a line must have 4 cells, got 3"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_value(
    tmp_path: Path, line: str, message: str
) -> None:
    rows, problems = taken(tmp_path, f"time,device,quantity,value\n{GOOD}\n{line}\n{GOOD}\n")
    assert (len(rows), problems.count) == (2, 1)
    assert problems.first[0].line == 3
    assert message in problems.first[0].message


def test_positions_of_an_exempt_vehicle_are_not_taken(tmp_path: Path) -> None:
    car = Vehicle("CAR", "车", "Car", "ORG", "鲁Z·1", "sedan", "petrol", tracking_exempt=True)
    began = datetime(2023, 1, 1, tzinfo=UTC)
    register = Register(vehicles=[car], bindings=[Binding("gps", "CAR", began)])
    exempt = exempt_devices(register, ZoneInfo("Asia/Shanghai"))
    text = (
        "time,device,asset,quantity,value\n"
        "2022-12-31T00:00:00Z,gps,,latitude_deg,36\n2023-01-01T00:00:00Z,gps,,latitude_deg,36\n"
        "2023-01-01T00:00:00Z,gps,,odometer_km,5\n2023-01-01T00:00:00Z,,CAR,speed_kmh,5\n"
    )
    rows, problems = taken(tmp_path, text, exempt=exempt, assets={"CAR"})
    assert [row["quantity"] for row in rows] == ["latitude_deg", "odometer_km"]
    assert [problem.line for problem in problems.first] == [3, 5]
    assert "exempt from tracking" in problems.first[0].message


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("asset", "MTR-9", "either a device or an asset"),
        ("revision", "-1", "revision must be a whole number from 0 on, got '-1'"),
        ("revision", "1.5", "revision must be a whole number"),
        ("quality", "good", "quality must be one of measured, estimated, suspect, got 'good'"),
        ("quality", "missing", "quality must be one of"),
        ("timed_by_server", "yes", "timed_by_server must be true or false, got 'yes'"),
        ("arrived", "later", "arrived must be an instant"),
    ],
)
def test_other_columns_are_checked_too(
    tmp_path: Path, column: str, value: str, message: str
) -> None:
    rows, problems = taken(tmp_path, f"time,device,quantity,value,{column}\n{GOOD},{value}\n")
    assert (rows, problems.count) == ([], 1)
    assert message in problems.first[0].message


def test_an_empty_cell_of_a_column_that_may_be_absent_is_its_default(tmp_path: Path) -> None:
    heading = "time,device,quantity,value,revision,quality,reason,arrived,timed_by_server,channel"
    rows, problems = taken(tmp_path, f"{heading}\n{GOOD},,,,,,\n")
    assert problems.count == 0
    assert (rows[0]["revision"], rows[0]["quality"], rows[0]["arrived"]) == (0, "measured", NOW)


def test_times_without_an_offset_are_those_of_the_zone(tmp_path: Path) -> None:
    text = "time,device,quantity,value\n2023-01-01 08:00,dev,water_m3,1\n" + GOOD
    rows, problems = taken(tmp_path, text, zone=ZoneInfo("Asia/Shanghai"))
    assert problems.count == 0
    assert [row["time"] for row in rows] == [START, START]


@pytest.mark.parametrize("local", ["2023-10-29 02:30", "2023-03-26 02:30"])
def test_a_local_time_that_comes_twice_or_never_is_refused(tmp_path: Path, local: str) -> None:
    text = f"time,device,quantity,value\n{local},dev,water_m3,1\n"
    rows, problems = taken(tmp_path, text, zone=ZoneInfo("Europe/Berlin"))
    assert (rows, problems.count) == ([], 1)


def test_the_implausible_is_suspect_as_from_a_device(tmp_path: Path) -> None:
    text = (
        "time,device,quantity,value\n"
        "1970-01-01T00:00:00Z,dev,water_m3,1\n2027-01-01T00:00:00Z,dev,water_m3,1\n"
        "2023-01-01T00:00:00Z,dev,water_m3,-1\n2023-01-01T00:00:00Z,dev,frequency_hz,501\n"
    )
    rows, problems = taken(tmp_path, text, horizon=START)
    assert problems.count == 0
    assert [(row["quality"], row["reason"]) for row in rows] == [
        ("suspect", "clock_before_2010"),
        ("suspect", "clock_ahead"),
        ("suspect", "counter_below_zero"),
        ("suspect", "out_of_range"),
    ]


def test_before_the_horizon_nothing_is_taken(tmp_path: Path) -> None:
    horizon = datetime(2023, 2, 1, tzinfo=UTC)
    rows, problems = taken(tmp_path, f"time,device,quantity,value\n{GOOD}\n", horizon=horizon)
    assert rows == []
    assert problems.first[0].message.startswith("raw_expired: time must not lie before 2023-02-01")


def test_the_first_wrong_lines_are_told_and_all_are_counted(tmp_path: Path) -> None:
    text = "time,device,quantity,value\n" + "x,dev,water_m3,1\n" * 50
    path = tmp_path / "file.csv"
    path.write_text(text)
    report, _ = check_file(FileOfReadings(path, FileKind.CSV, rules()), lambda step, lines: None)
    assert (report.lines, report.problems.count) == (0, 50)
    assert [problem.line for problem in report.problems.first] == list(range(2, 22))


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("time,device,value", "must have the columns time, quantity, value"),
        ("time,quantity,value", "and device or asset"),
        ("time,device,quantity,value,value", "each once"),
        ("time,device,quantity,value,unit", "got time, device, quantity, value, unit"),
        ("", "must have the columns"),
    ],
)
def test_a_wrong_heading_is_told(tmp_path: Path, heading: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        taken(tmp_path, f"{heading}\n{GOOD}\n")


@pytest.mark.parametrize("kind", [FileKind.CSV_GZ, FileKind.PARQUET])
def test_what_is_no_such_file_is_told(tmp_path: Path, kind: FileKind) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"time,device,quantity,value\n")
    with pytest.raises(InputError, match=f"a file must be whole and of the kind {kind}"):
        list(FileOfReadings(path, kind, rules()).tables(Problems()))


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.CSV_GZ])
def test_a_heading_alone_is_a_file_of_nothing(tmp_path: Path, kind: FileKind) -> None:
    """As an export writes it where there is nothing."""
    problems = Problems()
    assert list(file_of(tmp_path / "file", kind).tables(problems)) == []
    assert problems.count == 0


def test_text_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(
        "time,device,quantity,value\n2023-01-01T00:00:00Z,水表,water_m3,1\n".encode("gbk")
    )
    with pytest.raises(InputError, match="in UTF-8"):
        list(FileOfReadings(path, FileKind.CSV, rules()).tables(Problems()))


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("time", pa.array([[START]]), "of list<"),
        ("value", pa.array([{"a": 1}]), "of struct<"),
        ("device", pa.array([b"\xff"]), "of binary"),
        (
            "device",
            pa.array([b"\xff"]).cast(pa.string(), safe=False),
            "whole and of the kind parquet",
        ),
    ],
)
def test_parquet_with_cells_that_are_none_is_told(
    tmp_path: Path, column: str, cells: pa.Array, message: str
) -> None:
    path = tmp_path / "file.parquet"
    good = {"time": [START], "device": ["dev"], "quantity": ["water_m3"], "value": [1.0]}
    pq.write_table(pa.table({**good, column: cells}), path)
    with pytest.raises(InputError, match=message):
        list(FileOfReadings(path, FileKind.PARQUET, rules()).tables(Problems()))


def test_parquet_may_have_types_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    table = pa.table(
        {
            "time": pa.array([START, START], pa.timestamp("ns", "Asia/Shanghai")),
            "device": pa.array(["dev", None]).dictionary_encode(),
            "asset": pa.array([None, "MTR-1"]),
            "quantity": pa.array(["water_m3", "gas_m3"]),
            "value": pa.array([1, 2], pa.int32()),
        }
    )
    pq.write_table(table, path)
    problems = Problems()
    rows = [
        row
        for found in FileOfReadings(path, FileKind.PARQUET, rules()).tables(problems)
        for row in found.to_pylist()
    ]
    assert problems.count == 0
    assert [(r["device"], r["time"], r["value"]) for r in rows] == [
        ("dev", START, 1.0),
        ("asset:MTR-1", START, 2.0),
    ]


def test_a_file_is_what_its_name_says() -> None:
    assert kind_of_file(Path("a.CSV.gz")) is FileKind.CSV_GZ
    with pytest.raises(InputError, match=r"a file must be called \*.csv, \*.csv.gz or \*.parquet"):
        kind_of_file(Path("a.xlsx"))
