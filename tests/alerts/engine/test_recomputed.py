"""Corrected readings, by the analyser's own recomputation: the alert that hung on them is retracted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.engine.transition import Phase
from analytics.jobs import Analyser
from quotawatt.readings import Reading
from quotawatt.rulebook.alert_rules import AppliesTo
from quotawatt.settings import Settings
from quotawatt.storage.intake import store_readings
from tests.alerts.bench import Bench
from tests.alerts.results import midnight
from tests.alerts.rules import DAY, RULEBOOK, rule

pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)

HOUR = timedelta(hours=1)
START = midnight("2023-06-01")
RULE = replace(
    rule("day-high", "electricity_import_kwh", above=100),
    applies_to=AppliesTo(assets=("MTR-1",)),
)


def test_a_corrected_reading_retracts_what_fired_on_it(records: Engine) -> None:
    bench = Bench(records, rulebook=replace(RULEBOOK, rules={RULE.id: RULE}))
    settings = Settings(home=Path("unused"))
    analyser = Analyser(bench.results, records, lambda: bench.register, bench.rulebook, settings)

    def collect(hour: int, kwh: float, revision: int = 0) -> None:
        at = START + hour * HOUR
        reading = Reading(
            "dev-1", "", "electricity_import_kwh", at, kwh, arrived=at, revision=revision
        )
        store_readings(bench.series, records, [reading])

    def go_on(hour: int) -> None:
        now = START + hour * HOUR + timedelta(minutes=1)
        analyser.run(now)
        bench.service.evaluate(now)

    # 3 kWh an hour on the first day; on the second the counter is misread from noon on: 60 too much.
    for hour in range(61):
        collect(hour, 1000.0 + 3 * hour + (60 if hour >= 36 else 0))
        if hour in (36, 48, 60):
            go_on(hour)
    alert = bench.alert("day-high")
    assert (alert.subject, alert.state.phase) == ("MTR-1", Phase.RESOLVED)
    assert bench.actions() == ["alert_fired", "alert_resolved"]
    for hour in range(36, 61):
        collect(hour, 1000.0 + 3 * hour, revision=1)
    go_on(61)
    assert bench.actions()[2:] == ["alert_retracted"]
    (wrong,) = bench.notes()[-1]["corrected"]
    assert (wrong["time"], wrong["is"]) == ((START + DAY).isoformat(), pytest.approx(72.0))
    assert bench.alert("day-high").state.phase is Phase.INACTIVE
