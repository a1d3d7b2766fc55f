"""That the rulebook changed, in the ledger: told where the packs that count are not those counted last."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Engine

from quotawatt.ledger import Ledger
from quotawatt.rulebook.difference import differences, plain_book
from quotawatt.rulebook.in_force import PacksInForce
from quotawatt.storage.facts import lock_fact, put_fact, read_fact

PACKS_SEEN = "packs_seen"


def note_packs(engine: Engine, packs: PacksInForce, actor: str, at: datetime) -> bool:
    """Append ``rulebook_changed`` where packs differ from those noted last; returns whether they did.

    The entry has the hash of every pack and each rule, quota, factor, ... that was added, changed or
    removed, with the values before and after; the first one has no changes. Raises RulebookError for a
    broken pack.
    """
    hashes = {f"{pack.origin}:{pack.name}": pack.sha256 for pack in packs.packs}
    with engine.connect() as conn:
        if read_fact(conn, PACKS_SEEN, {}).get("packs") == hashes:
            return False
    book = plain_book(packs.rulebook())
    with engine.begin() as conn:
        before = lock_fact(conn, PACKS_SEEN, {})
        if before.get("packs") == hashes:
            return False
        old = before.get("rulebook")
        changes = [] if old is None else [asdict(change) for change in differences(old, book)]
        put_fact(conn, PACKS_SEEN, {"packs": hashes, "rulebook": book})
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
