"""Threads that empty the outbox: one for each channel, so that one that hangs delays no other."""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime

from alerts.delivery.sender import Sender
from alerts.delivery.standing import Standing
from quotawatt.clock import Clock
from quotawatt.errors import QuotawattError

log = logging.getLogger(__name__)

POLL_S = 0.25
"""How often the outbox is looked at: a message waits no longer before it is on its way."""

HANGS_AFTER_S = 60.0
"""A message that takes longer counts as hanging: most time-outs of channels are well below."""


class DeliveryWorkers:
    """One thread looks which channels have something to send; each of these has a thread that sends it."""

    name = "deliver"

    def __init__(self, sender: Sender, clock: Clock, poll_s: float = POLL_S) -> None:
        self._sender, self._clock, self._poll_s = sender, clock, poll_s
        self._stop = threading.Event()
        self._looking = threading.Thread(target=self._look, name=self.name, daemon=True)
        self._channels: dict[str, _ChannelWorker] = {}
        self._failing: Mapping[str, Standing] = {}
        self._last_error = ""
        self._last_done: datetime | None = None

    def start(self) -> None:
        """Begin; what is due goes at once."""
        self._looking.start()

    def ask_to_stop(self) -> None:
        """Let the messages that are on their way be the last; returns at once."""
        self._stop.set()
        for worker in list(self._channels.values()):
            worker.wake()

    def stop(self, limit_s: float) -> None:
        """End. A message that takes longer than the limit is left; another process sends it later."""
        self.ask_to_stop()
        ends_s = time.monotonic() + limit_s
        for thread in (self._looking, *(w.thread for w in list(self._channels.values()))):
            if thread.is_alive():
                thread.join(max(0.0, ends_s - time.monotonic()))
                if thread.is_alive():
                    log.warning("%s hangs and is left", thread.name)

    def health(self) -> Mapping[str, object]:
        """How delivery is: its last look at the outbox, what hangs or failed, and which channels fail.

        A channel that fails is not this process being unwell: its messages wait.
        """
        errors = [self._last_error, *(w.problem() for w in list(self._channels.values()))]
        said = "; ".join(error for error in errors if error)
        done = self._last_done.isoformat() if self._last_done else None
        channels = {name: standing.error for name, standing in self._failing.items()}
        return {"ok": not said, "last_done": done, "error": said, "failing_channels": channels}

    def _look(self) -> None:
        while not self._stop.is_set():
            now = self._clock()
            try:
                look = self._sender.look(now)
                for channel in look.due:
                    self._worker_of(channel).wake()
                self._failing = look.failing
                self._last_error, self._last_done = "", now
            except QuotawattError as error:
                self._last_error = str(error)
                log.warning("%s failed and will be tried again: %s", self.name, error)
            self._stop.wait(self._poll_s)

    def _worker_of(self, channel: str) -> "_ChannelWorker":
        if channel not in self._channels:
            self._channels[channel] = _ChannelWorker(channel, self._sender, self._clock, self._stop)
        return self._channels[channel]


class _ChannelWorker:
    """The thread of one channel; it sleeps until it is woken."""

    def __init__(
        self, channel: str, sender: Sender, clock: Clock, stopping: threading.Event
    ) -> None:
        self._channel, self._sender = channel, sender
        self._clock_behind, self._stopping = clock, stopping
        self._woken = threading.Event()
        self._error = ""
        self._active_s: float | None = None
        self.thread = threading.Thread(target=self._run, name=f"deliver {channel}", daemon=True)
        self.thread.start()

    def wake(self) -> None:
        """There may be something to send, or it is time to end."""
        self._woken.set()

    def problem(self) -> str:
        """What is wrong; empty: nothing."""
        active_s = self._active_s
        if active_s is not None and time.monotonic() - active_s > HANGS_AFTER_S:
            return (
                f"a message must take less than {HANGS_AFTER_S:.0f} s, {self._channel} hangs longer"
            )
        return self._error

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._stopping.is_set():
                return
            self._active_s = time.monotonic()
            try:
                self._sender.deliver_by(self._channel, self._clock, self._stopping.is_set)
                self._error = ""
            except QuotawattError as error:
                self._error = f"{self._channel}: {error}"
                log.warning("%s failed and will be tried again: %s", self.thread.name, error)
            except Exception as error:
                # A thread that dies in silence would stop the channel unseen.
                self._error = f"{self._channel}: {type(error).__name__}"
                log.exception("%s failed and will be tried again", self.thread.name)
            self._active_s = None

    def _clock(self) -> datetime:
        """The clock, which is asked before each message: a channel that asks does not hang."""
        self._active_s = time.monotonic()
        return self._clock_behind()
