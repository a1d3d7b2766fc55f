"""That the rulebook changed, in the ledger: told where the packs that count are not those counted last."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from quotawatt.ledger import Ledger
from quotawatt.rulebook.difference import differences, plain_book
from quotawatt.rulebook.in_force import PacksInForce
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import state

PACKS_SEEN = "packs_seen"


def note_packs(engine: Engine, packs: PacksInForce, actor: str, at: datetime) -> bool:
    """Append ``rulebook_changed`` where packs differ from those noted last; returns whether they did.

    The entry has the hash of every pack and each rule, quota, factor, ... that was added, changed or
    removed, with the values before and after; the first one has no changes. Raises RulebookError for a
    broken pack.
    """
    hashes = {f"{pack.origin}:{pack.name}": pack.sha256 for pack in packs.packs}
    with engine.connect() as conn:
        if _seen(conn).get("packs") == hashes:
            return False
    book = plain_book(packs.rulebook())
    with engine.begin() as conn:
        before = _locked(conn)
        if before.get("packs") == hashes:
            return False
        old = before.get("rulebook")
        changes = [] if old is None else [asdict(change) for change in differences(old, book)]
        values = {"packs": hashes, "rulebook": book}
        conn.execute(update(state).where(state.c.name == PACKS_SEEN).values(value=values))
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action="rulebook_changed",
            subject="rulebook",
            detail={
                "packs": hashes,
                "packs_before": before.get("packs", {}),
                "changes": changes,
                "not_approved": [note.subject for note in packs.notes],
            },
        )
    return True


def _seen(conn: Connection) -> Mapping[str, Any]:
    statement = select(state.c.value).where(state.c.name == PACKS_SEEN)
    return conn.execute(statement).scalar_one_or_none() or {}


def _locked(conn: Connection) -> Mapping[str, Any]:
    upsert(conn, state, [{"name": PACKS_SEEN, "value": {}}], keys=["name"])
    statement = select(state.c.value).where(state.c.name == PACKS_SEEN).with_for_update()
    found: Mapping[str, Any] = conn.execute(statement).scalar_one()
    return found
