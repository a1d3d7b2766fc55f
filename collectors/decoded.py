"""What decoding a message yields."""

from datetime import datetime
from typing import NamedTuple

from collectors.values import from_us
from quotawatt.readings import Reading


class Message(NamedTuple):
    """An MQTT message and the instant (UTC) of its arrival."""

    topic: str
    payload: bytes
    arrived: datetime


class Block(NamedTuple):
    """Values of one quantity of one channel, in canonical units. Times: microseconds since 1970, UTC.

    ``times_us`` and ``values`` are of equal length; values are finite.
    """

    channel: str
    quantity: str
    times_us: list[int]
    values: list[float]
    revision: int = 0
    timed_by_server: bool = False


class Problem(NamedTuple):
    """Why a part of a message became no reading: stable reason code, and rule and value in words."""

    reason: str
    message: str


class Decoded(NamedTuple):
    """A message as readings, column by column.

    blocks
        Empty where the message is known and holds nothing to store.
    problems
        Parts that could not be decoded, beside ``blocks`` that could.
    datum
        Of its positions: ``wgs84`` or ``gcj02``. They are as the device gave them.
    """

    profile: str
    device: str
    arrived_us: int
    blocks: list[Block]
    problems: list[Problem]
    datum: str = "wgs84"

    def readings(self) -> list[Reading]:
        """The same as single readings, not yet checked for plausibility."""
        arrived = from_us(self.arrived_us)
        return [
            Reading(
                device=self.device,
                channel=block.channel,
                quantity=block.quantity,
                time=from_us(time_us),
                value=value,
                arrived=arrived,
                revision=block.revision,
                timed_by_server=block.timed_by_server,
            )
            for block in self.blocks
            for time_us, value in zip(block.times_us, block.values, strict=True)
        ]
