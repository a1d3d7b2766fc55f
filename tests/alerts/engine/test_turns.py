"""Several evaluators at once: each change is made once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from alerts.engine.transition import Phase
from alerts.service import AlertService
from quotawatt.ledger import Ledger
from tests.alerts.bench import Bench
from tests.alerts.results import midnight
from tests.alerts.rules import RULEBOOK, rule

EXCESS = rule("excess", "electricity_excess_pct", above=15, clear_below=5)
BOOK = replace(RULEBOOK, rules={EXCESS.id: EXCESS})
NOW = midnight("2023-06-02") + timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


def test_evaluators_at_once_change_everything_once(records: Engine) -> None:
    bench = Bench(records, rulebook=BOOK)
    services = [bench.another() for _ in range(3)]
    subjects = [f"B{n}" for n in range(20)]

    def write(value: float) -> None:
        bench.write([(s, "electricity_excess_pct", "2023-06-02", value) for s in subjects])

    def evaluate_all(now: datetime) -> None:
        barrier = threading.Barrier(len(services))

        def work(service: AlertService) -> None:
            barrier.wait(30)
            service.evaluate(now)

        with ThreadPoolExecutor(len(services)) as pool:
            for done in [pool.submit(work, service) for service in services]:
                done.result(60)

    for turn, value in enumerate([20.0, 1.0, 30.0]):
        write(value)
        evaluate_all(NOW + turn * MINUTE)
    alerts = bench.service.list()
    assert [alert.subject for alert in alerts] == sorted(subjects)
    assert {alert.state.phase for alert in alerts} == {Phase.FIRING}
    assert sorted(bench.actions()) == ["alert_fired"] * 40 + ["alert_resolved"] * 20
    assert len(bench.cases()) == 20
    assert Ledger(records).verify() == []
