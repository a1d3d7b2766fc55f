"""Positions older than the settings keep become thin, once no trip from before waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, insert

from analytics.jobs.keeper import Keeper
from analytics.jobs.thinning import thin_positions
from quotawatt.ledger import Ledger
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import fleet_touched
from quotawatt.storage.horizon import announce_horizon, freeze_results, thinned_before
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 5, 31, 12, tzinfo=ZONE).astimezone(UTC)
HORIZON = datetime(2024, 4, 30, tzinfo=ZONE)
SETTINGS = Settings(keep_positions_days=31)
EVER = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
NORTH, ODOMETER = (SeriesKey("car", "", name) for name in ("latitude_deg", "odometer_km"))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """An empty record store."""
    engine = open_records("sqlite", tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def series() -> MemorySeriesStore:
    """A position and the odometer each five minutes, from three days before the horizon to one after."""
    times = [HORIZON - timedelta(days=3) + n * timedelta(minutes=5) for n in range(4 * 288)]
    store = MemorySeriesStore()
    store.write_readings(
        readings_table(
            Reading(*key, time.astimezone(UTC), 36.0, time.astimezone(UTC))
            for key in (NORTH, ODOMETER)
            for time in times
        )
    )
    return store


def counts(series: MemorySeriesStore, key: SeriesKey) -> tuple[int, int]:
    """How many readings there are before the horizon, and from it on."""
    times = series.read_readings([key], EVER)["time"].to_pylist()
    before = sum(time < HORIZON for time in times)
    return before, len(times) - before


def horizon(records: Engine) -> datetime | None:
    with records.connect() as conn:
        return thinned_before(conn)


def test_what_is_old_is_thin_and_the_rest_as_it_came(
    series: MemorySeriesStore, records: Engine
) -> None:
    assert thin_positions(series, records, SETTINGS, NOW) == HORIZON
    assert counts(series, NORTH) == (3 * 96, 288)
    assert counts(series, ODOMETER) == (3 * 288, 288)
    assert horizon(records) == HORIZON
    assert thin_positions(series, records, SETTINGS, NOW) is None
    tomorrow = NOW + timedelta(days=1)
    assert thin_positions(series, records, SETTINGS, tomorrow) == HORIZON + timedelta(days=1)
    assert counts(series, NORTH) == (3 * 96, 96)


def test_minutes_and_days_are_settings(series: MemorySeriesStore, records: Engine) -> None:
    assert thin_positions(series, records, Settings(keep_positions_days=0), NOW) is None
    assert counts(series, NORTH) == (3 * 288, 288)
    hourly = Settings(keep_positions_days=31, positions_every_min=60)
    thin_positions(series, records, hourly, NOW)
    assert counts(series, NORTH) == (3 * 24, 288)


def test_nothing_is_thinned_while_a_trip_from_before_waits(
    series: MemorySeriesStore, records: Engine
) -> None:
    waiting = {"vehicle": "CAR", "since": HORIZON - timedelta(hours=1), "generation": 1}
    with records.begin() as conn:
        conn.execute(insert(fleet_touched).values(waiting))
    assert thin_positions(series, records, SETTINGS, NOW) is None
    assert (counts(series, NORTH), horizon(records)) == ((3 * 288, 288), None)
    with records.begin() as conn:
        conn.execute(delete(fleet_touched))
        conn.execute(insert(fleet_touched).values({**waiting, "since": HORIZON}))
    assert thin_positions(series, records, SETTINGS, NOW) == HORIZON


def test_the_keeper_does_it_and_the_ledger_tells(
    series: MemorySeriesStore, records: Engine
) -> None:
    report = Keeper(series, records, Register, SETTINGS).run(NOW)
    assert report.went == {"positions": HORIZON}
    book = Ledger(records)
    (entry,) = book.entries()
    assert entry.action == "positions_thinned"
    assert book.detail_of(entry) == {
        "positions_before": HORIZON.astimezone(UTC).isoformat(),
        "every_min": 15,
    }


def test_where_nothing_moves_old_logs_may_still_come_in(
    series: MemorySeriesStore, records: Engine
) -> None:
    assert thin_positions(MemorySeriesStore(), records, SETTINGS, NOW) is None
    assert horizon(records) is None
    assert thin_positions(series, records, SETTINGS, NOW) == HORIZON


def test_what_has_no_readings_has_no_positions(records: Engine) -> None:
    later = HORIZON + timedelta(days=9)
    with records.begin() as conn:
        announce_horizon(conn, later)
        freeze_results(conn, later)
    assert horizon(records) == later
