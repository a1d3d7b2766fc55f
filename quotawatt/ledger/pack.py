"""The evidence pack for an audit: a ZIP file that proves by itself what the ledger said.

It holds the entries asked for in full, and of every other entry up to the head the hash of its content: so
the chain can be followed without showing what was not asked for. A head signed elsewhere, before the pack
was made, then proves that the entries stood in the ledger at that time. ``pack_check`` checks all of it.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol, cast

from quotawatt.errors import InputError
from quotawatt.ledger.book import Ledger
from quotawatt.ledger.entry import LedgerEntry, Link, canonical_json
from quotawatt.ledger.heads import SignedHead, read_heads, sign_head
from quotawatt.ledger.keys import SigningKey
from quotawatt.ledger.pack_readme import README_EN, README_ZH
from quotawatt.ledger.selection import EVERYTHING, Selection
from quotawatt.ledger.wording import attachment_named

VERSION = 1
ENTRIES, CHAIN, MANIFEST, SIGNATURE = (
    "entries.jsonl",
    "chain.jsonl",
    "manifest.json",
    "manifest.sig",
)
PUBLIC_KEY = "public-key.pem"
HEADS, ATTACHMENTS, READINGS = "heads/", "attachments/", "readings/"

_PAGE = 1000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the manifest says when the pack was made


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What a pack is made of.

    wanted
        The entries that are shown.
    at
        When it is made, UTC.
    key
        Signs the manifest and the head as it is now.
    heads
        Folders of heads that were signed before; those that cannot be read are named in the manifest.
    """

    wanted: Selection
    at: datetime
    key: SigningKey
    heads: Sequence[Path] = ()


class Referenced(Protocol):
    """What adds the readings and results that the entries are about."""

    def write(self, members: "Members", shown: "Shown", wanted: Selection) -> dict[str, Any]:
        """Write members under ``READINGS``; returns what the manifest says of them."""


@dataclass
class Shown:
    """What was met while the entries were written."""

    count: int = 0
    first: LedgerEntry | None = None
    last_at: datetime | None = None

    def __post_init__(self) -> None:
        self.attachments: dict[str, LedgerEntry] = {}
        self.subjects: dict[str, None] = {}

    def note(self, entry: LedgerEntry) -> None:
        """Take an entry into account; they come in order."""
        self.count += 1
        self.first = self.first or entry
        self.last_at = entry.at
        self.subjects.setdefault(entry.subject)
        named = attachment_named(entry.detail)
        if named is not None:
            self.attachments.setdefault(named.sha256, entry)


class Members:
    """The members of a ZIP file as they are written, with the size and hash of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, Any]] = {}

    @contextmanager
    def adding(self, name: str) -> Iterator[IO[bytes]]:
        """A member to write to; it is noted when it is closed."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as member:
            hashing = _Hashing(member)
            yield cast("IO[bytes]", hashing)
        self.files[name] = {"sha256": hashing.digest(), "bytes": hashing.written}

    def add(self, name: str, text: str) -> None:
        """A member with this text."""
        with self.adding(name) as member:
            member.write(text.encode())

    def add_lines(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        """A member with one line of JSON for each row."""
        with self.adding(name) as member:
            for row in rows:
                member.write(canonical_json(row).encode() + b"\n")


def write_pack(
    target: IO[bytes], ledger: Ledger, order: PackOrder, referenced: Referenced | None = None
) -> dict[str, Any]:
    """Write a pack to ``target``; returns its manifest. Memory does not grow with the ledger.

    Raises InputError where an entry's attachment is missing or altered: the ledger must hold first.
    """
    head = ledger.head()
    with zipfile.ZipFile(target, "w") as archive:
        members, shown = Members(archive), Shown()
        members.add_lines(ENTRIES, _shown(ledger, order.wanted, head, shown))
        start = Link(shown.first.seq - 1, shown.first.previous) if shown.first else head
        members.add_lines(CHAIN, _chain(ledger, start, head))
        for sha256, entry in shown.attachments.items():
            members.add(f"{ATTACHMENTS}{sha256}.json", ledger.attachment_of(entry))
        unread = _add_heads(members, order, head)
        said = referenced.write(members, shown, order.wanted) if referenced is not None else {}
        members.add(PUBLIC_KEY, order.key.public.pem)
        members.add("README.zh.txt", README_ZH)
        members.add("README.en.txt", README_EN)
        manifest = {
            "version": VERSION,
            "made_at": order.at.isoformat(),
            "selection": said_of(order.wanted),
            "entries": shown.count,
            "start": start._asdict(),
            "end": head._asdict(),
            "key": order.key.public.name,
            "heads_unreadable": unread,
            "readings": said,
            "files": dict(members.files),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        members.add(MANIFEST, text)
        members.add(SIGNATURE, order.key.sign(text))
    return manifest


def said_of(wanted: Selection) -> dict[str, Any]:
    """The selection as plain JSON, what was not asked for left out."""
    said = {
        "from": wanted.start and wanted.start.isoformat(),
        "until": wanted.end and wanted.end.isoformat(),
        "actor": wanted.actor,
        "action": wanted.action,
        "subject": wanted.subject,
        "seqs": list(wanted.seqs),
    }
    return {name: value for name, value in said.items() if value}


def plain(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as a pack holds it: every field, ``at`` in ISO 8601 to the µs."""
    return {**asdict(entry), "at": entry.at.isoformat(timespec="microseconds")}


def _shown(ledger: Ledger, wanted: Selection, head: Link, shown: Shown) -> Iterator[dict[str, Any]]:
    for entry in _entries(ledger, wanted, 0, head.seq):
        shown.note(entry)
        yield plain(entry)


def _chain(ledger: Ledger, start: Link, head: Link) -> Iterator[dict[str, Any]]:
    """A line for each entry after ``start``: the hash of its content, or all of one of the old form."""
    for entry in _entries(ledger, EVERYTHING, start.seq, head.seq):
        if entry.is_old_form():
            yield {"seq": entry.seq, "entry": plain(entry)}
        else:
            yield {"seq": entry.seq, "content": entry.content_hash()}


def _entries(ledger: Ledger, wanted: Selection, after: int, last: int) -> Iterator[LedgerEntry]:
    while page := ledger.find(wanted, _PAGE, after):
        for entry in page:
            if entry.seq > last:
                return
            yield entry
        after = page[-1].seq


def _add_heads(members: Members, order: PackOrder, head: Link) -> list[str]:
    """The heads of all folders, each once, and the present one; returns what could not be read."""
    found: dict[str, SignedHead] = {}
    unread: list[str] = []
    for folder in order.heads:
        try:
            for name, signed in read_heads(folder):
                if isinstance(signed, SignedHead):
                    found.setdefault(signed.as_json(), signed)
                else:
                    unread.append(name)
        except InputError as error:
            unread.append(str(error))
    now = sign_head(head, order.at, order.key)
    for number, signed in enumerate((*found.values(), now), 1):
        members.add(f"{HEADS}{number:05d}-{signed.file_name}", signed.as_json() + "\n")
    return unread


class _Hashing(io.RawIOBase):
    """Passes what is written on, and counts and hashes it."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, raw: Any) -> int:
        data = bytes(raw)
        self._target.write(data)
        self._hash.update(data)
        self.written += len(data)
        return len(data)

    def digest(self) -> str:
        return self._hash.hexdigest()
