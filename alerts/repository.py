"""Alerts as rows of the record store."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from alerts.transition import AlertState, Phase
from quotawatt.storage.tables import alerts

_STATE_COLUMNS = tuple(f.name for f in fields(AlertState) if f.name != "phase")


@dataclass(frozen=True, slots=True)
class Alert:
    """The state of a (rule, subject). ``id`` is None until it is stored.

    evidence
        The figures behind the value, as of its evaluation.
    acknowledged_at, acknowledged_by
        Who took it up; forgotten when it fires anew.
    """

    rule: str
    subject: str
    asset: str
    severity: str
    state: AlertState
    evidence: Mapping[str, float | str] = field(default_factory=dict)
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    id: int | None = None


def load_alerts(
    conn: Connection, phases: Collection[Phase] | None = None, lock: bool = False
) -> list[Alert]:
    """Alerts in these phases (None: all), by number; ``lock`` keeps them until the transaction ends."""
    statement = select(alerts).order_by(alerts.c.id)
    if phases is not None:
        statement = statement.where(alerts.c.state.in_(sorted(phases)))
    if lock:
        statement = statement.with_for_update()
    return [_alert(row) for row in conn.execute(statement)]


def load_alert(conn: Connection, alert_id: int) -> Alert | None:
    """One alert, locked until the transaction ends; None where there is none."""
    statement = select(alerts).where(alerts.c.id == alert_id).with_for_update()
    row = conn.execute(statement).one_or_none()
    return None if row is None else _alert(row)


def store_alert(conn: Connection, alert: Alert) -> int:
    """Insert or update the alert and return its number."""
    values = {
        "rule": alert.rule,
        "subject": alert.subject,
        "asset": alert.asset,
        "severity": alert.severity,
        "state": alert.state.phase.value,
        "detail": dict(alert.evidence),
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        **{name: getattr(alert.state, name) for name in _STATE_COLUMNS},
    }
    if alert.id is not None:
        conn.execute(update(alerts).where(alerts.c.id == alert.id).values(values))
        return alert.id
    inserted: int = conn.execute(insert(alerts).values(values).returning(alerts.c.id)).scalar_one()
    return inserted


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    columns = row._mapping
    state = AlertState(
        phase=Phase(columns["state"]), **{name: columns[name] for name in _STATE_COLUMNS}
    )
    return Alert(
        rule=columns["rule"],
        subject=columns["subject"],
        asset=columns["asset"],
        severity=columns["severity"],
        state=state,
        evidence=columns["detail"],
        acknowledged_at=columns["acknowledged_at"],
        acknowledged_by=columns["acknowledged_by"],
        id=columns["id"],
    )
