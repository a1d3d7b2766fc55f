"""The public list of publications as a page: no session, no cookie, nothing that a cache must not keep."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from analytics.assessment.report_texts import report_text
from analytics.assessment.wording import day_name, name_of, period_name
from api.console.drawing import HERE
from quotawatt.documents.html import style

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("公共机构能源资源消费公示", "Energy and resources of public institutions"),
    "none": ("目前没有公示。", "Nothing is published at present."),
    "publication": ("公示", "Publication"),
    "issuer": ("发布单位", "Issued by"),
    "issued_on": ("发布日期", "Issued on"),
    "other": ("English", "中文"),
}


def draw_public(items: Sequence[Mapping[str, Any]], language: str) -> str:
    """The page in ``zh`` or ``en``."""
    rows = [
        {
            "number": item["number"],
            "title": report_text(
                "title_publication", language, period=period_name(item["period"], language)
            ),
            "issuer": name_of(item["issuer"], language),
            "issued_on": day_name(item["issued_on"], language),
        }
        for item in items
    ]
    words = {key: pair[language != "zh"] for key, pair in _WORDS.items()}
    return _template().render(
        rows=rows,
        words=words,
        style=style(),
        language=language,
        other="en" if language == "zh" else "zh",
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("public.html")
