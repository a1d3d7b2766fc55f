"""The ledger: who did what, when, on what; that nobody altered it; and the evidence pack for an audit."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import IO, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.access import Permit, needs
from api.ledger_schemas import Entry, EntryPage, ExportOrder, Head, LedgerVerdict, PublicKey
from api.params import Given, parse_instant
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.ledger import GENESIS, Ledger, LedgerEntry
from quotawatt.ledger.entry import Link
from quotawatt.ledger.heads import sign_head
from quotawatt.ledger.keys import signing_key
from quotawatt.ledger.outside import head_folders
from quotawatt.ledger.pack import PackOrder, said_of, write_pack
from quotawatt.ledger.pack_readings import Evidence, code_in
from quotawatt.ledger.selection import Selection

router = APIRouter(prefix="/ledger", tags=["ledger"])

Reader = Annotated[Permit, needs(Permission.LEDGER_READ)]
Word = Annotated[str, Query(max_length=256)]
Number = Annotated[int | None, Query(ge=0, le=2**63 - 1)]
Seq = Annotated[int, Field(ge=1, le=2**63 - 1)]

_CHUNK_BYTES = 1 << 16


@router.get("", response_model=EntryPage)
def list_entries(
    services: Given,
    permit: Reader,
    start: Annotated[
        str | None, Query(alias="from", description="Day or instant, ISO 8601")
    ] = None,
    until: Annotated[str | None, Query(description="End, not included")] = None,
    actor: Word = "",
    action: Word = "",
    subject: Annotated[
        str, Query(max_length=256, description="A code: entries about it and those that mention it")
    ] = "",
    seq: Annotated[list[Seq] | None, Query(max_length=1000, description="May be repeated")] = None,
    before: Annotated[Number, Query(description="Only entries before this one")] = None,
    after: Annotated[Number, Query(description="In order, after this one")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Entries, latest first; with `after` in order. What is out of reach is left out."""
    wanted = _selection(services, start, until, (actor, action, subject), seq)
    book = Ledger(services.records)
    if before is not None and after is not None:
        raise InputError(f"one of before and after must be given, got {before} and {after}")
    found = book.latest(wanted, limit, before) if after is None else book.find(wanted, limit, after)
    return {
        "items": [_shown(entry, _inline(entry)) for entry in found if _sees(permit, entry)],
        "next": found[-1].seq if len(found) == limit else None,
    }


@router.get("/verify", response_model=LedgerVerdict)
def verify_ledger(
    services: Given,
    _: Reader,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    after_hash: Annotated[str, Query(max_length=64)] = GENESIS,
    limit: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> dict[str, Any]:
    """Walk the hash chain; every entry that was altered, and each gap and cut, is named, up to 100.

    With `limit` a part of it: `after` and `after_hash` are then `seq` and `hash` of the part before.
    """
    part = Ledger(services.records).walk(Link(after, after_hash), limit)
    return {
        "ok": not part.findings,
        "findings": [asdict(finding) for finding in part.findings],
        "seq": part.end.seq,
        "hash": part.end.hash,
        "head": part.head.seq,
        "complete": part.complete,
    }


@router.get("/head", response_model=Head)
def read_head(services: Given, _: Reader) -> dict[str, Any]:
    """Number of entries and hash of the last, signed: what to keep in another place."""
    settings = services.settings
    key = signing_key(settings.home, settings.ledger_key_file)
    return asdict(sign_head(Ledger(services.records).head(), services.wall_clock(), key))


@router.get("/key", response_model=PublicKey)
def read_key(services: Given, _: Reader) -> dict[str, Any]:
    """The public key that heads and packs are signed with."""
    settings = services.settings
    key = signing_key(settings.home, settings.ledger_key_file).public
    return {"name": key.name, "pem": key.pem}


@router.post(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The evidence pack"}},
)
def export_pack(services: Given, permit: Reader, body: ExportOrder) -> StreamingResponse:
    """An evidence pack (ZIP) of the entries asked for. Making it is an entry, too."""
    permit.require_everywhere()
    names = (body.actor, body.action, body.subject)
    wanted = _selection(services, body.from_, body.until, names, None)
    settings, now = services.settings, services.wall_clock()
    book = Ledger(services.records)
    key = signing_key(settings.home, settings.ledger_key_file)
    with services.records.begin() as conn:
        book.append(
            conn,
            at=now,
            actor=permit.actor,
            action="ledger_exported",
            subject="ledger",
            detail={"selection": said_of(wanted), "readings": body.readings},
        )
    evidence = Evidence(services.series, services.register_source()) if body.readings else None
    # It outlives this call: the answer reads it, and closes it at its end.
    file = TemporaryFile()  # noqa: SIM115
    try:
        write_pack(file, book, PackOrder(wanted, now, key, head_folders(settings)), evidence)
    except BaseException:
        file.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="ledger-{now:%Y%m%d}.zip"'}
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


@router.get("/{seq}", response_model=Entry)
def read_entry(
    services: Given, permit: Reader, seq: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> dict[str, Any]:
    """One entry with all that it says, what is attached to it included."""
    book = Ledger(services.records)
    entry = book.entry(seq)
    if not _sees(permit, entry):
        raise NotFoundError(f"a ledger entry must exist by its number, got {seq}")
    return _shown(entry, book.detail_of(entry))


def _selection(
    services: Services,
    start: str | None,
    until: str | None,
    names: tuple[str, str, str],
    seqs: list[int] | None,
) -> Selection:
    zone = ZoneInfo(services.settings.timezone)
    first = None if start is None else parse_instant(start, "from", zone)
    end = None if until is None else parse_instant(until, "until", zone)
    actor, action, subject = (name.replace("\0", "\\u0000") for name in names)
    return Selection(first, end, actor, action, subject, tuple(seqs or ()))


def _sees(permit: Permit, entry: LedgerEntry) -> bool:
    """Whether the entry is about an asset within reach; others need the whole installation."""
    return permit.everywhere or permit.sees(code_in(entry.subject))


def _inline(entry: LedgerEntry) -> dict[str, Any]:
    """What stands in the entry itself; one that was altered must not hide the others."""
    try:
        found = json.loads(entry.detail)
    except (ValueError, TypeError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"unreadable": str(entry.detail)}


def _shown(entry: LedgerEntry, detail: dict[str, Any]) -> dict[str, Any]:
    return {**asdict(entry), "detail": detail}


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
