"""The demo's devices: the simulators' publisher in a process of its own, steered by its clock."""

import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime

from quotawatt.errors import StoreError

_STEP_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Published:
    """Totals since the start."""

    messages: int
    readings: int


class PublisherProcess:
    """Runs ``python -m simulators.publisher`` and tells it how far to go."""

    def __init__(self, host: str, port: int, seed: int) -> None:
        command = [sys.executable, "-m", "simulators.publisher", "--host", host]
        command += ["--port", str(port), "--seed", str(seed)]
        self._total = Published(0, 0)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            # Ctrl+C in the terminal is for the demo alone; it ends this process in good order.
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="publisher", daemon=True).start()

    def begin(self, until: datetime) -> None:
        """Let every message before ``until`` be published, without waiting for it."""
        self._say(f"until {until.isoformat()}")

    def finished(self) -> Published:
        """Wait until what was begun is acknowledged by the broker; totals so far."""
        try:
            answer = json.loads(self._lines.get(timeout=_STEP_TIMEOUT_S))
        except (queue.Empty, ValueError):
            raise StoreError(
                f"the publisher must answer within {_STEP_TIMEOUT_S} s, but it did not "
                f"(exit status {self._process.poll()})"
            ) from None
        self._total = Published(
            self._total.messages + int(answer["messages"]),
            self._total.readings + int(answer["readings"]),
        )
        return self._total

    def live(self, speed: float) -> None:
        """Go on from where it is, ``speed`` demo seconds a second, until stopped."""
        self._say(f"live {speed}")

    def stop(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _say(self, line: str) -> None:
        if self._process.poll() is not None or self._process.stdin is None:
            raise StoreError(f"the publisher must run, but it ended ({self._process.returncode})")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put("")
