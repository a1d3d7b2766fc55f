"""Explanations in the record store: written, changed, handed in, decided; each step in the ledger too.

An approved explanation stands beside the account. It never changes a figure.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.explanations import states
from quotawatt.explanations.values import Act, Explanation, Overrun, Step, require_overrun
from quotawatt.ledger import Ledger
from quotawatt.rulebook.proposal import person_of
from quotawatt.storage.assigned_tables import overrun_explanations


def write(conn: Connection, overrun: Overrun, act: Act) -> Explanation:
    """Keep a new one as a draft. Raises InputError as ``require_overrun``."""
    require_overrun(overrun)
    row = {
        **_fields(overrun),
        "document": "",
        "state": states.DRAFT,
        "written_by": act.actor,
        "written_at": act.at,
        "decided_by": "",
        "decided_at": None,
        "steps": [asdict(_step(act, "write"))],
    }
    made = conn.execute(insert(overrun_explanations).values(row)).inserted_primary_key
    assert made is not None
    new = read(conn, made[0])
    _tell(conn, "write", None, new, act)
    return new


def change(conn: Connection, number: int, overrun: Overrun, act: Act) -> Explanation:
    """Another text for a draft, or for one that was returned; the account stays.

    Raises NotFoundError, StateError, and InputError as ``require_overrun`` or for another account.
    """
    require_overrun(overrun)
    kept = _locked(conn, number)
    if _account(kept.overrun) != _account(overrun):
        raise InputError(
            f"the account of an explanation must stay {_account(kept.overrun)}, "
            f"got {_account(overrun)}"
        )
    values = {**_fields(overrun), "written_by": act.actor, "written_at": act.at}
    return _move(conn, kept, states.CHANGE, act, values)


def attach(conn: Connection, number: int, digest: str, act: Act) -> Explanation:
    """Name the document that is its evidence, in the place of the one it has."""
    return _move(conn, _locked(conn, number), states.CHANGE, act, {"document": digest})


def submit(conn: Connection, number: int, act: Act) -> Explanation:
    """Hand it in. Raises NotFoundError and StateError."""
    return _move(conn, _locked(conn, number), states.SUBMIT, act)


def withdraw(conn: Connection, number: int, act: Act) -> Explanation:
    """Take it back. Raises NotFoundError and StateError."""
    return _move(conn, _locked(conn, number), states.WITHDRAW, act)


def decide(conn: Connection, number: int, action: str, act: Act) -> Explanation:
    """Approve, return or reject one that was handed in; the last two with a comment.

    Raises NotFoundError, StateError where it was not handed in, or whoever decides wrote or handed it in,
    and InputError for another action or no comment.
    """
    if action not in states.DECISIONS:
        raise InputError(f"a decision must be one of {', '.join(states.DECISIONS)}, got {action!r}")
    if action != states.APPROVE and not act.comment.strip():
        raise InputError(
            f"an explanation must be returned or rejected with a comment, got {act.comment!r}"
        )
    kept = _locked(conn, number)
    writing = [step.actor for step in kept.steps if step.action not in states.DECISIONS]
    if person_of(act.actor) in {person_of(actor) for actor in writing}:
        raise StateError(
            f"an explanation must be decided by somebody who did not write it, got {act.actor}"
        )
    return _move(conn, kept, action, act, {"decided_by": act.actor, "decided_at": act.at})


def read(conn: Connection, number: int) -> Explanation:
    """The explanation of this number. Raises NotFoundError where there is none."""
    return _read(conn, number, lock=False)


def explanations_of(conn: Connection, year: int, states_in: Collection[str]) -> list[Explanation]:
    """Those of a year in these states, sorted by account and number."""
    t = overrun_explanations.c
    query = select(overrun_explanations).where(t.year == year, t.state.in_(states_in))
    ordered = query.order_by(t.asset, t.quota, t.id)
    return [explanation_of(dict(row)) for row in conn.execute(ordered).mappings()]


def explanation_of(row: Mapping[str, Any]) -> Explanation:
    """A row of the table as a value."""
    overrun = Overrun(**{name: row[name] for name in Overrun.__dataclass_fields__})
    kept = {
        name: row[name]
        for name in ("id", "document", "state", "written_by", "written_at", "decided_by")
    }
    steps = tuple(Step(**step) for step in row["steps"])
    return Explanation(overrun=overrun, decided_at=row["decided_at"], steps=steps, **kept)


def _read(conn: Connection, number: int, *, lock: bool) -> Explanation:
    query = select(overrun_explanations).where(overrun_explanations.c.id == number)
    row = conn.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"an explanation must exist by its number, got {number}")
    return explanation_of(dict(row))


def _locked(conn: Connection, number: int) -> Explanation:
    return _read(conn, number, lock=True)


def _move(
    conn: Connection,
    kept: Explanation,
    action: str,
    act: Act,
    values: Mapping[str, Any] | None = None,
) -> Explanation:
    state = states.moved(kept.state, action)
    steps = [asdict(step) for step in (*kept.steps, _step(act, action))]
    row = {**(values or {}), "state": state, "steps": steps}
    t = overrun_explanations
    conn.execute(update(t).where(t.c.id == kept.id).values(row))
    after = read(conn, kept.id)
    _tell(conn, action, kept, after, act)
    return after


def _step(act: Act, action: str) -> Step:
    return Step(act.at.isoformat(), act.actor, action, act.comment.strip())


def _account(overrun: Overrun) -> str:
    return f"{overrun.asset}/{overrun.quota} of {overrun.year}"


def _fields(overrun: Overrun) -> dict[str, Any]:
    plain = replace(overrun, reason=overrun.reason.strip(), measures=overrun.measures.strip())
    return asdict(plain)


def _tell(
    conn: Connection, action: str, before: Explanation | None, after: Explanation, act: Act
) -> None:
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=f"explanation_{action}",
        subject=after.overrun.asset,
        detail={"explanation": after.id, "comment": act.comment.strip()},
        rule=after.overrun.quota,
        before=None if before is None else _told(before),
        after=_told(after),
    )


def _told(one: Explanation) -> dict[str, Any]:
    return {**asdict(one.overrun), "state": one.state, "document": one.document}
