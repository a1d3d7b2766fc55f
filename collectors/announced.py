"""What devices announced: the names and units of values that later messages give by number or bare.

Kept in memory. ``take_changes`` hands out what is new, to be stored; ``restore`` takes in what was stored,
and a loader fetches what another collector may have seen.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from collectors.extraction import Announcement
from quotawatt.errors import DecodeError

KEYS_LIMIT = 5_000
TEXT_LIMIT = 256
DEVICES_LIMIT = 50_000
LOAD_EVERY = timedelta(seconds=5)


class AnnouncedRow(NamedTuple):
    """One announcement. ``key`` is what the value goes by in later messages: its number, or its name."""

    profile: str
    device: str
    key: str
    name: str
    unit: str


Load = Callable[[str], Iterable[AnnouncedRow]]
"""Fetches what is stored about a device."""


def _nothing(device: str) -> Iterable[AnnouncedRow]:
    return ()


class _Known:
    """What one device announced, by key and by name."""

    __slots__ = ("by_key", "by_name")

    def __init__(self) -> None:
        self.by_key: dict[str, Announcement] = {}
        self.by_name: dict[str, Announcement] = {}

    def find(self, key: str) -> Announcement | None:
        return self.by_key.get(key) or self.by_name.get(key)

    def put(self, key: str, announcement: Announcement) -> bool:
        """Whether that is new."""
        if self.by_key.get(key) == announcement:
            return False
        self.by_key[key] = self.by_name[announcement.name] = announcement
        return True


class Announced:
    """Announcements of all devices.

    load
        Asked where a key is not known, at most once a device in 5 s of the messages' arrival.
    """

    def __init__(self, load: Load = _nothing) -> None:
        self._load = load
        self._known: dict[tuple[str, str], _Known] = {}
        self._loaded: dict[tuple[str, str], datetime] = {}
        self._changes: dict[tuple[str, str, str], AnnouncedRow] = {}

    def find(self, profile: str, device: str, key: str, arrived: datetime) -> Announcement | None:
        """What a device announced under a key, or by that name; None where it announced nothing."""
        known = self._known.get((profile, device))
        found = known.find(key) if known else None
        if found is None and self._may_load(profile, device, arrived):
            self.restore(self._load(device))
            known = self._known.get((profile, device))
            found = known.find(key) if known else None
        return found

    def note(self, rows: Sequence[AnnouncedRow]) -> None:
        """Take in what a message announces; the latest counts.

        Raises DecodeError (``bad_payload``) where a text is too long or a device announces too much.
        """
        for row in rows:
            if max(map(len, row)) > TEXT_LIMIT:
                rule = f"an announcement must have texts of at most {TEXT_LIMIT} characters"
                raise DecodeError("bad_payload", f"{rule}, got {max(map(len, row))}")
            known = self._of(row.profile, row.device)
            if len(known.by_key) >= KEYS_LIMIT and row.key not in known.by_key:
                rule = f"a device must announce at most {KEYS_LIMIT} values"
                raise DecodeError("bad_payload", f"{rule}, got one more from {row.device}")
            if known.put(row.key, Announcement(row.name, row.unit)):
                self._changes[row.profile, row.device, row.key] = row

    def take_changes(self) -> list[AnnouncedRow]:
        """What was announced since the last call, to be stored."""
        changes = list(self._changes.values())
        self._changes = {}
        return changes

    def restore(self, rows: Iterable[AnnouncedRow]) -> None:
        """Take in what was stored. What a device announced itself meanwhile stands."""
        for row in rows:
            known = self._of(row.profile, row.device)
            if row.key not in known.by_key:
                known.put(row.key, Announcement(row.name, row.unit))

    def _of(self, profile: str, device: str) -> _Known:
        found = self._known.get((profile, device))
        if found is None:
            if len(self._known) >= DEVICES_LIMIT:
                self._forget_one()
            found = self._known[profile, device] = _Known()
        return found

    def _forget_one(self) -> None:
        """Forget the device known longest; it is loaded again where it is needed."""
        oldest = next(iter(self._known))
        del self._known[oldest]

    def _may_load(self, profile: str, device: str, arrived: datetime) -> bool:
        last = self._loaded.get((profile, device))
        if last is not None and timedelta(0) <= arrived - last < LOAD_EVERY:
            return False
        if len(self._loaded) >= DEVICES_LIMIT:
            self._loaded.clear()
        self._loaded[profile, device] = arrived
        return True
