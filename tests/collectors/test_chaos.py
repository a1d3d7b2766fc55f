"""Collector, broker and store are killed while meters send; every reading is in the store once.

The short form of what ``python -m benchmarks collectors`` does at length.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.collectors_chaos import VALUES_A_MESSAGE, Audit, Plan, audit_store, run_chaos
from benchmarks.collectors_stores import DuckDbFile, InfluxServer, OutsideStore, Row
from simulators.load import DEVICES, METER_START, load_device, meter_values

PLAN = Plan(
    messages=6000,
    rate_per_s=1000,
    collector_kills=4,
    broker_kills=1,
    store_stopped_s=2,
    seed=20230101,
)


def check(store: OutsideStore, folder: Path) -> None:
    outcome = run_chaos(PLAN, folder, store)
    expected = PLAN.messages * VALUES_A_MESSAGE
    assert outcome.audit == Audit(expected, expected, missing=0, twice=0, wrong=0, strange=0)
    assert (outcome.collector_kills, outcome.broker_kills) == (4, 1)
    assert outcome.left == 0


@pytest.mark.slow
@pytest.mark.broker
def test_an_embedded_collector_loses_and_doubles_nothing(tmp_path: Path) -> None:
    check(DuckDbFile(tmp_path / "home"), tmp_path)


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.influx
def test_a_served_collector_loses_and_doubles_nothing(tmp_path: Path) -> None:
    store = InfluxServer(tmp_path / "influx")
    try:
        check(store, tmp_path)
    finally:
        store.close()


class Listed:
    """A store that holds what a test says."""

    def __init__(self, rows: Mapping[str, list[Row]]) -> None:
        self._rows = rows

    settings: Mapping[str, object] = {}

    def stop(self) -> None:
        """Nothing to stop."""

    def resume(self) -> None:
        """Nothing to resume."""

    def count(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def rows(self, device: str) -> list[Row]:
        return self._rows.get(device, [])

    def close(self) -> None:
        """Nothing to close."""


def sent_rows() -> dict[str, list[Row]]:
    """What one message of each device left."""
    at = int(METER_START.timestamp()) * 1_000_000
    return {
        load_device(n): [Row(quantity, at, value) for quantity, value in meter_values(n, 0).items()]
        for n in range(DEVICES)
    }


def audit(rows: Mapping[str, list[Row]]) -> Audit:
    return audit_store(Listed(rows), DEVICES)


def test_the_audit_finds_no_fault_where_there_is_none() -> None:
    assert audit(sent_rows()) == Audit(500, 500, missing=0, twice=0, wrong=0, strange=0)


def test_the_audit_sees_what_is_missing_doubled_changed_or_strange() -> None:
    rows = sent_rows()
    of_one = rows[load_device(7)]
    lost = of_one.pop()
    of_one[0] = of_one[0]._replace(value=of_one[0].value + 0.01)
    of_one.append(of_one[1])
    of_one.append(lost._replace(time_us=lost.time_us + 1))
    rows["nobody"] = [lost]
    assert audit(rows) == Audit(500, 501, missing=1, twice=1, wrong=1, strange=2)
