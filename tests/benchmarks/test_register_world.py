"""The world of the register's benchmarks: its faults are found, and nothing else."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from analytics.jobs.reconciling import Reconciler
from benchmarks.register_world import NOW, fault_of, fill
from quotawatt.register.repository import load_register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings

EXPECTED = {
    "silent": "meter_silent",
    "steady": "counter_stands_still",
    "disposed": "asset_still_reporting",
    "unbound": "meter_unbound",
}


def test_the_faults_that_were_put_in_are_what_is_found(tmp_path: Path) -> None:
    records, series = open_records("sqlite", tmp_path), MemorySeriesStore()
    filled = fill(records, series, meters=500, days=4)
    assert filled.readings == (500 - filled.faults["silent"]) * 96
    book = load_register(records)
    Reconciler(series, records, lambda: book, Rulebook(), Settings(home=tmp_path)).run(NOW)
    with records.connect() as conn:
        found = Counter(conn.execute(select(findings.c.code)).scalars())
        subjects = set(conn.execute(select(findings.c.subject)).scalars())
    # In four days the silent ones were never heard at all; those that stand still are main meters.
    expected = Counter({EXPECTED[f]: n for f, n in filled.faults.items() if f != "none"})
    expected["meter_never_reported"] = expected.pop("meter_silent")
    assert found == expected
    assert subjects == {f"MTR-{n}" for n in range(500) if fault_of(n) != "none"}
