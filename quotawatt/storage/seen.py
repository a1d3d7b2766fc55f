"""Seen devices and their kept messages in the record store: limits, pages, removal.

``seen_devices.kept`` and ``kept_bytes`` always say what ``kept_messages`` holds of the device; every
function here changes both in the caller's transaction, which must be one of ``engine.begin()``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, text, update

from quotawatt.storage.records import upsert
from quotawatt.storage.tables import kept_messages, seen_devices

_CHUNK = 5000
# Any fixed number that no other lock has.
_LOCK = 0x5EE2
_ADDED = ("messages", "kept", "kept_bytes", "dropped")
_UPDATED = (
    "profile",
    "topic",
    "last_seen",
    "payload",
    "payload_bytes",
    "offers",
    "earliest_reading",
)


class KeptMessage(NamedTuple):
    """A message of an unknown device. ``arrived`` is the instant (UTC) of its first arrival."""

    id: int
    device: str
    arrived: datetime
    topic: str
    payload: bytes


class _Gone(NamedTuple):
    id: int
    device: str
    size: int


def lock_seen(conn: Connection) -> None:
    """Let other writers of seen devices wait until the transaction ends."""
    # SQLite's transaction holds the only write lock already.
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def read_seen(conn: Connection, devices: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What is listed of these devices: their ``offers`` and ``earliest_reading``, by device."""
    columns = [seen_devices.c[name] for name in ("device", "offers", "earliest_reading")]
    rows = (
        dict(row._mapping)
        for chunk in _chunks(devices)
        for row in conn.execute(select(*columns).where(seen_devices.c.device.in_(chunk)))
    )
    return {row["device"]: row for row in rows}


def write_seen(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """List devices; of one that is listed already the numbers are added and the rest takes its place."""
    upsert(conn, seen_devices, rows, keys=["device"], update=_UPDATED, add=_ADDED)


def add_kept(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep messages; ``write_seen`` must have counted them."""
    if rows:
        conn.execute(insert(kept_messages), rows)


def trim_kept(
    conn: Connection, devices: Collection[str], per_device: int, limit: int, limit_bytes: int
) -> int:
    """Bring what is kept within its limits; returns how many messages had to go.

    Of ``devices`` at most ``per_device`` each stay, the newest; of all devices together at most ``limit``
    messages and ``limit_bytes`` of payload, and the oldest go first.
    """
    gone = [row for chunk in _chunks(devices) for row in _over_own_limit(conn, chunk, per_device)]
    _drop(conn, gone)
    total = select(func.sum(seen_devices.c.kept), func.sum(seen_devices.c.kept_bytes))
    count, size = conn.execute(total).one()
    oldest = list(_oldest(conn, int(count or 0) - limit, int(size or 0) - limit_bytes))
    _drop(conn, oldest)
    return len(gone) + len(oldest)


def forget_beyond(conn: Connection, limit: int) -> tuple[int, int]:
    """Let the devices not seen for longest leave the list, so that at most ``limit`` stay.

    Returns how many devices left, and how many kept messages went with them.
    """
    listed = conn.execute(select(func.count()).select_from(seen_devices)).scalar_one()
    if listed <= limit:
        return 0, 0
    oldest = select(seen_devices.c.device, seen_devices.c.kept).order_by(
        seen_devices.c.last_seen, seen_devices.c.device
    )
    rows = conn.execute(oldest.limit(listed - limit)).all()
    forget_devices(conn, [row.device for row in rows])
    return len(rows), sum(row.kept for row in rows)


def forget_devices(conn: Connection, devices: Collection[str]) -> int:
    """Take devices from the list, with what was kept of them; returns how many were listed."""
    lock_seen(conn)
    found = 0
    for chunk in _chunks(devices):
        conn.execute(delete(kept_messages).where(kept_messages.c.device.in_(chunk)))
        rows = conn.execute(delete(seen_devices).where(seen_devices.c.device.in_(chunk)))
        found += int(rows.rowcount)
    return found


def devices_with_kept(conn: Connection) -> list[str]:
    """The devices of which messages are kept, by name."""
    query = select(seen_devices.c.device).where(seen_devices.c.kept > 0)
    return list(conn.execute(query.order_by(seen_devices.c.device)).scalars())


def count_kept(conn: Connection, devices: Collection[str]) -> int:
    """How many messages are kept of these devices."""
    return sum(
        int(conn.execute(_sum_kept().where(seen_devices.c.device.in_(chunk))).scalar() or 0)
        for chunk in _chunks(devices)
    )


def settle_seen(conn: Connection, bound: Mapping[str, Collection[str]]) -> None:
    """Take from the list what is bound by now, and devices of which nothing is left to bind or to replay.

    bound
        The bound channels of each known device.
    """
    lock_seen(conn)
    columns = [seen_devices.c[name] for name in ("device", "offers", "kept")]
    for device, offers, kept in conn.execute(select(*columns)).all():
        if device not in bound:
            continue
        left = [offer for offer in offers if offer["channel"] not in bound[device]]
        mine = seen_devices.c.device == device
        if not left and not kept:
            conn.execute(delete(seen_devices).where(mine))
        elif len(left) < len(offers):
            conn.execute(update(seen_devices).where(mine).values(offers=left))


def kept_page(conn: Connection, device: str, limit: int) -> list[KeptMessage]:
    """The oldest messages that are kept of a device, in the order in which they came."""
    columns = [kept_messages.c[name] for name in KeptMessage._fields]
    query = select(*columns).where(kept_messages.c.device == device)
    return [KeptMessage(*row) for row in conn.execute(query.order_by(columns[0]).limit(limit))]


def remove_kept(conn: Connection, messages: Sequence[KeptMessage]) -> None:
    """Forget messages that need no longer be kept; any that went meanwhile are not counted again."""
    lock_seen(conn)
    for device in {message.device for message in messages}:
        mine = [message for message in messages if message.device == device]
        last = mine[-1].id
        old = kept_messages.c.device == device, kept_messages.c.id <= last
        size = func.coalesce(func.sum(func.length(kept_messages.c.payload)), 0)
        count, freed = conn.execute(select(func.count(), size).where(*old)).one()
        conn.execute(delete(kept_messages).where(*old))
        conn.execute(_LESS, [{"who": device, "fewer": count, "freed": freed, "lost": 0}])


def _sum_kept() -> Select[int]:
    return select(func.sum(seen_devices.c.kept))


def _over_own_limit(conn: Connection, devices: Sequence[str], limit: int) -> Iterator[_Gone]:
    over = select(seen_devices.c.device, seen_devices.c.kept).where(
        seen_devices.c.device.in_(devices), seen_devices.c.kept > limit
    )
    for device, kept in conn.execute(over).all():
        oldest = _sizes().where(kept_messages.c.device == device).limit(kept - limit)
        yield from (_Gone(*row) for row in conn.execute(oldest))


def _oldest(conn: Connection, count: int, size: int) -> Iterator[_Gone]:
    """The oldest messages of all: at least ``count`` of them and ``size`` bytes."""
    if count <= 0 and size <= 0:
        return
    for row in conn.execute(_sizes()):
        if count <= 0 and size <= 0:
            return
        gone = _Gone(*row)
        count, size = count - 1, size - gone.size
        yield gone


def _sizes() -> Select[int, str, int]:
    columns = kept_messages.c.id, kept_messages.c.device, func.length(kept_messages.c.payload)
    return select(*columns).order_by(kept_messages.c.id)


_LESS = (
    update(seen_devices)
    .where(seen_devices.c.device == bindparam("who"))
    .values(
        kept=seen_devices.c.kept - bindparam("fewer"),
        kept_bytes=seen_devices.c.kept_bytes - bindparam("freed"),
        dropped=seen_devices.c.dropped + bindparam("lost"),
    )
)


def _drop(conn: Connection, gone: Sequence[_Gone]) -> None:
    """Delete messages that had to go, and count them with their devices."""
    if not gone:
        return
    by_device: dict[str, list[int]] = {}
    for row in gone:
        by_device.setdefault(row.device, []).append(row.size)
    conn.execute(
        delete(kept_messages).where(kept_messages.c.id == bindparam("number")),
        [{"number": row.id} for row in gone],
    )
    conn.execute(
        _LESS,
        [
            {"who": device, "fewer": len(sizes), "freed": sum(sizes), "lost": len(sizes)}
            for device, sizes in sorted(by_device.items())
        ],
    )


def _chunks(devices: Iterable[str]) -> Iterator[list[str]]:
    """Names by as many as fit into one statement's parameters."""
    names = list(devices)
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]
