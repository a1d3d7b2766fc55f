"""What docs/stores.md says of the stores' layout is what the stores write."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.storage.checking.duckdb_probe import LEAST_FREE_MB
from quotawatt.storage.checking.influx_verdicts import CLOCK_LIMIT_S
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.influx import REMEMBERED_S, ROWS_A_REQUEST
from quotawatt.storage.influx_points import reading_lines
from quotawatt.storage.influx_results import result_lines
from quotawatt.storage.influx_retry import BUSY_STATUSES, LONGEST_PAUSE_S, PAUSES_S
from tests.quotawatt.storage.contract import result, results

DOCUMENT = (Path(__file__).parents[3] / "docs" / "stores.md").read_text(encoding="utf-8")


def test_the_vehicle_of_the_document_is_one_point_as_it_is_written() -> None:
    (line,) = re.findall(r"^readings,device=car.*$", DOCUMENT, re.MULTILINE)
    body, at_us = line.rsplit(" ", 1)
    told = re.findall(r"(\w+)=([\d.]+)[,i]", body.partition(" ")[2])
    at = datetime.fromtimestamp(int(at_us) / 1e6, UTC)
    batch = [
        Reading("car-7", "", name, at, float(value), at + timedelta(seconds=5))
        for name, value in told
        if name != "arrived"
    ]
    written = reading_lines(readings_table(batch), np.zeros(len(batch), dtype=np.bool_)).decode()
    assert written == line


def test_every_field_of_a_result_is_in_the_document() -> None:
    (line,) = result_lines(Grain.HOUR, results([result(0, 1)])).decode().splitlines()
    fields = re.findall(r"(\w+)=", line.split(" ")[1])
    section = DOCUMENT.partition("`results_hour`")[2].partition("**Cardinality")[0]
    assert set(fields) == set(re.findall(r"^\| `(\w+)` \| \w+ \|", section, re.MULTILINE))


def test_every_table_of_duckdb_is_in_the_document(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    DuckDbSeriesStore(path).close()
    section = DOCUMENT.partition("## DuckDB")[2]
    with duckdb.connect(str(path)) as connection:
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        columns = [row[0] for row in connection.execute("DESCRIBE readings").fetchall()]
    assert tables
    assert [name for name in tables if f"`{name}`" not in section] == []
    assert f"| {', '.join(columns)} |" in section


def test_the_numbers_of_the_document_are_those_of_the_code() -> None:
    for words in (
        f"clock ({CLOCK_LIMIT_S} s)",
        f"disk ({LEAST_FREE_MB // 1024} GB)",
        f"every {REMEMBERED_S:g} seconds",
        f"pieces of {ROWS_A_REQUEST:,} rows",
        f"up to {LONGEST_PAUSE_S:g} seconds",
        ", ".join(map(str, sorted(BUSY_STATUSES))),
        f"{', '.join(f'{pause:g}' for pause in PAUSES_S[:-1])} and {PAUSES_S[-1]:g} seconds",
    ):
        assert words in DOCUMENT
