"""Parts of a Word file that python-docx has no call for: ruled tables, page numbers, the file's bytes."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from quotawatt.documents.fonts import PAGE_NUMBER, TABLE, set_face
from quotawatt.documents.model import Align, Table, cell_align

_NARROWEST, _WIDEST = 6, 28
"""Of a column, in Latin letters."""

_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
# Equal documents are equal files: the entries of the archive bear the earliest date that it can hold.
_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)


def plain(paragraph: Paragraph, line: Pt | None = None) -> None:
    """No indent and no space around; lines as high as the letters need, or exactly ``line``."""
    spacing = paragraph.paragraph_format
    spacing.first_line_indent, spacing.space_before, spacing.space_after = Pt(0), Pt(0), Pt(0)
    if line is None:
        spacing.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        spacing.line_spacing = line


def write_table(word: WordDocument, table: Table) -> None:
    """Add a ruled table; its heads come again on each page and no row is torn in two."""
    made = word.add_table(rows=1 + len(table.rows), cols=len(table.heads), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fill(made, 0, table.heads, ["centre"] * len(table.heads), bold=True)
    aligns = [cell_align(table, column) for column in range(len(table.heads))]
    for number, row in enumerate(table.rows, start=1):
        _fill(made, number, row, aligns, bold=False)
    _set_widths(word, made, [table.heads, *table.rows])
    for row_element in made._tbl.tr_lst:
        row_element.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made._tbl.tr_lst[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _set_widths(word: WordDocument, made: WordTable, rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest texts ask, within the page; a Chinese letter takes two."""
    section = word.sections[0]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    room = (page or 0) - (left or 0) - (right or 0)
    longest = [max(map(_letters, column)) for column in zip(*rows, strict=True)]
    asked = [min(max(letters, _NARROWEST), _WIDEST) for letters in longest]
    widths = [Emu(room * letters // sum(asked)) for letters in asked]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row_element in made._tbl.tr_lst:
        for cell_element, width in zip(row_element.tc_lst, widths, strict=True):
            cell_element.width = width


def _letters(text: str) -> int:
    return sum(1 + (east_asian_width(sign) in "WF") for sign in text)


def _fill(
    made: WordTable,
    number: int,
    texts: Sequence[str],
    aligns: list[Align],
    bold: bool,
) -> None:
    for cell_element, text, align in zip(
        made._tbl.tr_lst[number].tc_lst, texts, aligns, strict=True
    ):
        paragraph = _Cell(cell_element, made).paragraphs[0]
        plain(paragraph)
        paragraph.alignment = _ALIGNMENTS[align]
        set_face(paragraph.add_run(text).font, TABLE._replace(bold=bold))


def number_pages(section: Section) -> None:
    """Page numbers at the foot, between dashes: — 1 —."""
    paragraph = section.footer.paragraphs[0]
    plain(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_face(paragraph.add_run("— ").font, PAGE_NUMBER)
    run = paragraph.add_run()
    set_face(run.font, PAGE_NUMBER)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
    set_face(paragraph.add_run(" —").font, PAGE_NUMBER)


def file_bytes(word: WordDocument, title: str, language: str) -> bytes:
    """The document as the bytes of a .docx file; the same document always gives the same bytes."""
    about = word.core_properties
    about.title, about.language, about.author, about.comments = title, language, "", ""
    about.created = about.modified = datetime(*_ENTRY_DATE)  # noqa: DTZ001
    written, packed = BytesIO(), BytesIO()
    word.save(written)
    with ZipFile(written) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ENTRY_DATE)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
