"""A document as a Word file, laid out as official documents are (GB/T 9704-2012).

Page A4 with the type area of 156 x 225 mm; title in 小标宋 of 22 pt, body in 仿宋 of 16 pt on lines of 28 pt,
headings in 黑体 and 楷体, page numbers between dashes.
"""

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from quotawatt.documents import fonts
from quotawatt.documents.fonts import Face, name_alternatives, set_face
from quotawatt.documents.model import (
    Block,
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Seal,
    Signatures,
    Table,
)
from quotawatt.documents.word_parts import file_bytes, number_pages, plain, write_table

_LINE = Pt(28)
_SMALL_LINE = Pt(16)
_ROOM_TO_SIGN = "＿" * 6


def to_docx(document: Document) -> bytes:
    """The document as the bytes of a Word file (.docx)."""
    word = docx.Document()
    name_alternatives(word)
    _styles(word)
    _page(word, document.landscape)
    _line(word, document.title, fonts.TITLE, WD_ALIGN_PARAGRAPH.CENTER, style="Title")
    if document.number:
        _line(word, document.number, fonts.BODY, WD_ALIGN_PARAGRAPH.CENTER)
    for block in document.blocks:
        _write(word, block, document.language == "zh")
    return file_bytes(word, document.title, "zh-CN" if document.language == "zh" else "en")


def _styles(word: WordDocument) -> None:
    for name, face in (
        ("Normal", fonts.BODY),
        ("Title", fonts.TITLE),
        ("Heading 1", fonts.HEADINGS[0]),
        ("Heading 2", fonts.HEADINGS[1]),
    ):
        style = word.styles[name]
        set_face(style.font, face)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = _LINE
    # Word's own title has a rule beneath it.
    title = word.styles["Title"].element.pPr
    for rule in title.findall("{*}pBdr"):
        title.remove(rule)


def _page(word: WordDocument, landscape: bool) -> None:
    section = word.sections[0]
    short, long = Mm(210), Mm(297)
    margins = (Mm(37), Mm(35), Mm(28), Mm(26))
    section.page_width, section.page_height = short, long
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = long, short
        margins = (Mm(20), Mm(18), Mm(15), Mm(15))
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = margins
    number_pages(section)


def _line(
    word: WordDocument,
    text: str,
    face: Face,
    align: WD_ALIGN_PARAGRAPH,
    style: str = "Normal",
    line: Pt = _LINE,
) -> WordParagraph:
    paragraph = word.add_paragraph(style=style)
    plain(paragraph, line)
    paragraph.alignment = align
    set_face(paragraph.add_run(text).font, face)
    return paragraph


def _write(word: WordDocument, block: Block, chinese: bool) -> None:
    match block:
        case Heading():
            _indent(word.add_paragraph(block.text, style=f"Heading {block.level}"), chinese)
        case Paragraph():
            _indent(_line(word, block.text, fonts.BODY, WD_ALIGN_PARAGRAPH.JUSTIFY), chinese)
        case Note():
            _small_line(word, block.text)
        case Table():
            _table(word, block)
        case Signatures():
            _signatures(word, block)
        case Seal():
            _seal(word, block)
        case PageBreak():
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _indent(paragraph: WordParagraph, chinese: bool) -> None:
    """Chinese paragraphs begin two characters in, headings too; English ones stand apart instead."""
    if chinese:
        paragraph.paragraph_format.first_line_indent = Pt(2 * fonts.BODY.size_pt)
    else:
        paragraph.paragraph_format.space_after = Pt(7)


def _small_line(word: WordDocument, text: str) -> None:
    _line(word, text, fonts.TABLE, WD_ALIGN_PARAGRAPH.LEFT, line=_SMALL_LINE)


def _table(word: WordDocument, block: Table) -> None:
    if block.caption:
        caption = _line(word, block.caption, fonts.CAPTION, WD_ALIGN_PARAGRAPH.CENTER)
        caption.paragraph_format.keep_with_next = True
    write_table(word, block)
    # Word joins two tables that touch.
    _small_line(word, "")


def _signatures(word: WordDocument, block: Signatures) -> None:
    text = "　".join(f"{label}{_ROOM_TO_SIGN}" for label in block.labels)
    _line(word, text, fonts.CAPTION._replace(chinese="宋体"), WD_ALIGN_PARAGRAPH.LEFT)


def _seal(word: WordDocument, block: Seal) -> None:
    """Two lines free for the seal, then body and date, four characters from the edge."""
    for text in ("", "", block.issuer, block.date, *([block.mark] if block.mark else [])):
        paragraph = _line(word, text, fonts.BODY, WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(4 * fonts.BODY.size_pt)
        paragraph.paragraph_format.keep_with_next = True
