"""The whole way: results → alert → case → ledger → notice → outbox → channel."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from alerts.engine.transition import Phase
from quotawatt.ledger import Ledger
from quotawatt.storage.tables import outbox
from tests.alerts.bench import FIRST, Bench
from tests.alerts.results import midnight
from tests.alerts.rules import DAY, RULEBOOK, RULES

SQLITE = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)


def test_a_quota_alert_runs_its_course(records: Engine) -> None:
    bench = Bench(records)
    phases = bench.quota_days([90, 101, 102, 103, 104, 99, 98, 98])
    assert phases == [
        "-",
        "pending",
        "pending",
        "pending",
        "firing",
        "firing",
        "resolved",
        "resolved",
    ]
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_resolved"]
    (alert,) = bench.service.list([Phase.RESOLVED])
    assert (alert.rule, alert.subject, alert.asset) == (
        "quota-projected-over", "BLD-1/area/2023", "BLD-1",
    )  # fmt: skip
    assert alert.state.firing_since == FIRST + 4 * DAY
    assert alert.state.resolved_at == FIRST + 6 * DAY
    (case,) = bench.cases()
    assert (case.alert, case.subject, case.organisation) == (alert.id, alert.subject, "ORG-1")
    assert case.figures["quota_used_kgce"] == 9006
    assert Ledger(records).verify() == []


def test_what_fires_is_planned_and_delivered(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104])
    now = FIRST + 3 * DAY
    assert bench.service.plan(now) == 1
    assert bench.service.plan(now) == 0
    assert bench.service.deliver(now) == 1
    assert bench.service.deliver(now) == 0
    (delivery,) = bench.log.got
    assert "主楼" in delivery.body["text"]
    with records.connect() as conn:
        (row,) = conn.execute(select(outbox)).all()
    assert (row.key, row.delivered_at) == (delivery.key, now)


@SQLITE
def test_evaluating_again_writes_nothing(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104])
    now = FIRST + 3 * DAY
    before = Ledger(records).head(), bench.noticed()
    assert bench.service.evaluate(now) == []
    assert bench.another().evaluate(now) == []
    assert (Ledger(records).head(), bench.noticed()) == before
    assert bench.actions() == ["alert_pending", "alert_fired"]


@SQLITE
def test_turning_the_year_neither_resolves_nor_reopens(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104, 104], first="2023-12-27")
    bench.quota_days([20] * 2, first="2024-01-01")
    for day in ("2024-02-09", "2024-02-10", "2024-02-11"):
        bench.hear(midnight(day) - timedelta(hours=1))
        bench.service.evaluate(midnight(day))
    (alert,) = bench.service.list([Phase.FIRING])
    assert alert.subject == "BLD-1/area/2023"
    # 40 days after its last day the closed year is out of sight; that is recorded, and no more
    assert alert.state.no_data_since == midnight("2024-02-10")
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_no_data"]


@SQLITE
def test_a_closed_year_that_is_corrected_resolves(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104, 104], first="2023-12-27")
    bench.write([("BLD-1/area", "quota_projected_share_pct", "2023-12-31", 97.0)])
    bench.service.evaluate(midnight("2024-01-10"))
    (alert,) = bench.service.list([Phase.RESOLVED])
    assert alert.subject == "BLD-1/area/2023"


@SQLITE
def test_a_silent_meter_fires_and_resolves_when_it_speaks(records: Engine) -> None:
    bench = Bench(records)
    bench.hear(FIRST)
    bench.service.evaluate(FIRST + timedelta(hours=24))
    assert bench.service.list() == []
    (alert,) = bench.service.evaluate(FIRST + timedelta(hours=25))
    assert (alert.subject, alert.state.phase, alert.state.value) == ("MTR-1", Phase.FIRING, 25.0)
    bench.hear(FIRST + timedelta(hours=26))
    (alert,) = bench.service.evaluate(FIRST + timedelta(hours=27))
    assert alert.state.phase is Phase.RESOLVED


@SQLITE
def test_no_data_is_recorded_once_and_resolves_nothing(records: Engine) -> None:
    bench = Bench(records)
    for day in range(1, 5):
        bench.write([("BLD-1", "electricity_excess_pct", f"2023-06-0{day}", 30.0)])
        bench.hear(midnight(f"2023-06-0{day}") + timedelta(hours=23))
        bench.service.evaluate(midnight(f"2023-06-0{day}") + DAY)
    for day in (6, 7, 8, 9, 15):
        bench.hear(midnight(f"2023-06-{day:02}") - timedelta(hours=1))
        bench.service.evaluate(midnight(f"2023-06-{day:02}"))
    alert = bench.alert("use-above-expected")
    assert alert.state.phase is Phase.FIRING
    assert alert.state.no_data_since == midnight("2023-06-08")  # three days after the 4th's start
    assert alert.evidence["day"] == "2023-06-04"
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_no_data"]


@SQLITE
def test_a_rule_that_left_the_rulebook_leaves_its_alerts(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104])
    bench.rulebook = replace(RULEBOOK, rules={"meter-silent": RULES["meter-silent"]})
    assert bench.another().evaluate(FIRST + 3 * DAY + timedelta(hours=12)) == []
    assert bench.service.list()[0].state.phase is Phase.FIRING


@SQLITE
def test_what_fires_without_a_case_gets_one_at_the_first_evaluation(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([101, 102, 103, 104])
    with records.begin() as conn:
        for table in ("case_steps", "notices", "cases"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
    bench.another().evaluate(FIRST + 3 * DAY + timedelta(hours=1))
    assert [case.subject for case in bench.cases()] == ["BLD-1/area/2023"]
