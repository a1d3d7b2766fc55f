"""The whole way: an alert is resolved, its data end, and the case waits for them."""

from dataclasses import replace

from alerts.cases.model import CaseState
from quotawatt.rulebook.alert_rules import CasePolicy
from tests.alerts.bench import Bench
from tests.alerts.cases.scene import Desk
from tests.alerts.results import Line, midnight
from tests.alerts.rules import DAY, RULEBOOK, RULES

SLOW = replace(RULES["quota-exhausted"], case=CasePolicy(verify_for=5 * DAY))
BOOK = replace(RULEBOOK, rules={SLOW.id: SLOW})


def share(day: int, value: float) -> Line:
    return ("BLD-1/area", "quota_share_pct", f"2023-06-{day:02}", value)


def test_the_clock_stops_when_a_resolved_alert_has_no_data(desk: Desk) -> None:
    bench = Bench(desk.records, rulebook=BOOK)
    for day, value in ((1, 101.0), (2, 99.0)):
        bench.write([share(day, value)])
        bench.service.evaluate(midnight("2023-06-01") + day * DAY)
    for day in range(3, 10):
        now = midnight("2023-06-01") + day * DAY
        bench.service.evaluate(now)
        bench.service.plan(now)
    (case,) = bench.cases()
    assert (case.state, case.firing, case.clear_since) == (CaseState.OPEN, False, None)
    bench.write([share(9, 98.0)])
    back = midnight("2023-06-10")
    bench.service.evaluate(back)
    assert bench.cases()[0].clear_since == back
    for day in range(10, 15):
        bench.write([share(day, 98.0)])
        now = midnight("2023-06-01") + day * DAY
        bench.service.evaluate(now)
        bench.service.plan(now)
        assert bench.cases()[0].is_open == (now < back + 5 * DAY)
    assert bench.actions("case_").count("case_no_data") == 1
