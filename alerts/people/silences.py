"""Silences and maintenance windows: what people are not told for a time, though it is judged all the same.

While one is open, rules are evaluated and cases are opened and kept as ever; only the notices about what
the condition does are held. A *silence* holds from begin to end, a *maintenance* window may recur within
them by days and hours of the site's own calendar. Nothing is changed but by adding one and ending one, so
that the ledger shows what held when. All instants are UTC; spans are half-open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, or_, select, update

from alerts.people.matching import Matchers
from alerts.people.notices import WAITING
from alerts.people.windows import Recurrence, as_json, from_json, open_until
from quotawatt.clock import require_utc
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import notices, silences

COMMENT_LENGTH = 2000


class SilenceKind(StrEnum):
    """What it is; a maintenance window may recur and last longer."""

    SILENCE = "silence"
    MAINTENANCE = "maintenance"


class SilenceState(StrEnum):
    """Where it stands at an instant."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


LONGEST = {
    SilenceKind.SILENCE: timedelta(days=30),
    SilenceKind.MAINTENANCE: timedelta(days=366),
}
"""How long each may last, so that nothing is silenced for ever by oversight."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence or a maintenance window; ``id`` is 0 until it is stored.

    recurrence
        When it is open within ``[starts_at, ends_at)``; None: all the time.
    comment
        Why; never empty.
    ended_at, ended_by
        Who ended it before its time.
    """

    kind: SilenceKind
    matchers: Matchers
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_at: datetime
    created_by: str
    recurrence: Recurrence | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    id: int = 0

    @property
    def until(self) -> datetime:
        """When it is over, ended or not."""
        return self.ends_at if self.ended_at is None else min(self.ended_at, self.ends_at)

    def state(self, now: datetime) -> SilenceState:
        """Where it stands; one that recurs is active between its windows, too."""
        if now >= self.until:
            return SilenceState.EXPIRED
        return SilenceState.PENDING if now < self.starts_at else SilenceState.ACTIVE

    def holds_until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Until when it keeps notices of a site of this zone; None: it does not now."""
        if self.state(now) is not SilenceState.ACTIVE:
            return None
        if self.recurrence is None:
            return self.until
        end = open_until([self.recurrence], now, zone)
        return None if end is None else min(end, self.until)


def draft(
    kind: SilenceKind,
    matchers: Matchers,
    starts_at: datetime | None,
    ends_at: datetime,
    comment: str,
    actor: str,
    now: datetime,
    recurrence: Recurrence | None = None,
) -> Silence:
    """A silence that may be added; ``starts_at`` None: now.

    Raises InputError where it has no comment, begins in the past, does not end after it begins, lasts
    longer than ``LONGEST`` or recurs and is no maintenance window.
    """
    begin = now if starts_at is None else require_utc(starts_at, "starts_at")
    end = require_utc(ends_at, "ends_at")
    found = Silence(kind, matchers, begin, end, comment.strip(), now, actor, recurrence)
    if not found.comment or len(found.comment) > COMMENT_LENGTH:
        raise InputError(
            f"a silence must say why in 1 to {COMMENT_LENGTH} characters, got {len(found.comment)}"
        )
    if begin < now:
        raise InputError(f"a silence must not begin in the past, got {begin.isoformat()}")
    if not timedelta(0) < end - begin <= LONGEST[kind]:
        raise InputError(
            f"a {kind.value} must end after it begins, within {LONGEST[kind].days} days, "
            f"got {begin.isoformat()} to {end.isoformat()}"
        )
    if recurrence is not None and kind is SilenceKind.SILENCE:
        raise InputError("only a maintenance window must recur, got a silence with days or hours")
    return found


def add_silence(conn: Connection, ledger: Ledger, silence: Silence) -> Silence:
    """Store it, with its entry in the ledger; the same with its number."""
    values = {
        "kind": silence.kind.value,
        "matchers": silence.matchers.as_json(),
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "recurrence": as_json(silence.recurrence),
        "comment": silence.comment,
        "created_at": silence.created_at,
        "created_by": silence.created_by,
    }
    statement = insert(silences).values(values).returning(silences.c.id)
    stored = replace(silence, id=conn.execute(statement).scalar_one())
    _record(conn, ledger, stored, "silence_added", stored.created_by, stored.created_at)
    return stored


def end_silence(
    conn: Connection, ledger: Ledger, number: int, actor: str, now: datetime
) -> Silence:
    """End it before its time; what it held is looked at again by the next plan.

    Raises NotFoundError where there is none of this number, StateError where it is over already.
    """
    silence = read_silence(conn, number, lock=True)
    if silence.state(now) is SilenceState.EXPIRED:
        raise StateError(f"a silence must not be over to be ended, got one of {silence.until}")
    ended = replace(silence, ended_at=now, ended_by=actor)
    mine = silences.c.id == number
    conn.execute(update(silences).where(mine).values(ended_at=now, ended_by=actor))
    held = (notices.c.state == WAITING, notices.c.reason == reason_of(silence))
    conn.execute(update(notices).where(*held).values(held_until=None))
    _record(conn, ledger, ended, "silence_ended", actor, now)
    return ended


def read_silence(conn: Connection, number: int, *, lock: bool = False) -> Silence:
    """The one of this number; ``lock`` keeps it. Raises NotFoundError where there is none."""
    query = select(silences).where(silences.c.id == number)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError(f"a silence must exist by its number, got {number}")
    return _silence(row._mapping)


def list_silences(conn: Connection, now: datetime, *, over: bool = False) -> list[Silence]:
    """Those that are pending or active at ``now``, with ``over`` also those that are over; newest first."""
    query = select(silences).order_by(silences.c.id.desc())
    if not over:
        query = query.where(
            silences.c.ends_at > now,
            or_(silences.c.ended_at.is_(None), silences.c.ended_at > now),
        )
    return [_silence(row._mapping) for row in conn.execute(query)]


def holding(
    known: Iterable[Silence], now: datetime, zone: ZoneInfo
) -> list[tuple[Silence, datetime]]:
    """Those that keep notices of sites of this zone at ``now``, with the end, the latest end first."""
    ends = [(silence, silence.holds_until(now, zone)) for silence in known]
    found = [(silence, end) for silence, end in ends if end is not None]
    return sorted(found, key=lambda pair: (-pair[1].timestamp(), pair[0].id))


def reason_of(silence: Silence) -> str:
    """What a notice that it holds gives as the reason: ``silenced:12``, ``maintenance:13``."""
    word = "silenced" if silence.kind is SilenceKind.SILENCE else "maintenance"
    return f"{word}:{silence.id}"


def _record(
    conn: Connection, ledger: Ledger, silence: Silence, action: str, actor: str, at: datetime
) -> None:
    matchers = silence.matchers
    detail = {
        "kind": silence.kind.value,
        "matchers": matchers.as_json(),
        "starts_at": silence.starts_at.isoformat(),
        "ends_at": silence.ends_at.isoformat(),
        "recurrence": as_json(silence.recurrence),
        "comment": silence.comment,
    }
    ledger.append(
        conn,
        at=at,
        actor=actor,
        action=action,
        subject=f"silences/{silence.id}",
        detail=detail,
        rule=matchers.rules[0] if len(matchers.rules) == 1 else "",
        mentions=_named(matchers),
    )


def _named(matchers: Matchers) -> Sequence[str]:
    return [*matchers.assets, *matchers.organisations, *matchers.sites]


def _silence(row: Mapping[Any, Any]) -> Silence:
    matchers = {name: tuple(words) for name, words in row["matchers"].items()}
    return Silence(
        id=row["id"],
        kind=SilenceKind(row["kind"]),
        matchers=Matchers(**matchers),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        recurrence=from_json(row["recurrence"]),
        comment=row["comment"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )
