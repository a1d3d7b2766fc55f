"""Which cases are wanted, as conditions for the store: so pages are cut there, however many there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, case, or_

from alerts.cases.model import OPEN_STATES, CaseState
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.storage.case_tables import cases


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; None and empty: any.

    organisations
        Of the case when it was opened.
    overdue_on
        Open ones whose due date lies before this local day.
    of_person
        Key of a recipient: what was given to them, or is theirs by the register and given to nobody.
    words
        Part of a rule's id or of a subject, whatever the case of its letters.
    named, titled
        Codes of assets whose names hold the words too; ids of rules whose titles do.
    """

    states: Collection[CaseState] = ()
    rules: Collection[str] = ()
    severities: Collection[str] = ()
    organisations: Collection[str] | None = None
    asset: str | None = None
    firing: bool | None = None
    overdue_on: date | None = None
    of_person: str | None = None
    words: str | None = None
    named: Collection[str] = ()
    titled: Collection[str] = ()


def conditions_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions that all hold for what is wanted."""
    t = cases.c
    several: list[tuple[Column[str], Collection[str]]] = [
        (t.state, sorted(wanted.states)),
        (t.rule, wanted.rules),
        (t.severity, wanted.severities),
    ]
    found: list[ColumnElement[bool]] = [column.in_(some) for column, some in several if some]
    if wanted.organisations is not None:
        found.append(t.organisation.in_(list(wanted.organisations)))
    if wanted.asset is not None:
        found.append(t.asset == wanted.asset)
    if wanted.firing is not None:
        found.append(t.firing.is_(wanted.firing))
    if wanted.overdue_on is not None:
        found += [t.state.in_(sorted(OPEN_STATES)), t.due_on < wanted.overdue_on]
    if wanted.of_person is not None:
        unassigned = and_(t.assignee == "", t.owner == wanted.of_person)
        found.append(or_(t.assignee == wanted.of_person, unassigned))
    if wanted.words:
        spoken = [c.icontains(wanted.words, autoescape=True) for c in (t.rule, t.subject)]
        meant = (t.asset.in_(list(wanted.named)), t.rule.in_(list(wanted.titled)))
        found.append(or_(*spoken, *meant))
    return found


def by_importance() -> list[ColumnElement[Any]]:
    """What is open first, then the gravest, then what was opened last."""
    grave = case({name: rank for rank, name in enumerate(SEVERITIES)}, value=cases.c.severity)
    is_open = cases.c.state.in_(sorted(OPEN_STATES))
    return [is_open.desc(), grave.desc(), cases.c.opened_at.desc(), cases.c.id.desc()]
