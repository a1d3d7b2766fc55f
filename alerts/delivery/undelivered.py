"""What cannot be delivered is said where people look: in the case, and among the findings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, and_, select, update

from alerts.cases import book
from alerts.cases.model import Act, CaseEvent, Step
from alerts.delivery.outbox import Waiting
from alerts.delivery.standing import Standing
from quotawatt.findings import Evidence, Finding, finding_key
from quotawatt.register.findings_book import CLEARED, OPEN, note_findings, report_findings
from quotawatt.register.model import Register
from quotawatt.storage.case_tables import case_steps
from quotawatt.storage.tables import findings

ACTOR = "alerts"
"""Who the ledger names for what the service does by itself."""

GIVEN_UP = "message_given_up"
FAILING = "channel_failing"
_SOURCE = "delivery"


def note_given_up(conn: Connection, item: Waiting, reason: str, now: datetime) -> list[Step]:
    """Say in each case of the message that it could not be delivered; returns the steps.

    A case says so once of each recipient and channel, so that a message that says so and is given up in
    its turn makes no circle.
    """
    detail = {"channel": item.channel, "recipient": item.recipient, "message": item.key}
    said = _said_already(conn, item)
    act = Act(ACTOR, now, "")
    numbers = [number for number in item.cases if number not in said]
    deeds = [
        book.Deed(case, CaseEvent.UNDELIVERED, act, {**detail, "reason": reason})
        for case in book.read_cases(conn, numbers, lock=True).values()
    ]
    return book.take_steps(conn, deeds)


def note_unreached(conn: Connection, item: Waiting, reason: str, now: datetime) -> None:
    """Say among the findings that a recipient cannot be reached by a channel, once for all messages.

    After an entry in the ledger: its lock keeps two senders from noting it at once.
    """
    evidence = {"recipient": item.recipient, "reason": reason, "time": now.isoformat()}
    finding = _given_up(item.channel, item.recipient, evidence)
    note_findings(conn, _SOURCE, [finding], Register(), now)


def clear_given_up(conn: Connection, ways: Iterable[tuple[str, str]], now: datetime) -> None:
    """Clear what the findings say of ways, (channel, recipient), by which messages are sent again.

    It comes back where one is given up again. Like ``note_unreached`` after an entry in the ledger.
    """
    for channel, recipient in sorted(set(ways)):
        said = _given_up(channel, recipient)
        of_way = and_(
            findings.c.code == said.code,
            findings.c.subject == said.subject,
            findings.c.key == finding_key(said),
            findings.c.state == OPEN,
        )
        conn.execute(update(findings).where(of_way).values(state=CLEARED, cleared_at=now))


def report_failing(conn: Connection, standings: Iterable[Standing], now: datetime) -> None:
    """Make the findings about channels what ``standings`` says: all that fail, and no other."""
    found: Sequence[Finding] = [
        Finding(
            FAILING,
            f"channel:{standing.channel}",
            {"since": standing.failing_since.isoformat(), "reason": standing.error},
        )
        for standing in standings
    ]
    report_findings(conn, _SOURCE, found, Register(), now, codes=[FAILING])


def _given_up(channel: str, recipient: str, evidence: Evidence = MappingProxyType({})) -> Finding:
    return Finding(GIVEN_UP, f"channel:{channel}", {**evidence, "other": recipient})


def _said_already(conn: Connection, item: Waiting) -> set[int]:
    """Cases that say already that this channel does not reach this recipient."""
    query = select(case_steps.c.case, case_steps.c.detail).where(
        case_steps.c.case.in_(item.cases), case_steps.c.action == CaseEvent.UNDELIVERED.value
    )
    way = (item.channel, item.recipient)
    return {
        number
        for number, detail in conn.execute(query)
        if (detail.get("channel"), detail.get("recipient")) == way
    }
