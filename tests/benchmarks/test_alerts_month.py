"""A few days of an officer: what can wait makes one message a day at most, and every case is told of."""

from pathlib import Path

from benchmarks.alerts_month import month
from benchmarks.alerts_month_world import faults_of
from quotawatt.storage.records import open_records


def test_faults_are_the_same_each_time() -> None:
    assert faults_of(30) == faults_of(30)


def test_what_can_wait_is_one_message_a_day_at_most(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)
    found = month(records, tmp_path, days=2)
    records.dispose()
    assert found.cases > 40
    assert found.untold == 0
    assert found.most_warnings == 1
    assert found.most_notices > 40
