"""Whether a file is a workbook that can be opened without harm: looked at before anything is unpacked.

A workbook (.xlsx, ECMA-376) is a ZIP archive of XML parts. What an archive says of its own sizes is not
believed: each part is unpacked once in small pieces, and thrown away, before the reader sees it.
"""

import io
import zipfile
import zlib
from pathlib import PurePath
from xml.parsers import expat

from quotawatt.register.problems import Problem, Rule, Where

FILE_LIMIT_BYTES = 50_000_000
UNPACKED_LIMIT_BYTES = 400_000_000
PARTS_LIMIT = 2_000
RATIO_LIMIT = 200
RATIO_FROM_BYTES = 50_000_000
"""Up to this size a part may be packed as tightly as it likes: thousands of equal rows are."""
_PIECE = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_PART = "xl/workbook.xml"

TOO_LARGE = Rule(
    "file_too_large",
    f"a workbook must have at most {FILE_LIMIT_BYTES // 10**6} MB",
    f"工作簿不得超过 {FILE_LIMIT_BYTES // 10**6} MB",
)
NOT_A_WORKBOOK = Rule(
    "not_a_workbook",
    "a file must be a workbook .xlsx, whatever its name, and this is {what}",
    "文件须为 .xlsx 工作簿（与文件名无关），而这是{what}",
)
DAMAGED = Rule(
    "damaged",
    "a workbook must be whole; save it anew with a spreadsheet program",
    "工作簿须完整；请用表格软件重新保存",
)
TOO_MANY_PARTS = Rule(
    "too_many_parts",
    f"a workbook must have at most {PARTS_LIMIT} parts",
    f"工作簿最多含 {PARTS_LIMIT} 个部件",
)
TOO_MUCH_INSIDE = Rule(
    "too_much_inside",
    f"a workbook must unpack to at most {UNPACKED_LIMIT_BYTES // 10**6} MB (clear formatted empty"
    " rows, remove pictures and sheets of other purposes)",
    f"工作簿解压后不得超过 {UNPACKED_LIMIT_BYTES // 10**6} MB（请清除带格式的空行，删除图片与无关工作表）",
)
PACKED_TOO_TIGHTLY = Rule(
    "packed_too_tightly",
    f"a part of a workbook above {RATIO_FROM_BYTES // 10**6} MB must not be packed more than"
    f" {RATIO_LIMIT} times",
    f"工作簿中超过 {RATIO_FROM_BYTES // 10**6} MB 的部件，压缩比不得超过 {RATIO_LIMIT} 倍",
)
DISHONEST_SIZE = Rule(
    "dishonest_size",
    "a part of a workbook must have the size that the archive says",
    "工作簿部件的大小须与其声明一致",
)
OWN_ENTITIES = Rule(
    "own_entities",
    "a workbook must not define entities of its own",
    "工作簿不得自行定义 XML 实体",
)

# What a file is by its first bytes; the order counts.
_MAGIC: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"%PDF", ("a PDF", "PDF 文件")),
    (b"<!DOCTYPE", ("a web page", "网页文件")),
    (b"<html", ("a web page", "网页文件")),
    (b"<?xml", ("an XML file", "XML 文件")),
    (b"<table", ("a web page", "网页文件")),
    (b"\x89PNG", ("a picture", "图片")),
    (b"\xff\xd8\xff", ("a picture", "图片")),
    (b"Rar!", ("a RAR archive", "RAR 压缩包")),
    (b"7z\xbc\xaf", ("a 7z archive", "7z 压缩包")),
    (b"\x1f\x8b", ("a gzip archive", "gzip 压缩包")),
)


class Refused(Exception):
    """A file is not read; carries the one problem that says why."""

    def __init__(self, rule: Rule, name: str, value: object = None) -> None:
        super().__init__(rule.en)
        self.problem = Problem(Where(name), rule, value)


def open_archive(name: str, data: bytes) -> zipfile.ZipFile:
    """The parts of a workbook, after a look at each.

    Raises Refused where it is none, is too large, unpacks to too much, lies about its sizes, is damaged,
    needs a password, or has entities of its own.
    """
    if len(data) > FILE_LIMIT_BYTES:
        raise Refused(TOO_LARGE, name, f"{len(data) / 1e6:.0f} MB")
    if not data.startswith(b"PK"):
        raise Refused(NOT_A_WORKBOOK.of(what=_what(name, data)), name, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused(DAMAGED, name, str(error)) from None
    _check_parts(name, archive.infolist())
    try:
        for part in archive.infolist():
            _check_part(name, archive, part)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        raise Refused(DAMAGED, name, str(error)) from None
    except (NotImplementedError, RuntimeError) as error:  # an unknown packing, a password
        raise Refused(DAMAGED, name, str(error)) from None
    return archive


def _what(name: str, data: bytes) -> tuple[str, str]:
    """What a file that is no ZIP archive seems to be, in English and Chinese."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return ("empty", "空文件")
    if start.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return (
                "a workbook with a password (save it without)",
                "加密的工作簿（请取消密码后另存）",
            )
        return ("an old .xls workbook (save it as .xlsx)", "旧版 .xls 工作簿（请另存为 .xlsx）")
    for magic, what in _MAGIC:
        if start[: len(magic)].lower() == magic.lower():
            return what
    if b"\0" not in start:
        english = "text, perhaps CSV (a folder of .csv files is read too)"
        return (english, "文本，可能是 CSV（可改用 .csv 文件夹）")
    return (f"something else than {PurePath(name).suffix or 'a workbook'}", "其他内容")


def _check_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS_LIMIT:
        raise Refused(TOO_MANY_PARTS, name, len(parts))
    names = [part.filename for part in parts]
    if _MAIN_PART not in names:
        raise Refused(NOT_A_WORKBOOK.of(what=_what_archive(names)), name, name)
    if len(set(names)) < len(names):
        raise Refused(DAMAGED, name, "parts of one name")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(DAMAGED, name, "parts with a password")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_LIMIT_BYTES:
        raise Refused(TOO_MUCH_INSIDE, name, f"{unpacked / 1e6:.0f} MB")
    for part in parts:
        tight = part.file_size > RATIO_LIMIT * max(part.compress_size, 1)
        if tight and part.file_size > RATIO_FROM_BYTES:
            raise Refused(PACKED_TOO_TIGHTLY, name, part.filename)


def _what_archive(names: list[str]) -> tuple[str, str]:
    if "xl/workbook.bin" in names:
        return ("a binary .xlsb workbook (save it as .xlsx)", ".xlsb 工作簿（请另存为 .xlsx）")
    if "mimetype" in names and "content.xml" in names:
        return ("an OpenDocument file (save it as .xlsx)", "OpenDocument 文件（请另存为 .xlsx）")
    if "word/document.xml" in names:
        return ("a text document", "Word 文档")
    if any(inner.endswith((".xlsx", ".csv")) for inner in names):
        return ("an archive with files inside (unpack it)", "压缩包（请先解压）")
    return ("an archive", "压缩包")


def _check_part(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part piece by piece: it must be as long as it says, whole, and without entities."""
    said = part.file_size
    markup = part.filename.endswith((".xml", ".rels"))
    parser = _entity_refuser(name) if markup else None
    part.file_size = said + 1  # one byte more is asked for than there should be
    unpacked = 0
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                unpacked += len(piece)
                if parser is not None:
                    parser.Parse(piece, False)
    except expat.ExpatError as error:
        raise Refused(DAMAGED, name, f"{part.filename}: {error}") from None
    finally:
        part.file_size = said
    if unpacked != said:
        raise Refused(DISHONEST_SIZE, name, part.filename)


def _entity_refuser(name: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Refused(OWN_ENTITIES, name)

    parser.StartDoctypeDeclHandler = refuse
    return parser
