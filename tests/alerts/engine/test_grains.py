"""Rules over hours and months: the same engine, other intervals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from alerts.engine.samples import end_of, result_subject
from alerts.engine.transition import Phase
from quotawatt.readings import RESULTS, Grain
from quotawatt.rulebook.model import Rule
from tests.alerts.bench import Bench
from tests.alerts.results import SHANGHAI, midnight
from tests.alerts.rules import RULEBOOK, rule

HOUR = timedelta(hours=1)
START = midnight("2023-06-01")
HOURLY = replace(rule("peak", "electricity_import_kwh", above=100, for_=2 * HOUR), grain=Grain.HOUR)
MONTHLY = replace(rule("month", "electricity_import_kwh", above=100), grain=Grain.MONTH)


def bench_of(records: Engine, the_rule: Rule) -> Bench:
    return Bench(records, rulebook=replace(RULEBOOK, rules={the_rule.id: the_rule}))


def write(bench: Bench, grain: Grain, start: datetime, value: float) -> None:
    row = {
        "subject": "BLD-1",
        "measure": "electricity_import_kwh",
        "start": start,
        "value": value,
        "quality": "measured",
        "coverage": 1.0,
        "revision": 0,
        "withdrawn": False,
    }
    bench.results.write_results(grain, pa.Table.from_pylist([row], schema=RESULTS))


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_an_hourly_rule_fires_after_its_hours(records: Engine) -> None:
    bench = bench_of(records, HOURLY)
    phases = []
    for hour, value in enumerate([50.0, 120.0, 130.0, 140.0, 90.0]):
        write(bench, Grain.HOUR, START + hour * HOUR, value)
        bench.service.evaluate(START + (hour + 1) * HOUR)
        found = bench.service.list()
        phases.append(found[0].state.phase.value if found else "-")
    assert phases == ["-", "pending", "pending", "firing", "resolved"]


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_an_hour_that_is_corrected_retracts(records: Engine) -> None:
    bench = bench_of(records, HOURLY)
    for hour, value in enumerate([120.0, 130.0, 140.0]):
        write(bench, Grain.HOUR, START + hour * HOUR, value)
        bench.service.evaluate(START + (hour + 1) * HOUR)
    write(bench, Grain.HOUR, START + HOUR, 10.0)
    bench.service.evaluate(START + 3 * HOUR + HOUR / 2)
    assert bench.actions()[-1] == "alert_retracted"
    assert bench.alert("peak").state.phase is Phase.PENDING  # by the third hour alone


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_a_month_is_looked_at_with_each_full_look(records: Engine) -> None:
    bench = bench_of(records, MONTHLY)
    write(bench, Grain.MONTH, START, 120.0)
    bench.service.evaluate(START + timedelta(days=20))
    assert bench.alert("month").state.phase is Phase.FIRING
    assert bench.alert("month").evidence["day"] == "2023-06-01"


@pytest.mark.parametrize(
    ("start", "grain", "end"),
    [
        (midnight("2023-06-01"), Grain.HOUR, midnight("2023-06-01") + HOUR),
        (midnight("2023-06-01"), Grain.DAY, midnight("2023-06-02")),
        (midnight("2023-11-01"), Grain.MONTH, midnight("2023-12-01")),
        (midnight("2023-12-01"), Grain.MONTH, midnight("2024-01-01")),
    ],
)
def test_an_interval_ends_where_the_next_begins(
    start: datetime, grain: Grain, end: datetime
) -> None:
    assert end_of(start, grain, SHANGHAI) == end.astimezone(UTC)


@pytest.mark.parametrize(
    ("subject", "goes_by"),
    [("B", "B"), ("B/area/2023", "B/area"), ("M/2023", "M/2023"), ("M/phase-a", "M/phase-a")],
)
def test_an_accounts_results_go_by_the_account(subject: str, goes_by: str) -> None:
    assert result_subject(subject) == goes_by
