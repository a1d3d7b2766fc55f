"""A document as a value: title, number, blocks in order. How it looks is for whoever writes it out.

The parts are those of an official document (GB/T 9704-2012): title, document number (发文字号), body, and the
seal line (落款) of issuing body and date. All texts are in one language; who builds a document chooses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the document; level 1 or 2."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small text beneath a table or at the end: sources, trust, what was left out."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of heads.

    align
        Of each column, by its place; columns beyond are centred. Figures stand right, names left.
    caption
        Stands above the table; empty: none.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    align: Sequence[Align] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The line of those who answer for a form: each label with room to sign (单位负责人：____)."""

    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seal:
    """Issuing body and date at the end, with the place of the seal (公章)."""

    issuer: str
    date: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Note | Table | Signatures | Seal | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language.

    number
        The line beneath the title (发文字号, 表号); empty: none.
    landscape
        Whether pages lie on their side, for wide forms.
    """

    language: Language
    title: str
    blocks: Sequence[Block]
    number: str = ""
    landscape: bool = False


def cell_align(table: Table, column: int) -> Align:
    """How the cells of a column stand; columns that the table says nothing of are centred."""
    return table.align[column] if column < len(table.align) else "centre"
