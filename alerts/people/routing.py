"""From steps of cases to notices: who is to be told what, by which channel.

Notices come into being in the transaction of the steps, so that nothing that happened goes unsaid. What
becomes of them (held, joined in a digest, sent) is the planner's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from alerts.cases.book import Deed, take_steps
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, Step
from alerts.cases.rows import in_chunks
from alerts.people.addressing import Way
from alerts.people.audience import AT_ONCE, TO_THOSE_TOLD, Addressed, Audience, Heard
from alerts.people.holders import Gone
from alerts.people.notices import DROPPED, SENT, WAITING
from alerts.people.recipients import Recipient
from alerts.people.telling import Telling
from quotawatt.rulebook.basics import Text
from quotawatt.storage.case_tables import case_steps, notices

ACTOR = "alerts"
"""Who the ledger names for what is done without a person."""

SUPERSEDED = "superseded"
"""Why a notice is dropped: the case was retracted before anybody was told of it."""

_SAYS_WHO_IS_MISSING = frozenset(
    {
        CaseEvent.OPENED,
        CaseEvent.REOPENED,
        CaseEvent.SEVERITY_RAISED,
        CaseEvent.ESCALATED,
        CaseEvent.REMINDED,
        CaseEvent.OVERDUE,
    }
)


def tell(conn: Connection, steps: Sequence[Step], told: Telling, now: datetime) -> int:
    """Write the notices of these steps; returns how many.

    ``conn`` comes from ``engine.begin()``, the transaction of the steps. Where the holder of a duty had to be
    passed over the case takes the step ``owner_missing``, once for the same people, which is told too. What
    was not yet told of a case that is retracted is dropped.
    """
    _drop_untold(conn, [step.case.id for step in steps if step.event is CaseEvent.RETRACTED])
    before = _ways_told(conn, {s.case.id for s in steps if s.event in TO_THOSE_TOLD})
    audience = Audience(told, now)
    heard = [(step, audience.hears(step, before.get(step.case.id, ()))) for step in steps]
    missing = take_steps(conn, _missing(conn, heard, now))
    heard += [(step, audience.hears(step)) for step in missing]
    rows = [_row(step, one) for step, found in heard for one in found.addressed]
    if rows:
        conn.execute(insert(notices), rows)
    return len(rows)


def _row(step: Step, one: Addressed) -> dict[str, Any]:
    return {
        "case": step.case.id,
        "event": step.event.value,
        "at": step.at,
        "recipient": one.way.recipient.key,
        "channel": one.way.channel,
        "route": one.route,
        "site": step.case.site,
        "rule": step.case.rule,
        "severity": step.case.severity,
        "at_once": step.event in AT_ONCE,
        "state": WAITING,
        "reason": "",
        "held_until": None,
        "message": "",
    }


def _drop_untold(conn: Connection, numbers: Sequence[int]) -> None:
    for some in in_chunks(numbers):
        conn.execute(
            update(notices)
            .where(notices.c.case.in_(some), notices.c.state == WAITING)
            .values(state=DROPPED, reason=SUPERSEDED, held_until=None)
        )


def _ways_told(conn: Connection, numbers: Iterable[int]) -> Mapping[int, list[Addressed]]:
    """On which ways each case was told or is about to be, by the route of the newest notice of each."""
    columns = (notices.c.case, notices.c.recipient, notices.c.channel, notices.c.route)
    found: dict[int, dict[tuple[str, str], Addressed]] = {}
    for some in in_chunks(sorted(numbers)):
        query = select(*columns).where(
            notices.c.case.in_(some), notices.c.state.in_((SENT, WAITING))
        )
        for row in conn.execute(query.order_by(notices.c.id)):
            way = Way(Recipient(row.recipient, Text("", "")), row.channel)
            ways = found.setdefault(row.case, {})
            ways[row.recipient, row.channel] = Addressed(way, row.route)
    return {case: list(ways.values()) for case, ways in found.items()}


@dataclass(frozen=True, slots=True)
class _Missing:
    """A case whose duties are not all held, as it is after its last step."""

    case: Case
    gone: tuple[Gone, ...]
    instead: tuple[str, ...]


def _missing(conn: Connection, heard: Iterable[tuple[Step, Heard]], now: datetime) -> list[Deed]:
    """What has to be said of duties that nobody could be told for, and is not said yet."""
    found: dict[int, _Missing] = {}
    newest: dict[int, Case] = {}
    for step, who in heard:
        newest[step.case.id] = step.case
        if who.gone and step.event in _SAYS_WHO_IS_MISSING:
            people = [a.way.recipient for a in who.addressed if a.way.recipient.duty]
            instead = tuple(dict.fromkeys(recipient.key for recipient in people))
            found[step.case.id] = _Missing(step.case, who.gone, instead)
    said = _said_missing(conn, found)
    act = Act(ACTOR, now, "")
    deeds = []
    for number, one in found.items():
        case, gone = newest[number], _shown(one.gone)
        if case.state in OPEN_STATES and gone not in said.get(number, []):
            detail = {"gone": gone, "instead": list(one.instead)}
            deeds.append(Deed(case, CaseEvent.OWNER_MISSING, act, detail))
    return deeds


def _shown(gone: Iterable[Gone]) -> list[dict[str, str]]:
    return [
        {"key": g.key, "name_zh": g.name.zh, "name_en": g.name.en, "duty": g.duty, "why": g.why}
        for g in gone
    ]


def _said_missing(conn: Connection, numbers: Iterable[int]) -> Mapping[int, list[Any]]:
    """Who each case says already is missing."""
    found: dict[int, list[Any]] = {}
    for some in in_chunks(sorted(numbers)):
        query = select(case_steps.c.case, case_steps.c.detail).where(
            case_steps.c.case.in_(some), case_steps.c.action == CaseEvent.OWNER_MISSING.value
        )
        for number, detail in conn.execute(query):
            found.setdefault(number, []).append(detail.get("gone"))
    return found
