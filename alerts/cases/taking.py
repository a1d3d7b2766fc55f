"""Steps of cases: the only way in which a case changes.

The case's row in its new version, the step's row and the ledger's entry are written together. Whoever reads a
case in order to change it reads it locked, before anything is appended to the ledger, so that two writers
never wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from alerts.cases.model import Act, Case, CaseEvent, Step
from alerts.cases.rows import in_chunks, open_key, row_of, step_row
from alerts.cases.states import moved
from quotawatt import ledger
from quotawatt.errors import InputError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import case_steps, cases

LONGEST_COMMENT = 2000
"""Characters."""

_BY_NUMBER = update(cases).where(cases.c.id == bindparam("number"))
_TOLD = (
    "state",
    "severity",
    "firing",
    "due_on",
    "owner",
    "assignee",
)  # in the ledger, where changed


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done to a case.

    case
        As it was read; one without a number is new and is written as it is.
    detail
        What the step says beside the comment, plain JSON.
    changes
        Fields of the case that take another value. State, version and ``changed_at`` follow by themselves.
    """

    case: Case
    event: CaseEvent
    act: Act
    detail: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)


def take_step(
    conn: Connection,
    case: Case,
    event: CaseEvent,
    act: Act,
    detail: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Step:
    """One step of one case, as ``take_steps``."""
    return take_steps(conn, [Deed(case, event, act, detail or {}, changes or {})])[0]


def take_steps(conn: Connection, deeds: Sequence[Deed]) -> list[Step]:
    """Do the deeds in order, and tell the ledger; a case may have several. Returns their steps.

    ``conn`` comes from ``engine.begin()``. Cases are written in one go, however many there are, and so are
    steps and entries. Raises StateError where an event does not fit a case's state, where a case has
    changed since it was read, or where a pair of rule and subject has an open case already, and InputError
    for a comment that is too long; then the transaction is to be given up.
    """
    if not deeds:
        return []
    _require_fitting(deeds)
    _require_unchanged(conn, [deed.case for deed in deeds if deed.case.id])
    made = iter(_inserted(conn, [deed for deed in deeds if not deed.case.id]))
    current: dict[int, Case] = {}
    befores: list[Case | None] = []
    steps = []
    for deed in deeds:
        before = current.get(deed.case.id, deed.case) if deed.case.id else None
        case = next(made) if before is None else _after(deed, before)
        if before is not None:
            current[case.id] = case
        befores.append(before)
        steps.append(_step(case, deed))
    _update(conn, current.values())
    # Whoever follows the steps by their numbers must not see a later one first.
    Ledger(conn.engine).hold(conn)
    steps = _numbered(conn, steps)
    _tell(conn, befores, steps)
    return steps


def _require_fitting(deeds: Iterable[Deed]) -> None:
    for deed in deeds:
        if len(deed.act.comment) > LONGEST_COMMENT:
            raise InputError(
                f"a comment must be at most {LONGEST_COMMENT} characters, "
                f"got {len(deed.act.comment)}"
            )


def _require_unchanged(conn: Connection, read: Iterable[Case]) -> None:
    """Lock the cases; raise StateError where one is not as it was read any more."""
    versions = {case.id: case.version for case in read}
    for chunk in in_chunks(sorted(versions)):
        query = select(cases.c.id, cases.c.version).where(cases.c.id.in_(chunk))
        locked = conn.execute(query.order_by(cases.c.id).with_for_update()).all()
        for number, version in locked:
            if version != versions[number]:
                raise StateError(
                    f"a case must be as it was read, version {versions[number]}, "
                    f"got {number} in version {version}"
                )


def _after(deed: Deed, before: Case) -> Case:
    state = moved(before.state, deed.event)
    when = max(before.changed_at, deed.act.at)
    return replace(
        before,
        **{**deed.changes, "state": state, "version": before.version + 1, "changed_at": when},
    )


def _step(case: Case, deed: Deed) -> Step:
    comment = deed.act.comment.strip()
    return Step(case, deed.event, deed.act.at, deed.act.actor, comment, deed.detail)


def _inserted(conn: Connection, deeds: Sequence[Deed]) -> list[Case]:
    """New cases with their numbers."""
    drafts = [replace(deed.case, state=moved(deed.case.state, deed.event)) for deed in deeds]
    if not drafts:
        return []
    statement = insert(cases).returning(cases.c.id, sort_by_parameter_order=True)
    try:
        numbers = conn.execute(statement, [row_of(case) for case in drafts]).scalars().all()
    except IntegrityError:
        raise _second_open(drafts) from None
    return [replace(case, id=number) for case, number in zip(drafts, numbers, strict=True)]


def _update(conn: Connection, changed: Collection[Case]) -> None:
    rows = [{**row_of(case), "number": case.id} for case in changed]
    if not rows:
        return
    try:
        conn.execute(_BY_NUMBER, rows)
    except IntegrityError:
        raise _second_open(changed) from None


def _second_open(wanted: Iterable[Case]) -> StateError:
    keys = ", ".join(open_key(case.rule, case.subject) for case in list(wanted)[:3])
    return StateError(f"a rule and subject must have one open case at most, got another of {keys}")


def _numbered(conn: Connection, steps: Sequence[Step]) -> list[Step]:
    statement = insert(case_steps).returning(case_steps.c.id, sort_by_parameter_order=True)
    numbers = conn.execute(statement, [step_row(step) for step in steps]).scalars().all()
    return [replace(step, id=number) for step, number in zip(steps, numbers, strict=True)]


def _tell(conn: Connection, befores: Sequence[Case | None], steps: Sequence[Step]) -> None:
    pairs = zip(befores, steps, strict=True)
    Ledger(conn.engine).append_many(conn, [_entry(before, step) for before, step in pairs])


def _entry(before: Case | None, step: Step) -> ledger.Deed:
    case = step.case
    old = {} if before is None else {name: getattr(before, name) for name in _TOLD}
    new = {name: getattr(case, name) for name in _TOLD if getattr(case, name) != old.get(name, "")}
    detail: dict[str, Any] = {"subject": case.subject, "comment": step.comment}
    if step.detail:
        detail["detail"] = dict(step.detail)
    return ledger.Deed(
        at=step.at,
        actor=step.actor,
        action=f"case_{step.event.value}",
        subject=f"cases/{case.id}",
        detail=detail,
        rule=case.rule,
        before={name: old[name] for name in new} if old else None,
        after=new or None,
        mentions=[case.asset],
    )
