"""The DuckDB file: what outlives the process, and what stands in its way."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from quotawatt.errors import StoreError
from quotawatt.readings import RESULTS, Grain, Reading, SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore

ROOT = Path(__file__).parents[3]
T0 = datetime(2023, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
METER = SeriesKey("电表-1", "", "electricity_import_kwh")
YEAR = Span(T0, T0 + 365 * DAY)

# Writes the reading of the first day, says so, and stays until it is killed.
HOLDER = """
import sys
from pathlib import Path
from tests.quotawatt.storage.test_duckdb import DuckDbSeriesStore, batch
store = DuckDbSeriesStore(Path(sys.argv[1]))
store.write_readings(batch(0))
print("written", flush=True)
sys.stdin.read()
"""


NEW = SeriesKey("电表-2", "", "electricity_import_kwh")


def batch(*days: int, value: float = 1.0, of: SeriesKey = METER) -> pa.Table:
    """A reading a day."""
    return readings_table([Reading(*of, T0 + day * DAY, value, T0) for day in days])


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """As a full disk does it: writing beyond so many bytes of a file fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "new" / "series.duckdb"
    results = pa.Table.from_pylist(
        [
            {
                "subject": "BLD-1",
                "measure": "heat_gj",
                "start": T0,
                "value": 2.5,
                "quality": "estimated",
                "coverage": 0.5,
                "revision": 0,
                "withdrawn": False,
            }
        ],
        schema=RESULTS,
    )
    first = DuckDbSeriesStore(path)
    first.write_readings(batch(0, 1))
    first.write_results(Grain.MONTH, results)
    first.close()
    second = DuckDbSeriesStore(path)
    assert second.read_readings([METER], YEAR).equals(batch(0, 1))
    assert second.read_results(Grain.MONTH, None, ["heat_gj"], YEAR).equals(results)
    # What it holds is known again: the same readings are duplicates, a different one is a rival.
    assert second.write_readings(batch(0, 1, 2)).written == 1
    assert len(second.write_readings(batch(0, value=7)).conflicts) == 1
    assert second.read_readings([METER], YEAR)["value"].to_pylist() == [7, 1, 1]
    second.close()


def test_a_file_in_use_says_so_and_survives_the_killing_of_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"written\n"
            with pytest.raises(
                StoreError, match=r"not be in use by another process, .*duckdb says"
            ):
                DuckDbSeriesStore(path)
        finally:
            holder.kill()
    store = DuckDbSeriesStore(path)
    assert store.read_readings([METER], YEAR).equals(batch(0))
    store.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"series store must .*file/series\.duckdb says"):
        DuckDbSeriesStore(tmp_path / "file" / "series.duckdb")


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    path.write_text("this is no database" * 1000)
    with pytest.raises(StoreError, match=r"series\.duckdb says"):
        DuckDbSeriesStore(path)


def test_a_closed_store_raises_store_error(tmp_path: Path) -> None:
    store = DuckDbSeriesStore(tmp_path / "series.duckdb")
    store.close()
    with pytest.raises(StoreError, match="must take reads and writes"):
        store.write_readings(batch(0))
    with pytest.raises(StoreError, match="must take reads and writes"):
        store.read_readings([METER], YEAR)


def test_a_write_that_fails_leaves_nothing_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DuckDbSeriesStore(tmp_path / "series.duckdb")
    append = store._readings.append

    def append_then_fail(*arguments: object) -> None:
        append(*arguments)  # type: ignore[arg-type]
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store._readings, "append", append_then_fail)
        with pytest.raises(StoreError, match="no space left on device"):
            store.write_readings(batch(0, 1))
    assert len(store.read_readings([METER], YEAR)) == 0
    assert store.write_readings(batch(0, 1)).written == 2
    assert len(store.read_readings([METER], YEAR)) == 2
    store.close()


def test_a_full_disk_is_named_and_no_series_is_forgotten_or_mistaken(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    store = DuckDbSeriesStore(path)
    store.write_readings(batch(0))
    with no_file_beyond(1024):
        for _ in range(2):
            with pytest.raises(StoreError, match="Could not write"):
                store.write_readings(batch(0, 1, value=7, of=NEW))
    assert store.write_readings(batch(0, 1, value=7, of=NEW)).written == 2
    store.close()
    again = DuckDbSeriesStore(path)
    assert again.read_readings([NEW], YEAR)["value"].to_pylist() == [7, 7]
    assert again.read_readings([METER], YEAR)["value"].to_pylist() == [1]
    again.close()


def test_a_checkpoint_that_fails_does_not_end_the_store(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    store = DuckDbSeriesStore(path)
    store.write_readings(batch(0))
    store._file.writer.execute("SET GLOBAL wal_autocheckpoint = '1KB'")
    # The log has room for them, the file that they are to be taken over into has none.
    with no_file_beyond(100_000), pytest.raises(StoreError, match="checkpoint"):
        store.write_readings(batch(*range(1, 2000)))
    store.write_readings(batch(*range(1, 2000)))
    assert len(store.read_readings([METER], Span(T0, T0 + 3000 * DAY))) == 2000
    store.close()


def test_a_reading_far_in_the_past_does_not_hide_what_lies_between(tmp_path: Path) -> None:
    store = DuckDbSeriesStore(tmp_path / "series.duckdb")
    store.write_readings(batch(-19_000, 0, 300))
    assert store.write_readings(batch(100, 300)).written == 1
    table = store.read_readings([METER], Span(T0 + 50 * DAY, T0 + 51 * DAY), context=1)
    assert table["time"].to_pylist() == [T0, T0 + 100 * DAY]
    store.close()
