"""Photographs and scans: what is taken, what is refused, and that none is altered."""

from hashlib import sha256

import pytest
from sqlalchemy import Engine, update

from quotawatt.errors import InputError, NotFoundError
from quotawatt.hand.documents import MOST_BYTES, document_of, keep_document, read_document
from quotawatt.storage.hand_tables import hand_documents
from tests.quotawatt.hand.world import NOW

JPEG = b"\xff\xd8\xff\xe0 a register"


def test_a_document_is_kept_once_under_its_hash(records: Engine) -> None:
    document = document_of('../p"hoto\n.jpg', JPEG)
    assert (document.name, document.media_type) == ("..photo.jpg", "image/jpeg")
    assert document.sha256 == sha256(JPEG).hexdigest()
    with records.begin() as conn:
        keep_document(conn, document, "one", NOW)
        keep_document(conn, document_of("other.jpg", JPEG), "two", NOW)
        assert read_document(conn, document.sha256) == document


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04", b"%PD"])
def test_only_what_it_is_counts(content: bytes) -> None:
    with pytest.raises(InputError, match="JPEG, PNG or PDF"):
        document_of("scan.pdf", content)


def test_a_large_document_is_refused() -> None:
    with pytest.raises(InputError, match="at most 10 MB"):
        document_of("scan.pdf", b"%PDF-" + bytes(MOST_BYTES))


def test_an_altered_document_is_not_given_out(records: Engine) -> None:
    document = document_of("a.jpg", JPEG)
    with records.begin() as conn:
        keep_document(conn, document, "one", NOW)
        conn.execute(update(hand_documents).values(content=JPEG + b"!"))
        with pytest.raises(InputError, match="another content"):
            read_document(conn, document.sha256)
        with pytest.raises(NotFoundError):
            read_document(conn, "0" * 64)
