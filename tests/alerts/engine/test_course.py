"""What holds of a course however it is cut up: other instants, restarts, days without data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from alerts.engine.repository import Alert, load_alerts, store_alerts
from alerts.engine.transition import AlertState, Phase, condition_of, step
from quotawatt.rulebook.alert_rules import Flapping, Level
from quotawatt.storage.records import open_records
from tests.alerts.rules import rule

T0 = datetime(2023, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = replace(
    rule("r", "x", above=10, clear_below=8, for_=3 * HOUR, keep=2 * HOUR),
    flapping=Flapping(2, 24 * HOUR),
    levels=(Level("critical", 20, 15),),
)

_values = st.one_of(st.none(), st.floats(5, 25))
_hourly = st.lists(_values, min_size=1, max_size=40)


def judged(state: AlertState, value: float | None, now: datetime) -> AlertState:
    return step(state, RULE, condition_of(RULE, state, value), value, now)


@given(_hourly, st.integers(1, 4))
def test_more_instants_between_change_nothing_that_lasts(
    values: list[float | None], parts: int
) -> None:
    """Each value holds for an hour; evaluating it more often ends at the same phase each hour."""
    once, often = AlertState(), AlertState()
    for hour, value in enumerate(values):
        now = T0 + hour * HOUR
        once = judged(once, value, now)
        for part in range(parts):
            often = judged(often, value, now + part * HOUR / parts)
            if part == 0:
                assert often == once
        once = replace(once, evaluated_at=often.evaluated_at)
        # what becomes due within the hour becomes due at its end where nothing looked before
        assert once.phase is often.phase


@given(_hourly)
def test_without_data_nothing_resolves_and_nothing_fires(values: list[float | None]) -> None:
    state = AlertState()
    for hour, value in enumerate(values):
        new = judged(state, value, T0 + hour * HOUR)
        if value is None:
            assert replace(new, evaluated_at=None, no_data_since=None) == replace(
                state, evaluated_at=None, no_data_since=None
            )
            assert new.phase is state.phase
        state = new


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("records")
    return open_records(f"sqlite:///{folder / 'records.sqlite'}", folder)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=_hourly)
def test_a_restart_after_every_evaluation_changes_nothing(
    kept: Engine, values: list[float | None]
) -> None:
    state, basis = AlertState(), ((T0, 10.5), (T0 + HOUR, 1e-9))
    with kept.begin() as conn:
        conn.exec_driver_sql("DELETE FROM alerts")
        alert = Alert("r", "A", "A", "warning", state, {"x": 1.5}, basis)
        for hour, value in enumerate(values):
            state = judged(state, value, T0 + hour * HOUR)
            severity = state.severity or alert.severity
            store_alerts(conn, [replace(alert, state=state, severity=severity)])
            (alert,) = load_alerts(conn)
            assert (alert.state, alert.basis, alert.evidence) == (state, basis, {"x": 1.5})
            state = alert.state
            assert (alert.state.phase is Phase.FIRING) is (alert.state.severity is not None)
