"""The collector: takes messages from the broker through the pipeline and acknowledges what is durable.

Two threads. The network thread only puts messages into a queue of bounded length. The worker gathers them
into batches, by size and age, commits each, and acknowledges it. While a store fails nothing is
acknowledged: the batch waits and is tried again, the queue fills, and the broker keeps the rest.
"""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy import Engine

from collectors.chores import Chores
from collectors.decoded import Problem
from collectors.flood import FloodLimit
from collectors.inbox import Inbox, payload_bytes
from collectors.intake import Intake
from collectors.making import make_pipeline
from collectors.metrics import BatchObserver, NoObserver
from collectors.session import Delivery, Session, receive_maximum
from collectors.subscriptions import Subscriptions
from quotawatt.clock import Clock
from quotawatt.errors import StoreError
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore

log = logging.getLogger(__name__)

RETRY_FIRST_S = 0.2
RETRY_LAST_S = 15.0
DRAIN_LIMIT_S = 10.0
# How long a write that has begun is waited for beyond that: a store that hangs must not hold the process.
LAST_WRITE_S = 5.0
# A batch closes early once nothing has come for this share of its greatest age: a broker that waits for
# acknowledgements is not kept waiting, and while one batch is written the next one gathers by itself.
_IDLE_SHARE = 0.004


class Collector:
    """Runs from ``start`` to ``stop``.

    clock
        Stamps the arrival of messages.
    observer
        Told of every batch that became durable.
    """

    def __init__(
        self,
        settings: Settings,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        clock: Clock,
        observer: BatchObserver = NoObserver(),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._pipeline = make_pipeline(settings, series, records, register_source, observer)
        self._chores = Chores(records, self._pipeline, settings.mqtt_client_id, clock)
        limit = receive_maximum(settings)
        self._inbox = Inbox(limit, 2 * settings.batch_bytes)
        subscriptions = Subscriptions(records, settings.mqtt_client_id)
        self._session = Session(
            settings, self._inbox.put, self._inbox.has_room, subscriptions, clock
        )
        self._flood = FloodLimit(
            settings.device_rate_per_s, settings.device_burst, self._pipeline.device_of
        )
        self._batch: list[Delivery] = []
        self._stopping = Event()
        self._worker = Thread(target=self._work, name="collector", daemon=True)
        self._store_problem = ""
        self._processed = self._acknowledged = self._batches = self._flood_dropped = 0

    @property
    def processed(self) -> int:
        """Messages that became durable since the start."""
        return self._processed

    def start(self) -> None:
        """Connect and work, in threads of its own."""
        self._worker.start()
        self._session.start()

    def stop(self) -> None:
        """Take in nothing more, write and acknowledge what is here, disconnect.

        Where the store fails for longer than a few seconds the rest stays with the broker,
        unacknowledged.
        """
        self._stopping.set()
        self._inbox.close()
        if self._worker.is_alive():
            self._worker.join(DRAIN_LIMIT_S + LAST_WRITE_S)
            if self._worker.is_alive():
                log.warning("a write that does not end is left; its messages stay with the broker")
        self._session.stop()

    def healthy(self) -> dict[str, object]:
        """State of broker, store and lag; ``ok`` where all is well. Ages in seconds.

        ``subscribed``: the broker has granted all topics. ``queued`` are messages that wait for a batch,
        ``unacknowledged`` those and the ones of the batch in work.
        """
        session = self._session
        return {
            "ok": session.subscribed and not self._store_problem and self._worker.is_alive(),
            "connected": session.connected,
            "subscribed": session.subscribed,
            "broker_problem": session.problem,
            "store_problem": self._store_problem,
            "queued": len(self._inbox),
            "unacknowledged": self._inbox.received - self._processed,
            "oldest_unacknowledged_s": self._lag_s(),
            "processed": self._processed,
            "batches": self._batches,
        }

    def stats(self) -> dict[str, int]:
        """Totals since the start; they only grow. ``received`` and ``bytes`` count repeated messages too."""
        return {
            "received": self._inbox.received,
            "bytes": self._inbox.received_bytes,
            "processed": self._processed,
            "acknowledged": self._acknowledged,
            "reconnects": max(0, self._session.connections - 1),
            "batches": self._batches,
            "flood_dropped": self._flood_dropped,
        }

    def _lag_s(self) -> float:
        """Age of the oldest message that is not acknowledged."""
        batch = self._batch
        oldest = batch[0].messages[0].arrived if batch else self._inbox.oldest()
        return 0.0 if oldest is None else max(0.0, (self._clock() - oldest).total_seconds())

    def _work(self) -> None:
        while True:
            try:
                if not self._turn():
                    return
            except Exception as error:
                # A mistake of ours must not end the thread unseen: what was taken in is taken in anew.
                self._store_problem = repr(error)
                log.exception("the collector failed and goes on")
                self._pause(RETRY_LAST_S)

    def _turn(self) -> bool:
        """A batch, or waiting for one, and then a chore. False where it is time to end."""
        intake = self._gather()
        if self._batch:
            if not self._commit(intake):
                return False
            self._acknowledged += self._session.acknowledge(self._batch)
            self._processed += sum(len(delivery.messages) for delivery in self._batch)
            self._flood_dropped += intake.dropped.total()
            self._batches += 1
            self._batch = []
        elif self._stopping.is_set():
            return False
        self._store_problem = ""
        self._do_chores()
        return True

    def _do_chores(self) -> None:
        """Do a step of the work that others ask for, and more while no message waits."""
        try:
            while self._chores.step() and not len(self._inbox) and not self._stopping.is_set():
                pass
        except Exception:
            # A mistake of ours there must not stop the messages.
            log.exception("a chore failed")

    def _gather(self) -> Intake:
        """The next batch: full, old enough, or all that came. Empty where nothing comes for a while.

        It is full at ``batch_readings`` readings or messages or ``batch_bytes`` bytes, and ends with what
        one read brought: it may be larger by that.
        """
        intake = self._pipeline.begin()
        for left in self._batch:  # of a turn that failed
            self._take_in(intake, left, time.monotonic())
        age_s, limit = self._settings.batch_age_s, self._settings.batch_readings
        closes, messages, size = 0.0, 0, 0
        while len(intake.batch) < limit and messages < limit and size < self._settings.batch_bytes:
            delivery = self._inbox.take(age_s * _IDLE_SHARE if self._batch else age_s)
            if delivery is None:
                break
            now = time.monotonic()
            closes = closes or now + age_s
            self._batch.append(delivery)
            self._take_in(intake, delivery, now)
            messages, size = messages + len(delivery.messages), size + payload_bytes(delivery)
            if now > closes:
                break
        held, intake.dropped = self._flood.end_batch()
        for message in held:
            intake.add(message)
        return intake

    def _take_in(self, intake: Intake, delivery: Delivery, now_s: float) -> None:
        admitted = self._flood.admit(delivery.messages, now_s)
        if delivery.size:
            rule = f"a payload must have at most {self._settings.payload_limit_bytes} bytes"
            problem = Problem("too_large", f"{rule}, got {delivery.size}")
            for message in admitted:
                intake.refuse(message, problem, delivery.size)
        else:
            for message in admitted:
                intake.add(message)

    def _commit(self, intake: Intake) -> bool:
        """Commit until it holds. False where that did not succeed in time before stopping."""
        delay_s, gives_up = RETRY_FIRST_S, None
        while True:
            try:
                self._pipeline.commit(intake)
            except StoreError as error:
                self._store_problem = str(error)
                log.warning("the batch waits for the store: %s", error)
            except Exception as error:
                # Not expected, so not understood: nothing is acknowledged and nothing is lost.
                self._store_problem = repr(error)
                log.exception("the batch waits: it could not be written")
            else:
                return True
            if self._stopping.is_set():
                gives_up = gives_up or time.monotonic() + DRAIN_LIMIT_S
                if time.monotonic() > gives_up:
                    return False
            self._pause(delay_s)
            delay_s = min(2 * delay_s, RETRY_LAST_S)

    def _pause(self, seconds: float) -> None:
        """Wait; once stopping only briefly, to use the time that is left."""
        if self._stopping.is_set():
            time.sleep(RETRY_FIRST_S)
        else:
            self._stopping.wait(seconds)
