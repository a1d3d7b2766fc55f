"""The alert service: evaluates the rules, keeps the alerts, and sees their messages delivered."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from alerts.channels.base import Channel, Delivery
from alerts.decide import Change, decide, evaluation_effects
from alerts.evaluate import read_samples
from alerts.messages import compose
from alerts.outbox import (
    Waiting,
    due,
    due_channels,
    enqueue,
    message_body,
    note_delivered,
    note_failure,
)
from alerts.repository import Alert, load_alert, load_alerts, store_alert
from alerts.transition import Phase
from alerts.wording import Context
from quotawatt.errors import ChannelError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.rulebook.effects import Effects, add_effects, add_evaluation
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_date
from quotawatt.storage.port import SeriesStore

ACTOR = "alerts"
"""Who the ledger names for what the service does by itself."""

# What the ledger calls a step -> the event that people are told of.
_TOLD: Mapping[str, str] = {"alert_fired": "firing", "alert_resolved": "resolved"}


class AlertService:
    """One for a process. ``channels`` by the name under which the outbox keeps them."""

    def __init__(
        self,
        *,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        ledger: Ledger,
        channels: Mapping[str, Channel],
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._ledger = ledger
        self._channels = channels
        self._zone = ZoneInfo(settings.timezone)
        self._delivering = threading.Lock()

    def evaluate(self, now: datetime) -> list[Alert]:
        """Look at every rule as of ``now`` and store what changed; returns the changed alerts.

        Alert, ledger entry and message come into being in one transaction. Evaluating again at the same
        instant changes nothing. Raises StoreError where a store fails; then nothing is changed.
        """
        register = self._register_source()
        day = local_date(now, self._zone)
        rules = self._rulebook.as_of(day).rules
        samples = read_samples(self._series, register, rules.values(), now, self._zone)
        context = Context(register, self._rulebook, self._zone, day)
        with self._records.begin() as conn:
            known = load_alerts(conn, lock=True)
            changes = list(decide(known, samples, rules, now))
            stored = [self._store(conn, change, context, now) for change in changes]
            for change in changes:
                self._record(conn, change, now)
            add_evaluation(conn, rules, evaluation_effects(samples, changes), day, now)
        return stored

    def deliver(self, now: datetime) -> int:
        """Send what is due; returns how many messages arrived.

        A channel that fails in a way that may pass is left alone until the next call, and the message
        tried again after a growing wait. What is given up keeps its reason (``failed_at``,
        ``last_error``). Raises StoreError where the record store fails.
        """
        with self._delivering:
            with self._records.connect() as conn:
                waiting = [due(conn, name, now) for name in due_channels(conn, now)]
            return sum(self._deliver_in_turn(items, now) for items in waiting)

    def _deliver_in_turn(self, items: Sequence[Waiting], now: datetime) -> int:
        """Send one channel's messages until it fails in a way that may pass."""
        delivered = 0
        for item in items:
            error = self._send(item, now)
            self._note(item, error, now)
            if error is None:
                delivered += 1
            elif error.retryable:
                break
        return delivered

    def acknowledge(self, alert_id: int, actor: str, comment: str, now: datetime) -> Alert:
        """Record that ``actor`` has taken the alert up; it stays open until its condition clears.

        Raises NotFoundError for an unknown number, StateError where the alert does not fire or has been
        taken up already.
        """
        with self._records.begin() as conn:
            alert = load_alert(conn, alert_id)
            if alert is None:
                raise NotFoundError(f"an alert must exist by its number, got {alert_id}")
            if alert.state.phase is not Phase.FIRING:
                raise StateError(
                    f"only a firing alert can be acknowledged, got {alert.state.phase.value}"
                )
            if alert.acknowledged_by is not None:
                raise StateError(
                    f"an alert is acknowledged once, got one of {alert.acknowledged_by}"
                )
            alert = replace(alert, acknowledged_at=now, acknowledged_by=actor)
            store_alert(conn, alert)
            self._note_acknowledged(conn, alert, now)
            self._ledger.append(
                conn,
                at=now,
                actor=actor,
                action="alert_acknowledged",
                subject=f"{alert.rule}:{alert.subject}",
                detail={"alert": alert_id, "comment": comment},
            )
        return alert

    def list(self, phases: Collection[Phase] | None = None) -> list[Alert]:
        """Alerts in these phases (None: all), by number."""
        with self._records.connect() as conn:
            return load_alerts(conn, phases)

    def _store(self, conn: Connection, change: Change, context: Context, now: datetime) -> Alert:
        alert = replace(change.alert, id=store_alert(conn, change.alert))
        rule = self._rulebook.as_of(local_date(now, self._zone)).rules[alert.rule]
        for event in (_TOLD[step] for step in change.events if step in _TOLD):
            message = compose(event, rule, alert.subject, alert.state, alert.evidence, context)
            body = message_body(event, alert, message)
            enqueue(conn, alert, event, body, self._channels, now)
        return alert

    def _note_acknowledged(self, conn: Connection, alert: Alert, now: datetime) -> None:
        day = local_date(now, self._zone)
        rule = self._rulebook.as_of(day).rules.get(alert.rule)
        if rule is not None:
            add_effects(conn, rule, day, Effects(acknowledged=1))

    def _record(self, conn: Connection, change: Change, now: datetime) -> None:
        alert = change.alert
        for step in change.events:
            self._ledger.append(
                conn,
                at=now,
                actor=ACTOR,
                action=step,
                subject=f"{alert.rule}:{alert.subject}",
                detail={"value": alert.state.value, "evidence": dict(alert.evidence)},
            )

    def _send(self, item: Waiting, now: datetime) -> ChannelError | None:
        channel = self._channels.get(item.channel)
        if channel is None:
            return ChannelError(f"a channel must be set up, got {item.channel}", retryable=True)
        try:
            channel.send(Delivery(item.key, item.body, now))
        except ChannelError as error:
            return error
        return None

    def _note(self, item: Waiting, error: ChannelError | None, now: datetime) -> None:
        with self._records.begin() as conn:
            if error is None:
                note_delivered(conn, item, now)
                self._record_delivery(conn, item, "message_delivered", {}, now)
            elif note_failure(conn, item, error, now):
                self._record_delivery(conn, item, "message_given_up", {"reason": str(error)}, now)

    def _record_delivery(
        self,
        conn: Connection,
        item: Waiting,
        action: str,
        detail: Mapping[str, object],
        now: datetime,
    ) -> None:
        self._ledger.append(
            conn,
            at=now,
            actor=ACTOR,
            action=action,
            subject=item.key,
            detail={"alert": item.alert, "tries": item.tries + 1, **detail},
        )
