"""When a write to InfluxDB is tried again, and for how long.

A server that is starting, busy or just lost its connection answers a moment later, and writing the same
lines twice changes nothing. So a write is repeated after a refused or broken connection and after the
statuses 429, 500, 502, 503 and 504; not after any other refusal, which would come again, nor after a
time-out, which has taken long enough. ``Retry-After`` is kept to where it is short. After the last pause
the caller gets the StoreError and keeps its batch.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from quotawatt.errors import StoreError

_Answer = TypeVar("_Answer")

PAUSES_S = (0.25, 0.5, 1.0, 2.0)
"""Between one try and the next. Whoever writes tries again by itself, later and for as long as it takes."""

LONGEST_PAUSE_S = 5.0
BUSY_STATUSES = frozenset({429, 500, 502, 503, 504})


class BusyError(StoreError):
    """The server did not take a write and may do so in a moment.

    after_s
        How long it asks to be left alone; None where it does not say.
    """

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


def persistently(
    send: Callable[[], _Answer],
    sleep: Callable[[float], None],
    pauses_s: Sequence[float] = PAUSES_S,
) -> _Answer:
    """What ``send`` returns, called again while it raises BusyError and there is a pause left.

    Raises StoreError: any other at once, BusyError after the last try or where the server asks for more
    than ``LONGEST_PAUSE_S``.
    """
    for pause_s in pauses_s:
        try:
            return send()
        except BusyError as error:
            wait_s = pause_s if error.after_s is None else max(pause_s, error.after_s)
            if wait_s > LONGEST_PAUSE_S:
                raise
            sleep(wait_s)
    return send()


def retry_after_s(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for; None where it has none or names a date (RFC 9110)."""
    if header is None or not header.strip().isdecimal():
        return None
    return float(header.strip())
