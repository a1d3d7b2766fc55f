"""Cases and their steps as rows of the record store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from alerts.cases.model import OPEN_STATES, Case, CaseEvent, CaseState, Step

_CHUNK = 500
_T = TypeVar("_T")
_COLUMNS = tuple(f.name for f in fields(Case) if f.name != "id")


def open_key(rule: str, subject: str) -> str:
    """What no two open cases share."""
    return f"{rule}|{subject}"


def case_of(row: Mapping[str, Any]) -> Case:
    """A case from its row."""
    values = {name: row[name] for name in ("id", *_COLUMNS)}
    return Case(**{**values, "state": CaseState(values["state"])})


def figures(value: float | None, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """What a case shows of its alert: its evidence, and the rule's input as ``value``.

    A finding's evidence may hold a ``value`` of its own, which says more than that it is open.
    """
    return {"value": value, **evidence}


def row_of(case: Case) -> dict[str, Any]:
    """The row of a case, without its number."""
    row = {name: getattr(case, name) for name in _COLUMNS}
    key = open_key(case.rule, case.subject) if case.state in OPEN_STATES else None
    return {
        **row,
        "state": case.state.value,
        "open_key": key,
        "figures": dict(case.figures),
    }


def step_of(row: Mapping[str, Any], case: Case) -> Step:
    """A step of a case from its row; ``case`` is the case as it is now."""
    return Step(
        case=case,
        event=CaseEvent(row["action"]),
        at=row["at"],
        actor=row["actor"],
        comment=row["comment"],
        detail=row["detail"],
        id=row["id"],
    )


def step_row(step: Step) -> dict[str, Any]:
    """The row of a step, without its number."""
    return {
        "case": step.case.id,
        "at": step.at,
        "actor": step.actor,
        "action": step.event.value,
        "comment": step.comment,
        "detail": dict(step.detail),
    }


def in_chunks(wanted: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The same in pieces that one statement can name."""
    for first in range(0, len(wanted), _CHUNK):
        yield wanted[first : first + _CHUNK]
