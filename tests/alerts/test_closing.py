"""A case closes when the meter shows it: by data that are there, and that stay clear."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from alerts.cases.model import CaseState
from quotawatt.rulebook.alert_rules import CasePolicy, Rule, Source
from tests.alerts.bench import Bench
from tests.alerts.results import midnight
from tests.alerts.rules import DAY, RULEBOOK, RULES, rule

pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)

FIRST = midnight("2023-06-01")


def bench_of(records: Engine, judged: Rule, verify_days: int) -> Bench:
    judged = replace(judged, case=CasePolicy(verify_for=verify_days * DAY))
    return Bench(records, rulebook=replace(RULEBOOK, rules={judged.id: judged}))


def days(
    bench: Bench, measure: str, values: Sequence[float | None], first: int = 1
) -> list[CaseState]:
    """A day for each value (None: no result), judged the midnight after; the state of the one case then."""
    states = []
    for day, value in enumerate(values, first):
        midnight_after = FIRST + day * DAY
        if value is not None:
            bench.write([("BLD-1", measure, f"{date(2023, 5, 31) + timedelta(days=day)}", value)])
        bench.service.evaluate(midnight_after)
        bench.service.plan(midnight_after)
        states += [case.state for case in bench.cases()]
    return states


def test_what_stays_clear_closes(records: Engine) -> None:
    bench = bench_of(records, rule("over", "electricity_excess_pct", 15), 5)
    states = days(bench, "electricity_excess_pct", [20, 10, 10, 10, 10, 10, 10])
    assert states == [CaseState.OPEN] * 6 + [CaseState.CLOSED]


def test_a_meter_that_falls_silent_shows_nothing_and_closes_nothing(records: Engine) -> None:
    bench = bench_of(records, rule("over", "electricity_excess_pct", 15), 5)
    states = days(bench, "electricity_excess_pct", [20, 10, *[None] * 40])
    assert set(states) == {CaseState.OPEN}
    assert bench.actions() == ["alert_fired", "alert_resolved", "alert_no_data"]
    # However long it was silent, what it shows then counts from there on.
    states = days(bench, "electricity_excess_pct", [10] * 6, first=45)
    assert states == [CaseState.OPEN] * 5 + [CaseState.CLOSED]
    steps = [step for step in bench.actions("case_") if step != "case_overdue"]
    assert steps == [
        "case_opened", "case_cleared", "case_no_data", "case_data_returned", "case_closed",
    ]  # fmt: skip


def test_a_condition_that_is_met_and_waits_is_not_clear(records: Engine) -> None:
    bench = bench_of(records, replace(RULES["use-above-expected"], keep_firing_for=DAY), 3)
    # Fires on the fourth day and clears; then it is met on two days, too few to fire.
    values = [20, 20, 20, 20, 1, 1, 20, 20, 20, 1, 1, 1, 1]
    states = days(bench, "electricity_excess_pct", values)
    assert states == [CaseState.OPEN] * 9 + [CaseState.CLOSED]
    assert bench.cases()[0].closed_at == FIRST + 13 * DAY


def test_readings_that_cease_close_nothing(records: Engine) -> None:
    judged = replace(rule("load", "electricity_power_kw", 50), source=Source.READINGS)
    bench = bench_of(records, judged, 1)
    for hours, value in ((0, 60.0), (1, 40.0)):
        at = FIRST + hours * DAY / 24
        bench.hear(at, quantity="electricity_power_kw", value=value)
        bench.service.evaluate(at)
    for hours in (2, 3, 4, 12, 24, 36, 39):
        bench.service.evaluate(FIRST + hours * DAY / 24)
        bench.service.plan(FIRST + hours * DAY / 24)
    assert [case.state for case in bench.cases()] == [CaseState.OPEN]
    at = FIRST + 40 * DAY / 24
    bench.hear(at, quantity="electricity_power_kw", value=40.0)
    bench.service.evaluate(at)
    (case,) = bench.cases()
    assert (case.firing, case.clear_since) == (False, at)
