"""Alerts as rows: what an older store left is read, and many are stored at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, text

from alerts.engine.repository import Alert, load_alerts, load_open, load_pairs, store_alerts
from alerts.engine.transition import AlertState, Phase
from quotawatt.storage.tables import alerts

T0 = datetime(2023, 6, 1, tzinfo=UTC)


def alert(subject: str, phase: Phase, **state: object) -> Alert:
    found = replace(AlertState(phase, evaluated_at=T0), **state)  # type: ignore[arg-type]
    return Alert("r", subject, subject, "warning", found)


def test_rows_of_an_older_version_are_read(records: Engine) -> None:
    old = {
        "rule": "r",
        "subject": "A/quota/2023",
        "asset": "A",
        "state": "firing",
        "severity": "critical",
        "value": 104.0,
        "firing_since": T0,
        "evaluated_at": T0,
        "detail": {"quota_used_kgce": 9.0},
    }
    with records.begin() as conn:
        conn.execute(insert(alerts).values(old))
        (found,) = load_alerts(conn)
    assert (found.state.severity, found.state.fired_at_times, found.basis) == ("critical", (), ())
    assert found.state.flapping_since is None


def test_many_are_stored_in_order_and_found_by_their_pairs(records: Engine) -> None:
    many = [alert(f"S{n:04}", Phase.PENDING, pending_since=T0) for n in range(700)]
    with records.begin() as conn:
        first = store_alerts(conn, many[:400])
        both = store_alerts(conn, [*many[400:], *first])
        assert [one.subject for one in both] == [a.subject for a in (*many[400:], *many[:400])]
        assert len({one.id for one in both}) == 700
        pairs = [("r", f"S{n:04}") for n in range(0, 700, 2)]
        found = load_pairs(conn, [*pairs, ("r", "none")])
        assert [one.pair for one in found] == pairs
        assert conn.execute(text("SELECT count(*) FROM alerts")).scalar() == 700


def test_open_ones_are_those_that_wait_fire_or_were_resolved_of_late(records: Engine) -> None:
    day = timedelta(days=1)
    kept = [
        alert("A", Phase.PENDING),
        alert("B", Phase.FIRING, firing_since=T0, severity="warning"),
        alert("C", Phase.RESOLVED, resolved_at=T0),
        alert("D", Phase.RESOLVED, resolved_at=T0 - 2 * day),
        alert("E", Phase.INACTIVE),
    ]
    with records.begin() as conn:
        store_alerts(conn, [*kept, replace(kept[0], rule="other")])
        found = load_open(conn, ["r"], T0 - day)
    assert [one.subject for one in found] == ["A", "B", "C"]
    assert [one.state for one in found] == [one.state for one in kept[:3]]
