"""What was entered by hand and what devices counted, from the stores."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from analytics.grid import Key
from analytics.jobs.entered import entered_by_hand
from quotawatt.hand.book import add_entry
from quotawatt.hand.entries import Entry
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Binding, Register
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import IMPORT, binding, register

NOW = datetime(2023, 7, 1, tzinfo=UTC)
FIRST = datetime(2023, 5, 1, tzinfo=UTC)
POINT = Key("MTR-1", IMPORT)
DAY = timedelta(days=1)


def reading(days: float, value: float) -> Entry:
    time = FIRST + days * DAY
    return Entry("reading", "MTR-1", IMPORT, time, time, value=value)


def bill(days: float, until: float, amount: float) -> Entry:
    span = (FIRST + days * DAY, FIRST + until * DAY)
    return Entry("bill", "MTR-1", IMPORT, *span, amount=amount)


def hours_of(each: float, days: int = 60, coverage: float = 1.0) -> MemorySeriesStore:
    series = MemorySeriesStore()
    rows: list[dict[str, Any]] = [
        {
            "subject": "MTR-1",
            "measure": IMPORT,
            "start": FIRST + timedelta(hours=n),
            "value": each,
            "quality": "measured",
            "coverage": coverage,
            "revision": 0,
            "withdrawn": False,
        }
        for n in range(24 * days)
    ]
    series.write_results(Grain.HOUR, pa.Table.from_pylist(rows, RESULTS))
    return series


def bound(**changes: Any) -> Register:
    return register(binding(multiplier=10.0, **changes))


def keep(records: Engine, *entries: Entry) -> None:
    with records.begin() as conn:
        for entry in entries:
            add_entry(conn, entry, entry.asset, "test", NOW)


def test_the_newest_of_each_kind_is_beside_the_device(records: Engine) -> None:
    keep(records, reading(0, 100), reading(20, 150), reading(50, 222), bill(0, 30, 700.0))
    found = entered_by_hand(hours_of(1.0), records, bound(), NOW)
    assert found.fed == {POINT}
    by_kind = {one.kind: one for one in found.compared}
    assert (by_kind["reading"].entered, by_kind["reading"].counted) == (720.0, 720.0)
    assert by_kind["reading"].span == Span(FIRST + 20 * DAY, FIRST + 50 * DAY)
    assert (by_kind["bill"].entered, by_kind["bill"].counted) == (700.0, 720.0)
    assert found.last_of("MTR-1") == FIRST + 50 * DAY
    assert found.last_of("MTR-2") is None


@pytest.mark.parametrize(
    ("series", "register"),
    [
        (hours_of(1.0), register(binding(asset="BLD-1"))),
        (hours_of(1.0), bound(valid_from=FIRST + 30 * DAY)),
        (hours_of(1.0, coverage=0.9), bound()),
        (hours_of(1.0, days=10), bound()),
        (hours_of(1.0), register(binding(device="asset:MTR-1"))),
    ],
    ids=["no device", "bound later", "little covered", "few hours", "by hand"],
)
def test_what_the_device_did_not_count_whole_is_not_compared(
    records: Engine, series: MemorySeriesStore, register: Register
) -> None:
    keep(records, reading(0, 100), reading(50, 222))
    found = entered_by_hand(series, records, register, NOW)
    assert found.compared == []
    assert list(found.ends) == [POINT]


def test_a_register_that_fell_is_not_compared(records: Engine) -> None:
    keep(records, reading(0, 100), reading(50, 22))
    assert entered_by_hand(hours_of(1.0), records, bound(), NOW).compared == []


def test_two_devices_at_once_are_not_one_count(records: Engine) -> None:
    both: list[Binding] = [binding(), binding(device="dev-2")]
    keep(records, reading(0, 100), reading(50, 222))
    assert entered_by_hand(hours_of(1.0), records, register(*both), NOW).compared == []
