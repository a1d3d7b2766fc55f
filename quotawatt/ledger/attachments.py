"""What is too large for an entry: kept compressed under the hash that the entry holds."""

import hashlib
import zlib

from sqlalchemy import Connection, select

from quotawatt.errors import InputError
from quotawatt.ledger.wording import Named
from quotawatt.storage.ledger_tables import ledger_attachments
from quotawatt.storage.records import upsert


def keep(conn: Connection, text: str) -> None:
    """Keep the canonical JSON; one that is kept already stays as it is."""
    raw = text.encode()
    row = {"sha256": hashlib.sha256(raw).hexdigest(), "content": zlib.compress(raw, 6)}
    upsert(conn, ledger_attachments, [row], keys=["sha256"])


def fetch(conn: Connection, named: Named) -> str:
    """The JSON that an entry names.

    Raises InputError where it is missing or is not what the entry names. No more than the named size is
    ever unpacked.
    """
    statement = select(ledger_attachments.c.content)
    content = conn.execute(
        statement.where(ledger_attachments.c.sha256 == named.sha256)
    ).scalar_one_or_none()
    if content is None:
        raise InputError(f"an attachment must be there, got none of hash {named.sha256}")
    raw = _unpacked(content, named.size_bytes)
    if hashlib.sha256(raw).hexdigest() != named.sha256:
        raise InputError(f"an attachment must have the hash {named.sha256}, got another content")
    return raw.decode()


def _unpacked(content: bytes, size_bytes: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(content, size_bytes + 1)
    except (zlib.error, TypeError):
        raise InputError("an attachment must be compressed by zlib, got other bytes") from None
    if len(raw) != size_bytes or not unpacking.eof or unpacking.unused_data:
        raise InputError(f"an attachment must have {size_bytes} bytes, got another number")
    return raw
