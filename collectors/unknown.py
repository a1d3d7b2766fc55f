"""Devices that send what no binding names: listed as seen, and what an unknown one sent is kept.

An unknown device is one that no binding names, on any channel, at any time. Nothing of it is written to the
series store, so that what is stored is bounded by the register; its messages wait, the newest of them, until
somebody binds the device. Of a known device the readings of unbound channels are written, and the channels
are listed so that they can be bound.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection

from collectors.decoded import Decoded, Message
from collectors.values import from_us, storable, to_us
from quotawatt.settings import Settings
from quotawatt.storage.seen import (
    add_kept,
    forget_beyond,
    lock_seen,
    read_seen,
    trim_kept,
    write_seen,
)

KEPT_DROPPED = "kept_messages_dropped"
"""Counter of kept messages that had to go."""
FORGOTTEN = "seen_devices_forgotten"
"""Counter of devices that had to leave the list."""

SHOWN_BYTES = 4096
"""So much of a device's last message is shown."""
OFFERS_LIMIT = 200
"""So many pairs of channel and quantity are listed of a device."""


@dataclass(slots=True)
class Sighting:
    """What a batch holds of one device.

    latest
        Last time (microseconds since 1970, UTC) and value by channel and quantity.
    earliest_us
        Earliest time of a reading whose clock may be right; None: there is none.
    kept
        The messages to keep, in order of arrival; empty where the device is known.
    """

    profile: str
    first: datetime
    last: Message
    messages: int = 0
    latest: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    earliest_us: int | None = None
    kept: list[Message] = field(default_factory=list)


class Sightings:
    """The devices of one batch that send what no binding names. ``kept``: how many messages to keep."""

    def __init__(self, settings: Settings) -> None:
        self.by_device: dict[str, Sighting] = {}
        self.kept = 0
        self._from_us = to_us(datetime.combine(settings.clock_from, time(), UTC))
        self._ahead_us = int(settings.clock_ahead_limit_s * 1e6)

    def keep(self, message: Message, decoded: Decoded) -> None:
        """Note a message of an unknown device."""
        sighting = self.list(message, decoded)
        sighting.kept.append(message)
        self.kept += 1
        for block in decoded.blocks:
            first_us = min(block.times_us, default=0)
            if self._from_us <= first_us <= decoded.arrived_us + self._ahead_us:
                so_far_us = sighting.earliest_us
                sighting.earliest_us = first_us if so_far_us is None else min(so_far_us, first_us)

    def list(self, message: Message, decoded: Decoded, bound: Collection[str] = ()) -> Sighting:
        """Note a message of which the channels that are not ``bound`` are on offer."""
        sighting = self.by_device.get(decoded.device)
        if sighting is None:
            sighting = Sighting(decoded.profile, message.arrived, message)
            self.by_device[decoded.device] = sighting
        sighting.last = message
        sighting.messages += 1
        for block in decoded.blocks:
            if block.times_us and block.channel not in bound:
                last = block.times_us[-1], block.values[-1]
                sighting.latest[block.channel, block.quantity] = last
        return sighting


def list_sightings(conn: Connection, sightings: Sightings, settings: Settings) -> dict[str, int]:
    """List the devices of a batch and keep their messages, within the limits of the settings.

    Of one device the newest messages stay. Of all together the oldest messages go first, and of the list
    the devices not seen for longest. Returns how many had to go, by counter.
    """
    found = sightings.by_device
    if not found:
        return {}
    lock_seen(conn)
    limit = settings.kept_messages_per_device
    listed = read_seen(conn, found)
    write_seen(conn, [_row(name, found[name], listed.get(name), limit) for name in found])
    add_kept(conn, sorted(_kept_rows(found, limit), key=lambda row: row["arrived"]))
    keeping = [name for name, sighting in found.items() if sighting.kept]
    dropped = sum(max(0, len(found[name].kept) - limit) for name in keeping)
    if keeping:
        limits = settings.kept_messages_limit, settings.kept_bytes_limit
        dropped += trim_kept(conn, keeping, limit, *limits)
    forgotten, lost = forget_beyond(conn, settings.seen_devices_limit)
    return {KEPT_DROPPED: dropped + lost, FORGOTTEN: forgotten}


def _row(
    device: str, sighting: Sighting, listed: Mapping[str, Any] | None, limit: int
) -> dict[str, Any]:
    """A row of ``seen_devices``, merged with what is listed already. ``limit``: messages kept at most."""
    kept, payload = sighting.kept[-limit:], sighting.last.payload
    return {
        "device": device,
        "profile": sighting.profile,
        "topic": storable(sighting.last.topic),
        "first_seen": sighting.first,
        "last_seen": sighting.last.arrived,
        "messages": sighting.messages,
        "payload": payload[:SHOWN_BYTES],
        "payload_bytes": len(payload),
        "offers": _offers(sighting, listed["offers"] if listed else []),
        "earliest_reading": _earliest(sighting, listed["earliest_reading"] if listed else None),
        "kept": len(kept),
        "kept_bytes": sum(len(message.payload) for message in kept),
        "dropped": len(sighting.kept) - len(kept),
    }


def _offers(sighting: Sighting, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the device offers: the newest first to stay, in order of channel and quantity."""
    known = {(offer["channel"], offer["quantity"]): offer for offer in listed}
    new = {
        (channel, quantity): {
            "channel": channel,
            "quantity": quantity,
            "value": value,
            "time": from_us(time_us).isoformat(),
        }
        for (channel, quantity), (time_us, value) in sighting.latest.items()
    }
    older = [offer for key, offer in known.items() if key not in new]
    room = max(0, OFFERS_LIMIT - len(new))
    merged = [*list(new.values())[:OFFERS_LIMIT], *older[:room]]
    return sorted(merged, key=lambda offer: (offer["channel"], offer["quantity"]))


def _earliest(sighting: Sighting, listed: datetime | None) -> datetime | None:
    new = None if sighting.earliest_us is None else from_us(sighting.earliest_us)
    return min((instant for instant in (new, listed) if instant is not None), default=None)


def _kept_rows(found: Mapping[str, Sighting], limit: int) -> Iterator[dict[str, Any]]:
    for device, sighting in found.items():
        for message in sighting.kept[-limit:]:
            yield {
                "device": device,
                "arrived": message.arrived,
                "topic": storable(message.topic),
                "payload": message.payload,
            }
