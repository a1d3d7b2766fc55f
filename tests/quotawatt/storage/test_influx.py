"""The InfluxDB adapter beyond the contract: what it knows after a restart, what it asks the server."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotawatt.errors import InputError, StoreError
from quotawatt.quantities import QUANTITIES
from quotawatt.readings import Quality, Reading, SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.influx import REMEMBERED_S, InfluxSeriesStore
from quotawatt.storage.memory import MemorySeriesStore
from tests.conftest import InfluxDatabase

pytestmark = pytest.mark.influx

_numbers = count(1)

T0 = datetime(2023, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
METER = SeriesKey("meter-1", "", "electricity_import_kwh")


@pytest.fixture
def store(influxdb: InfluxDatabase) -> Iterator[InfluxSeriesStore]:
    opened = _open(influxdb)
    yield opened
    opened.close()


def _open(database: InfluxDatabase) -> InfluxSeriesStore:
    return InfluxSeriesStore(database.url, "", "quotawatt", database.name)


def _write(store: InfluxSeriesStore, *minutes: int, value: float = 1.0) -> tuple[int, int, int]:
    batch = [Reading(*METER, T0 + minute * MINUTE, value, T0) for minute in minutes]
    report = store.write_readings(readings_table(batch))
    return report.written, report.duplicates, len(report.conflicts)


def test_another_process_knows_what_the_first_one_wrote(
    store: InfluxSeriesStore, influxdb: InfluxDatabase
) -> None:
    _write(store, 0, 15, value=5)
    other = _open(influxdb)
    assert _write(other, 0, 15, 30, value=5) == (1, 2, 0)
    assert _write(other, 15, value=4) == (0, 1, 1)
    assert _write(other, 0, value=9) == (1, 0, 1)
    table = other.read_readings([METER], Span(T0, T0 + 60 * MINUTE))
    assert table["value"].to_pylist() == [9, 5, 5]
    other.close()


class _Clock:
    """A clock that stands until it is moved on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def _rival_stores(
    database: InfluxDatabase, shared: bool
) -> tuple[InfluxSeriesStore, InfluxSeriesStore, _Clock]:
    """Two stores on one database, as two processes have them, and their clock."""
    clock = _Clock()
    one, other = (
        InfluxSeriesStore(database.url, "", "quotawatt", database.name, shared, clock)
        for _ in range(2)
    )
    return one, other, clock


def test_collectors_that_share_their_devices_see_what_the_others_wrote(
    influxdb: InfluxDatabase,
) -> None:
    one, other, _ = _rival_stores(influxdb, shared=True)
    _write(one, 0, value=5)
    _write(other, 0, value=5)
    assert _write(other, 15, 30, value=9) == (2, 0, 0)
    # Later than all that this store wrote itself.
    assert _write(one, 15, value=4) == (0, 1, 1)
    assert _write(one, 30, 45, value=10) == (2, 0, 1)
    assert _write(other, 45, value=9) == (0, 1, 1)
    table = other.read_readings([METER], Span(T0, T0 + 60 * MINUTE))
    assert table["value"].to_pylist() == [5, 9, 10, 10]
    one.close()
    other.close()


def test_what_another_process_wrote_is_seen_once_what_is_known_has_grown_old(
    influxdb: InfluxDatabase,
) -> None:
    one, other, clock = _rival_stores(influxdb, shared=False)
    _write(one, 0)
    _write(other, 15, value=9)
    clock.now_s += REMEMBERED_S
    assert _write(one, 15, 30, value=4) == (1, 1, 1)
    _write(other, 45, value=9)
    # Known for a moment: written over, and nobody is told. The store's documents say so.
    assert _write(one, 45, value=4) == (1, 0, 0)
    clock.now_s += REMEMBERED_S
    assert _write(one, 45, 60, value=4) == (1, 1, 0)
    one.close()
    other.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    writes=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.dictionaries(st.integers(0, 6), st.integers(0, 2), min_size=1, max_size=4),
        ),
        max_size=12,
    )
)
def test_whichever_collector_of_a_share_writes_the_same_reading_wins(
    influxdb: InfluxDatabase, writes: list[tuple[int, dict[int, int]]]
) -> None:
    key = SeriesKey(f"meter-{next(_numbers)}", "", "electricity_import_kwh")
    stores = _rival_stores(influxdb, shared=True)[:2]
    best: dict[int, int] = {}
    for who, values in writes:
        batch = [Reading(*key, T0 + m * MINUTE, value, T0) for m, value in values.items()]
        report = stores[who].write_readings(readings_table(batch))
        known = {m for m in values if m in best}
        assert len(report.conflicts) == sum(values[m] != best[m] for m in known)
        best |= {m: max(value, best.get(m, value)) for m, value in values.items()}
    table = stores[0].read_readings([key], Span(T0, T0 + 60 * MINUTE))
    assert table["value"].to_pylist() == [best[minute] for minute in sorted(best)]
    for store in stores:
        store.close()


def test_a_batch_that_comes_again_costs_few_questions(
    store: InfluxSeriesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = readings_table(
        Reading(f"meter-{n:03}", "", "voltage_v", T0 + n * timedelta(seconds=1), n, T0)
        for n in range(300)
    )
    store.write_readings(batch)
    asked: list[str] = []
    query = store._server.query

    def listen(statement: str) -> object:
        asked.extend(statement.split("; "))
        return query(statement)

    monkeypatch.setattr(store._server, "query", listen)
    assert store.write_readings(batch).duplicates == 300
    assert len(asked) == 3


def test_what_arrives_in_order_is_written_without_a_question(
    store: InfluxSeriesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(store, 0)
    asked: list[str] = []
    query = store._server.query

    def listen(statement: str) -> object:
        asked.append(statement)
        return query(statement)

    monkeypatch.setattr(store._server, "query", listen)
    _write(store, 15, 30)
    assert asked == []
    assert _write(store, 15) == (0, 1, 0)
    assert len(asked) == 1


def _message(minute: int, values: Mapping[str, float], arrived: int = 0) -> list[Reading]:
    """Readings of several quantities of one device at one instant."""
    at, came = T0 + minute * MINUTE, T0 + arrived * MINUTE
    return [Reading("meter-1", "", quantity, at, value, came) for quantity, value in values.items()]


def test_a_message_is_one_point_of_its_values_and_its_arrival(store: InfluxSeriesStore) -> None:
    store.write_readings(
        readings_table(_message(0, {"voltage_v": 230.5, "current_a": 2, "frequency_hz": 50}))
    )
    (series,) = store._server.query("SELECT * FROM readings")
    at = int(T0.timestamp()) * 1_000_000
    assert dict(zip(series.columns, *series.rows, strict=True)) == {
        "time": at,
        "arrived": at,
        "device": "meter-1",
        "voltage_v": 230.5,
        "current_a": 2,
        "frequency_hz": 50,
    }


def test_every_quantity_has_a_field_and_comes_back(store: InfluxSeriesStore) -> None:
    table = readings_table(_message(0, {name: n / 7 for n, name in enumerate(sorted(QUANTITIES))}))
    store.write_readings(table)
    keys = [SeriesKey("meter-1", "", name) for name in QUANTITIES]
    assert store.read_readings(keys, Span(T0, T0 + MINUTE)).equals(table)
    assert store.last_readings(T0 + MINUTE).equals(table)


def test_messages_of_one_instant_share_a_point_and_the_arrival_of_the_last(
    store: InfluxSeriesStore,
) -> None:
    store.write_readings(readings_table(_message(0, {"voltage_v": 230}, arrived=1)))
    store.write_readings(readings_table(_message(0, {"current_a": 5}, arrived=2)))
    again = store.write_readings(readings_table(_message(0, {"voltage_v": 230}, arrived=9)))
    assert (again.written, again.duplicates) == (0, 1)
    keys = [SeriesKey("meter-1", "", name) for name in ("voltage_v", "current_a")]
    rows = store.read_readings(keys, Span(T0, T0 + MINUTE)).to_pylist()
    assert [(row["quantity"], row["value"], row["arrived"]) for row in rows] == [
        ("current_a", 5, T0 + 2 * MINUTE),
        ("voltage_v", 230, T0 + 2 * MINUTE),
    ]


def test_large_values_that_the_server_answers_like_integers_are_read(
    store: InfluxSeriesStore,
) -> None:
    large = [1e17, 100000000000000020.0, 123456789012345680000.0, -9e20]
    batch = [
        Reading(*METER, T0 + n * MINUTE, value, T0, 0, Quality.SUSPECT, "out_of_range")
        for n, value in enumerate(large)
    ]
    store.write_readings(readings_table(batch))
    table = store.read_readings([METER], Span(T0, T0 + 60 * MINUTE))
    assert table["value"].to_pylist() == large


def test_an_unknown_quantity_is_refused_on_writing_and_not_there_on_reading(
    store: InfluxSeriesStore,
) -> None:
    with pytest.raises(InputError, match="a quantity must be one of"):
        store.write_readings(readings_table(_message(0, {"timed_by_server": 1})))
    strange = SeriesKey("meter-1", "", "value) FROM readings; DROP DATABASE x --")
    assert len(store.read_readings([strange], Span(T0, T0 + MINUTE), context=1)) == 0


def test_after_a_write_that_failed_the_server_is_asked_what_it_has(
    store: InfluxSeriesStore, influxdb: InfluxDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(store, 0)
    write = store._server.write

    def fail_after_writing(lines: bytes) -> None:
        write(lines)
        raise StoreError("InfluxDB must answer, it does not")

    monkeypatch.setattr(store._server, "write", fail_after_writing)
    with pytest.raises(StoreError):
        _write(store, 15)
    monkeypatch.undo()
    assert _write(store, 15, 30) == (1, 1, 0)


_POINTS = st.lists(
    st.tuples(
        st.sampled_from(["", "L1"]),
        st.sampled_from(["voltage_v", "current_a", "heat_gj"]),
        st.integers(0, 5),
        st.integers(0, 3),
        st.integers(0, 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(points=_POINTS, cuts=st.sets(st.integers(1, 29)))
def test_what_is_written_wide_is_read_like_from_the_store_in_memory(
    store: InfluxSeriesStore,
    points: list[tuple[str, str, int, int, int, bool]],
    cuts: set[int],
) -> None:
    # A device of its own, so that one database serves all examples.
    device = f"meter-{next(_numbers)}"
    batch = [_rival(device, *point) for point in points]
    plain = MemorySeriesStore()
    edges = [0, *sorted(cut for cut in cuts if cut < len(batch)), len(batch)]
    for start, end in pairwise(edges):
        table = readings_table(batch[start:end])
        reports = [one.write_readings(table) for one in (store, plain)]
        assert reports[0].written == reports[1].written
    keys = {SeriesKey(r.device, r.channel, r.quantity) for r in batch}
    span = Span(T0 + 2 * MINUTE, T0 + 4 * MINUTE)
    for context in (0, 1, 9):
        expected = plain.read_readings(keys, span, context)
        assert store.read_readings(keys, span, context).equals(expected)
    found = store.last_readings(T0 + 5 * MINUTE)
    mine = found.filter(pc.equal(found["device"], pa.scalar(device)))
    assert mine.equals(plain.last_readings(T0 + 5 * MINUTE))


def _rival(
    device: str, channel: str, quantity: str, minute: int, value: int, revision: int, suspect: bool
) -> Reading:
    """A reading whose quality follows from its value, so that equal ones are equal in everything."""
    sound = (Quality.MEASURED, Quality.ESTIMATED, Quality.MEASURED, Quality.MISSING)[value]
    return Reading(
        device,
        channel,
        quantity,
        T0 + minute * MINUTE,
        value,
        T0 + (minute + 1) * MINUTE,
        revision,
        Quality.SUSPECT if suspect else sound,
        f"because {value}" if suspect or value == 1 else "",
        timed_by_server=minute == 3,
    )
