"""What the tests of ``test_cluster`` have workers do; it is imported there by name."""

import os
import signal
import time
from pathlib import Path

from quotawatt.errors import InputError


def worker_of(seconds: float) -> int:
    """Take so long; the process that did it."""
    time.sleep(seconds)
    return os.getpid()


def doubled_at_second_try(payload: tuple[int, Path]) -> int:
    """Kill its own process the first time it sees the number 3; then the number twice."""
    number, seen = payload
    if number == 3 and not seen.exists():
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def killing(_: int) -> int:
    """Kill its own process."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def refusing(number: int) -> int:
    """Raise what a pure function may."""
    raise InputError(f"a number must be another one, got {number}")
