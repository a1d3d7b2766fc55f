"""What is no workbook, or would do harm, is refused before it is unpacked."""

import io
import struct
import zipfile
import zlib

import pytest

from quotawatt.register import archive
from quotawatt.register.archive import Refused, open_archive
from tests.quotawatt.register.books import book, whole


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def refused(data: bytes, name: str = "台账.xlsx") -> str:
    with pytest.raises(Refused) as caught:
        open_archive(name, data)
    return caught.value.problem.text()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "this is empty"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (OLE + b"\0" * 600, "this is an old .xls workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "this is a workbook with a password"),
        ("编码,名称".encode("gb18030"), "this is text, perhaps CSV"),
        (b"<HTML><table>", "this is a web page"),
        (b"\x89PNG\r\n", "this is a picture"),
        (b"\0\1\2", "this is something else"),
        (packed(mimetype=b"x", content_dot_xml=b"<a/>"), "this is an OpenDocument file"),
        (packed(word__document_dot_xml=b"<a/>"), "this is a text document"),
        (packed(xl__workbook_dot_bin=b"x"), "this is a binary .xlsb workbook"),
        (packed(inner_dot_xlsx=b"x"), "this is an archive with files inside"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(data: bytes, what: str) -> None:
    assert what in refused(data)


def test_a_right_workbook_is_opened() -> None:
    assert "xl/workbook.xml" in open_archive("x.xlsx", book(whole())).namelist()


def test_a_cut_workbook_is_damaged() -> None:
    data = book(whole())
    assert "must be whole" in refused(data[: len(data) // 2])


def test_a_workbook_whose_content_was_changed_is_damaged() -> None:
    data = bytearray(book(whole()))
    data[200] ^= 0xFF
    assert "must be whole" in refused(bytes(data))


def test_large_files_are_refused_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FILE_LIMIT_BYTES", 1000)
    assert "must have at most" in refused(b"PK" + b"\0" * 2000)


def test_bombs_are_refused_by_what_they_say() -> None:
    zeros = packed(xl__workbook_dot_xml=b"<a/>", xl__media__x=b"\0" * 60_000_000)
    assert "must not be packed more than 200 times" in refused(zeros)
    many = packed(**{"xl__workbook_dot_xml": b"<a/>", **{f"p{n}": b"" for n in range(2001)}})
    assert "at most 2000 parts" in refused(many)


def test_the_sum_of_all_parts_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_LIMIT_BYTES", 1000)
    assert "must unpack to at most" in refused(packed(xl__workbook_dot_xml=b"<a/>", x=b"\1" * 2000))


def test_a_part_that_is_longer_than_it_says_is_refused() -> None:
    part = b"<a>" + b" " * 5000 + b"</a>"
    data = packed(xl__workbook_dot_xml=part)
    # Even where the checksum is that of what would be read by the size that is said.
    for true, false in ((len(part), 7), (zlib.crc32(part), zlib.crc32(part[:8]))):
        said = struct.pack("<I", true)
        assert data.count(said) == 2  # before the part, and in the directory at the end
        data = data.replace(said, struct.pack("<I", false))
    assert "must have the size" in refused(data)


def test_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("xl/workbook.xml", b"<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("xl/workbook.xml", b"<b/>")
    assert "must be whole" in refused(out.getvalue())
