"""A document as a printable page: complete in itself, no script, nothing fetched."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from quotawatt.documents.model import Document, cell_align


def to_html(document: Document) -> str:
    """The document as one HTML page for A4 paper, with its seal line and page numbers.

    Texts are escaped. The page lays itself out by its own style sheet, so it may be kept as a file.
    """
    return _template().render(document=document, cell_align=cell_align)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["kind"] = lambda block: type(block).__name__
    return environment.get_template("document.html")
