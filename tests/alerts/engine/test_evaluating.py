"""Looking at everything now and then, and between only at what changed."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select

from alerts.engine.transition import Phase
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Building, Register
from quotawatt.rulebook.alert_rules import Flapping, Source, When
from quotawatt.rulebook.model import Rule
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import findings
from tests.alerts.bench import REGISTER, Bench
from tests.alerts.results import Line, midnight
from tests.alerts.rules import DAY, RULEBOOK, rule

pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)

HOUR = timedelta(hours=1)
EXCESS = rule("excess", "electricity_excess_pct", above=15, clear_below=5, keep=HOUR / 2)


@dataclass
class Watched(MemorySeriesStore):
    """A store that notes which subjects' results were read; None: all."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Collection[str] | None] = []

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        self.read.append(None if subjects is None else sorted(subjects))
        return super().read_results(grain, subjects, measures, span)


def bench_of(records: Engine, *rules: Rule, register: Register = REGISTER) -> Bench:
    book = replace(RULEBOOK, rules={one.id: one for one in rules})
    return Bench(records, rulebook=book, register=register, series=Watched())


def read_of(bench: Bench) -> list[Collection[str] | None]:
    """What was read since it was last asked."""
    assert isinstance(bench.series, Watched)
    found, bench.series.read = bench.series.read, []
    return found


def excess(asset: str, value: float) -> Line:
    """Of the day that runs: its value is not final."""
    return asset, "electricity_excess_pct", "2023-06-02", value


NOW = midnight("2023-06-02") + timedelta(minutes=5)


def test_only_what_is_marked_is_read_between_full_looks(records: Engine) -> None:
    bench = bench_of(records, EXCESS)
    bench.write([excess(f"B{n}", 1.0) for n in range(5)])
    bench.service.evaluate(NOW)
    assert read_of(bench) == [None]
    bench.service.evaluate(NOW + timedelta(minutes=1))
    assert read_of(bench) == []
    bench.write([excess("B3", 20.0)])
    bench.service.evaluate(NOW + timedelta(minutes=2))
    assert read_of(bench) == [["B3"], ["B3"]]  # the input, and what stands beside it
    assert bench.alert("excess").state.phase is Phase.FIRING
    # firing, and nothing new: not read again
    bench.service.evaluate(NOW + timedelta(minutes=3))
    assert read_of(bench) == []


def test_what_cools_down_is_read_though_nothing_is_marked(records: Engine) -> None:
    bench = bench_of(records, EXCESS)
    bench.write([excess("B1", 20.0)])
    bench.service.evaluate(NOW)
    bench.write([excess("B1", 1.0)])
    bench.service.evaluate(NOW + timedelta(minutes=1))
    assert bench.alert("excess").state.clear_since == NOW + timedelta(minutes=1)
    read_of(bench)
    bench.service.evaluate(NOW + timedelta(minutes=31))
    assert read_of(bench)[0] == ["B1"]
    assert bench.alert("excess").state.phase is Phase.RESOLVED


@pytest.mark.parametrize(
    "later", [timedelta(hours=1), timedelta(hours=-2), timedelta(days=1)], ids=str
)
def test_another_hour_forth_or_back_looks_at_everything(records: Engine, later: timedelta) -> None:
    bench = bench_of(records, EXCESS)
    bench.service.evaluate(NOW)
    read_of(bench)
    bench.service.evaluate(NOW + later)
    assert read_of(bench) == [None]


def test_another_register_looks_at_everything(records: Engine) -> None:
    bench = bench_of(records, EXCESS)
    bench.service.evaluate(NOW)
    read_of(bench)
    bench.register = Register(buildings=[Building("B1", "楼", "B", "S", "O", 1.0)])
    bench.service.evaluate(NOW)
    assert read_of(bench) == [None]


def test_a_mark_that_is_set_during_an_evaluation_is_not_lost(records: Engine) -> None:
    bench = bench_of(records, EXCESS)
    bench.service.evaluate(NOW)

    @dataclass
    class Slow(Watched):
        """While the first results are read, others are written."""

        wrote: list[bool] = field(default_factory=list)

        def __init__(self) -> None:
            super().__init__()
            self.wrote = []

        def read_results(
            self,
            grain: Grain,
            subjects: Collection[str] | None,
            measures: Collection[str],
            span: Span,
        ) -> pa.Table:
            found = super().read_results(grain, subjects, measures, span)
            if not self.wrote:
                self.wrote.append(True)
                bench.write([excess("B1", 20.0)])
            return found

    bench.series = Slow()
    bench.__post_init__()
    bench.service.evaluate(NOW)
    assert bench.service.list() == []
    bench.service.evaluate(NOW + timedelta(seconds=1))
    assert bench.alert("excess").subject == "B1"


def test_an_empty_denominator_is_a_finding_until_it_is_none(records: Engine) -> None:
    dense = replace(rule("dense", "electricity_import_kwh", above=2), per="gross_area_m2")
    unknown = Register(buildings=[Building("BLD-1", "楼", "B", "SITE-1", "ORG-1", None)])
    bench = bench_of(records, dense, register=unknown)
    bench.write([("BLD-1", "electricity_import_kwh", "2023-06-01", 2500.0)])
    bench.service.evaluate(NOW)
    assert bench.service.list() == []

    def standing() -> list[tuple[str, str]]:
        with records.connect() as conn:
            rows = conn.execute(select(findings).where(findings.c.state == "open"))
            return [(row.code, row.subject) for row in rows]

    assert standing() == [("rule_denominator_empty", "BLD-1")]
    bench.register = REGISTER
    bench.service.evaluate(NOW + HOUR)
    assert standing() == []
    assert bench.alert("dense").state.value == 2.5


def test_outside_its_hours_a_value_counts_as_clear(records: Engine) -> None:
    # A day's result is that of its beginning: midnight.
    nightly = replace(EXCESS, during=When(from_=time(0), until=time(6)), keep_firing_for=HOUR * 0)
    bench = bench_of(records, replace(nightly, during=When(from_=time(6), until=time(8))))
    bench.write([excess("B1", 20.0)])
    bench.service.evaluate(NOW)
    assert bench.service.list() == []
    other = bench_of(records, nightly)
    other.series = bench.series
    other.__post_init__()
    other.service.evaluate(NOW)
    assert other.alert("excess").state.phase is Phase.FIRING
    bench.service.evaluate(NOW + HOUR)
    assert bench.alert("excess").state.phase is Phase.RESOLVED


def test_a_finding_fires_and_resolves_when_it_clears(records: Engine) -> None:
    stuck = replace(rule("stuck", "counter_stuck", above=0), source=Source.FINDINGS)
    bench = bench_of(records, stuck)

    def report(*found: Finding) -> None:
        with records.begin() as conn:
            report_findings(conn, "test", found, REGISTER, NOW)

    report(Finding("counter_stuck", "MTR-1", {"value": 3.0}))
    bench.service.evaluate(NOW)
    assert bench.alert("stuck").state.phase is Phase.FIRING
    report(Finding("counter_stuck", "MTR-1", {"value": 4.0}))
    bench.service.evaluate(NOW + timedelta(minutes=1))
    assert bench.alert("stuck").evidence == {"value": 4.0}
    report()
    bench.service.evaluate(NOW + timedelta(minutes=2))
    assert bench.alert("stuck").state.phase is Phase.RESOLVED
    assert bench.actions() == ["alert_fired", "alert_resolved"]


def test_what_flaps_says_so_in_its_case_and_is_quiet(records: Engine) -> None:
    nervous = replace(EXCESS, flapping=Flapping(2, DAY), keep_firing_for=0 * DAY)
    bench = bench_of(records, nervous)
    for number in range(9):
        bench.write([excess("B1", 20.0 if number % 2 == 0 else 1.0)])
        bench.service.evaluate(NOW + number * timedelta(minutes=1))
    assert bench.actions() == [
        "alert_fired",
        "alert_resolved",
        "alert_fired",
        "alert_resolved",
        "alert_fired",
        "alert_flapping",
    ]
    assert len(bench.cases()) == 1
    assert bench.alert("excess").state.flapping_since == NOW + timedelta(minutes=4)
