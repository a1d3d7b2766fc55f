"""Notices: what somebody is to be told of a case by one channel, until a message takes it along.

A notice is ``waiting``, then either ``sent`` (with the key of its message) or ``dropped`` (with the reason).
While it waits its row says why it is held, and until when where that is known, so that a case can answer
"why was I not told". All instants are UTC.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, tuple_, update

from alerts.cases.model import CaseEvent, CaseState
from alerts.cases.rows import in_chunks
from quotawatt.storage.case_tables import cases, notices

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"

CRITICAL = "critical"
"""The severity that has limits and throttles of its own."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of ``notices`` that waits.

    event
        A ``CaseEvent``, as text.
    route
        The route that chose recipient and channel; its times and limits apply.
    at_once
        Whether it may be a message of its own; else it goes with the next digest.
    reason, held_until
        What the last plan said of it; empty and None: nothing yet.
    """

    id: int
    case: int
    event: str
    at: datetime
    recipient: str
    channel: str
    route: str
    site: str
    rule: str
    severity: str
    at_once: bool
    reason: str = ""
    held_until: datetime | None = None

    @property
    def critical(self) -> bool:
        """Whether it counts with the critical ones, which never wait behind others."""
        return self.severity == CRITICAL

    @property
    def pressing(self) -> bool:
        """Whether somebody is waited for within minutes: a request for a command expires."""
        return self.event == CaseEvent.COMMAND


@dataclass(frozen=True, slots=True)
class Matter:
    """What matchers see of a case.

    asset, organisation, site
        As they were when the case was opened; empty where the register did not say.
    firing
        Whether its condition holds at present.
    """

    case: int
    rule: str
    subject: str
    asset: str
    organisation: str
    site: str
    severity: str
    state: CaseState
    firing: bool

    @property
    def unanswered(self) -> bool:
        """Whether it is open and nobody has acknowledged it."""
        return self.state is CaseState.OPEN


@dataclass(frozen=True, slots=True)
class Hold:
    """That a notice waits on, why, and until when; None: until something else happens."""

    reason: str
    until: datetime | None = None


_NOTICE = tuple(notices.c[f.name] for f in fields(Notice))
MATTER_COLUMNS = (
    cases.c.id.label("case"),
    *(cases.c[f.name] for f in fields(Matter) if f.name != "case"),
)


def read_waiting(
    conn: Connection, now: datetime, always: str
) -> tuple[list[Notice], dict[int, Matter]]:
    """All that waits for whoever has something to be looked at as of ``now``, and the cases it is about.

    Looked at is what no plan has seen, whose hold is over, or which is held for a reason that begins with
    ``always`` and may end at any moment. What else waits for the same recipient and channel comes along, for
    it may go with it. The notices, in their order, stay locked until the transaction ends.
    """
    looked_at = (
        select(notices.c.recipient, notices.c.channel)
        .where(
            notices.c.state == WAITING,
            or_(
                notices.c.held_until.is_(None),
                notices.c.held_until <= now,
                notices.c.reason.startswith(always, autoescape=True),
            ),
        )
        .distinct()
    )
    pairs = [tuple(row) for row in conn.execute(looked_at)]
    found: list[Notice] = []
    for some in in_chunks(pairs):
        statement = (
            select(*_NOTICE)
            .where(
                notices.c.state == WAITING,
                tuple_(notices.c.recipient, notices.c.channel).in_(some),
            )
            .order_by(notices.c.id)
            .with_for_update()
        )
        found += [Notice(**row._mapping) for row in conn.execute(statement)]
    return found, read_matters(conn, {notice.case for notice in found})


def read_matters(conn: Connection, numbers: Collection[int]) -> dict[int, Matter]:
    """Cases by number, as matchers see them."""
    found: dict[int, Matter] = {}
    for some in in_chunks(sorted(numbers)):
        statement = select(*MATTER_COLUMNS).where(cases.c.id.in_(some))
        found |= {row.case: matter_of(row._mapping) for row in conn.execute(statement)}
    return found


def matter_of(row: Mapping[Any, Any]) -> Matter:
    """A row of ``MATTER_COLUMNS`` as a value."""
    return Matter(**{**row, "state": CaseState(row["state"])})


def told_before(conn: Connection, numbers: Collection[int]) -> set[tuple[int, str, str]]:
    """Who has been told anything of these cases: (case, recipient, channel)."""
    columns = (notices.c.case, notices.c.recipient, notices.c.channel)
    found: set[tuple[int, str, str]] = set()
    for some in in_chunks(sorted(numbers)):
        statement = select(*columns).where(notices.c.state == SENT, notices.c.case.in_(some))
        found |= {(row.case, row.recipient, row.channel) for row in conn.execute(statement)}
    return found


def note_sent(conn: Connection, taken: Iterable[Notice], message: str) -> None:
    """A message has taken them along."""
    values = {"state": SENT, "message": message, "reason": "", "held_until": None}
    for some in in_chunks([notice.id for notice in taken]):
        conn.execute(update(notices).where(notices.c.id.in_(some)).values(values))


def note_dropped(conn: Connection, dropped: Mapping[int, str]) -> None:
    """They are never told, by number, each for its reason."""
    _update(conn, [{"key": n, "state": DROPPED, "reason": r} for n, r in dropped.items()])


def note_held(conn: Connection, waiting: Iterable[Notice], held: Mapping[int, Hold]) -> None:
    """Why they wait on, by number; only what differs from the row is written."""
    changed = [
        {"key": n.id, "reason": held[n.id].reason, "held_until": held[n.id].until}
        for n in waiting
        if n.id in held and (n.reason, n.held_until) != (held[n.id].reason, held[n.id].until)
    ]
    _update(conn, changed)


def _update(conn: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "key"]
        statement = update(notices).where(notices.c.id == bindparam("key"))
        conn.execute(statement.values({name: bindparam(name) for name in names}), list(rows))
