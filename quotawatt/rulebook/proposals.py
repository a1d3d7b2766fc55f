"""Proposals: packs of one's own that count once a second person has approved them.

proposed → approved | rejected | withdrawn; an approved one becomes superseded by the next of its name.
Each step is an entry of the ledger.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.rulebook.in_force import PacksInForce
from quotawatt.rulebook.proposal import (
    APPROVED,
    PROPOSED,
    REJECTED,
    SUPERSEDED,
    WITHDRAWN,
    Draft,
    Proposal,
    person_of,
    require_draft,
)
from quotawatt.storage.rules_tables import pack_proposals


def approved_packs(conn: Connection) -> Mapping[str, str]:
    """The text that was approved last, by name; empty where it was approved that the pack goes."""
    table = pack_proposals
    statement = select(table.c.name, table.c.text).where(table.c.state == APPROVED)
    return {row.name: row.text for row in conn.execute(statement)}


class Proposals:
    """The proposals of one record store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ledger = Ledger(engine)

    def approved(self) -> Mapping[str, str]:
        """See ``approved_packs``."""
        with self._engine.connect() as conn:
            return approved_packs(conn)

    def approved_tests(self) -> Mapping[str, str]:
        """The tests that were approved with the packs that count, by name of the pack; empty: none."""
        table = pack_proposals
        statement = select(table.c.name, table.c.tests).where(table.c.state == APPROVED)
        with self._engine.connect() as conn:
            return {row.name: row.tests for row in conn.execute(statement)}

    def list(
        self, state: str = "", limit: int = 100, offset: int = 0
    ) -> tuple[int, Sequence[Proposal]]:
        """How many are in a state (empty: any), and a page of them, the latest first."""
        wanted = [pack_proposals.c.state == state] if state else []
        page = select(pack_proposals).where(*wanted).order_by(pack_proposals.c.id.desc())
        with self._engine.connect() as conn:
            total = select(func.count()).select_from(pack_proposals).where(*wanted)
            rows = conn.execute(page.limit(limit).offset(offset))
            found = [Proposal(**row._mapping) for row in rows]
            return conn.execute(total).scalar_one(), found

    def get(self, number: int) -> Proposal:
        """The proposal of this number. Raises NotFoundError where there is none."""
        with self._engine.connect() as conn:
            return _get(conn, number)

    def propose(
        self,
        draft: Draft,
        packs: PacksInForce,
        changes: Sequence[Mapping[str, Any]],
        actor: str,
        at: datetime,
    ) -> Proposal:
        """Put a pack up for approval; it has been checked, see ``review``.

        packs
            Those in force, which it was checked with.
        changes
            What it would change, for the ledger.

        Raises InputError for a name or size that is not a pack's, StateError where the very text is in
        force or there is no pack of that name to go.
        """
        require_draft(draft)
        sha256 = hashlib.sha256(draft.text.encode()).hexdigest() if draft.text else ""
        base = packs.sha256_of(draft.name)
        if sha256 == base:
            raise StateError(f"a proposal must change what is in force, got {draft.name} as it is")
        row = {
            "name": draft.name,
            "text": draft.text,
            "tests": draft.tests,
            "sha256": sha256,
            "base_sha256": base,
            "comment": draft.comment,
            "state": PROPOSED,
            "proposed_by": actor,
            "proposed_at": at,
            "decided_by": "",
            "reason": "",
        }
        with self._engine.begin() as conn:
            statement = insert(pack_proposals).values(row).returning(pack_proposals.c.id)
            proposal = _get(conn, conn.execute(statement).scalar_one())
            self._record(conn, "pack_proposed", proposal, {"changes": list(changes)}, actor, at)
        return proposal

    def approve(
        self,
        number: int,
        packs: PacksInForce,
        changes: Sequence[Mapping[str, Any]],
        actor: str,
        at: datetime,
        reason: str = "",
    ) -> Proposal:
        """Approve it as somebody else than who proposed it.

        Raises NotFoundError for an unknown number, StateError where it was decided already, where
        the person proposed it, and where another text is in force than when it was proposed.
        """
        with self._engine.begin() as conn:
            proposal = _open(conn, number)
            if person_of(actor) == person_of(proposal.proposed_by):
                raise StateError(
                    f"a proposal must be approved by somebody else than who made it, got {actor}"
                )
            later = _approved_since(conn, proposal)
            if later or packs.sha256_of(proposal.name) != proposal.base_sha256:
                raise StateError(
                    "a proposal must be made against what is in force; it must be proposed anew, "
                    f"got {proposal.name} changed since"
                )
            _supersede(conn, proposal.name)
            done = _decide(conn, proposal, APPROVED, actor, at, reason)
            self._record(conn, "pack_approved", done, {"changes": list(changes)}, actor, at)
        return done

    def reject(self, number: int, actor: str, at: datetime, reason: str) -> Proposal:
        """Turn it down. Raises like ``approve``, and InputError without a reason."""
        if not reason.strip():
            raise InputError("a proposal is rejected with a reason, got none")
        return self._end(number, REJECTED, "pack_rejected", actor, at, reason)

    def withdraw(self, number: int, actor: str, at: datetime, reason: str = "") -> Proposal:
        """Take it back, as who proposed it. Raises StateError for anybody else."""
        return self._end(number, WITHDRAWN, "pack_withdrawn", actor, at, reason)

    def _end(
        self, number: int, state: str, action: str, actor: str, at: datetime, reason: str
    ) -> Proposal:
        with self._engine.begin() as conn:
            proposal = _open(conn, number)
            if state == WITHDRAWN and person_of(actor) != person_of(proposal.proposed_by):
                raise StateError(
                    f"a proposal must be withdrawn by who made it, {proposal.proposed_by}, got {actor}"
                )
            done = _decide(conn, proposal, state, actor, at, reason)
            self._record(conn, action, done, {}, actor, at)
        return done

    def _record(
        self,
        conn: Connection,
        action: str,
        proposal: Proposal,
        more: Mapping[str, Any],
        actor: str,
        at: datetime,
    ) -> None:
        said = {
            "proposal": proposal.id,
            "sha256": proposal.sha256,
            "replaces_sha256": proposal.base_sha256,
            "proposed_by": proposal.proposed_by,
            "comment": proposal.comment,
            "reason": proposal.reason,
        }
        self._ledger.append(
            conn,
            at=at,
            actor=actor,
            action=action,
            subject=proposal.name,
            detail={**said, **more},
        )


def _get(conn: Connection, number: int, *, lock: bool = False) -> Proposal:
    statement = select(pack_proposals).where(pack_proposals.c.id == number)
    row = conn.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFoundError(f"a proposal must exist by its number, got {number}")
    return Proposal(**row._mapping)


def _open(conn: Connection, number: int) -> Proposal:
    proposal = _get(conn, number, lock=True)
    if proposal.state != PROPOSED:
        raise StateError(f"a proposal is decided once, got one that is {proposal.state}")
    return proposal


def _approved_since(conn: Connection, proposal: Proposal) -> bool:
    """Whether another text of that name was approved since; locks all of that name."""
    statement = select(pack_proposals.c.state, pack_proposals.c.decided_at).where(
        pack_proposals.c.name == proposal.name
    )
    rows = conn.execute(statement.order_by(pack_proposals.c.id).with_for_update())
    return any(r.state == APPROVED and r.decided_at >= proposal.proposed_at for r in rows)


def _supersede(conn: Connection, name: str) -> None:
    earlier = (pack_proposals.c.name == name) & (pack_proposals.c.state == APPROVED)
    conn.execute(update(pack_proposals).where(earlier).values(state=SUPERSEDED))


def _decide(
    conn: Connection, proposal: Proposal, state: str, actor: str, at: datetime, reason: str
) -> Proposal:
    values = {"state": state, "decided_by": actor, "decided_at": at, "reason": reason}
    conn.execute(update(pack_proposals).where(pack_proposals.c.id == proposal.id).values(values))
    return _get(conn, proposal.id)
