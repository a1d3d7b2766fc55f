"""What devices announced, in the record store: so that a restart, or another collector, knows it too."""

import logging
from collections.abc import Container, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Select, delete, func, select

from collectors.announced import Announced, AnnouncedRow, Load
from collectors.values import EPOCH, storable
from quotawatt.errors import StoreError
from quotawatt.storage.records import bump_counters, upsert
from quotawatt.storage.tables import announcements, counters

log = logging.getLogger(__name__)

WRITTEN = "announcements_written"
"""Counter of announcements that were new or changed; by it others see that there are some."""

DROPPED = "announcements_dropped"
"""Counter of those that had to go."""
STORED_LIMIT = 1_000_000

_TEXTS = ("profile", "device", "key", "name", "unit")
# So much later than another a message may be written that arrived before it, machines' clocks included.
_LATE = timedelta(hours=1)
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


def write_announcements(
    conn: Connection,
    rows: Sequence[AnnouncedRow],
    known: Container[str] = (),
    limit: int = STORED_LIMIT,
) -> None:
    """Store what was announced; of a device and key that which arrived last counts.

    At most ``limit`` are stored; those of devices that are not ``known`` and announced nothing for longest
    have to go, and are counted.
    """
    if not rows:
        return
    latest: dict[tuple[str, ...], AnnouncedRow] = {}
    for row in sorted(rows, key=lambda row: row.arrived):
        latest[row.profile, row.device, row.key] = row
    written = [
        {**{name: storable(getattr(row, name)) for name in _TEXTS}, "arrived": row.arrived}
        for row in latest.values()
    ]
    keys, changed = _TEXTS[:3], [*_TEXTS[3:], "arrived"]
    upsert(conn, announcements, written, keys=keys, update=changed, unless_older="arrived")
    bump_counters(conn, {WRITTEN: len(written), DROPPED: _drop_beyond(conn, known, limit)})


def _drop_beyond(conn: Connection, known: Container[str], limit: int) -> int:
    over = conn.execute(select(func.count()).select_from(announcements)).scalar_one() - limit
    if over <= 0:
        return 0
    by_device = select(announcements.c.device, func.count()).group_by(announcements.c.device)
    gone = 0
    for device, count in conn.execute(by_device.order_by(func.max(announcements.c.arrived))).all():
        if gone >= over:
            break
        if device not in known:
            conn.execute(delete(announcements).where(announcements.c.device == device))
            gone += count
    return gone


def announcements_in(records: Engine) -> Load:
    """Fetches what is stored about a device; nothing while the store fails, for it is asked again."""

    def load(device: str) -> list[AnnouncedRow]:
        try:
            with records.connect() as conn:
                rows = conn.execute(_query().where(announcements.c.device == device))
                return [_row(*row) for row in rows]
        except StoreError as error:
            log.warning("announcements of %r could not be read: %s", device, error)
            return []

    return load


class OthersAnnouncements:
    """Brings what other collectors stored into ``announced``, of the devices that are known there."""

    def __init__(self, records: Engine, announced: Announced) -> None:
        self._records = records
        self._announced = announced
        self._written = -1
        self._latest = _FAR

    def take_in(self) -> None:
        """Look whether there are any, and take them in. Raises StoreError where the store fails."""
        with self._records.connect() as conn:
            query = select(counters.c.total).where(counters.c.name == WRITTEN)
            written = conn.execute(query).scalar() or 0
            if written == self._written:
                return
            latest = conn.execute(select(func.max(announcements.c.arrived))).scalar() or EPOCH
            recent = announcements.c.arrived > min(latest, self._latest) - _LATE
            rows = [_row(*row) for row in conn.execute(_query().where(recent))]
        self._announced.refresh(rows)
        self._written, self._latest = written, latest


def _query() -> Select[str, str, str, str, str, datetime | None]:
    return select(*(announcements.c[name] for name in AnnouncedRow._fields))


def _row(
    profile: str, device: str, key: str, name: str, unit: str, arrived: datetime | None
) -> AnnouncedRow:
    """A stored row; its arrival is missing where an older version stored it."""
    return AnnouncedRow(profile, device, key, name, unit, arrived or EPOCH)
