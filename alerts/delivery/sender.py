"""From the outbox to the channels: one message after the other, each noted as soon as it is taken."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from alerts.cases.model import Step
from alerts.channels.base import Channels, Delivery
from alerts.delivery import outbox
from alerts.delivery.outbox import Waiting
from alerts.delivery.standing import (
    Standing,
    note_failing,
    note_well,
    read_standing,
    read_standings,
)
from alerts.delivery.undelivered import ACTOR, note_given_up, note_unreached, report_failing
from alerts.people.recipients import Recipient
from quotawatt.clock import Clock
from quotawatt.errors import ChannelError
from quotawatt.ledger import Ledger

log = logging.getLogger(__name__)

RecipientsOf = Callable[[Collection[str], datetime], Mapping[str, Recipient]]
"""Whom keys of recipients stand for at an instant; of whom nobody is there any more, none."""

Undelivered = Callable[[Connection, Sequence[Step], datetime], object]
"""Told, within the transaction, of the steps of cases whose message was given up."""

_NOBODYS = "channel:"


@dataclass(frozen=True, slots=True)
class Look:
    """How things stand: channels that have something to send and are not left alone, and those that fail."""

    due: Sequence[str]
    failing: Mapping[str, Standing]


class Sender:
    """Sends what is due. One for a process; its name, ``worker``, is no other's.

    Several may work on one record store. Within a process a channel sends one message at a time.
    """

    def __init__(
        self,
        records: Engine,
        channels: Channels,
        recipients_of: RecipientsOf,
        worker: str,
        undelivered: Undelivered = lambda _conn, _steps, _now: None,
    ) -> None:
        self._records = records
        self._channels = channels
        self._recipients_of = recipients_of
        self._worker = worker
        self._undelivered = undelivered
        self._ledger = Ledger(records)
        self._sending: Mapping[str, threading.Lock] = defaultdict(threading.Lock)

    def look(self, now: datetime) -> Look:
        """What there is to send, and which channels fail. Raises StoreError."""
        with self._records.connect() as conn:
            names = outbox.due_channels(conn, now)
            failing = read_standings(conn)
        due = [n for n in names if n not in failing or failing[n].next_try_at <= now]
        return Look(due, failing)

    def deliver(self, now: datetime) -> int:
        """Send what is due by all channels, one after the other; returns how many messages arrived.

        Raises StoreError where the record store fails.
        """
        return sum(self.deliver_by(name, lambda: now) for name in self.look(now).due)

    def deliver_by(
        self, channel: str, clock: Clock, stopping: Callable[[], bool] = lambda: False
    ) -> int:
        """Send what is due by one channel until nothing is, it fails as a whole, or ``stopping`` says so.

        Returns how many messages arrived. Raises StoreError where the record store fails; what was
        claimed then is free again after ``outbox.LEASE``.
        """
        delivered = 0
        with self._sending[channel]:
            while not stopping() and (batch := self._claim(channel, clock())):
                taken, goes_on = self._send_batch(batch, clock, stopping)
                delivered += taken
                if not goes_on:
                    break
        return delivered

    def _claim(self, channel: str, now: datetime) -> list[Waiting]:
        with self._records.begin() as conn:
            standing = read_standing(conn, channel)
            if standing is not None and now < standing.next_try_at:
                return []
            # One alone shows whether a channel that failed is back.
            limit = outbox.CLAIMED_AT_ONCE if standing is None else 1
            return outbox.claim(conn, channel, self._worker, now, limit)

    def _send_batch(
        self, batch: Sequence[Waiting], clock: Clock, stopping: Callable[[], bool]
    ) -> tuple[int, bool]:
        """How many of them arrived, and whether the channel can go on. The rest is let go of."""
        delivered, fails = 0, False
        claimed_at = clock()
        known = self._recipients_of({i.recipient for i in batch if _is_person(i)}, claimed_at)
        for number, item in enumerate(batch):
            # What is left of the claim has to be enough for a message that takes its time.
            if fails or stopping() or clock() - claimed_at > outbox.LEASE / 2:
                with self._records.begin() as conn:
                    outbox.release(conn, batch[number:])
                break
            now = clock()
            error = self._send(item, known.get(item.recipient), now)
            self._note(item, error, now)
            delivered += error is None
            fails = error is not None and error.retryable and error.whole_channel
        return delivered, not fails

    def _send(
        self, item: Waiting, recipient: Recipient | None, now: datetime
    ) -> ChannelError | None:
        channel = self._channels.by_name.get(item.channel)
        if channel is None:
            return ChannelError(
                f"a channel must be set up, got {item.channel}", retryable=True, whole_channel=True
            )
        if recipient is None and _is_person(item):
            return ChannelError(
                f"a recipient must still be there, got {item.recipient}", retryable=False
            )
        try:
            channel.send(Delivery(item.key, item.body, now, recipient))
        except ChannelError as error:
            return error
        except Exception as error:
            # One message that a channel stumbles over must not stop all others for good.
            log.exception("%s stumbled over message %s", item.channel, item.key)
            return ChannelError(
                f"a channel must refuse with a reason, {item.channel} stumbled:"
                f" {type(error).__name__}",
                retryable=True,
            )
        return None

    def _note(self, item: Waiting, error: ChannelError | None, now: datetime) -> None:
        """Note what came of a message, and how its channel stands, in one transaction."""
        with self._records.begin() as conn:
            if error is None or not (error.retryable and error.whole_channel):
                self._note_answering(conn, item.channel, now)
                next_try_at = now + self._wait(item, error)
            else:
                next_try_at = self._note_failing(conn, item.channel, error, now)
            if error is None:
                if outbox.note_delivered(conn, item, now):
                    self._record(conn, item, "message_delivered", {}, now)
            elif outbox.note_failure(conn, item, error, now, next_try_at):
                steps = note_given_up(conn, item, str(error), now)
                self._undelivered(conn, steps, now)
                self._record(conn, item, "message_given_up", {"reason": str(error)}, now)
                note_unreached(conn, item, str(error), now)

    def _note_answering(self, conn: Connection, channel: str, now: datetime) -> None:
        if read_standing(conn, channel) is not None:
            note_well(conn, channel)
            report_failing(conn, read_standings(conn).values(), now)
            log.info("%s takes messages again", channel)

    def _note_failing(
        self, conn: Connection, channel: str, error: ChannelError, now: datetime
    ) -> datetime:
        standing = note_failing(conn, channel, error, now)
        report_failing(conn, read_standings(conn).values(), now)
        log.warning("%s fails and is left alone until %s: %s", channel, standing.next_try_at, error)
        return standing.next_try_at

    def _wait(self, item: Waiting, error: ChannelError | None) -> timedelta:
        wait = outbox.wait_after(item.tries + 1, item.key)
        if error is not None and error.retry_after_s is not None:
            wait = max(wait, timedelta(seconds=error.retry_after_s))
        return wait

    def _record(
        self,
        conn: Connection,
        item: Waiting,
        action: str,
        detail: Mapping[str, object],
        now: datetime,
    ) -> None:
        about = {"cases": list(item.cases)} if item.alert is None else {"alert": item.alert}
        told = {"channel": item.channel, "recipient": item.recipient, "tries": item.tries + 1}
        self._ledger.append(
            conn,
            at=now,
            actor=ACTOR,
            action=action,
            subject=item.key,
            detail={**about, **told, **detail},
        )


def _is_person(item: Waiting) -> bool:
    return bool(item.recipient) and not item.recipient.startswith(_NOBODYS)
