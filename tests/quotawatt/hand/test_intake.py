"""The way in: kept with the ledger, written to the series store, and made good after a failure."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from quotawatt.errors import NotFoundError, RegisterError, StateError, StoreError
from quotawatt.hand import book
from quotawatt.hand.documents import document_of
from quotawatt.hand.drafting import drafted
from quotawatt.hand.intake import (
    Act,
    Wish,
    attach,
    correct,
    enter,
    plan_within,
    require_no_correction,
    withdraw,
)
from quotawatt.hand.settling import settle
from quotawatt.ledger import Ledger
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.register.rows import Row
from quotawatt.spans import Span
from quotawatt.storage.horizon import announce_horizon
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import WriteReport
from tests.quotawatt.hand.world import NOW, SETTING, bill, reading

EVER = Span(datetime(2020, 1, 1, tzinfo=UTC), NOW)
ACT = Act("somebody", NOW, {"source": "a test"})


class FailingStore(MemorySeriesStore):
    """A series store that fails while it is told to."""

    fails = True

    def write_readings(self, readings: pa.Table) -> WriteReport:
        if self.fails:
            raise StoreError("the series store must answer, got nothing")
        return super().write_readings(readings)


def wish(*rows: Row, form: str = "hand_readings") -> Wish:
    return Wish(*drafted({form: rows}, SETTING))


def shown(series: MemorySeriesStore, asset: str = "WATER") -> list[tuple[float, str, int]]:
    key = SeriesKey(f"asset:{asset}", "", "water_m3")
    rows: list[dict[str, Any]] = series.read_readings([key], EVER).to_pylist()
    return [(row["value"], row["quality"], row["revision"]) for row in rows]


def test_what_the_series_store_refused_is_written_later(records: Engine) -> None:
    series = FailingStore()
    with pytest.raises(StoreError):
        enter(series, records, wish(reading("2024-05-01", 7.0)), SETTING, ACT)
    with records.connect() as conn:
        assert [one.written for one in book.revisions_of(conn, 1)] == [False]
    series.fails = False
    assert settle(series, records) == 1
    assert shown(series) == [(7.0, "measured", 1)]
    assert settle(series, records) == 0


def test_a_correction_before_the_first_was_written_wins(records: Engine) -> None:
    series = FailingStore()
    with pytest.raises(StoreError):
        enter(series, records, wish(reading("2024-05-01", 7.0)), SETTING, ACT)
    with pytest.raises(StoreError):
        correct(series, records, 1, wish(reading("2024-05-01", 8.0)), SETTING, ACT)
    series.fails = False
    settle(series, records)
    assert shown(series) == [(8.0, "measured", 2)]


def test_what_is_by_hand_stands_above_what_was_imported(records: Engine) -> None:
    series = MemorySeriesStore()
    enter(series, records, wish(reading("2024-05-01", 7.0)), SETTING, ACT)
    key = SeriesKey("asset:WATER", "", "water_m3")
    (row,) = series.read_readings([key], EVER).to_pylist()
    series.write_readings(readings_table([Reading(**{**row, "value": 99.0, "revision": 5})]))
    correct(series, records, 1, wish(reading("2024-05-01", 8.0)), SETTING, ACT)
    assert shown(series) == [(8.0, "measured", 7)]
    withdraw(series, records, 1, ACT)
    assert [quality for _, quality, _ in shown(series)] == ["suspect"]
    assert settle(series, records) == 0


def test_a_note_or_document_leaves_the_series_alone(records: Engine) -> None:
    series = MemorySeriesStore()
    enter(series, records, wish(reading("2024-05-01", 7.0)), SETTING, ACT)
    noted = correct(series, records, 1, wish(reading("2024-05-01", 7.0, note="ok")), SETTING, ACT)
    scan = document_of("a.pdf", b"%PDF-1.7 a bill")
    kept = attach(records, 1, scan, ACT)
    assert (noted.revision, kept.revision, kept.entry.document) == (2, 3, scan.sha256)
    assert attach(records, 1, scan, ACT).revision == 3
    assert settle(series, records) == 0
    assert shown(series) == [(7.0, "measured", 1)]


def test_nothing_is_kept_where_anything_is_wrong(records: Engine) -> None:
    series = MemorySeriesStore()
    both = wish(reading("2024-05-01", 7.0), reading("2024-06-01", 6.0))
    with pytest.raises(RegisterError) as caught:
        enter(series, records, both, SETTING, ACT)
    assert [p.split(",")[-1] for p in caught.value.problems] == [" got 6.0"]
    with records.connect() as conn:
        assert book.standing_entries(conn, [("WATER", "water_m3")]) == []
    assert Ledger(records).entries() == []


def test_the_ledger_has_before_and_after(records: Engine) -> None:
    series = MemorySeriesStore()
    rows = [reading("2024-05-01", 7.0), reading("2024-05-01", 70.0, "HEAT")]
    enter(series, records, wish(*rows), SETTING, ACT)
    correct(series, records, 1, wish(reading("2024-05-01", 8.0)), SETTING, ACT)
    withdraw(series, records, 1, ACT)
    ledger = Ledger(records)
    entered, corrected, gone = ledger.entries()
    assert (entered.action, entered.subject) == ("hand_entered", "hand")
    assert ledger.detail_of(entered)["source"] == "a test"
    told = ledger.detail_of(corrected)
    assert (told["before"][0]["value"], told["after"][0]["value"]) == (7.0, 8.0)
    assert (corrected.action, corrected.subject) == ("hand_corrected", "WATER")
    assert (gone.action, ledger.detail_of(gone)["after"][0]["withdrawn"]) == (
        "hand_withdrawn",
        True,
    )
    assert ledger.verify() == []


def test_one_corrects_by_the_number_only(records: Engine) -> None:
    series = MemorySeriesStore()
    enter(series, records, wish(reading("2024-05-01", 7.0)), SETTING, ACT)
    other = wish(reading("2024-05-01", 8.0))
    with pytest.raises(StateError, match="number 1"):
        enter(series, records, other, SETTING, ACT, require_no_correction)
    assert shown(series) == [(7.0, "measured", 1)]
    with pytest.raises(NotFoundError):
        correct(series, records, 9, wish(reading("2024-05-01", 8.0)), SETTING, ACT)


def test_what_is_frozen_stays(records: Engine) -> None:
    series = MemorySeriesStore()
    enter(
        series,
        records,
        wish(bill("2024-04-01", "2024-04-30", 9.0), form="hand_bills"),
        SETTING,
        ACT,
    )
    with records.begin() as conn:
        announce_horizon(conn, datetime(2024, 5, 1, tzinfo=UTC))
    with pytest.raises(StateError, match="raw_expired"):
        withdraw(series, records, 1, ACT)
    later = wish(bill("2024-06-01", "2024-06-30", 9.0), form="hand_bills")
    with pytest.raises(StateError, match="raw_expired"):
        correct(series, records, 1, later, SETTING, ACT)
    with records.connect() as conn:
        early = plan_within(conn, wish(reading("2024-04-01", 1.0)), SETTING)
    assert [p.rule.code for p in early.problems] == ["raw_expired"]
