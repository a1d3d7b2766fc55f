"""Rules over readings: judged as they come, and thoroughly with every evaluation."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from alerts.engine.transition import Phase
from quotawatt.readings import Quality, SeriesKey
from quotawatt.rulebook.alert_rules import Direction, Source
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.alerts.bench import FIRST, Bench
from tests.alerts.rules import RULEBOOK, rule

pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)

SECOND = timedelta(seconds=1)
NOW = FIRST + timedelta(hours=10, minutes=5)
LOW = replace(
    rule("voltage-low", "voltage_v", above=198, clear_below=200),
    source=Source.READINGS,
    direction=Direction.BELOW,
)


def bench_of(records: Engine, **changes: object) -> Bench:
    the_rule = replace(LOW, **changes)  # type: ignore[arg-type]
    return Bench(records, rulebook=replace(RULEBOOK, rules={the_rule.id: the_rule}))


def test_a_reading_fires_at_the_next_watch_and_resolves(records: Engine) -> None:
    bench = bench_of(records)
    assert bench.service.watch(NOW) == []
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    (alert,) = bench.service.watch(NOW + SECOND / 4)
    assert (alert.subject, alert.state.phase, alert.state.value) == ("MTR-1", Phase.FIRING, 190.0)
    assert bench.noticed() == ["opened"]
    assert bench.service.plan(NOW + SECOND / 4) == 1
    bench.hear(NOW + SECOND, quantity="voltage_v", value=199.0)
    assert bench.service.watch(NOW + SECOND * 1.25) == []  # not clear yet
    bench.hear(NOW + 2 * SECOND, quantity="voltage_v", value=220.0)
    (alert,) = bench.service.watch(NOW + SECOND * 2.25)
    assert alert.state.phase is Phase.RESOLVED
    assert bench.actions() == ["alert_fired", "alert_resolved"]


def test_a_new_figure_alone_waits_for_the_evaluation(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    bench.service.watch(NOW + SECOND)
    bench.hear(NOW + 2 * SECOND, quantity="voltage_v", value=191.0)
    assert bench.service.watch(NOW + 3 * SECOND) == []
    assert bench.alert("voltage-low").state.value == 190.0
    bench.service.evaluate(NOW + 4 * SECOND)
    assert bench.alert("voltage-low").state.value == 191.0


def test_a_wait_runs_out_between_readings(records: Engine) -> None:
    bench = bench_of(records, for_=timedelta(minutes=10))
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    (alert,) = bench.service.watch(NOW + SECOND)
    assert alert.state.phase is Phase.PENDING
    assert bench.service.watch(NOW + timedelta(minutes=9)) == []
    (alert,) = bench.service.watch(NOW + timedelta(minutes=10) + SECOND)
    assert alert.state.phase is Phase.FIRING


def test_silence_is_no_data_and_resolves_nothing(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    bench.service.evaluate(NOW + SECOND)
    bench.service.evaluate(NOW + timedelta(hours=3))
    alert = bench.alert("voltage-low")
    assert (alert.state.phase, alert.state.no_data_since) == (
        Phase.FIRING,
        NOW + timedelta(hours=3),
    )
    assert bench.actions() == ["alert_fired", "alert_no_data"]


@pytest.mark.parametrize("late_s", [2, 6, 30, 600])
def test_readings_that_come_late_fire_at_the_next_evaluation(records: Engine, late_s: int) -> None:
    bench = bench_of(records)
    late = timedelta(seconds=late_s)
    for minute, value in enumerate([220.0, 220.0, 190.0]):
        time = NOW + timedelta(minutes=minute)
        bench.service.watch(time + late - SECOND)
        bench.hear(time, quantity="voltage_v", value=value)
        bench.service.watch(time + late)
        bench.service.evaluate(time + late + SECOND)
    assert bench.alert("voltage-low").state.phase is Phase.FIRING


def test_what_came_very_late_is_found_within_minutes(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW - timedelta(hours=1), quantity="voltage_v", value=220.0)
    bench.service.evaluate(NOW)
    # later than the watch looks back for, and newer than what is known
    bench.hear(NOW - timedelta(minutes=30), quantity="voltage_v", value=190.0)
    assert bench.service.watch(NOW + SECOND) == []
    bench.service.evaluate(NOW + timedelta(minutes=5))
    assert bench.alert("voltage-low").state.phase is Phase.FIRING


def test_a_suspect_reading_counts_for_nothing(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW, quantity="voltage_v", value=1.0, quality=Quality.SUSPECT, reason="out_of_range")
    assert bench.service.watch(NOW + SECOND) == []


def test_a_restart_goes_on_where_it_was(records: Engine) -> None:
    bench = bench_of(records, for_=timedelta(minutes=10))
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    bench.service.watch(NOW + SECOND)
    (alert,) = bench.another().watch(NOW + timedelta(minutes=11))
    assert alert.state.firing_since == NOW + timedelta(minutes=11)
    assert len(bench.cases()) == 1


def test_without_rules_over_readings_nothing_is_read(records: Engine) -> None:
    bench = Bench(records)
    assert bench.service.watch(NOW) == []


def test_a_corrected_reading_retracts_within_the_hour(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    bench.service.evaluate(NOW + SECOND)
    bench.hear(NOW + SECOND, quantity="voltage_v", value=220.0)
    bench.service.watch(NOW + 2 * SECOND)
    bench.hear(NOW, quantity="voltage_v", value=219.0, revision=1)
    bench.service.evaluate(NOW + timedelta(hours=1))
    assert bench.actions() == ["alert_fired", "alert_resolved", "alert_retracted"]
    assert bench.notes()[-1] == {
        "corrected": [{"time": NOW.isoformat(), "was": 190.0, "is": 219.0}]
    }
    bench.service.evaluate(NOW + timedelta(hours=2))
    assert len(bench.actions()) == 3


class Interrupted(MemorySeriesStore):
    """A store in which something happens right after readings were read, once."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], object] = lambda: None

    def read_values(self, series: Sequence[SeriesKey], span: Span) -> pa.Table:
        found = super().read_values(series, span)
        then, self.then = self.then, lambda: None
        then()
        return found


def test_what_another_stored_meanwhile_is_not_judged_by_older_readings(records: Engine) -> None:
    store = Interrupted()
    bench = Bench(records, rulebook=replace(RULEBOOK, rules={LOW.id: LOW}), series=store)
    other = bench.another()
    bench.hear(NOW, quantity="voltage_v", value=220.0)
    other.evaluate(NOW)

    def fire() -> None:
        bench.hear(NOW + SECOND, quantity="voltage_v", value=190.0)
        assert bench.service.watch(NOW + SECOND)

    store.then = fire
    other.evaluate(NOW + SECOND * 1.1)
    assert bench.alert("voltage-low").state.phase is Phase.FIRING
    assert bench.actions() == ["alert_fired"]


@pytest.mark.parametrize("before", [(), (220.0,)], ids=["no reading", "a clear one"])
def test_a_look_of_before_leaves_what_another_judged_after_it(
    records: Engine, before: Sequence[float]
) -> None:
    bench = bench_of(records)
    other = bench.another()
    for value in before:
        bench.hear(NOW - SECOND, quantity="voltage_v", value=value)
    other.evaluate(NOW)
    bench.hear(NOW + SECOND, quantity="voltage_v", value=190.0)
    bench.service.watch(NOW + SECOND)
    other.evaluate(NOW + SECOND * 0.9)  # began before, and comes after
    fired = bench.alert("voltage-low")
    assert (fired.state.phase, fired.state.no_data_since) == (Phase.FIRING, None)
    assert bench.noticed() == ["opened"]
    bench.hear(NOW + 2 * SECOND, quantity="voltage_v", value=220.0)
    other.evaluate(NOW + 2 * SECOND)
    assert bench.alert("voltage-low").state.phase is Phase.RESOLVED


def test_a_clock_that_was_set_back_stops_no_alert(records: Engine) -> None:
    bench = bench_of(records)
    bench.hear(NOW, quantity="voltage_v", value=190.0)
    bench.service.watch(NOW)
    earlier = NOW - timedelta(hours=1)
    bench.service.evaluate(earlier)
    assert bench.alert("voltage-low").state.evaluated_at == earlier
