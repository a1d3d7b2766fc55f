"""Late and corrected data: alerts are retracted, corrected, or fire late, and say why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from alerts.cases.model import CaseState
from alerts.engine.rejudging import replay
from alerts.engine.transition import Phase
from quotawatt.rulebook.alert_rules import Level
from quotawatt.rulebook.model import Rule
from tests.alerts.bench import Bench
from tests.alerts.results import SHANGHAI, midnight
from tests.alerts.rules import DAY, RULEBOOK, rule

pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)

LONG = rule("excess", "electricity_excess_pct", above=15, clear_below=5, for_=2 * DAY)
AT_ONCE = rule("excess", "electricity_excess_pct", above=15)


def bench_of(records: Engine, the_rule: Rule) -> Bench:
    return Bench(records, rulebook=replace(RULEBOOK, rules={the_rule.id: the_rule}))


def run(bench: Bench, values: list[float], first: int = 1) -> None:
    """A value a day of June, judged the midnight after."""
    for number, value in enumerate(values, first):
        set_day(bench, number, value)
        bench.service.evaluate(midnight("2023-06-01") + number * DAY)


def set_day(bench: Bench, day: int, value: float) -> None:
    bench.write([("B1", "electricity_excess_pct", f"2023-06-{day:02}", value)])


def judge(bench: Bench, day: int) -> None:
    """Half an hour into a day."""
    bench.service.evaluate(midnight("2023-06-01") + (day - 1) * DAY + timedelta(minutes=30))


def test_what_never_would_have_fired_is_retracted(records: Engine) -> None:
    bench = bench_of(records, LONG)
    run(bench, [20, 21, 22])
    assert bench.alert("excess").state.phase is Phase.FIRING
    set_day(bench, 2, 1.0)
    judge(bench, 4)
    alert = bench.alert("excess")
    assert alert.state.phase is Phase.PENDING  # since the 3rd alone
    assert bench.actions()[-1] == "alert_retracted"
    assert bench.notes()[-1] == {
        "corrected": [{"time": midnight("2023-06-02").isoformat(), "was": 21.0, "is": 1.0}]
    }
    assert [case.state for case in bench.cases()] == [CaseState.RETRACTED]


def test_one_that_was_resolved_is_retracted_as_well(records: Engine) -> None:
    bench = bench_of(records, AT_ONCE)
    run(bench, [1, 20, 1, 1])
    set_day(bench, 2, 3.0)
    judge(bench, 5)
    assert bench.alert("excess").state.phase is Phase.INACTIVE
    assert bench.actions() == ["alert_fired", "alert_resolved", "alert_retracted"]
    judge(bench, 5)
    assert bench.actions()[3:] == []


def test_other_figures_that_fire_still_are_corrected_once(records: Engine) -> None:
    bench = bench_of(records, LONG)
    run(bench, [20, 21, 22, 23])
    set_day(bench, 2, 40.0)
    judge(bench, 5)
    assert bench.alert("excess").state.phase is Phase.FIRING
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_corrected"]
    assert bench.notes()[-1]["corrected"][0]["is"] == 40.0
    set_day(bench, 2, 40.0)
    judge(bench, 5)
    assert bench.actions()[3:] == []


def test_firing_at_another_time_is_corrected_with_that_time(records: Engine) -> None:
    bench = bench_of(records, LONG)
    run(bench, [20, 21, 22, 23, 24])
    set_day(bench, 1, 1.0)
    judge(bench, 6)
    alert = bench.alert("excess")
    assert bench.actions()[-1] == "alert_corrected"
    # from the 2nd on it takes one day more
    assert bench.notes()[-1]["would_have_fired_at"] == midnight("2023-06-05").isoformat()
    assert alert.state.firing_since == midnight("2023-06-05")
    assert alert.basis[-1] == (midnight("2023-06-04"), 23.0)


def test_a_wait_that_rests_on_wrong_data_ends_quietly(records: Engine) -> None:
    bench = bench_of(records, LONG)
    run(bench, [20, 21])
    set_day(bench, 1, 1.0)
    set_day(bench, 2, 1.0)
    judge(bench, 3)
    assert bench.alert("excess").state.phase is Phase.INACTIVE
    assert bench.actions() == ["alert_pending", "alert_dropped"]
    assert bench.cases() == []


def test_a_day_that_comes_late_fires_late_and_once(records: Engine) -> None:
    bench = bench_of(records, AT_ONCE)
    run(bench, [1, 1, 1])
    set_day(bench, 2, 30.0)
    judge(bench, 4)
    assert bench.actions() == ["alert_fired", "alert_resolved"]
    assert bench.notes()[-1]["late"]["value"] == 30.0
    (case,) = bench.cases()
    assert not case.firing
    set_day(bench, 2, 30.0)
    judge(bench, 4)
    bench.another().evaluate(midnight("2023-06-05"))
    assert bench.actions()[2:] == []


def test_days_that_come_late_fire_and_go_on(records: Engine) -> None:
    bench = bench_of(records, LONG)
    run(bench, [1, 1, 1, 20])
    for day in (2, 3):
        set_day(bench, day, 20.0)
    judge(bench, 5)
    # Waiting since the end of the 2nd, and not of the 4th.
    alert = bench.alert("excess")
    assert alert.state.pending_since == midnight("2023-06-03")
    assert alert.state.firing_since == midnight("2023-06-05") + timedelta(minutes=30)
    assert bench.actions() == ["alert_pending", "alert_fired"]
    assert bench.notes()[-1] == {"late": {"since": midnight("2023-06-02").isoformat()}}


def test_the_day_that_still_runs_is_no_error(records: Engine) -> None:
    """Its value grows as it goes; the final one is taken over without a word."""
    bench = bench_of(records, AT_ONCE)
    start = midnight("2023-06-01")
    for hour, value in ((1, 16.0), (5, 17.0), (23, 19.0)):
        set_day(bench, 1, value)
        bench.service.evaluate(start + timedelta(hours=hour))
    set_day(bench, 1, 19.5)
    set_day(bench, 2, 18.0)
    bench.service.evaluate(start + timedelta(hours=25))
    assert bench.actions() == ["alert_fired"]
    assert bench.alert("excess").basis == ((start, 19.5),)
    set_day(bench, 1, 25.0)
    bench.service.evaluate(start + timedelta(hours=26))
    assert bench.actions() == ["alert_fired", "alert_corrected"]


def test_a_corrected_step_of_severity_is_said(records: Engine) -> None:
    stepped = replace(AT_ONCE, levels=(Level("critical", 50, 45),))
    bench = bench_of(records, stepped)
    run(bench, [60])
    assert bench.alert("excess").severity == "critical"
    set_day(bench, 1, 20.0)
    judge(bench, 2)
    assert bench.actions()[1:] == ["alert_corrected", "alert_severity_lowered"]


def test_a_replay_is_judged_at_the_end_of_each_interval(records: Engine) -> None:
    course = [(midnight(f"2023-06-0{day}"), 20.0) for day in (1, 2, 3)]
    states = list(replay(LONG, "B1", course, lambda _: SHANGHAI))
    assert [state.phase.value for state in states] == ["pending", "pending", "firing"]
    assert states[-1].firing_since == midnight("2023-06-04")
