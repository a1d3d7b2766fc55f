"""Messages in an outbox, and channels that do as they are told."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from alerts.channels.base import Channel, ChannelKind, Channels, ChannelSpec, Delivery
from alerts.delivery.outbox import Outgoing, enqueue
from alerts.delivery.sender import Sender
from alerts.people.recipients import Recipient
from quotawatt.errors import ChannelError
from quotawatt.storage.case_tables import cases
from quotawatt.storage.tables import findings, outbox
from tests.alerts.channels.bodies import OFFICER, body

START = datetime(2023, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Recorder:
    """A channel that keeps what it gets, after failing in the ways of ``failures``, one a call."""

    failures: list[Exception | None] = field(default_factory=list)
    got: list[Delivery] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    gate: threading.Event | None = None

    def send(self, delivery: Delivery) -> None:
        self.tried.append(delivery.key)
        if self.gate is not None:
            assert self.gate.wait(10)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.got.append(delivery)

    @property
    def keys(self) -> list[str]:
        return [delivery.key for delivery in self.got]


def passing(**more: Any) -> ChannelError:
    return ChannelError("the channel must answer, it does not", retryable=True, **more)


def final() -> ChannelError:
    return ChannelError("a recipient must be known, got none", retryable=False)


def channels(**by_name: Channel) -> Channels:
    return Channels({n: ChannelSpec(n, ChannelKind.WEBHOOK) for n in by_name}, by_name)


def people(keys: Collection[str], _now: datetime) -> Mapping[str, Recipient]:
    """Only the officer is there."""
    return {key: OFFICER for key in keys if key == OFFICER.key}


def sender(records: Engine, worker: str = "w1", **by_name: Channel) -> Sender:
    return Sender(records, channels(**by_name), people, worker)


def put(
    records: Engine,
    *keys: str,
    channel: str = "hook",
    recipient: str = "channel:hook",
    about: Sequence[int] = (),
    at: datetime = START,
) -> None:
    """Put messages into the outbox."""
    with records.begin() as conn:
        said = {"cases": [{"number": number} for number in about]}
        enqueue(
            conn,
            [Outgoing(key, channel, recipient, "SITE-1", "r", body(**said)) for key in keys],
            at,
        )


def rows(records: Engine) -> list[Any]:
    with records.connect() as conn:
        return list(conn.execute(select(outbox).order_by(outbox.c.id)))


def finding_rows(records: Engine) -> list[tuple[str, str, str]]:
    """Code, subject and state of each."""
    columns = (findings.c.code, findings.c.subject, findings.c.state)
    with records.connect() as conn:
        return [(r.code, r.subject, r.state) for r in conn.execute(select(*columns))]


def open_case(conn: Connection, number: int) -> None:
    """A case that is open."""
    words = ("organisation", "site", "owner", "assignee", "closed_how")
    conn.execute(
        insert(cases).values(
            id=number,
            open_key=f"quota|BLD-{number}",
            rule="quota",
            subject=f"BLD-{number}",
            asset=f"BLD-{number}",
            source="results",
            severity="warning",
            state="open",
            firing=True,
            began_at=START,
            opened_at=START,
            changed_at=START,
            reopened=0,
            escalated=0,
            figures={},
            version=1,
            **dict.fromkeys(words, ""),
        )
    )
