"""Documents as Word files and as pages: read back, for nobody looks at every one."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from quotawatt.documents.fonts import ALTERNATIVES, TITLE
from quotawatt.documents.html import style, style_source, to_html
from quotawatt.documents.model import (
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Seal,
    Signatures,
    Table,
)
from quotawatt.documents.word import to_docx

TABLE = Table(
    ["单位", "kWh"], [["甲机关", "1,234"], ["乙<b>机关", "—"]], ["left", "right"], "表 1 用电"
)
DOCUMENT = Document(
    "zh",
    "关于某月的通报",
    [
        Heading("一、总体情况"),
        Paragraph("正文。"),
        Heading("（一）电力", 2),
        TABLE,
        Note("注：说明。"),
        PageBreak(),
        Signatures(["单位负责人", "填表人"]),
        Seal("甲机关", "2024年4月1日", "（盖章）"),
    ],
    number="编号：1",
)


@pytest.fixture(scope="module")
def word() -> bytes:
    return to_docx(DOCUMENT)


def test_everything_is_in_the_word_file_in_order(word: bytes) -> None:
    read = docx.Document(BytesIO(word))
    texts = [p.text for p in read.paragraphs if p.text.strip()]
    assert texts[:5] == ["关于某月的通报", "编号：1", "一、总体情况", "正文。", "（一）电力"]
    assert texts[-3:] == ["甲机关", "2024年4月1日", "（盖章）"]
    assert any("单位负责人" in text and "填表人" in text for text in texts)
    (table,) = read.tables
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["单位", "kWh"],
        ["甲机关", "1,234"],
        ["乙<b>机关", "—"],
    ]


def test_chinese_and_latin_have_a_face_each_and_a_stand_in(word: bytes) -> None:
    read = docx.Document(BytesIO(word))
    fonts = read.paragraphs[0].runs[0].font.element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == TITLE.chinese
    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    with ZipFile(BytesIO(word)) as packed:
        named = packed.read("word/fontTable.xml").decode()
    for face, other in ALTERNATIVES.items():
        assert re.search(f'w:name="{face}"><w:altName w:val="{other}"', named)


def test_the_page_is_that_of_official_documents(word: bytes) -> None:
    section = docx.Document(BytesIO(word)).sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    # GB/T 9704-2012: the type area is 156 mm by 225 mm.
    assert (width, height) == pytest.approx((Mm(156), Mm(225)), abs=Mm(0.1))
    assert "PAGE" in section.footer._element.xml


def test_heads_repeat_and_no_row_is_torn(word: bytes) -> None:
    (table,) = docx.Document(BytesIO(word)).tables
    rows = table._tbl.tr_lst
    assert [r.trPr.find(qn("w:tblHeader")) is not None for r in rows] == [True, False, False]
    assert all(r.trPr.find(qn("w:cantSplit")) is not None for r in rows)


def test_columns_fill_the_page_and_long_texts_get_more(word: bytes) -> None:
    (table,) = docx.Document(BytesIO(word)).tables
    first, second = (column.width for column in table.columns)
    assert first > second
    assert first + second == pytest.approx(Mm(156), abs=Mm(0.1))


def test_equal_documents_are_equal_files(word: bytes) -> None:
    assert to_docx(DOCUMENT) == word


def test_landscape_pages_lie_on_their_side() -> None:
    lying = Document("en", "Wide", [], landscape=True)
    section = docx.Document(BytesIO(to_docx(lying))).sections[0]
    assert section.page_width > section.page_height
    assert 'class="landscape"' in to_html(lying)


def test_a_page_holds_everything_and_escapes_it() -> None:
    page = to_html(DOCUMENT)
    assert '<html lang="zh-CN">' in page
    assert "乙&lt;b&gt;机关" in page
    assert "<b>" not in page
    for text in ("关于某月的通报", "编号：1", "表 1 用电", "注：说明。", "单位负责人", "（盖章）"):
        assert text in page
    assert '<td class="right">1,234</td>' in page


def test_a_page_loads_nothing_and_its_style_goes_by_its_hash() -> None:
    page = to_html(DOCUMENT)
    assert f"<style>{style()}</style>" in page
    assert not re.search(r"(src|href)=|@import|url\(", page)
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", style_source())
