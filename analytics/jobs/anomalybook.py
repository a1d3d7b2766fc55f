"""Anomalies as events in the record store: read, entered, and called ordinary by people."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, or_, select, update

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.events.event import LIVE, Event, EventState
from analytics.events.matching import Change
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.storage.analytics_tables import anomalies

_FIGURES = (
    "subject", "measure", "shape", "likely", "start", "end", "hours", "size", "expected",
    "confidence", "evidence",
)  # fmt: skip


def read_events(conn: Connection, since: datetime) -> list[Event]:
    """The events that go on or end after an instant, whatever has become of them, by number."""
    lasting = or_(anomalies.c.end > since, anomalies.c.state == EventState.OPEN.value)
    rows = conn.execute(select(anomalies).where(lasting).order_by(anomalies.c.id)).mappings()
    return [event_of(row) for row in rows]


def read_anomaly(conn: Connection, number: int) -> dict[str, Any]:
    """The row of this number. Raises NotFoundError where there is none."""
    row = conn.execute(select(anomalies).where(anomalies.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"an anomaly must exist by its number, got {number}")
    return dict(row)


def event_of(row: Mapping[Any, Any]) -> Event:
    """A row of the table as an event."""
    state = EventState(row["state"])
    figures = {name: row[name] for name in _FIGURES}
    figures |= {"shape": Shape(row["shape"]), "likely": Likely(row["likely"])}
    return Event(
        number=row["id"],
        anomaly=Anomaly(**figures, open=state is EventState.OPEN),
        state=state,
        baseline_version=row["baseline_version"],
        explained_by=row["explained_by"],
        found_at=row["found_at"],
    )


def enter(
    conn: Connection, changes: Iterable[tuple[Change, int]], register: Register, at: datetime
) -> None:
    """Write changes of rows, each with the version of the baseline that it was judged by."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for change, version in changes:
        values = _values(change, version, register, at)
        if change.number is None:
            new.append({**values, "found_at": at})
        else:
            changed.append({**values, "number": change.number})
    if new:
        conn.execute(insert(anomalies), new)
    if changed:
        conn.execute(update(anomalies).where(anomalies.c.id == bindparam("number")), changed)


def enter_explained(
    conn: Connection, events: Iterable[Event], explained: Mapping[int, int]
) -> None:
    """Write down of these events which other one explains each, where that is news."""
    news = [
        {"number": event.number, "explained_by": explained.get(event.number)}
        for event in events
        if event.explained_by != explained.get(event.number)
    ]
    if news:
        conn.execute(update(anomalies).where(anomalies.c.id == bindparam("number")), news)


def call_ordinary(
    engine: Engine, number: int, actor: str, comment: str, at: datetime
) -> dict[str, Any]:
    """Say that an event is ordinary, and why; the ledger keeps it. Returns the row.

    It is no anomaly from then on: baselines may learn from its hours, and it is not found again, however
    long it goes on. Raises NotFoundError for an unknown number, InputError without a comment, and
    StateError where it is neither going on nor over.
    """
    if not comment.strip():
        raise InputError(f"an anomaly is called ordinary with a comment, got {comment!r}")
    decided = {"note": comment.strip(), "decided_at": at, "decided_by": actor}
    return _decide(engine, number, LIVE, EventState.ORDINARY, decided, "anomaly_ordinary", at)


def call_anomaly(engine: Engine, number: int, actor: str, at: datetime) -> dict[str, Any]:
    """Take back that an event is ordinary; the ledger keeps it. Returns the row, which is over.

    Whether it goes on the next scoring says. Raises NotFoundError for an unknown number and StateError
    where it is not called ordinary.
    """
    decided = {"note": "", "decided_at": at, "decided_by": actor}
    ordinary = {EventState.ORDINARY}
    return _decide(engine, number, ordinary, EventState.OVER, decided, "anomaly_not_ordinary", at)


def _decide(
    engine: Engine,
    number: int,
    states: Collection[EventState],
    state: EventState,
    decided: Mapping[str, Any],
    action: str,
    at: datetime,
) -> dict[str, Any]:
    with engine.begin() as conn:
        conn.execute(select(anomalies.c.id).where(anomalies.c.id == number).with_for_update())
        before = read_anomaly(conn, number)
        if before["state"] not in states:
            wanted = " or ".join(sorted(states))
            raise StateError(
                f"an anomaly must be {wanted}, got {number} which is {before['state']}"
            )
        values = {**decided, "state": state.value, "explained_by": None, "updated_at": at}
        conn.execute(update(anomalies).where(anomalies.c.id == number).values(values))
        after = read_anomaly(conn, number)
        Ledger(engine).append(
            conn,
            at=at,
            actor=str(decided["decided_by"]),
            action=action,
            subject=before["subject"],
            detail={"anomaly": number, "measure": before["measure"], "likely": before["likely"]},
            before={"state": before["state"], "note": before["note"]},
            after={"state": after["state"], "note": after["note"]},
        )
    return after


def _values(change: Change, version: int, register: Register, at: datetime) -> dict[str, Any]:
    """The columns of a change, as they are on a row."""
    figures = asdict(change.anomaly)
    asset = change.anomaly.subject.partition("/")[0]
    held = asset in register.assets
    values = {name: figures[name] for name in _FIGURES}
    values |= {
        "shape": change.anomaly.shape.value,
        "likely": change.anomaly.likely.value,
        "asset": asset,
        "organisation": register.organisation_of(asset) if held else None,
        "baseline_version": version,
        "state": change.state.value,
        "updated_at": at,
    }
    return values if change.state is EventState.ORDINARY else {**values, "note": change.note}
