"""Plays messages to a publisher as commands say: up to an instant, or on at a speed."""

import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from simulators.connection import Publisher
from simulators.dialects import Message

Commands = queue.SimpleQueue[str | None]
"""Lines of input; None: the input has ended."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How much has been published."""

    messages: int = 0
    readings: int = 0

    def plus(self, message: Message) -> "Sent":
        """With one more message."""
        return Sent(self.messages + 1, self.readings + message.readings)


class Playback:
    """Messages in order of time, played to a publisher up to an instant or at a speed.

    messages
        Without end.
    """

    def __init__(
        self, messages: Iterator[Message], publisher: Publisher, position: datetime
    ) -> None:
        self._messages = messages
        self._publisher = publisher
        self._position = position
        self._next: Message | None = None
        self._sent = Sent()

    def until(self, instant: datetime) -> Sent:
        """Publish all before ``instant``, acknowledged on return; what was sent since the last call."""
        while self._upcoming().time < instant:
            self._send_upcoming()
        self._publisher.flush()
        self._position = max(self._position, instant)
        sent, self._sent = self._sent, Sent()
        return sent

    def live(self, speed: float, commands: Commands) -> str | None:
        """Publish at ``speed`` times real time until there is a command, which is returned."""
        started = time.monotonic()
        origin = self._position
        while True:
            due_s = (self._upcoming().time - origin).total_seconds() / speed
            try:
                command = commands.get(timeout=max(due_s - (time.monotonic() - started), 0.0))
            except queue.Empty:
                self._send_upcoming()
            else:
                self._position = origin + timedelta(seconds=(time.monotonic() - started) * speed)
                return command

    def _upcoming(self) -> Message:
        if self._next is None:
            self._next = next(self._messages)
        return self._next

    def _send_upcoming(self) -> None:
        message = self._upcoming()
        self._publisher.send(message)
        self._sent = self._sent.plus(message)
        self._next = None


def obey(
    playback: Playback, commands: Commands, answer: Callable[[Mapping[str, object]], None]
) -> None:
    """Carry out commands until the input ends; what is no command is answered with an error."""
    line = commands.get()
    while line is not None:
        try:
            line = _carry_out(line, playback, commands, answer)
        except InputError as error:
            answer({"error": str(error)})
            line = commands.get()


def _carry_out(
    line: str,
    playback: Playback,
    commands: Commands,
    answer: Callable[[Mapping[str, object]], None],
) -> str | None:
    """Carry out one command; the next one."""
    verb, _, argument = line.strip().partition(" ")
    if verb == "until":
        instant = parse_instant(argument)
        sent = playback.until(instant)
        answer(done(instant, sent))
        return commands.get()
    if verb == "live":
        speed = _parse_speed(argument)
        answer({"live": speed})
        return playback.live(speed, commands)
    raise InputError(f"a command must be 'until INSTANT' or 'live SPEED', got {line.strip()!r}")


def done(instant: datetime, sent: Sent) -> Mapping[str, object]:
    """The answer once everything before ``instant`` is published."""
    return {"done": instant.isoformat(), "messages": sent.messages, "readings": sent.readings}


def parse_instant(text: str) -> datetime:
    """An instant from ISO 8601 with zone. Raises InputError for anything else."""
    try:
        return require_utc(datetime.fromisoformat(text))
    except ValueError:
        raise InputError(f"an instant must be ISO 8601 with a zone, got {text!r}") from None


def _parse_speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not (math.isfinite(speed) and speed > 0):
        raise InputError(f"a speed must be a finite number above 0, got {text!r}")
    return speed


def read_commands(lines: Iterable[str]) -> Commands:
    """Lines as a queue that a thread fills, so that waiting for one can have a limit."""
    commands: Commands = queue.SimpleQueue()

    def fill() -> None:
        for line in lines:
            if line.strip():
                commands.put(line)
        commands.put(None)

    threading.Thread(target=fill, name="commands", daemon=True).start()
    return commands
