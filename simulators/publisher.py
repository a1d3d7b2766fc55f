"""Publishes the demo's messages; runs as a process of its own.

``python -m simulators.publisher --host H --port P`` obeys commands on standard input, so that whoever
starts it holds the demo's clock, and answers each with one JSON line on standard output:

until INSTANT
    Publishes every message before that instant (ISO 8601 with zone), waits until the broker has
    acknowledged all of them, then answers ``{"done": INSTANT, "messages": N, "readings": N}``, the
    numbers being those since the last such answer.
live SPEED
    Answers ``{"live": SPEED}`` and goes on from there at SPEED times real time, until the next
    command or the end of the input.

What is no command is answered with ``{"error": ...}``. With ``--until`` it publishes up to there,
answers and ends, without commands.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import takewhile
from typing import TextIO

from quotawatt.errors import InputError, QuotawattError
from simulators.connection import Connection, Publisher
from simulators.demo import DEFAULT_SEED, YEAR_START, live_messages
from simulators.dialects import Message
from simulators.playback import Playback, Sent, done, obey, parse_instant, read_commands

_PROGRESS_EVERY = 1000


def publish(
    messages: Iterable[Message],
    host: str,
    port: int,
    on_progress: Callable[[Sent], None] | None = None,
    pause: Callable[[Message], None] | None = None,
    connect: Callable[[str, int], Connection] = Publisher,
) -> Sent:
    """Publish messages as fast as the broker takes them; all are acknowledged on return.

    on_progress
        Called now and then, and at the end, with what has been handed over so far.
    pause
        Called before each message; it waits as long as the message should.
    connect
        Makes the connection of host and port.

    Raises StoreError where the broker does not answer.
    """
    publisher = connect(host, port)
    sent = Sent()
    try:
        for message in messages:
            if pause is not None:
                pause(message)
            publisher.send(message)
            sent = sent.plus(message)
            if on_progress is not None and sent.messages % _PROGRESS_EVERY == 0:
                on_progress(sent)
        publisher.flush()
    finally:
        publisher.close()
    if on_progress is not None:
        on_progress(sent)
    return sent


def at_rate(messages_per_s: float) -> Callable[[Message], None]:
    """A pause that lets so many messages through in a second on average.

    Raises InputError where that is none at all.
    """
    if not messages_per_s > 0:
        raise InputError(f"a rate must be above 0 messages a second, got {messages_per_s}")
    started = time.monotonic()
    passed = 0

    def pause(message: Message) -> None:
        nonlocal passed
        wait_s = started + passed / messages_per_s - time.monotonic()
        passed += 1
        if wait_s > 0:
            time.sleep(wait_s)

    return pause


def main(arguments: list[str] | None = None, lines: TextIO = sys.stdin) -> int:
    """The command line; the exit status."""
    options = _options(arguments)
    try:
        since = parse_instant(options.since)
        messages = live_messages(since, options.seed)
        if options.until is not None:
            _publish_all(options, messages, parse_instant(options.until))
        else:
            publisher = Publisher(options.host, options.port)
            try:
                obey(Playback(messages, publisher, since), read_commands(lines), _answer)
            finally:
                publisher.close()
    except QuotawattError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _publish_all(options: argparse.Namespace, messages: Iterator[Message], until: datetime) -> None:
    pause = at_rate(options.rate) if options.rate is not None else None
    before = takewhile(lambda message: message.time < until, messages)
    sent = publish(before, options.host, options.port, pause=pause)
    _answer(done(until, sent))


def _answer(content: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulators.publisher", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument(
        "--from", dest="since", default=YEAR_START.isoformat(), help="first instant, with zone"
    )
    parser.add_argument("--until", help="publish up to this instant and end")
    parser.add_argument("--rate", type=float, help="messages a second at most, with --until")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
