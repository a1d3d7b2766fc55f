"""One entry of the ledger, and the hashes that chain it to the one before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from quotawatt.errors import InputError

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""


class Link(NamedTuple):
    """A place in the chain: number and hash of an entry; 0 and ``GENESIS`` before the first."""

    seq: int
    hash: str


START = Link(0, GENESIS)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry. ``detail`` is canonical JSON: what was hashed is what is kept. ``at`` is UTC."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str

    @property
    def link(self) -> Link:
        """Its place in the chain."""
        return Link(self.seq, self.hash)

    def content_hash(self) -> str:
        """SHA-256 (hex) over the canonical JSON of what the entry says, ``at`` in ISO 8601 to the µs."""
        return sha256_of(canonical_json(self._content()))

    def expected_hash(self) -> str:
        """The hash that ties what the entry says to the entry before it; see ``chained_hash``."""
        return chained_hash(self.seq, self.content_hash(), self.previous)

    def holds(self) -> bool:
        """Whether the hash is that of the other fields."""
        return self.hash == self.expected_hash() or self.is_old_form()

    def is_old_form(self) -> bool:
        """Whether the hash was taken in one step, as before contents were hashed by themselves.

        Such an entry cannot be proved part of the chain without showing what it says.
        """
        whole = {**self._content(), "previous": self.previous}
        return self.hash == sha256_of(canonical_json(whole))

    def _content(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "detail": self.detail,
        }


def chained_hash(seq: int, content: str, previous: str) -> str:
    """SHA-256 (hex) over the canonical JSON of number, hash of the content and hash of the entry before.

    So the chain can be followed over entries whose content is not shown.
    """
    return sha256_of(canonical_json({"seq": seq, "content": content, "previous": previous}))


def sha256_of(text: str) -> str:
    """SHA-256 (hex) of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_json(value: Mapping[str, object]) -> str:
    """JSON with sorted keys and no blanks, so that equal values have one text.

    Dates and instants become ISO 8601. Half a surrogate pair, which UTF-8 cannot hold, stays as its
    escape. Raises InputError for what JSON cannot hold (NaN, other types).
    """
    try:
        text = _ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"a ledger entry must be plain JSON, got {value!r} ({error})") from None
    # Only surrogates can fail, only strings hold them, and Python's escape of one is JSON's too.
    return text.encode(errors="backslashreplace").decode()


def _iso(value: object) -> str:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


# Made once: a verification encodes each entry twice.
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_iso
)
