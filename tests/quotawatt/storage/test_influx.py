"""The InfluxDB adapter beyond the contract: what it knows after a restart, what it asks the server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.influx import InfluxSeriesStore
from tests.conftest import InfluxDatabase

pytestmark = pytest.mark.influx

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
