"""Readings from before the raw horizon: they are not stored, and their message becomes a dead letter."""

from datetime import UTC, date, datetime, time

from collectors.decoded import Block, Decoded, Problem
from collectors.values import from_us, to_us
from quotawatt.storage.horizon import RAW_EXPIRED


class Horizon:
    """From when on readings are taken in. ``horizon`` None: from any time."""

    def __init__(self, horizon: datetime | None, clock_from: date) -> None:
        self._from_us = None if horizon is None else to_us(horizon)
        # A clock that is not set is no late reading: it is stored as suspect.
        self._set_us = to_us(datetime.combine(clock_from, time(), UTC))

    def sift(self, decoded: Decoded) -> Decoded:
        """The message without what is too late; the first of it is told as a problem of the message."""
        if self._from_us is None:
            return decoded
        late = [t for block in decoded.blocks for t in block.times_us if self._expired(t)]
        if not late:
            return decoded
        kept = [self._timely(block) for block in decoded.blocks]
        rule = (
            f"a reading must not be from before {from_us(self._from_us).isoformat()}, from when on"
        )
        problem = Problem(
            RAW_EXPIRED,
            f"{rule} readings are kept, got {len(late)}, the first of {from_us(min(late)).isoformat()}",
        )
        blocks = [block for block in kept if block.times_us]
        return decoded._replace(blocks=blocks, problems=[problem, *decoded.problems])

    def _timely(self, block: Block) -> Block:
        kept = [not self._expired(time_us) for time_us in block.times_us]
        return block._replace(
            times_us=[t for t, keep in zip(block.times_us, kept, strict=True) if keep],
            values=[v for v, keep in zip(block.values, kept, strict=True) if keep],
        )

    def _expired(self, time_us: int) -> bool:
        return self._from_us is not None and self._set_us <= time_us < self._from_us
