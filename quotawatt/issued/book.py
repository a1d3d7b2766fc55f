"""Snapshots in the record store: issued, listed, read.

A snapshot is never changed. A correction (更正) is another edition of the same kind, subject and period,
and names the edition that it corrects. Every function works within the caller's transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.ledger.entry import canonical_json, sha256_of
from quotawatt.storage.facts import lock_fact
from quotawatt.storage.issued_tables import issued

_LOCK = "issued"
"""The fact that whoever issues holds, so that editions count up without a gap."""

_LONGEST = {"kind": 32, "subject": 64, "period": 16}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be issued.

    kind
        The id of a form for a return, else ``ranking``, ``circular``, ``publication``, ``analysis``.
    subject
        Code of the organisation that it is about.
    period
        ``2024``, ``2024-Q1`` or ``2024-03``.
    content
        Plain JSON without words of one language. ``figures`` in it are what later data are compared
        with; see ``compare.differences``.
    corrects
        Number of the edition that it corrects; empty: it is the first.
    note
        Why it is corrected.
    """

    kind: str
    subject: str
    period: str
    content: Mapping[str, Any]
    corrects: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A snapshot as it was issued. ``edition`` counts from 1; ``corrects`` names the one before."""

    id: int
    number: str
    kind: str
    subject: str
    period: str
    edition: int
    content: Mapping[str, Any]
    sha256: str
    note: str
    issued_by: str
    issued_at: datetime
    corrects: str

    @property
    def figures(self) -> Mapping[str, Mapping[str, Any]]:
        """The figures that later data are compared with, by id; see ``compare.differences``."""
        found: Mapping[str, Mapping[str, Any]] = self.content.get("figures", {})
        return found


def issue(conn: Connection, draft: Draft, actor: str, at: datetime) -> Issued:
    """Close a draft and put it in the ledger.

    Raises InputError for content that is not plain JSON or names that are empty or too long, and
    StateError where an edition stands already and the draft does not name it as corrected, names another,
    or says the same.
    """
    _require_names(draft)
    text = canonical_json(draft.content)
    lock_fact(conn, _LOCK, 0)
    before = latest(conn, draft.kind, draft.subject, draft.period)
    _require_order(draft, before, sha256_of(text))
    edition = 1 if before is None else before.edition + 1
    row = {
        "number": f"{draft.kind}-{draft.period}-{draft.subject}-{edition}",
        "kind": draft.kind,
        "subject": draft.subject,
        "period": draft.period,
        "edition": edition,
        "content": text,
        "sha256": sha256_of(text),
        "note": draft.note,
        "issued_by": actor,
        "issued_at": at,
        "corrects": None if before is None else before.id,
    }
    conn.execute(insert(issued).values(row))
    made = issued_of(conn, str(row["number"]))
    _record(conn, made, actor, at)
    return made


def latest(conn: Connection, kind: str, subject: str, period: str) -> Issued | None:
    """The edition that stands; None where nothing was issued."""
    t = issued.c
    chosen = select(issued).where(t.kind == kind, t.subject == subject, t.period == period)
    row = conn.execute(chosen.order_by(t.edition.desc()).limit(1)).one_or_none()
    return None if row is None else _issued(row)


def issued_of(conn: Connection, number: str) -> Issued:
    """The snapshot of this number. Raises NotFoundError where there is none."""
    row = conn.execute(select(issued).where(issued.c.number == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"a snapshot must exist by its number, got {number!r}")
    return _issued(row)


def issued_list(
    conn: Connection,
    kind: str = "",
    subject: str = "",
    period: str = "",
    *,
    standing: bool = False,
) -> list[Issued]:
    """Snapshots of a kind, subject and period (empty: any), the latest first.

    standing
        Whether those that were corrected are left out.
    """
    t = issued.c
    given = {"kind": kind, "subject": subject, "period": period}
    wanted = [t[name] == value for name, value in given.items() if value]
    if standing:
        corrected = select(t.corrects).where(t.corrects.is_not(None))
        wanted.append(t.id.not_in(corrected))
    rows = conn.execute(select(issued).where(*wanted).order_by(t.id.desc()))
    return [_issued(row) for row in rows]


def issued_after(conn: Connection, after: int, limit: int) -> list[Issued]:
    """Up to ``limit`` snapshots of any kind whose ``id`` is greater, in order."""
    chosen = select(issued).where(issued.c.id > after).order_by(issued.c.id).limit(limit)
    return [_issued(row) for row in conn.execute(chosen)]


def _require_names(draft: Draft) -> None:
    for name, longest in _LONGEST.items():
        value = getattr(draft, name)
        if not value or len(value) > longest:
            raise InputError(
                f"{name} of a snapshot must have 1 to {longest} characters, got {value!r}"
            )


def _require_order(draft: Draft, before: Issued | None, sha256: str) -> None:
    standing = "" if before is None else before.number
    if draft.corrects != standing:
        rule = "a snapshot must name the edition that it corrects"
        raise StateError(f"{rule}, {standing or 'none stands'}, got {draft.corrects or 'none'}")
    if before is not None and before.sha256 == sha256:
        raise StateError(f"a correction must differ from what it corrects, got {standing} again")


def _issued(row: Row[Any]) -> Issued:
    values = dict(row._mapping)
    before = f"{row.kind}-{row.period}-{row.subject}-{row.edition - 1}"
    values["content"] = json.loads(row.content)
    values["corrects"] = "" if row.corrects is None else before
    return Issued(**values)


def _record(conn: Connection, made: Issued, actor: str, at: datetime) -> None:
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action="issued" if not made.corrects else "issued_correction",
        subject=made.subject,
        detail={
            "number": made.number,
            "kind": made.kind,
            "period": made.period,
            "sha256": made.sha256,
            "corrects": made.corrects,
            "note": made.note,
        },
    )
