"""The demo's clock: set by hand during the replay of a year, running on its own afterwards."""

import threading
import time
from datetime import datetime, timedelta

from quotawatt.clock import require_utc


class DemoClock:
    """A Clock that stands still where it is set, until ``run`` lets it go on.

    Thread-safe; while it runs it advances ``speed`` demo seconds a second, measured on the
    monotonic clock.
    """

    def __init__(self, instant: datetime) -> None:
        self._lock = threading.Lock()
        self._base = require_utc(instant)
        self._speed = 0.0
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        with self._lock:
            return self._base + timedelta(seconds=self._speed * (time.monotonic() - self._since))

    def set(self, instant: datetime) -> None:
        """Stand still at ``instant``."""
        with self._lock:
            self._base, self._speed = require_utc(instant), 0.0

    def run(self, speed: float) -> None:
        """Go on from the present instant, ``speed`` demo seconds a second."""
        with self._lock:
            now = time.monotonic()
            self._base += timedelta(seconds=self._speed * (now - self._since))
            self._speed, self._since = speed, now
