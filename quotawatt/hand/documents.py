"""Photographs of meters and scans of bills: kept once under the SHA-256 of their bytes, never changed."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from quotawatt.errors import InputError, NotFoundError
from quotawatt.storage.hand_tables import hand_documents
from quotawatt.storage.records import upsert

MOST_BYTES = 10_000_000
_LONGEST_NAME = 256

_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
"""What a file begins with, by its type: what a name says of it is not believed."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was handed in."""

    sha256: str
    name: str
    media_type: str
    content: bytes


def document_of(name: str, content: bytes) -> Document:
    """A document from a file. Raises InputError where it is none that is taken."""
    if len(content) > MOST_BYTES:
        raise InputError(
            f"a document must have at most {MOST_BYTES // 10**6} MB, got {len(content) / 1e6:.1f} MB"
        )
    found = [media for beginning, media in _BEGINNINGS if content.startswith(beginning)]
    if not found:
        raise InputError(f"a document must be a JPEG, PNG or PDF, got {name!r} of another kind")
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"')
    kept_name = plain[-_LONGEST_NAME:] or "document"
    return Document(sha256(content).hexdigest(), kept_name, found[0], content)


def keep_document(conn: Connection, document: Document, actor: str, at: datetime) -> None:
    """Keep a document; one that is kept already stays as it is."""
    row = {
        "sha256": document.sha256,
        "name": document.name,
        "media_type": document.media_type,
        "content": document.content,
        "added_by": actor,
        "added_at": at,
    }
    upsert(conn, hand_documents, [row], keys=["sha256"])


def read_document(conn: Connection, digest: str) -> Document:
    """The document of this hash.

    Raises NotFoundError where there is none, and InputError where it was altered.
    """
    t = hand_documents.c
    query = select(t.sha256, t.name, t.media_type, t.content).where(t.sha256 == digest)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"a document must exist by its hash, got {digest!r}")
    document = Document(row.sha256, row.name, row.media_type, bytes(row.content))
    if sha256(document.content).hexdigest() != digest:
        raise InputError(f"a document must have the hash {digest}, got another content")
    return document
