"""Rules with versions judge by the one in force and keep one alert; what each did is counted."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine

from alerts.cases.model import Act
from alerts.cases.of_alerts import acknowledge_alert
from alerts.engine.transition import Phase
from alerts.wording import Context
from quotawatt.rulebook.effects import Effects, effects_between, version_of
from quotawatt.rulebook.versions import Version
from tests.alerts.bench import Bench
from tests.alerts.results import SHANGHAI, midnight
from tests.alerts.rules import DAY, RULEBOOK, RULES

OLD = RULES["quota-projected-over"]
NEW = replace(OLD, threshold=110.0, clear=105.0)
CHANGE = date(2023, 6, 6)

BOOK = replace(
    RULEBOOK,
    rules={OLD.id: NEW},
    versions={
        "rules": {
            OLD.id: [
                Version(OLD, None, CHANGE, "old.yaml:1"),
                Version(NEW, CHANGE, None, "new.yaml:1"),
            ]
        }
    },
)


def effects(records: Engine) -> dict[str, Effects]:
    with records.connect() as conn:
        return {x.version: x.effects for x in effects_between(conn, None, None)}


def test_the_version_of_the_day_judges_and_the_alert_stays_one(records: Engine) -> None:
    bench = Bench(records, rulebook=BOOK)
    # Fires by the old rule (above 100 for three days); by the new one, from the 6th on, 104 is clear.
    phases = bench.quota_days([104] * 8)
    assert phases[:5] == ["pending", "pending", "pending", "firing", "resolved"]
    assert [a.rule for a in bench.service.list()] == [OLD.id]
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_resolved"]


def test_what_a_rule_did_is_counted_by_version(records: Engine) -> None:
    bench = Bench(records, rulebook=BOOK)
    bench.quota_days([104] * 8)
    # Evaluated at midnight of 2 to 9 June, one subject each time.
    assert effects(records) == {
        version_of(OLD): Effects(evaluated=4, fired=1),
        version_of(NEW): Effects(evaluated=4, resolved=1),
    }


def test_evaluating_again_and_taking_an_alert_up_are_counted_once(records: Engine) -> None:
    bench = Bench(records)
    bench.quota_days([104] * 4)
    again = midnight("2023-06-01") + 4 * DAY
    bench.service.evaluate(again)
    (alert,) = bench.service.list([Phase.FIRING])
    assert alert.id is not None
    at = again + timedelta(hours=1)
    context = Context(bench.register, bench.rulebook, SHANGHAI, date(2023, 6, 5))
    with records.begin() as conn:
        acknowledge_alert(conn, alert.id, Act("li", at, "seen"), context)
    counted = effects(records)[version_of(OLD)]
    assert counted == Effects(evaluated=4, fired=1, acknowledged=1)
