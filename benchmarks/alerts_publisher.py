"""Publishes meters' readings at a steady pace, some of them beyond a limit; a process of its own.

``python -m benchmarks.alerts_publisher PORT MESSAGES PER_S DEVICES BREACH_EVERY FULL FILE``: message n is of
device ``n % DEVICES``; of each ``BREACH_EVERY`` messages the last begins a breach of its device, from the
second round on, so that every meter is seen at rest first (where it is 1, at once). FULL is ``full`` for five values a message, ``power`` for
one. FILE gets a JSON line for each breach: device, and the monotonic clock in seconds at the call that
publishes it.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from quotawatt.clock import system_clock
from simulators.connection import Publisher
from simulators.dialects import Message, native_values
from simulators.load import load_device, meter_values

QUANTITY = "electricity_power_kw"
BREACHING_KW = 900.0
LIMIT_KW = 500.0
"""Of the rule; a meter at rest is far below."""

BREACH_MESSAGES = 10
"""A device stays beyond for so many of its messages."""


def main(port: int, file: Path, plan: "Plan") -> None:
    """Publish them all; each is acknowledged on return."""
    publisher = Publisher("127.0.0.1", port, "benchmark-load")
    began = time.monotonic()
    with file.open("w", encoding="utf-8") as said:
        for number in range(plan.messages):
            _wait_until(began + number / plan.per_s)
            _publish(publisher, plan, number, said)
        publisher.flush()
    publisher.close()
