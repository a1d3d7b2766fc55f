"""A new system does not call meters silent that it has never had the time to hear."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from alerts.engine.listening import listening_since
from quotawatt.storage.tables import alerts

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_first_evaluation_is_noted(records: Engine) -> None:
    with records.begin() as conn:
        assert listening_since(conn, NOW) == NOW
    with records.begin() as conn:
        assert listening_since(conn, NOW + timedelta(days=2)) == NOW
        # an evaluation over the past
        assert listening_since(conn, NOW - timedelta(days=2)) == NOW - timedelta(days=2)


def test_a_store_that_has_alerts_was_listened_to_before(records: Engine) -> None:
    row = {
        "rule": "meter-silent",
        "subject": "MTR-1",
        "asset": "MTR-1",
        "state": "firing",
        "severity": "warning",
        "evaluated_at": NOW,
        "detail": {},
    }
    with records.begin() as conn:
        conn.execute(insert(alerts).values(row))
        assert listening_since(conn, NOW).year == 1970
