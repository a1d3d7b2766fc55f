"""Cases in the record store: read and listed; ``alerts.cases.taking`` moves them on by steps."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from alerts.cases.model import Case, Step
from alerts.cases.rows import case_of, figures, in_chunks, step_of
from alerts.cases.taking import Deed, take_step, take_steps
from alerts.engine.transition import Phase
from quotawatt.errors import NotFoundError
from quotawatt.storage.case_tables import case_steps, cases
from quotawatt.storage.tables import alerts

__all__ = [
    "Deed",
    "latest_of",
    "list_cases",
    "read_case",
    "read_cases",
    "steps_of",
    "take_step",
    "take_steps",
]


def read_case(conn: Connection, number: int, *, lock: bool = False) -> Case:
    """The case of this number; ``lock`` keeps it until the transaction ends.

    Raises NotFoundError where there is none.
    """
    query = select(cases).where(cases.c.id == number)
    row = conn.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a case must exist by its number, got {number}")
    return _up_to_date(conn, [case_of(dict(row))])[0]


def read_cases(conn: Connection, numbers: Iterable[int], *, lock: bool = False) -> dict[int, Case]:
    """Cases by their numbers; numbers that are no case's are left out. ``lock`` as in ``read_case``."""
    wanted = sorted(set(numbers))
    found: dict[int, Case] = {}
    for chunk in in_chunks(wanted):
        query = select(cases).where(cases.c.id.in_(chunk)).order_by(cases.c.id)
        rows = conn.execute(query.with_for_update() if lock else query).mappings()
        read = _up_to_date(conn, [case_of(dict(row)) for row in rows])
        found |= {case.id: case for case in read}
    return found


def list_cases(
    conn: Connection,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    offset: int = 0,
) -> tuple[int, list[Case]]:
    """How many cases meet the conditions, and one page of them; see ``alerts.cases.listing``."""
    total = conn.execute(select(func.count()).select_from(cases).where(*conditions)).scalar_one()
    page = select(cases).where(*conditions).order_by(*order).limit(limit).offset(offset)
    found = [case_of(dict(row)) for row in conn.execute(page).mappings()]
    return total, _up_to_date(conn, found)


def latest_of(
    conn: Connection, pairs: Iterable[tuple[str, str]], *, lock: bool = False
) -> dict[tuple[str, str], Case]:
    """The newest case of each (rule, subject) that has one; where one is open, it is that."""
    found: dict[tuple[str, str], Case] = {}
    for chunk in in_chunks(sorted(set(pairs))):
        newest = (
            select(func.max(cases.c.id))
            .where(tuple_(cases.c.rule, cases.c.subject).in_(chunk))
            .group_by(cases.c.rule, cases.c.subject)
        )
        query = select(cases).where(cases.c.id.in_(newest)).order_by(cases.c.id)
        for row in conn.execute(query.with_for_update() if lock else query).mappings():
            found[row["rule"], row["subject"]] = case_of(dict(row))
    return found


def _up_to_date(conn: Connection, found: Sequence[Case]) -> list[Case]:
    """The cases, those that fire with the newest figures of their alerts.

    A case takes a step where something happens, and its alert is judged daily: between two steps, months
    may lie in which the figures go on.
    """
    firing = sorted({case.alert for case in found if case.firing and case.alert is not None})
    newest: dict[int, dict[str, Any]] = {}
    for chunk in in_chunks(firing):
        query = select(alerts.c.id, alerts.c.value, alerts.c.detail).where(
            alerts.c.id.in_(chunk), alerts.c.state == Phase.FIRING.value
        )
        newest |= {row.id: figures(row.value, row.detail) for row in conn.execute(query)}
    return [
        replace(case, figures=newest[case.alert]) if case.firing and case.alert in newest else case
        for case in found
    ]


def steps_of(conn: Connection, case: Case) -> list[Step]:
    """All steps of a case in order; each shows the case as it is now."""
    query = select(case_steps).where(case_steps.c.case == case.id).order_by(case_steps.c.id)
    return [step_of(dict(row), case) for row in conn.execute(query).mappings()]
