"""The collector: takes messages from the broker through the pipeline and acknowledges what is durable.

Two threads. The network thread only puts messages into a queue of bounded length. The worker gathers them
into batches, by size and age, commits each, and acknowledges it. While a store fails nothing is
acknowledged: the batch waits and is tried again, the queue fills, and the broker keeps the rest.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from collectors.decode import Decoder
from collectors.pipeline import Intake, Pipeline
from collectors.profile import load_profiles
from collectors.session import Delivery, Session, receive_maximum
from quotawatt.clock import Clock
from quotawatt.errors import SettingError, StoreError
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore

log = logging.getLogger(__name__)

RETRY_FIRST_S = 0.2
RETRY_LAST_S = 15.0
DRAIN_LIMIT_S = 10.0
# A batch closes early once nothing has come for this share of its greatest age: a broker that waits for
# acknowledgements is not kept waiting, and while one batch is written the next one gathers by itself.
_IDLE_SHARE = 0.004


def make_decoder(settings: Settings) -> Decoder:
    """The decoder with the profiles that come with the program.

    Raises SettingError where the time zone is unknown, InputError where a profile is wrong.
    """
    try:
        zone = ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        rule = "setting QUOTAWATT_TIMEZONE: must be a zone of the IANA time zone database"
        raise SettingError(f"{rule}, got {settings.timezone!r}") from None
    return Decoder(load_profiles(), zone, settings.payload_limit_bytes)


class Collector:
    """Runs from ``start`` to ``stop``.

    clock
        Stamps the arrival of messages.
    """

    def __init__(
        self,
        settings: Settings,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._clock = clock
        decoder = make_decoder(settings)
        self._pipeline = Pipeline(series, records, register_source, decoder, settings)
        self._session = Session(settings, self._enqueue, clock)
        self._queue: deque[Delivery] = deque()
        self._queue_limit = 2 * receive_maximum(settings)
        self._batch: list[Delivery] = []
        self._filled = Event()
        self._stopping = Event()
        self._worker = Thread(target=self._work, name="collector", daemon=True)
        self._store_problem = ""
        self._processed = 0
        self._batches = 0

    @property
    def processed(self) -> int:
        """Messages durable and acknowledged since the start."""
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
        self._filled.set()
        if self._worker.is_alive():
            self._worker.join()
        self._session.stop()

    def healthy(self) -> dict[str, object]:
        """State of broker, store and lag; ``ok`` where all is well. Ages in seconds."""
        lag_s = self._lag_s()
        return {
            "ok": self._session.connected and not self._store_problem and self._worker.is_alive(),
            "connected": self._session.connected,
            "broker_problem": self._session.problem,
            "store_problem": self._store_problem,
            "queued": len(self._queue),
            "oldest_unacknowledged_s": lag_s,
            "processed": self._processed,
            "batches": self._batches,
        }

    def _lag_s(self) -> float:
        """Age of the oldest message that is not acknowledged."""
        for waiting in (self._batch, self._queue):
            try:
                oldest: datetime = waiting[0].message.arrived
            except IndexError:
                continue
            return max(0.0, (self._clock() - oldest).total_seconds())
        return 0.0

    def _enqueue(self, delivery: Delivery) -> None:
        """In the network thread: queue a message; wait while the queue is full."""
        while len(self._queue) >= self._queue_limit and not self._stopping.wait(0.01):
            pass
        if not self._stopping.is_set():
            self._queue.append(delivery)
            if not self._filled.is_set():
                self._filled.set()

    def _work(self) -> None:
        while True:
            intake = self._gather()
            if not self._batch:
                if self._stopping.is_set():
                    return
                continue
            if not self._commit(intake):
                return
            self._session.acknowledge(self._batch)
            self._processed += len(self._batch)
            self._batches += 1
            self._batch = []

    def _gather(self) -> Intake:
        """The next batch: full, old enough, or all that came. Empty where nothing comes for a while."""
        intake = self._pipeline.begin()
        age_s, limit = self._settings.batch_age_s, self._settings.batch_readings
        closes = time.monotonic() + age_s
        while len(intake.batch) < limit and len(self._batch) < limit:
            if not self._wait(age_s if not self._batch else age_s * _IDLE_SHARE):
                break
            if not self._batch:
                closes = time.monotonic() + age_s
            elif time.monotonic() > closes:
                break
            delivery = self._queue.popleft()
            self._batch.append(delivery)
            intake.add(delivery.message)
        return intake

    def _wait(self, timeout_s: float) -> bool:
        """Whether there is a message, after waiting for one if need be."""
        if self._queue:
            return True
        self._filled.clear()
        if self._queue:  # came between the two lines above
            return True
        if not self._stopping.is_set():
            self._filled.wait(timeout_s)
        return bool(self._queue)

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
                self._store_problem = ""
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
