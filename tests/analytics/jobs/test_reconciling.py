"""The check of books against telemetry on real stores: record store and DuckDB."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from analytics.jobs.reconciling import Reconciler
from quotawatt.readings import readings_table
from quotawatt.register.findings_book import BookReport
from quotawatt.register.findings_decisions import accept
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings, seen_devices
from tests.analytics.reconciliation.worlds import BUILDING, DAY, METER, NOW, hourly, register


class Bench:
    """The stores of one installation, and its check; ``book`` is its register."""

    def __init__(self, folder: Path) -> None:
        self.records: Engine = open_records("sqlite", folder)
        self.series = DuckDbSeriesStore(folder / "series.duckdb")
        self.book: Register = register()
        self.check = Reconciler(
            self.series, self.records, lambda: self.book, Rulebook(), Settings(home=folder)
        )

    def listed(self, state: str = "open") -> list[tuple[str, str]]:
        with self.records.connect() as conn:
            rows = conn.execute(select(findings).where(findings.c.state == state))
            return sorted((r.code, r.subject) for r in rows)

    def number(self, code: str) -> int:
        with self.records.connect() as conn:
            chosen = select(findings.c.id).where(findings.c.code == code)
            return int(conn.execute(chosen).scalar_one())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.series.write_readings(readings_table(hourly("d-1")))
    yield made
    made.series.close()
    made.records.dispose()


def test_books_that_agree_with_telemetry_give_nothing(bench: Bench) -> None:
    assert bench.check.run(NOW) == BookReport(0, 0, 0, 0)


def test_what_differs_is_listed_cleared_and_never_repeats(bench: Bench) -> None:
    later = NOW + 3 * DAY
    assert bench.check.run(later) == BookReport(1, 0, 0, 0)
    assert bench.listed() == [("meter_silent", "M-1")]
    assert bench.check.run(later + DAY) == BookReport(0, 1, 0, 0)
    accept(bench.records, bench.number("meter_silent"), "li", "works on the riser", later + DAY)
    assert bench.check.run(later + 2 * DAY) == BookReport(0, 0, 0, 1)
    assert bench.listed() == []
    bench.book = register(meters=[replace(METER, status="idle")])
    assert bench.check.run(later + 3 * DAY) == BookReport(0, 0, 0, 0)


def test_seen_devices_and_long_silence_come_from_the_stores(bench: Bench) -> None:
    at = NOW + 99 * DAY
    row = {
        "device": "x-9",
        "profile": "native",
        "topic": "a/x-9",
        "first_seen": at - DAY,
        "last_seen": at,
        "messages": 9,
        "payload": b"{}",
        "payload_bytes": 2,
        "offers": [{"channel": "", "quantity": "water_m3", "value": 5.0, "time": at.isoformat()}],
        "kept": 0,
        "kept_bytes": 0,
        "dropped": 0,
    }
    with bench.records.begin() as conn:
        conn.execute(insert(seen_devices), [row])
    bench.check.run(at)
    assert bench.listed() == [("device_unregistered", "x-9"), ("meter_silent", "M-1")]


def test_an_undated_change_of_area_is_found_until_it_is_accepted(bench: Bench) -> None:
    bench.check.run(NOW)
    bench.book = register(buildings=[replace(BUILDING, gross_area_m2=1300.0)])
    hour = timedelta(hours=1)
    assert bench.check.run(NOW + hour).opened == 1
    assert bench.check.run(NOW + 2 * hour) == BookReport(0, 1, 0, 0)
    accept(bench.records, bench.number("changed_without_date"), "li", "survey of May", NOW)
    assert bench.check.run(NOW + 3 * hour) == BookReport(0, 0, 0, 1)
    assert bench.check.run(NOW + 4 * hour) == BookReport(0, 0, 0, 0)
    assert bench.listed("accepted") == [("changed_without_date", "B-1")]


def test_it_is_due_at_once_and_then_each_morning(bench: Bench) -> None:
    def due(at: datetime) -> bool:
        return bench.check.run_if_due(at) is not None

    # NOW is 10 o'clock on Monday in Shanghai.
    assert due(NOW)
    assert not due(NOW)
    assert not due(NOW + timedelta(hours=13))
    tuesday_four, tuesday_five = NOW + timedelta(hours=18), NOW + timedelta(hours=19)
    assert not due(tuesday_four)
    assert due(tuesday_five)
    assert not due(tuesday_five + timedelta(hours=12))
    assert due(tuesday_five + 5 * DAY)


def test_a_clock_that_ran_ahead_does_not_stop_the_checks(bench: Bench) -> None:
    assert bench.check.run_if_due(NOW + 900 * DAY) is not None
    assert bench.check.run_if_due(NOW) is not None
    assert bench.check.run_if_due(NOW) is None
