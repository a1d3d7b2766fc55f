"""Publishes meters' readings at a steady pace, some of them beyond a limit; a process of its own.

``python -m benchmarks.alerts_publisher PORT PLAN FILE``: PLAN is a ``Plan`` in JSON. FILE gets a JSON line
for each breach: the device, and the monotonic clock in seconds at the call that publishes it. In the end it
prints how many seconds it took.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quotawatt.clock import system_clock
from simulators.connection import Publisher
from simulators.dialects import Message, native_values
from simulators.load import load_device, meter_values

QUANTITY = "electricity_power_kw"
LIMIT_KW = 500.0
"""Of the rule; a meter at rest is far below."""

_BREACHING_KW = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is published: message n is of device ``n % devices``.

    per_s
        Messages a second.
    first_breach, breach_every
        The number of the first message that begins a breach, and after how many the next does.
    breach_messages
        How many messages of its device a breach lasts.
    whole
        Whether a message has the five values of a meter (``meter_values``), or its power alone.
    """

    messages: int
    per_s: float
    devices: int
    first_breach: int
    breach_every: int
    breach_messages: int
    whole: bool

    @property
    def readings(self) -> int:
        """How many readings that makes."""
        return self.messages * (5 if self.whole else 1)

    def begins(self, number: int) -> bool:
        """Whether a message begins a breach."""
        since = number - self.first_breach
        return since >= 0 and since % self.breach_every == 0

    def breaches(self, number: int) -> bool:
        """Whether a message is within a breach of its device."""
        back = range(number, -1, -self.devices)
        return any(self.begins(earlier) for earlier in back[: self.breach_messages])


def main(port: int, plan: Plan, file: Path) -> None:
    """Publish them all; each is acknowledged on return."""
    publisher = Publisher("127.0.0.1", port, "benchmark-load")
    began = time.monotonic()
    with file.open("w", encoding="utf-8") as said:
        for number in range(plan.messages):
            message = _message(plan, number)
            time.sleep(max(0.0, began + number / plan.per_s - time.monotonic()))
            if plan.begins(number):
                line = {"device": number % plan.devices, "at_s": time.monotonic()}
                said.write(json.dumps(line) + "\n")
            publisher.send(message)
        publisher.flush()
    publisher.close()
    sys.stdout.write(f"{time.monotonic() - began}\n")


def _message(plan: Plan, number: int) -> Message:
    step, device = divmod(number, plan.devices)
    now = system_clock()
    values = _values(device, step, plan.breaches(number), plan.whole)
    return Message(now, *native_values(load_device(device), now, values))


def _values(device: int, step: int, breaching: bool, whole: bool) -> Mapping[str, float]:
    shown = dict(meter_values(device, step))
    if breaching:
        shown[QUANTITY] = _BREACHING_KW + step / 100
    return shown if whole else {QUANTITY: shown[QUANTITY]}


if __name__ == "__main__":
    main(int(sys.argv[1]), Plan(**json.loads(sys.argv[2])), Path(sys.argv[3]))
