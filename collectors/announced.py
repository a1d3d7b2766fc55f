"""What devices announced: the names and units of values that later messages give by number or bare.

Kept in memory, each with the arrival of its message: a message goes by what its device had announced when
it came, also where it is taken in later than others. ``take_changes`` hands out what is new, to be stored;
``restore`` takes in what was stored, and a loader fetches what another collector may have seen.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from collectors.extraction import Announcement
from collectors.values import EPOCH
from quotawatt.errors import DecodeError

KEYS_LIMIT = 5_000
TEXT_LIMIT = 256
DEVICES_LIMIT = 50_000
KEPT_LIMIT = 200_000
LOAD_EVERY = timedelta(seconds=5)
# Of one key. A device that names its values anew at every birth needs no more to be read as it meant.
_HISTORY_LIMIT = 8


class AnnouncedRow(NamedTuple):
    """One announcement. ``key`` is what the value goes by in later messages: its number, or its name.

    ``arrived`` is the instant (UTC) at which it came; 1970: not known, of an older version.
    """

    profile: str
    device: str
    key: str
    name: str
    unit: str
    arrived: datetime = EPOCH


Load = Callable[[str], Iterable[AnnouncedRow]]
"""Fetches what is stored about a device."""


def _nothing(device: str) -> Iterable[AnnouncedRow]:
    return ()


class _History:
    """What one key or name stood for, from when on."""

    __slots__ = ("_announced", "_since")

    def __init__(self) -> None:
        self._since: list[datetime] = []
        self._announced: list[Announcement] = []

    def at(self, arrived: datetime) -> Announcement:
        """What it stood for at an instant; before all, what it stood for first."""
        return self._announced[max(0, bisect_right(self._since, arrived) - 1)]

    def put(self, since: datetime, announcement: Announcement, stored: bool) -> bool:
        """Whether that changes what it stands for now. Of one instant what was not ``stored`` stands."""
        place = (bisect_left if stored else bisect_right)(self._since, since)
        if place and self._announced[place - 1] == announcement:
            return False
        self._since.insert(place, since)
        self._announced.insert(place, announcement)
        if len(self._since) > _HISTORY_LIMIT:
            del self._since[0], self._announced[0]
        return self._announced[-1] is announcement


class _Known:
    """What one device announced, by key and by name."""

    __slots__ = ("by_key", "by_name")

    def __init__(self) -> None:
        self.by_key: dict[str, _History] = {}
        self.by_name: dict[str, _History] = {}

    @property
    def size(self) -> int:
        """How many keys and names are kept."""
        return len(self.by_key) + len(self.by_name)

    def find(self, key: str, arrived: datetime) -> Announcement | None:
        history = self.by_key.get(key) or self.by_name.get(key)
        return history.at(arrived) if history else None

    def put(self, row: AnnouncedRow, stored: bool = False) -> bool:
        """Whether that is new, and the latest."""
        said = row.arrived, Announcement(row.name, row.unit), stored
        if row.name not in self.by_name and len(self.by_name) >= KEYS_LIMIT:
            del self.by_name[next(iter(self.by_name))]
        self.by_name.setdefault(row.name, _History()).put(*said)
        return self.by_key.setdefault(row.key, _History()).put(*said)


class Announced:
    """Announcements of all devices; of the devices known longest as many are forgotten as memory demands.

    load
        Asked when a device first announces something, and where a key is not known, then at most once a
        device in 5 s of the messages' arrival.
    """

    def __init__(self, load: Load = _nothing) -> None:
        self._load = load
        self._known: dict[tuple[str, str], _Known] = {}
        self._total = 0
        self._loaded: dict[tuple[str, str], datetime] = {}
        self._changes: dict[tuple[str, str, str], AnnouncedRow] = {}

    def find(self, profile: str, device: str, key: str, arrived: datetime) -> Announcement | None:
        """What a device announced under a key, or by that name; None where it announced nothing.

        ``arrived``: of the message that asks. What was announced later counts only where nothing was before.
        """
        known = self._known.get((profile, device))
        found = known.find(key, arrived) if known else None
        if found is None and self._may_load(profile, device, arrived):
            self.restore(self._load(device))
            known = self._known.get((profile, device))
            found = known.find(key, arrived) if known else None
        return found

    def note(self, rows: Sequence[AnnouncedRow]) -> None:
        """Take in what a message announces; the latest counts.

        Raises DecodeError (``bad_payload``) where a text is too long or a device announces too much.
        """
        for row in rows:
            longest = max(map(len, row[:-1]))
            if longest > TEXT_LIMIT:
                rule = f"an announcement must have texts of at most {TEXT_LIMIT} characters"
                raise DecodeError("bad_payload", f"{rule}, got {longest}")
            if (row.profile, row.device) not in self._loaded:
                # A message that waited long must not undo what was announced since.
                self._may_load(row.profile, row.device, row.arrived)
                self.restore(self._load(row.device))
            known = self._of(row.profile, row.device)
            if len(known.by_key) >= KEYS_LIMIT and row.key not in known.by_key:
                rule = f"a device must announce at most {KEYS_LIMIT} values"
                raise DecodeError("bad_payload", f"{rule}, got one more from {row.device}")
            if self._put(known, row):
                self._changes[row.profile, row.device, row.key] = row

    @property
    def kept(self) -> int:
        """How many keys and names of all devices are kept in memory."""
        return self._total

    def take_changes(self) -> list[AnnouncedRow]:
        """What was announced since the last call, to be stored."""
        changes = list(self._changes.values())
        self._changes = {}
        return changes

    def restore(self, rows: Iterable[AnnouncedRow]) -> None:
        """Take in what was stored. What a device announced later stands."""
        for row in rows:
            self._put(self._of(row.profile, row.device), row, stored=True)

    def refresh(self, rows: Iterable[AnnouncedRow]) -> None:
        """Take in what others stored meanwhile, of the devices that are known here."""
        self.restore(row for row in rows if (row.profile, row.device) in self._known)

    def _of(self, profile: str, device: str) -> _Known:
        found = self._known.get((profile, device))
        if found is None:
            if len(self._known) >= DEVICES_LIMIT:
                self._forget_one()
            found = self._known[profile, device] = _Known()
        return found

    def _put(self, known: _Known, row: AnnouncedRow, stored: bool = False) -> bool:
        """Take in one announcement; whether it is new."""
        before = known.size
        new = known.put(row, stored)
        self._total += known.size - before
        while self._total > KEPT_LIMIT and len(self._known) > 1:
            self._forget_one()
        return new

    def _forget_one(self) -> None:
        """Forget the device known longest; it is loaded again where it is needed."""
        device = next(iter(self._known))
        self._total -= self._known.pop(device).size
        self._loaded.pop(device, None)

    def _may_load(self, profile: str, device: str, arrived: datetime) -> bool:
        last = self._loaded.get((profile, device))
        if last is not None and timedelta(0) <= arrived - last < LOAD_EVERY:
            return False
        if len(self._loaded) >= DEVICES_LIMIT:
            self._loaded.clear()
        self._loaded[profile, device] = arrived
        return True
