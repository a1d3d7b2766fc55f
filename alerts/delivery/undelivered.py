"""What cannot be delivered is said where people look: in the case, and among the findings."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from alerts.cases import book
from alerts.cases.model import Act, CaseEvent, Step
from alerts.delivery.outbox import Waiting
from alerts.delivery.standing import Standing
from quotawatt.findings import Finding
from quotawatt.register.findings_book import note_findings, report_findings
from quotawatt.register.model import Register
from quotawatt.storage.case_tables import case_steps

ACTOR = "alerts"
"""Who the ledger names for what the service does by itself."""

GIVEN_UP = "message_given_up"
FAILING = "channel_failing"
_SOURCE = "delivery"


def note_given_up(conn: Connection, item: Waiting, reason: str, now: datetime) -> list[Step]:
    """Say in each case of the message that it could not be delivered; returns the steps.

    A case says so once of each recipient and channel, so that a message that says so and is given up in
    its turn makes no circle. Of the message itself a finding tells.
    """
    detail = {"channel": item.channel, "recipient": item.recipient, "message": item.key}
    said = _said_already(conn, item)
    act = Act(ACTOR, now, "")
    numbers = [number for number in item.cases if number not in said]
    deeds = [
        book.Deed(case, CaseEvent.UNDELIVERED, act, {**detail, "reason": reason})
        for case in book.read_cases(conn, numbers, lock=True).values()
    ]
    evidence = {"recipient": item.recipient, "reason": reason, "at": now.isoformat()}
    finding = Finding(GIVEN_UP, f"channel:{item.channel}", {**evidence, "other": item.recipient})
    note_findings(conn, _SOURCE, [finding], Register(), now)
    return book.take_steps(conn, deeds)


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
