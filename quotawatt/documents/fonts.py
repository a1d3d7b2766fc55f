"""The faces of official documents, and what stands in for them where a machine lacks one."""

from typing import NamedTuple

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.font import Font


class Face(NamedTuple):
    """A face: of Chinese text, of Latin text and figures, its size in points, whether it is bold."""

    chinese: str
    latin: str
    size_pt: float
    bold: bool = False


TITLE = Face("方正小标宋简体", "Times New Roman", 22)
BODY = Face("仿宋_GB2312", "Times New Roman", 16)
HEADINGS = (Face("黑体", "Times New Roman", 16), Face("楷体_GB2312", "Times New Roman", 16))
CAPTION = Face("黑体", "Times New Roman", 12)
TABLE = Face("宋体", "Times New Roman", 10.5)
PAGE_NUMBER = Face("宋体", "Times New Roman", 14)

ALTERNATIVES = {
    "方正小标宋简体": "宋体",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
}
"""The face that Word takes where the first is not installed; the others are on every machine."""


def set_face(font: Font, face: Face) -> None:
    """Give a run or a style this face, in black. Chinese and Latin letters of a run have each their own."""
    font.name, font.size, font.bold, font.italic = face.latin, Pt(face.size_pt), face.bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    fonts = font.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face.chinese)


def name_alternatives(word: WordDocument) -> None:
    """Write into the file's table of fonts what stands in for each face that a machine may lack."""
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for face, other in ALTERNATIVES.items():
        entry = OxmlElement("w:font", {qn("w:name"): face})
        entry.append(OxmlElement("w:altName", {qn("w:val"): other}))
        entry.append(OxmlElement("w:charset", {qn("w:val"): "86"}))
        table.append(entry)
    part._blob = serialize_part_xml(table)
