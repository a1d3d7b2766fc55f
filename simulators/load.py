"""Load generator: so many messages of a given size, for benchmarks.

``python -m simulators.load --host H --port P --messages N --size-bytes N`` publishes them and prints
one JSON line: messages, readings, seconds, messages a second.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from quotawatt.errors import InputError, QuotawattError
from simulators.dialects import Body, Message, native_columns
from simulators.publisher import publish

_START = datetime(2023, 1, 1, tzinfo=UTC)
_SAMPLE_S = 15


def load_messages(messages: int, size_bytes: int, devices: int = 100) -> Iterator[Message]:
    """Messages of about ``size_bytes`` payload (at most one sample over), by devices in turn.

    Every reading is a new one: a counter that climbs by 0.01 kWh each 15 s. Raises InputError for
    numbers below 1.
    """
    if min(messages, size_bytes, devices) < 1:
        raise InputError(
            "messages, size and devices must be at least 1,"
            f" got {messages}, {size_bytes} and {devices}"
        )
    samples = _samples(size_bytes)
    for number in range(messages):
        first = number // devices * samples
        time_of_last = _START + timedelta(seconds=(first + samples - 1) * _SAMPLE_S)
        yield Message(time_of_last, *_body(f"load-{number % devices:05d}", first, samples))


def _samples(size_bytes: int) -> int:
    """How many samples it takes to reach the size."""
    samples = 1
    while len(_body("load-00000", 0, samples).payload) < size_bytes:
        samples += 1
    return samples


def _body(device: str, first: int, samples: int) -> Body:
    numbers = range(first, first + samples)
    start_s = int(_START.timestamp())
    times = [start_s + number * _SAMPLE_S for number in numbers]
    counter = [round(10_000 + number / 100, 2) for number in numbers]
    return native_columns(device, times, {"electricity_import_kwh": counter})


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(prog="simulators.load", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--size-bytes", type=int, default=250)
    parser.add_argument("--devices", type=int, default=100)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        messages = load_messages(options.messages, options.size_bytes, options.devices)
        sent = publish(messages, options.host, options.port)
    except QuotawattError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    seconds = time.monotonic() - started
    report = {
        "messages": sent.messages,
        "readings": sent.readings,
        "seconds": round(seconds, 3),
        "messages_per_s": round(sent.messages / seconds, 1),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
