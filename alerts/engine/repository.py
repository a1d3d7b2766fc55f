"""Alerts as rows of the record store."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from alerts.engine.transition import ACTIVE, AlertState, Phase
from quotawatt.storage.tables import alerts

Pair = tuple[str, str]
"""A rule's id and a subject."""

Basis = tuple[tuple[datetime, float], ...]
"""Inputs by the start of their interval, or the time of the reading (UTC), the oldest first."""

RESOLVED_KEPT = timedelta(days=31)
"""How long after it was resolved an alert can still be retracted, and is seen to have no data."""

_AT_ONCE = 300
"""Pairs that one statement names: SQLite takes so many parameters and no more."""

_STATE_COLUMNS = (
    "value",
    "pending_since",
    "firing_since",
    "clear_since",
    "resolved_at",
    "no_data_since",
    "evaluated_at",
    "flapping_since",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """The state of a (rule, subject). ``id`` is None until it is stored.

    severity
        The present step while it fires, the last one when resolved, the rule's own before it fires.
    evidence
        The figures behind the value, as of its evaluation.
    basis
        The inputs that it waited and fired on, so that it can be judged again where they change.
    """

    rule: str
    subject: str
    asset: str
    severity: str
    state: AlertState
    evidence: Mapping[str, float | str] = field(default_factory=dict)
    basis: Basis = ()
    id: int | None = None

    @property
    def pair(self) -> Pair:
        """What it is the state of."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that has to be stored, and what happened to it.

    events
        By the names of ``alerts.engine.events``, in order.
    note
        Of what was corrected or came late: plain JSON.
    """

    alert: Alert
    events: Sequence[str]
    note: Mapping[str, Any] = field(default_factory=dict)


def load_alerts(
    conn: Connection, phases: Collection[Phase] | None = None, lock: bool = False
) -> list[Alert]:
    """Alerts in these phases (None: all), by number; ``lock`` keeps them until the transaction ends."""
    statement = select(alerts).order_by(alerts.c.id)
    if phases is not None:
        statement = statement.where(alerts.c.state.in_(sorted(phases)))
    return _read(conn, statement, lock)


def load_open(conn: Connection, rules: Collection[str], resolved_after: datetime) -> list[Alert]:
    """Alerts of these rules that wait or fire, or were resolved after an instant, by number.

    What was resolved and has no data is among them for as long as it has none.
    """
    lately = or_(alerts.c.resolved_at > resolved_after, alerts.c.no_data_since.is_not(None))
    resolved = and_(alerts.c.state == Phase.RESOLVED.value, lately)
    statement = select(alerts).where(
        alerts.c.rule.in_(sorted(rules)), or_(alerts.c.state.in_(sorted(ACTIVE)), resolved)
    )
    return _read(conn, statement.order_by(alerts.c.id), lock=False)


def load_pairs(conn: Connection, pairs: Iterable[Pair], lock: bool = False) -> list[Alert]:
    """Those of the alerts of these pairs that there are."""
    key = tuple_(alerts.c.rule, alerts.c.subject)
    found: list[Alert] = []
    wanted = sorted(set(pairs))
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        found += _read(conn, select(alerts).where(key.in_(some)), lock)
    return found


def load_alert(conn: Connection, alert_id: int) -> Alert | None:
    """One alert, locked until the transaction ends; None where there is none."""
    found = _read(conn, select(alerts).where(alerts.c.id == alert_id), lock=True)
    return found[0] if found else None


def store_alerts(conn: Connection, changed: Sequence[Alert]) -> list[Alert]:
    """Insert the new ones and update the others, in a statement each; all with their numbers, in order."""
    new = [alert for alert in changed if alert.id is None]
    old = [{"number": alert.id, **_values(alert)} for alert in changed if alert.id is not None]
    if old:
        conn.execute(update(alerts).where(alerts.c.id == bindparam("number")), old)
    numbers: dict[Pair, int] = {}
    if new:
        answer = insert(alerts).returning(alerts.c.id, alerts.c.rule, alerts.c.subject)
        for number, rule, subject in conn.execute(answer, [_values(alert) for alert in new]):
            numbers[rule, subject] = number
    return [
        alert if alert.id is not None else replace(alert, id=numbers[alert.pair])
        for alert in changed
    ]


def store_changes(conn: Connection, changes: Sequence[Change]) -> list[Change]:
    """Store the alerts of these changes; the changes with their alerts' numbers."""
    stored = store_alerts(conn, [change.alert for change in changes])
    return [replace(change, alert=alert) for change, alert in zip(changes, stored, strict=True)]


def _values(alert: Alert) -> dict[str, Any]:
    state = alert.state
    return {
        "rule": alert.rule,
        "subject": alert.subject,
        "asset": alert.asset,
        "severity": alert.severity,
        "state": state.phase.value,
        "detail": dict(alert.evidence),
        "basis": [[time.isoformat(), value] for time, value in alert.basis],
        "fired_at_times": [time.isoformat() for time in state.fired_at_times],
        **{name: getattr(state, name) for name in _STATE_COLUMNS},
    }


def _read(conn: Connection, statement: Select[Any], lock: bool) -> list[Alert]:
    if lock:
        statement = statement.with_for_update()
    return [_alert(row) for row in conn.execute(statement)]


def _alert(row: Row[Any]) -> Alert:
    columns = row._mapping
    phase = Phase(columns["state"])
    state = AlertState(
        phase=phase,
        severity=columns["severity"] if phase is Phase.FIRING else None,
        fired_at_times=tuple(_instants(columns["fired_at_times"])),
        **{name: columns[name] for name in _STATE_COLUMNS},
    )
    return Alert(
        rule=columns["rule"],
        subject=columns["subject"],
        asset=columns["asset"],
        severity=columns["severity"],
        state=state,
        evidence=columns["detail"],
        basis=tuple((datetime.fromisoformat(time), value) for time, value in columns["basis"]),
        id=columns["id"],
    )


def _instants(texts: Iterable[str]) -> Iterator[datetime]:
    return (datetime.fromisoformat(text) for text in texts)
