"""Positions of vehicles exempt from tracking: they are not kept, neither as readings nor in a message.

What a device that is, or was, in such a vehicle sent and nobody can read, or on a channel that nothing binds,
is listed without its payload, so it cannot be tried again. A reading whose clock is wrong counts as of its
arrival. Of a message that nobody can read, and whose topic does not name the device, it is not known whose it
is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import Connection, select, update

from collectors.deadletters import Refused
from collectors.decoded import Block, Decoded, Message, Problem
from collectors.values import from_us, to_us
from quotawatt.quantities import POSITION_QUANTITIES
from quotawatt.register.exempt import Stretch
from quotawatt.settings import Settings
from quotawatt.storage.tables import seen_devices

COUNTER = "positions_exempt"
"""Counter of readings that were not kept."""

_UNSAID = "what a vehicle exempt from tracking sent is not kept"


def bare_seen(conn: Connection, devices: Collection[str]) -> None:
    """Take from the list of seen devices what it says of these devices' positions."""
    columns = [seen_devices.c[name] for name in ("device", "offers")]
    for device, offers in conn.execute(select(*columns)).all():
        if device in devices:
            left = [o for o in offers if o["quantity"] not in POSITION_QUANTITIES]
            mine = update(seen_devices).where(seen_devices.c.device == device)
            conn.execute(mine.values(payload=b"", offers=left))


class Exempt:
    """What of messages must not be kept. ``devices``: those of exempt vehicles, with the times.

    ``count``: readings that were left out so far.
    """

    def __init__(self, devices: Mapping[str, Sequence[Stretch]], settings: Settings) -> None:
        self.count = 0
        self._devices = devices
        self._from_us = to_us(datetime.combine(settings.clock_from, time(), UTC))
        self._ahead_us = int(settings.clock_ahead_limit_s * 1e6)

    def sift(self, decoded: Decoded) -> Decoded:
        """The message without the positions that must not be kept."""
        stretches = self._devices.get(decoded.device)
        if stretches is None:
            return decoded
        kept = [
            block
            if block.quantity not in POSITION_QUANTITIES
            else self._kept(block, stretches, decoded.arrived_us)
            for block in decoded.blocks
        ]
        return decoded._replace(blocks=[block for block in kept if block.times_us])

    def bare(self, message: Message, device: str) -> Message:
        """The message, without its payload where it may hold positions that must not be kept."""
        return message._replace(payload=b"") if device in self._devices else message

    def letter(self, letter: Refused, device: str) -> Refused:
        """The dead letter, without what it may say of positions that must not be kept."""
        if device not in self._devices:
            return letter
        problem = Problem(letter.problem.reason, _UNSAID)
        return letter._replace(message=self.bare(letter.message, device), problem=problem)

    def _kept(self, block: Block, stretches: Sequence[Stretch], arrived_us: int) -> Block:
        keep = [
            not any(
                s.covers(block.channel, block.quantity, self._instant(t, arrived_us))
                for s in stretches
            )
            for t in block.times_us
        ]
        self.count += len(keep) - sum(keep)
        return block._replace(
            times_us=[t for t, kept in zip(block.times_us, keep, strict=True) if kept],
            values=[v for v, kept in zip(block.values, keep, strict=True) if kept],
        )

    def _instant(self, time_us: int, arrived_us: int) -> datetime:
        right = self._from_us <= time_us <= arrived_us + self._ahead_us
        return from_us(time_us if right else arrived_us)
