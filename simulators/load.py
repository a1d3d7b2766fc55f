"""Load generator: so many messages of a given size, for benchmarks.

``python -m simulators.load --host H --port P --messages N --size-bytes N`` publishes them and prints
one JSON line: messages, readings, seconds, messages a second. With ``--meters`` they are those of
three-phase meters, 5 values in about 250 bytes. With ``--wire`` they are written by
``simulators.wire``, several times as fast.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from quotawatt.errors import InputError, QuotawattError
from simulators.connection import Publisher
from simulators.dialects import Body, Message, native_columns, native_values
from simulators.publisher import publish
from simulators.wire import WirePublisher

DEVICES = 100
METER_START = datetime(2023, 1, 1, tzinfo=UTC)
"""The instant of every meter's first message; they follow by ``METER_EVERY``."""
METER_EVERY = timedelta(seconds=15)

_START = METER_START
_SAMPLE_S = 15


def load_device(number: int) -> str:
    """The name of a device of the load."""
    return f"load-{number:05d}"


def meter_values(device: int, step: int) -> Mapping[str, float]:
    """What meter number ``device`` reads in its message number ``step``: told apart by every value."""
    base = 1000.0 * (device + 1) + step / 100
    return {
        "electricity_import_kwh": round(base, 2),
        "electricity_reactive_import_kvarh": round(base / 4, 4),
        "electricity_power_kw": round(base / 1000 + 0.003, 5),
        "electricity_apparent_power_kva": round(base / 900 + 0.007, 6),
        "electricity_reactive_power_kvar": round(base / 3000, 6),
    }


def meter_messages(messages: int, devices: int = DEVICES, first: int = 0) -> Iterator[Message]:
    """Messages of meters in turn: 5 values at one instant, about 250 bytes, the project's own form.

    first
        Number of the first message: message n is step ``n // devices`` of device ``n % devices``.
    """
    for number in range(first, first + messages):
        step, device = divmod(number, devices)
        time_of = METER_START + step * METER_EVERY
        values = meter_values(device, step)
        yield Message(time_of, *native_values(load_device(device), time_of, values))


def load_messages(messages: int, size_bytes: int, devices: int = DEVICES) -> Iterator[Message]:
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
        yield Message(time_of_last, *_body(load_device(number % devices), first, samples))


def _samples(size_bytes: int) -> int:
    """How many samples it takes to reach the size."""
    samples = 1
    while len(_body(load_device(0), 0, samples).payload) < size_bytes:
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
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument(
        "--meters", action="store_true", help="5 values a message, size as it comes"
    )
    parser.add_argument("--wire", action="store_true", help="write packets without a library")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        if options.meters:
            messages = meter_messages(options.messages, options.devices)
        else:
            messages = load_messages(options.messages, options.size_bytes, options.devices)
        connect = WirePublisher if options.wire else Publisher
        sent = publish(messages, options.host, options.port, connect=connect)
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
