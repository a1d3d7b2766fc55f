"""Workbooks between the page that shows what they would do and the button that does it."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from api.importing import Upload

KEPT_FOR = timedelta(hours=1)
KEPT_BYTES = 134_217_728
"""Of all uploads together; the oldest go first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    upload: Upload
    until: datetime


class KeptUploads:
    """Uploads in memory, one of each person at a time. Safe between threads.

    What is gone (after a restart, an hour, or for want of room) is handed in again.
    """

    def __init__(self, bytes_limit: int = KEPT_BYTES) -> None:
        self._bytes_limit = bytes_limit
        self._lock = Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def keep(self, owner: str, upload: Upload, now: datetime) -> str:
        """Keep an upload in the place of the owner's last one; the name that finds it again."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._kept = OrderedDict(
                (n, kept)
                for n, kept in self._kept.items()
                if kept.owner != owner and now < kept.until
            )
            self._kept[name] = _Kept(owner, upload, now + KEPT_FOR)
            while len(self._kept) > 1 and self._bytes() > self._bytes_limit:
                self._kept.popitem(last=False)
        return name

    def find(self, owner: str, name: str, now: datetime) -> Upload | None:
        """The owner's upload of this name; None where it is gone or another's."""
        with self._lock:
            kept = self._kept.get(name)
        return kept.upload if kept and kept.owner == owner and now < kept.until else None

    def drop(self, name: str) -> None:
        """Forget an upload that was carried out."""
        with self._lock:
            self._kept.pop(name, None)

    def _bytes(self) -> int:
        return sum(len(kept.upload.data) for kept in self._kept.values())
