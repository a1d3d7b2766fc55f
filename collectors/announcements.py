"""What devices announced, in the record store: so that a restart, or another collector, knows it too."""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from collectors.announced import AnnouncedRow, Load
from collectors.values import storable
from quotawatt.errors import StoreError
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import announcements

log = logging.getLogger(__name__)


def write_announcements(conn: Connection, rows: Sequence[AnnouncedRow]) -> None:
    """Store what was announced; the latest of a device and key counts."""
    written = [{name: storable(text) for name, text in row._asdict().items()} for row in rows]
    keys, latest = ["profile", "device", "key"], ["name", "unit"]
    upsert(conn, announcements, written, keys=keys, update=latest)


def announcements_in(records: Engine) -> Load:
    """Fetches what is stored about a device; nothing while the store fails, for it is asked again."""

    def load(device: str) -> list[AnnouncedRow]:
        columns = [announcements.c[name] for name in AnnouncedRow._fields]
        try:
            with records.connect() as conn:
                rows = conn.execute(select(*columns).where(announcements.c.device == device))
                return [AnnouncedRow(*row) for row in rows]
        except StoreError as error:
            log.warning("announcements of %r could not be read: %s", device, error)
            return []

    return load
