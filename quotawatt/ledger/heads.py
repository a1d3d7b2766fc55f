"""Signed heads: number and hash of the last entry, signed daily and written outside.

Whoever holds the record store can rewrite the whole chain and its head. They cannot rewrite what lies in
another place under a signature: against an older head a cut tail and a chain made anew both show.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from quotawatt.clock import require_utc
from quotawatt.errors import InputError, StoreError
from quotawatt.findings import Finding
from quotawatt.ledger.entry import Link, canonical_json
from quotawatt.ledger.keys import SigningKey, VerifyingKey

HashAt = Callable[[int], str | None]
"""Hash of the entry of a number as the chain has it now; None: there is none."""

_PREFIX, _SUFFIX = "ledger-head-", ".json"
_LARGEST_BYTES = 4_096
_VERSION = 1


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head of the ledger with its signature.

    count, hash
        Number of entries, and hash of the last of them.
    at
        When it was signed, UTC.
    key
        Name of the key (``VerifyingKey.name``).
    signature
        Hex, over the canonical JSON of the other fields and ``version`` 1.
    """

    count: int
    hash: str
    at: datetime
    key: str
    signature: str

    @property
    def signed_text(self) -> str:
        """What the signature is over."""
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return canonical_json({**said, "at": self.at.isoformat(), "version": _VERSION})

    @property
    def file_name(self) -> str:
        """The file it is kept in: one a day (UTC)."""
        return f"{_PREFIX}{self.at:%Y-%m-%d}{_SUFFIX}"

    def as_json(self) -> str:
        """The head as one line of JSON."""
        said = json.loads(self.signed_text)
        return canonical_json({**said, "signature": self.signature})


def sign_head(link: Link, at: datetime, key: SigningKey) -> SignedHead:
    """The head, signed as of ``at``."""
    unsigned = SignedHead(link.seq, link.hash, require_utc(at, "at"), key.public.name, "")
    return SignedHead(
        unsigned.count, unsigned.hash, unsigned.at, unsigned.key, key.sign(unsigned.signed_text)
    )


def parse_head(raw: bytes) -> SignedHead:
    """A head from its JSON. Raises InputError where it is none."""
    try:
        said = json.loads(raw)
        head = SignedHead(
            said["count"],
            said["hash"],
            require_utc(datetime.fromisoformat(said["at"])),
            said["key"],
            said["signature"],
        )
        texts = (head.hash, head.key, head.signature)
        if type(head.count) is int and head.count >= 0 and all(type(t) is str for t in texts):
            return head
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise InputError("a signed head must hold count, hash, at, key and signature, got other JSON")


def is_due(folder: Path, now: datetime) -> bool:
    """Whether the folder has no head of the day of ``now`` (UTC) yet."""
    return not (folder / f"{_PREFIX}{require_utc(now):%Y-%m-%d}{_SUFFIX}").exists()


def write_head(head: SignedHead, folder: Path) -> Path:
    """Put the head into the folder; the first of a day stays. Returns its path.

    Raises StoreError where the folder does not take it. It is never made here: a share that is not
    mounted must not look like one that is.
    """
    target = folder / head.file_name
    mine = folder / f".{head.file_name}.{os.getpid()}"
    try:
        if not target.exists():
            # Whole or not at all, for whoever copies the folder meanwhile.
            mine.write_text(head.as_json() + "\n", encoding="utf-8")
            mine.replace(target)
    except OSError as error:
        raise StoreError(
            f"a place for the ledger's heads must take a file, got {folder} ({error.strerror})"
        ) from None
    return target


def read_heads(folder: Path) -> Iterator[tuple[str, SignedHead | Finding]]:
    """The heads of a folder by file name; a ``ledger_head_unreadable`` in place of what is none.

    Raises InputError where the folder cannot be read.
    """
    try:
        files = sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"))
        if not folder.is_dir():
            raise NotADirectoryError(0, "no folder")
    except OSError as error:
        raise InputError(
            f"a folder of signed heads must be readable, got {folder} ({error.strerror})"
        ) from None
    for file in files:
        try:
            with file.open("rb") as opened:
                yield file.name, parse_head(opened.read(_LARGEST_BYTES))
        except (OSError, InputError) as error:
            yield file.name, Finding("ledger_head_unreadable", file.name, {"reason": str(error)})


def check_heads(
    heads: Iterable[tuple[str, SignedHead | Finding]], keys: Sequence[VerifyingKey], hash_at: HashAt
) -> list[Finding]:
    """Hold signed heads against the chain as it is now; empty where all agree with it.

    Codes: ``ledger_head_unreadable`` (no head), ``ledger_head_key`` (signed by none of ``keys``),
    ``ledger_head_forged`` (the signature is wrong), ``ledger_cut_since`` (the chain ends before the entry
    that the head names), ``ledger_rewritten`` (that entry has another hash). The subject of the last two
    is ``ledger/NUMBER`` of the first entry that may differ: the one after the last head that agrees;
    ``until`` is the number that the head names.
    """
    trusted = {key.name: key for key in keys}
    found: list[Finding] = []
    sound: list[tuple[str, SignedHead]] = []
    for name, head in heads:
        fault = head if isinstance(head, Finding) else _untrusted(name, head, trusted)
        if fault is not None:
            found.append(fault)
        elif isinstance(head, SignedHead):
            sound.append((name, head))
    return [*found, *_against_chain(sound, hash_at)]


def missing_days(heads: Iterable[SignedHead], today: date) -> list[date]:
    """Days (UTC) from the first head to the day before ``today`` of which there is none."""
    days = {head.at.date() for head in heads}
    if not days:
        return []
    first = min(days)
    between = (first + timedelta(days=n) for n in range((today - first).days))
    return [day for day in between if day not in days]


def _untrusted(name: str, head: SignedHead, trusted: dict[str, VerifyingKey]) -> Finding | None:
    key = trusted.get(head.key)
    if key is None:
        return Finding("ledger_head_key", name, {"key": head.key})
    if not key.signed(head.signed_text, head.signature):
        return Finding("ledger_head_forged", name, {"count": head.count, "at": head.at.isoformat()})
    return None


def _against_chain(heads: Iterable[tuple[str, SignedHead]], hash_at: HashAt) -> Iterator[Finding]:
    """The first head, by count, that the chain does not agree with."""
    agreed = 0
    for name, head in sorted(heads, key=lambda item: (item[1].count, item[1].at)):
        present = hash_at(head.count)
        if present == head.hash:
            agreed = head.count
            continue
        said: dict[str, str | float | int | None] = {
            "head": name,
            "until": head.count,
            "at": head.at.isoformat(),
            "hash": head.hash,
        }
        first = f"ledger/{agreed + 1}"
        if present is None:
            yield Finding("ledger_cut_since", first, said)
        else:
            yield Finding("ledger_rewritten", first, {**said, "present_hash": present})
        return
