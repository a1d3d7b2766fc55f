"""Which families each registered device turned out to be of: the broker's access rules are made by them."""

from collections.abc import Set

from sqlalchemy import Connection, Engine, select

from quotawatt.storage.records import upsert
from quotawatt.storage.tables import device_families


class DeviceFamilies:
    """Writes a profile of a device when it is first seen; otherwise nothing. Pairs are (device, profile)."""

    def __init__(self) -> None:
        self._noted: set[tuple[str, str]] = set()

    def news(self, seen: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Of these pairs those that are not noted yet."""
        return seen - self._noted

    def write(self, conn: Connection, news: Set[tuple[str, str]]) -> None:
        """Put them into the transaction."""
        rows = [{"device": device, "profile": profile} for device, profile in sorted(news)]
        upsert(conn, device_families, rows, keys=["device", "profile"])

    def written(self, news: Set[tuple[str, str]]) -> None:
        """The transaction holds: they are not written again."""
        self._noted |= news


def load_families(records: Engine) -> dict[str, set[str]]:
    """The profiles of each device that has been seen since it was registered."""
    found: dict[str, set[str]] = {}
    with records.connect() as conn:
        for row in conn.execute(select(device_families.c.device, device_families.c.profile)):
            found.setdefault(row.device, set()).add(row.profile)
    return found
