"""What is looked for once the alert system was killed often: what is lost, doubled or was never delivered."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, Engine, Select, func, select

from alerts.cases.model import OPEN_STATES, Case, CaseEvent, CaseState
from alerts.cases.rows import case_of
from alerts.people.notices import SENT, WAITING
from benchmarks.alerts_kills_others import Receiver
from benchmarks.alerts_kills_world import CHANNELS, RULE
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import case_steps, cases, inbox_messages, notices
from quotawatt.storage.tables import ledger, outbox

_WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Audit:
    """What is wrong, each the number of times; all are zero where nothing is.

    lost, false
        Meters that breach without an open case that says so; cases that say so of meters that do not.
    doubled_cases, doubled_notices, doubled_entries
        More than one case of a pair or beginning of a case; notices of the same step, way and recipient;
        messages of the same beginning; entries of the ledger of the same beginning.
    untold
        Cases and channels of which no delivered message says that they began.
    undelivered, unreceived
        Messages that wait or were given up; those that are noted delivered and never came.
    strange, changed
        Keys that came and are no message's; messages of which another body came than is kept.
    unacknowledged
        Cases whose acknowledgement was answered 200 and that do not say so exactly once.
    ledger_faults
        What the check of the ledger finds, and steps without an entry.
    """

    lost: int
    false: int
    doubled_cases: int
    doubled_notices: int
    doubled_entries: int
    untold: int
    undelivered: int
    unreceived: int
    strange: int
    changed: int
    unacknowledged: int
    ledger_faults: int


def settled(records: Engine, breaching: Collection[str]) -> bool:
    """Whether every breach has its case and nothing waits to be told or sent."""
    with records.connect() as conn:
        waiting = _count(conn, select(notices.c.id).where(notices.c.state == WAITING))
        unsent = _count(conn, select(outbox.c.id).where(outbox.c.delivered_at.is_(None)))
        return not waiting and not unsent and _firing(_cases(conn)) == set(breaching)


def audit(
    records: Engine,
    breaching: Collection[str],
    receiver: Receiver,
    acknowledged: Collection[int],
) -> Audit:
    """Compare what is kept and what came with the truth: the meters that breach, and who was answered."""
    with records.connect() as conn:
        found = _cases(conn)
        firing = _firing(found)
        begun = _times_by_case(conn, CaseEvent.OPENED)
        return Audit(
            lost=len(set(breaching) - firing),
            false=len(firing - set(breaching)),
            doubled_cases=len(found)
            - len({c.subject for c in found})
            + sum(begun[case.id] != 1 for case in found),
            doubled_notices=_doubled_notices(conn),
            doubled_entries=_doubled_entries(conn),
            untold=sum(1 for _ in _untold(conn, found)),
            undelivered=_count(conn, select(outbox.c.id).where(outbox.c.delivered_at.is_(None))),
            unreceived=len(_keys(conn, _WEBHOOK) - receiver.taken.keys())
            + len(_keys(conn, "inbox") ^ set(conn.scalars(select(inbox_messages.c.key)))),
            strange=len(receiver.bodies.keys() - _keys(conn, _WEBHOOK)),
            changed=_changed(conn, receiver),
            unacknowledged=_unacknowledged(conn, found, acknowledged),
            ledger_faults=len(Ledger(records).verify()) + _unrecorded(conn),
        )


def _cases(conn: Connection) -> list[Case]:
    return [case_of(dict(row)) for row in conn.execute(select(cases)).mappings()]


def _firing(found: Collection[Case]) -> set[str]:
    return {c.subject for c in found if c.rule == RULE and c.firing and c.state in OPEN_STATES}


def _times_by_case(conn: Connection, event: CaseEvent) -> Counter[int]:
    query = select(case_steps.c.case).where(case_steps.c.action == event.value)
    return Counter(conn.scalars(query))


def _doubled_notices(conn: Connection) -> int:
    n = notices.c
    same = (n.case, n.event, n.at, n.recipient, n.channel)
    once_more = select(*same).group_by(*same).having(func.count() > 1)
    return _count(conn, once_more)


def _doubled_entries(conn: Connection) -> int:
    """A case is opened once and a message delivered once, as far as the ledger says."""
    what = (ledger.c.action, ledger.c.subject)
    once = ledger.c.action.in_(["case_opened", "message_delivered"])
    return _count(conn, select(*what).where(once).group_by(*what).having(func.count() > 1))


def _untold(conn: Connection, found: Collection[Case]) -> Iterator[tuple[int, str]]:
    """Ways on which no delivered message says that a case began; one that never was need not be told."""
    delivered = (
        select(notices.c.case, notices.c.channel, notices.c.recipient)
        .join(outbox, outbox.c.key == notices.c.message)
        .where(
            notices.c.event == CaseEvent.OPENED.value,
            notices.c.state == SENT,
            outbox.c.delivered_at.is_not(None),
        )
    )
    told = {tuple(row) for row in conn.execute(delivered)}
    for case in found:
        if case.state is CaseState.RETRACTED:
            continue
        for way in CHANNELS.items():
            if (case.id, *way) not in told:
                yield case.id, way[0]


def _keys(conn: Connection, channel: str) -> set[str]:
    return set(conn.scalars(select(outbox.c.key).where(outbox.c.channel == channel)))


def _changed(conn: Connection, receiver: Receiver) -> int:
    rows = conn.execute(select(outbox.c.key, outbox.c.body).where(outbox.c.channel == _WEBHOOK))
    kept = {row.key: json.dumps(row.body, ensure_ascii=False).encode() for row in rows}
    return sum(
        receiver.bodies[key] != {sha256(body).hexdigest()}
        for key, body in kept.items()
        if key in receiver.bodies
    )


def _unacknowledged(
    conn: Connection, found: Collection[Case], acknowledged: Collection[int]
) -> int:
    by_number: Mapping[int, Case] = {case.id: case for case in found}
    times = _times_by_case(conn, CaseEvent.ACKNOWLEDGED)
    return sum(
        times[number] != 1 or by_number[number].acknowledged_at is None for number in acknowledged
    )


def _unrecorded(conn: Connection) -> int:
    """Steps of cases and entries of the ledger that have no counterpart."""
    steps = _count(conn, select(case_steps.c.id))
    return abs(
        steps
        - _count(conn, select(ledger.c.seq).where(ledger.c.action.like("case\\_%", escape="\\")))
    )


def _count(conn: Connection, rows: Select[*tuple[object, ...]]) -> int:
    return conn.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
