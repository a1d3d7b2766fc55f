"""Readings move between stores of all kinds without loss; taking them in is safe to repeat."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from quotawatt.errors import InputError, NotFoundError, StateError, StoreError
from quotawatt.keeping import importing
from quotawatt.keeping.chunks import EVER, pieces, reading_chunks, result_chunks
from quotawatt.keeping.importing import (
    BROKEN_AFTER,
    ImportReport,
    Target,
    check_file,
    settle_broken,
    touched_by,
    write_file,
)
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.outgoing import (
    Wanted,
    frozen_results,
    require_frozen,
    results_schema,
    streamed,
    wanted_series,
)
from quotawatt.keeping.readings_in import Order, import_readings
from quotawatt.keeping.results_in import import_results
from quotawatt.ledger import Ledger
from quotawatt.readings import READINGS, RESULTS, Grain, Reading, SeriesKey, readings_table
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.horizon import announce_horizon, frozen_before, raw_horizon
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import touched
from tests.analytics.builders import register
from tests.quotawatt.keeping.builders import (
    HOUR,
    IMPORT,
    NOW,
    START,
    assorted,
    at,
    everything,
    file_of,
)

FILES = [FileKind.CSV, FileKind.CSV_GZ, FileKind.PARQUET]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[SeriesStore]:
    """A DuckDB store with readings of every sort."""
    store = DuckDbSeriesStore(tmp_path / "full.duckdb")
    store.write_readings(assorted())
    yield store
    store.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_records("sqlite", tmp_path / "records")
    yield engine
    engine.dispose()


def taken_in(store: SeriesStore, records: Engine, path: Path, kind: FileKind) -> ImportReport:
    order = Order(path, kind, None, "tester", path.name, dry_run=False)
    target = Target(store, records, lambda: NOW)
    return import_readings(order, target, register(), Settings())


def marks(records: Engine) -> set[tuple[object, ...]]:
    columns = (touched.c.device, touched.c.channel, touched.c.quantity, touched.c.hour)
    with records.connect() as conn:
        return {tuple(row) for row in conn.execute(select(*columns))}


@pytest.mark.parametrize("kind", FILES)
def test_readings_move_without_loss(
    full: SeriesStore, empty_series: SeriesStore, sqlite: Engine, tmp_path: Path, kind: FileKind
) -> None:
    path = tmp_path / "file"
    tables = reading_chunks(full, full.known_series(), EVER, rows=40)
    path.write_bytes(b"".join(streamed(kind, tables, READINGS)))
    report = taken_in(empty_series, sqlite, path, kind)
    assert (report.problems.count, report.written) == (0, 254)
    assert everything(empty_series).equals(everything(full))
    # And back, from whatever store that is.
    back = MemorySeriesStore()
    for table in reading_chunks(empty_series, empty_series.known_series(), EVER):
        back.write_readings(table)
    assert everything(back).equals(everything(full))


def test_what_was_taken_in_is_marked_and_told(
    full: SeriesStore, records: Engine, tmp_path: Path
) -> None:
    file = file_of(tmp_path / "file.csv", FileKind.CSV, everything(full))
    store = MemorySeriesStore()
    taken_in(store, records, file.path, file.kind)
    assert marks(records) == set(touched_by(everything(full)))
    assert ("off", "", "water_m3", at(3)) in marks(records)
    entry = Ledger(records).entries()[-1]
    assert (entry.action, entry.actor) == ("readings_imported", "tester")
    assert Ledger(records).detail_of(entry)["written"] == 254


def test_taking_in_twice_is_taking_in_once(
    full: SeriesStore, sqlite: Engine, tmp_path: Path
) -> None:
    file = file_of(tmp_path / "file.csv", FileKind.CSV, everything(full))
    store = MemorySeriesStore()
    taken_in(store, sqlite, file.path, file.kind)
    again = taken_in(store, sqlite, file.path, file.kind)
    assert (again.written, again.duplicates) == (0, 254)
    assert everything(store).equals(everything(full))


def test_a_wrong_line_leaves_everything_as_it_was(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(
        "time,device,quantity,value\n2023-01-01T00:00Z,d,water_m3,1\n2023-01-01T00:00Z,d,water_m3,x\n"
    )
    store = MemorySeriesStore()
    report = taken_in(store, sqlite, path, FileKind.CSV)
    assert report.problems.count == 1
    assert store.known_series() == []
    assert marks(sqlite) == set()


class Failing(MemorySeriesStore):
    """Fails at the second write."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def write_readings(self, readings: pa.Table):  # type: ignore[no-untyped-def]
        self.calls += 1
        if self.calls == 2:
            raise StoreError("the series store must take writes, it does not")
        return super().write_readings(readings)


def test_a_large_file_has_its_time_computed_whole(
    full: SeriesStore, sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MARKS_LIMIT", 10)
    file = file_of(tmp_path / "file.csv", FileKind.CSV, everything(full))
    taken_in(MemorySeriesStore(), sqlite, file.path, file.kind)
    assert marks(sqlite) == set()
    with sqlite.connect() as conn:
        asked = read_fact(conn, "recompute", [])
        assert read_fact(conn, importing.UNDER_WAY, {}) == {}
    assert [request["from"] for request in asked] == [START.isoformat()]


def test_a_large_file_that_broke_off_is_computed_all_the_same(
    full: SeriesStore, sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MARKS_LIMIT", 10)
    monkeypatch.setattr("quotawatt.keeping.sources._ROWS", 100)
    file = file_of(tmp_path / "file.parquet", FileKind.PARQUET, everything(full))
    report, count = check_file(file, lambda step, lines: None)
    with pytest.raises(StoreError):
        write_file(file, report, count, Target(Failing(), sqlite, lambda: NOW))
    with sqlite.begin() as conn:
        assert not settle_broken(conn, NOW + BROKEN_AFTER - timedelta(seconds=1))
        assert settle_broken(conn, NOW + BROKEN_AFTER)
        assert not settle_broken(conn, NOW + 2 * BROKEN_AFTER)
        assert [r["from"] for r in read_fact(conn, "recompute", [])] == [START.isoformat()]


def test_a_horizon_that_moves_meanwhile_stops_an_import(
    full: SeriesStore, sqlite: Engine, tmp_path: Path
) -> None:
    file = file_of(tmp_path / "file.csv", FileKind.CSV, everything(full))
    report, count = check_file(file, lambda step, lines: None)
    with sqlite.begin() as conn:
        announce_horizon(conn, START + timedelta(days=40))
    store = MemorySeriesStore()
    with pytest.raises(StateError, match="raw_expired"):
        write_file(file, report, count, Target(store, sqlite, lambda: NOW))
    assert store.known_series() == []
    assert marks(sqlite) == set()


def test_a_large_file_after_a_gap_has_the_gap_computed(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passed since the meter's last reading belongs to the first one of the file."""
    monkeypatch.setattr(importing, "MARKS_LIMIT", 10)
    found = [Reading("dev-1", "", IMPORT, at(k), 100.0 + k, at(k)) for k in (0, *range(30, 60))]
    store = MemorySeriesStore()
    store.write_readings(readings_table(found[:1]))
    file = file_of(tmp_path / "file.csv", FileKind.CSV, readings_table(found[1:]))
    taken_in(store, sqlite, file.path, file.kind)
    with sqlite.connect() as conn:
        assert [r["from"] for r in read_fact(conn, "recompute", [])] == [START.isoformat()]


def test_two_imports_at_a_time_are_both_computed(
    full: SeriesStore, sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second, of later readings, ends while the first one is in the midst and then breaks off."""
    monkeypatch.setattr(importing, "MARKS_LIMIT", 10)
    with sqlite.begin() as conn:
        lock_fact(conn, importing.UNDER_WAY, {})
        first = {"from": (START - timedelta(days=3)).isoformat(), "at": NOW.isoformat()}
        put_fact(conn, importing.UNDER_WAY, first)
    file = file_of(tmp_path / "file.csv", FileKind.CSV, everything(full))
    taken_in(MemorySeriesStore(), sqlite, file.path, file.kind)
    with sqlite.connect() as conn:
        assert [r["from"] for r in read_fact(conn, "recompute", [])] == [first["from"]]


def test_only_what_is_wanted_is_taken_out(full: SeriesStore) -> None:
    bound = register()
    bindings = [
        Binding("dev-1", "MTR-1", START),
        Binding("late", "BLD-1", START, quantity="gas_m3"),
    ]
    town = Register(
        **{k: getattr(bound, k) for k in ("headcounts",)},
        organisations=list(bound.organisations.values()),
        sites=list(bound.sites.values()),
        buildings=list(bound.buildings.values()),
        meters=list(bound.meters.values()),
        bindings=bindings,
    )

    def devices(**wanted: list[str]) -> set[str]:
        return {key.device for key in wanted_series(full, town, Wanted(**wanted))}  # type: ignore[arg-type]

    assert devices(assets=["MTR-1"]) == {"dev-1", "asset:MTR-1"}
    assert devices(assets=["BLD-1"], quantities=["gas_m3"]) == {"late"}
    assert devices(devices=["off"]) == {"off"}
    assert devices(quantities=["voltage_v"]) == {'a,"b"\n 设备'}
    with pytest.raises(NotFoundError):
        devices(assets=["MTR-9"])
    with pytest.raises(InputError):
        devices(quantities=["water_l"])


def test_frozen_results_move_with_their_horizon(empty_series: SeriesStore, tmp_path: Path) -> None:
    rows = [
        {"subject": "MTR-1", "measure": IMPORT, "start": at(k), "value": k / 3, "quality": "measured",
         "coverage": 1.0, "revision": 0, "withdrawn": False}
        for k in range(48)
    ]  # fmt: skip
    source = MemorySeriesStore()
    for grain in (Grain.HOUR, Grain.DAY):
        source.write_results(grain, pa.Table.from_pylist(rows, schema=RESULTS))
    horizon = at(24)
    path = tmp_path / "results.parquet"
    schema = results_schema(horizon)
    path.write_bytes(b"".join(streamed(FileKind.PARQUET, frozen_results(source, horizon), schema)))
    records = open_records("sqlite", tmp_path / "records")
    assert import_results(path, empty_series, records, "tester", NOW) == (48, horizon)
    with records.connect() as conn:
        assert raw_horizon(conn) == frozen_before(conn) == horizon
    for grain in (Grain.HOUR, Grain.DAY):
        moved = pa.concat_tables(result_chunks(empty_series, grain, EVER))
        expected = source.read_results(grain, None, [IMPORT], Span(EVER.start, horizon))
        assert moved.equals(expected)
    records.dispose()


def test_results_are_moved_only_where_they_are_frozen(sqlite: Engine, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="results must be frozen to be moved as such"):
        require_frozen(None)
    file = file_of(tmp_path / "file.parquet", FileKind.PARQUET, assorted())
    with pytest.raises(InputError, match="a file of results must be one that"):
        import_results(file.path, MemorySeriesStore(), sqlite, "tester", NOW)


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=300),
    st.integers(1, 50),
)
def test_pieces_hold_everything_once_and_few_rows(minutes: list[int], rows: int) -> None:
    times = [START + timedelta(minutes=m) for m in minutes]

    def count(span: Span) -> int:
        return sum(span.contains(time) for time in times)

    found = list(pieces(count, EVER, rows))
    assert sum(map(count, found)) == len(times)
    assert all(a.end <= b.start for a, b in pairwise(found))
    short = timedelta(minutes=1)
    assert all(count(span) <= rows or span.end - span.start <= short for span in found)


def test_a_series_of_nothing_but_suspect_readings_is_there(full: SeriesStore) -> None:
    key = SeriesKey("off", "", "water_m3")
    assert key in full.known_series()
    tables = list(reading_chunks(full, [key], EVER))
    assert sum(len(table) for table in tables) == 2
    assert pc.all(pc.equal(pa.concat_tables(tables)["quality"], "suspect")).as_py()
    assert list(reading_chunks(full, [key], Span(START + 4 * HOUR, EVER.end))) == []
