"""A return as a document that is printed, signed and sealed."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from quotawatt.documents.model import (
    Align,
    Block,
    Document,
    Heading,
    Note,
    Paragraph,
    Seal,
    Signatures,
    Table,
)
from quotawatt.returns.layout import (
    Face,
    Sheet,
    is_unverified,
    lines_of,
    shown,
    signatures,
    title_of,
    word,
)
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form
from quotawatt.settings import Language


def return_document(
    form: Form,
    period: Period,
    sheets: Sequence[Sheet],
    face: Face,
    language: Language,
    zone: ZoneInfo,
) -> Document:
    """The document of a return: its sheets as tables, who signs, and the place of the seal."""
    number, *lines = lines_of(form, period, face, language)
    blocks: list[Block] = [Paragraph(line) for line in lines]
    for sheet in sheets:
        blocks += [Heading(sheet.title), _table(sheet)]
    if is_unverified(form):
        blocks.append(Note(word("trust", language)))
    day = "" if face.submitted_at is None else f"{face.submitted_at.astimezone(zone):%Y-%m-%d}"
    blocks += [
        Signatures(signatures(face, language, zone)),
        Seal(face.issuer, day, word("seal", language)),
    ]
    return Document(language, title_of(form, language), blocks, number=number, landscape=True)


def _table(sheet: Sheet) -> Table:
    figures = len(sheet.heads) - 3
    right: list[Align] = ["right"] * figures
    align: tuple[Align, ...] = ("left", "centre", *right, "left")
    return Table(
        heads=sheet.heads,
        rows=[
            [row.title, row.unit, *_shown(row.values, row.decimals, figures), row.note]
            for row in sheet.rows
        ],
        align=align,
    )


def _shown(values: Sequence[float | str | None], decimals: int, columns: int) -> list[str]:
    """The values of a row as they print; a row of words has the first column only."""
    said = [shown(value, decimals) for value in values]
    return [*said, *[""] * (columns - len(said))]
