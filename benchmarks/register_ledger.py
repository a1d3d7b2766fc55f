"""The ledger: how many entries a second are appended, and how long a long chain takes to be verified."""

import gc
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, update

from benchmarks.register_rig import POSTGRESQL, SQLITE, Homes
from benchmarks.report import Figure
from quotawatt.app.memory import PeakMemory
from quotawatt.ledger import Ledger, LedgerEntry
from quotawatt.ledger.chain import HEAD_ID
from quotawatt.ledger.entry import Link
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger, ledger_head

_AT = datetime(2025, 1, 1, tzinfo=UTC)
_CHUNK = 20_000
_DETAIL = '{"after":"1200.0","before":"1000.0","column":"gross_area_m2"}'


def ledger_figures(homes: Homes, appended: int, verified: int) -> Iterator[Figure]:
    """Appending on both databases, verifying on SQLite."""
    for store in (POSTGRESQL, SQLITE):
        home = homes.fresh(store)
        records = open_records(home.url, home.folder)
        try:
            yield Figure(
                f"ledger on {store}: appended", _append_rate(records, appended), "entries/s"
            )
            if store == SQLITE:
                _fill(records, verified)
                yield from _verify(records, verified)
        finally:
            records.dispose()


def _append_rate(records: Engine, count: int) -> float:
    """One entry a transaction, each on the disk before the next."""
    book = Ledger(records)
    began = time.perf_counter()
    for number in range(count):
        with records.begin() as conn:
            book.append(
                conn,
                at=_AT,
                actor="benchmark",
                action="record_changed",
                subject=f"B-{number}",
                detail={"column": "gross_area_m2"},
                before={"gross_area_m2": 1000.0},
                after={"gross_area_m2": 1200.0},
            )
    return count / (time.perf_counter() - began)


def _fill(records: Engine, total: int) -> None:
    """Lengthen the chain to that many entries, many a transaction."""
    head = Ledger(records).head()
    while head.seq < total:
        with records.begin() as conn:
            head = _lengthen(conn, head, min(_CHUNK, total - head.seq))


def _lengthen(conn: Connection, head: Link, count: int) -> Link:
    rows = []
    for seq in range(head.seq + 1, head.seq + 1 + count):
        at = _AT + timedelta(seconds=seq)
        entry = LedgerEntry(seq, at, "benchmark", "changed", f"B-{seq}", _DETAIL, head.hash, "")
        head = Link(seq, entry.expected_hash())
        rows.append({**asdict(entry), "hash": head.hash})
    conn.execute(insert(ledger), rows)
    conn.execute(update(ledger_head).where(ledger_head.c.id == HEAD_ID).values(**head._asdict()))
    return head


def _verify(records: Engine, count: int) -> Iterator[Figure]:
    gc.collect()
    before_mb = PeakMemory().peak_mb()
    began = time.perf_counter()
    with PeakMemory() as memory:
        found = Ledger(records).verify()
    seconds = time.perf_counter() - began
    gained_mb = max(memory.peak_mb() - before_mb, 0.0)
    name = f"ledger of {count:,} entries"
    yield Figure(f"{name}: verified", seconds, "s")
    yield Figure(f"{name}: verified a second", count / seconds, "entries/s")
    yield Figure(f"{name}: memory that verifying takes", gained_mb, "MB")
    yield Figure(f"{name}: findings", len(found), "", at_most=0)
