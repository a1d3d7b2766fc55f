"""Returns in the record store: read, locked, moved, each step noted. Within the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.returns.cells import Cells, Overrides, cells_of_json, overrides_of_json
from quotawatt.returns.periods import Period, parse_period
from quotawatt.returns.states import RECEIVE, SUBMIT, moved
from quotawatt.storage.returns_tables import return_steps, returns


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something with a return, when, and what they say of it."""

    actor: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """A return as it is kept.

    cells, overrides
        What was filled in, and what people wrote over it.
    sender
        The platform that it came from; empty: it was drawn up here.
    issued
        Number of its latest snapshot; empty: it was never accepted.
    """

    id: int
    form: str
    version: str
    organisation: str
    period: Period
    state: str
    due: date
    cells: Cells
    overrides: Overrides
    sender: str
    filled_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str
    decided_at: datetime | None
    decided_by: str
    comment: str
    issued: str

    def overdue(self, today: date) -> bool:
        """Whether it is not in although its day has passed. One that is reopened was in."""
        return self.submitted_at is None and not self.issued and today > self.due


@dataclass(frozen=True, slots=True)
class HandedIn:
    """That a return was handed in: ``at`` for the first time; ``stands``: it was not sent back since."""

    at: datetime
    stands: bool


def read_return(conn: Connection, number: int, *, lock: bool = False) -> Return:
    """The return of this number; ``lock``: held against others until the transaction ends.

    Raises NotFoundError where there is none.
    """
    chosen = select(returns).where(returns.c.id == number)
    row = conn.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    if row is None:
        raise NotFoundError(f"a return must exist by its number, got {number}")
    return return_of(row)


def find_return(
    conn: Connection, form: str, organisation: str, period: Period, *, lock: bool = False
) -> Return | None:
    """The return of an organisation and period; None where none was begun."""
    t = returns.c
    wanted = (t.form == form, t.organisation == organisation, t.period == str(period))
    chosen = select(returns).where(*wanted)
    row = conn.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    return None if row is None else return_of(row)


def list_returns(conn: Connection, *wanted: ColumnElement[bool]) -> list[Return]:
    """The returns that meet the conditions, by period and organisation, the latest period first."""
    t = returns.c
    rows = conn.execute(select(returns).where(*wanted).order_by(t.period.desc(), t.organisation))
    return [return_of(row) for row in rows]


def steps_of(conn: Connection, number: int) -> list[dict[str, Any]]:
    """What was done with a return, in order."""
    t = return_steps.c
    chosen = select(t.action, t.at, t.actor, t.comment).where(t.return_id == number)
    return [dict(row) for row in conn.execute(chosen.order_by(t.id)).mappings()]


def handed_in(conn: Connection) -> dict[tuple[str, str, str], HandedIn]:
    """When each return was handed in, by form, organisation and period; those that never were left out."""
    r, s = returns.c, return_steps.c
    first = (
        select(s.return_id, func.min(s.at).label("at"))
        .where(s.action.in_((SUBMIT, RECEIVE)))
        .group_by(s.return_id)
        .subquery()
    )
    chosen = select(r.form, r.organisation, r.period, first.c.at, r.submitted_at, r.issued)
    rows = conn.execute(chosen.join(first, first.c.return_id == r.id))
    return {
        (row.form, row.organisation, row.period): HandedIn(
            row.at, row.submitted_at is not None or bool(row.issued)
        )
        for row in rows
    }


def add_return(conn: Connection, values: Mapping[str, Any]) -> Return:
    """Begin a return."""
    blank = {"overrides": {}, "sender": "", "submitted_by": "", "decided_by": "", "comment": ""}
    row = {**blank, "issued": "", **values}
    key = conn.execute(insert(returns).values(row)).inserted_primary_key
    assert key is not None
    return read_return(conn, key[0])


def move(
    conn: Connection, kept: Return, action: str, act: Act, detail: Mapping[str, Any], **values: Any
) -> Return:
    """The return after an action, with ``values`` in its columns; noted as a step and in the ledger.

    Raises StateError where the action does not fit its state.
    """
    state = moved(kept.state, action)
    mine = returns.c.id == kept.id
    conn.execute(update(returns).where(mine).values(state=state, **values))
    after = read_return(conn, kept.id)
    note(conn, after, action, act, detail, before=kept.state)
    return after


def note(
    conn: Connection,
    kept: Return,
    action: str,
    act: Act,
    detail: Mapping[str, Any],
    before: str | None = None,
) -> None:
    """Put a step down, with the return and in the ledger."""
    step = {
        "return_id": kept.id,
        "action": action,
        "at": act.at,
        "actor": act.actor,
        "comment": act.comment,
    }
    conn.execute(insert(return_steps).values(step))
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=f"return_{action}",
        subject=kept.organisation,
        detail={
            "return": kept.id,
            "form": kept.form,
            "version": kept.version,
            "period": str(kept.period),
            "comment": act.comment,
            **detail,
        },
        before=None if before is None else {"state": before},
        after={"state": kept.state},
    )


def return_of(row: Row[Any]) -> Return:
    """A row of the table as a return."""
    values = dict(row._mapping)
    values["period"] = parse_period(row.period)
    values["cells"] = cells_of_json(row.cells)
    values["overrides"] = overrides_of_json(row.overrides)
    return Return(**values)
