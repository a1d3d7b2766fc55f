"""Work in threads: what a role does again and again until it is stopped."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from quotawatt.clock import Clock
from quotawatt.errors import QuotawattError

log = logging.getLogger(__name__)

STOP_LIMIT_S = 30.0
"""How long the roles of a process may take to end: a store that hangs must not hold it."""


class Threads(Protocol):
    """Work in threads of its own."""

    def start(self) -> None:
        """Begin."""

    def ask_to_stop(self) -> None:
        """Let the present piece of work be the last; returns at once."""

    def stop(self, limit_s: float) -> None:
        """End; what takes longer than the limit is left."""


class Periodic:
    """Calls ``work(now)`` every ``every_s`` seconds in a thread, until stopped.

    A failing store is logged and tried again at the next turn: the work reads what is left to do
    from the stores, so a missed turn loses nothing.
    """

    def __init__(self, name: str, work: Callable[[datetime], object], every_s: float, clock: Clock):
        self.name = name
        self.last_error = ""
        self.last_done: datetime | None = None
        self._began_s: float | None = None
        self._work, self._every_s, self._clock = work, every_s, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first turn comes at once."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the present turn be the last; returns at once."""
        self._stop.set()

    def stop(self, limit_s: float = STOP_LIMIT_S) -> None:
        """Finish the present turn and end. A turn that takes longer than the limit is left."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(limit_s)
            if self._thread.is_alive():
                log.warning("%s hangs and is left", self.name)

    def busy_s(self) -> float:
        """How long the present turn takes already; 0 between two turns."""
        began_s = self._began_s
        return 0.0 if began_s is None else time.monotonic() - began_s

    def _run(self) -> None:
        while not self._stop.is_set():
            now = self._clock()
            self._began_s = time.monotonic()
            try:
                self._work(now)
                self.last_error, self.last_done = "", now
            except QuotawattError as error:
                self.last_error = str(error)
                log.warning("%s failed and will be tried again: %s", self.name, error)
            except Exception as error:
                # A thread that dies in silence would stop the work unseen.
                self.last_error = f"{type(error).__name__}: {error}"
                log.exception("%s failed and will be tried again", self.name)
            self._began_s = None
            self._stop.wait(self._every_s)
