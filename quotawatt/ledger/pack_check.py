"""Checking an evidence pack: offline, with nothing of the system that it comes from."""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.ledger.entry import LedgerEntry, Link, chained_hash
from quotawatt.ledger.heads import SignedHead, check_heads, parse_head
from quotawatt.ledger.keys import VerifyingKey, verifying_key
from quotawatt.ledger.pack import (
    ATTACHMENTS,
    CHAIN,
    ENTRIES,
    HEADS,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    VERSION,
)
from quotawatt.ledger.wording import attachment_named

UNPACKED_LIMIT_BYTES = 16 * 1024**3
_MEMBERS_LIMIT = 200_000
_SMALL_BYTES = 64 * 1024**2
_LINE_BYTES = 16 * 1024**2
_BLOCK_BYTES = 1 << 20

# What a ZIP file that is none, is cut or was tampered with can raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    TypeError,
    ValueError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class PackReport:
    """What checking a pack came to.

    findings
        ``pack_unreadable``, ``pack_file`` (missing, altered or not in the manifest), ``pack_signature``,
        ``pack_chain`` (a line or entry that does not fit, subject ``ledger/NUMBER``), ``pack_attachment``,
        and those of ``heads.check_heads``.
    manifest
        What the pack says of itself; empty where it cannot be read.
    heads
        How many signed heads were held against the chain.
    oldest_head
        When the first of them was signed; None: there is none.
    own_key
        Whether it was checked with the key that lies in the pack, for want of another.
    """

    findings: tuple[Finding, ...]
    manifest: Mapping[str, Any]
    heads: int = 0
    oldest_head: datetime | None = None
    own_key: bool = False


def check_pack(path: Path, keys: Sequence[VerifyingKey] = ()) -> PackReport:
    """Check the pack with ``keys``, without any with its own. Memory does not grow with its size."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, keys)
    except (*_BROKEN, InputError) as error:
        reason = {"reason": f"{type(error).__name__}: {error}"}
        return PackReport((Finding("pack_unreadable", path.name, reason),), {})


def _check(archive: zipfile.ZipFile, keys: Sequence[VerifyingKey]) -> PackReport:
    _require_bounded(archive)
    text = _small(archive, MANIFEST)
    manifest = json.loads(text)
    if manifest["version"] != VERSION:
        raise InputError(f"a pack must be of version {VERSION}, got {manifest['version']}")
    trusted = list(keys) or [verifying_key(_small(archive, PUBLIC_KEY))]
    found = list(_files(archive, manifest))
    signature = _small(archive, SIGNATURE).decode()
    if not any(key.signed(text.decode(), signature) for key in trusted):
        found.append(Finding("pack_signature", MANIFEST, {"key": manifest["key"]}))
    heads = list(_heads(archive))
    wanted = {head.count for _, head in heads}
    hashes: dict[int, str] = {}
    found += _follow(archive, manifest, wanted, hashes)
    covered = [(name, h) for name, h in heads if h.count >= manifest["start"]["seq"]]
    found += check_heads(covered, trusted, hashes.get)
    oldest = min((head.at for _, head in covered), default=None)
    return PackReport(tuple(found), manifest, len(covered), oldest, not keys)


def _require_bounded(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    size = sum(info.file_size for info in infos)
    if len(infos) > _MEMBERS_LIMIT or size > UNPACKED_LIMIT_BYTES:
        raise InputError(
            f"a pack must have at most {_MEMBERS_LIMIT} files and {UNPACKED_LIMIT_BYTES} bytes, "
            f"got {len(infos)} and {size}"
        )


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        raw = member.read(_SMALL_BYTES + 1)
    if len(raw) > _SMALL_BYTES:
        raise InputError(f"{name} must have at most {_SMALL_BYTES} bytes, got more")
    return raw


def _files(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Files that are missing, altered, there twice, or not in the manifest."""
    names = Counter(archive.namelist())
    listed = {*manifest["files"], MANIFEST, SIGNATURE}
    for name in sorted(name for name in names if name not in listed or names[name] > 1):
        yield Finding("pack_file", name, {"reason": "not in the manifest, or there twice"})
    for name, said in manifest["files"].items():
        if name not in names:
            yield Finding("pack_file", name, {"reason": "missing"})
        elif _sha256(archive, name) != said["sha256"]:
            yield Finding("pack_file", name, {"reason": "altered"})


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with archive.open(name) as member:
        while block := member.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()


def _heads(archive: zipfile.ZipFile) -> Iterator[tuple[str, SignedHead]]:
    for name in sorted(archive.namelist()):
        if name.startswith(HEADS):
            yield name, parse_head(_small(archive, name))


def _follow(
    archive: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    wanted: set[int],
    hashes: dict[int, str],
) -> Iterator[Finding]:
    """Reckon the chain line by line; into ``hashes`` go those at the numbers ``wanted``."""
    shown = (_entry(line) for line in _lines(archive, ENTRIES))
    awaited = next(shown, None)
    link = Link(**manifest["start"])
    if link.seq in wanted:
        hashes[link.seq] = link.hash
    for line in _lines(archive, CHAIN):
        before, link = link, _next(link, line)
        if line["seq"] != link.seq:
            yield _broken(link.seq, f"the line must be of this entry, got {line['seq']}")
            return
        if link.seq in wanted:
            hashes[link.seq] = link.hash
        if awaited is not None and awaited.seq == link.seq:
            if (awaited.previous, awaited.hash) != (before.hash, link.hash) or not awaited.holds():
                yield _broken(link.seq, "the entry does not fit into the chain")
            yield from _attachment(manifest, awaited)
            awaited = next(shown, None)
    if awaited is not None:
        yield _broken(awaited.seq, "the chain does not come to this entry")
    if link != Link(**manifest["end"]):
        yield _broken(link.seq, "the chain does not come to the end that the manifest names")


def _next(before: Link, line: Mapping[str, Any]) -> Link:
    """The link that a line makes; where its whole entry does not hold, one that fits nothing."""
    seq = before.seq + 1
    if "content" in line:
        return Link(seq, chained_hash(seq, line["content"], before.hash))
    entry = _entry(line["entry"])
    fits = entry.holds() and entry.previous == before.hash and entry.seq == seq
    return Link(seq, entry.hash if fits else "")


def _attachment(manifest: Mapping[str, Any], entry: LedgerEntry) -> Iterator[Finding]:
    named = attachment_named(entry.detail)
    if named is None:
        return
    said = manifest["files"].get(f"{ATTACHMENTS}{named.sha256}.json")
    if said != {"sha256": named.sha256, "bytes": named.size_bytes}:
        yield Finding("pack_attachment", f"ledger/{entry.seq}", {"sha256": named.sha256})


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as member:
        while line := member.readline(_LINE_BYTES):
            if not line.endswith(b"\n"):
                raise InputError(f"a line of {name} must end, got {len(line)} bytes")
            yield json.loads(line)


def _entry(said: Mapping[str, Any]) -> LedgerEntry:
    return LedgerEntry(**{**said, "at": datetime.fromisoformat(said["at"])})


def _broken(seq: int, reason: str) -> Finding:
    return Finding("pack_chain", f"ledger/{seq}", {"reason": reason})
