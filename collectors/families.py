"""Which family each registered device turned out to be of: the broker's access rules are made by it."""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, select

from quotawatt.storage.records import upsert
from quotawatt.storage.tables import device_profiles


class DeviceFamilies:
    """Writes the profile of a device when it is first seen, and when it changes; otherwise nothing."""

    def __init__(self) -> None:
        self._noted: dict[str, str] = {}

    def news(self, seen: Mapping[str, str]) -> dict[str, str]:
        """Of these devices and their profiles those that are not noted yet."""
        return {d: profile for d, profile in seen.items() if self._noted.get(d) != profile}

    def write(self, conn: Connection, news: Mapping[str, str]) -> None:
        """Put them into the transaction."""
        rows = [{"device": device, "profile": profile} for device, profile in news.items()]
        upsert(conn, device_profiles, rows, keys=["device"], update=["profile"])

    def written(self, news: Mapping[str, str]) -> None:
        """The transaction holds: they are not written again."""
        self._noted |= news


def load_families(records: Engine) -> dict[str, str]:
    """The profile of each device that has been seen since it was registered."""
    with records.connect() as conn:
        rows = conn.execute(select(device_profiles.c.device, device_profiles.c.profile))
        return {row.device: row.profile for row in rows}
