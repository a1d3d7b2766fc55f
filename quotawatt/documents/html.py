"""A document as a printable page: complete in itself, no script, nothing fetched."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from quotawatt.documents.model import Document, cell_align

_HERE = Path(__file__).parent


def to_html(document: Document) -> str:
    """The document as one HTML page for A4 paper, with its seal line and page numbers.

    Texts are escaped. The page brings its own style sheet, so it may be kept as a file.
    """
    return _template().render(document=document, cell_align=cell_align, style=style())


@cache
def style() -> str:
    """The style sheet of every such page, the same for all."""
    return (_HERE / "document.css").read_text(encoding="utf-8")


@cache
def style_source() -> str:
    """How a Content-Security-Policy names the style sheet where it stands within a page."""
    return f"'sha256-{b64encode(sha256(style().encode()).digest()).decode()}'"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["kind"] = lambda block: type(block).__name__
    return environment.get_template("document.html")
