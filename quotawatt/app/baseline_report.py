"""A baseline as a printable document: data, findings, models, figures and what they mean."""

from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.analytics_views import Row
from quotawatt.app.console import NONE, local_time
from quotawatt.app.texts_analytics import analytics_text
from quotawatt.documents.model import Block, Document, Heading, Note, Paragraph, Table
from quotawatt.settings import Language

_DAY = "%Y-%m-%d"


def report_of(answer: Row, language: Language) -> Document:
    """The report; ``answer`` as ``baseline fit --json`` shows it."""
    blocks: list[Block] = [
        Heading(analytics_text("report_data", language)),
        Paragraph(series_line(answer, language)),
        *_findings(answer, language),
    ]
    if answer["baseline"] is None:
        blocks.append(Paragraph(analytics_text("no_baseline", language)))
    else:
        blocks += _model(answer["baseline"], ZoneInfo(answer["zone"]), language)
    title = analytics_text("report_title", language, subject=answer["subject"])
    return Document(language=language, title=title, blocks=blocks)


def series_line(row: Row, language: str) -> str:
    """Which series it is, in one line."""
    zone = ZoneInfo(row["zone"])
    return analytics_text(
        "series",
        language,
        subject=row["subject"],
        measure=row["measure"],
        unit=row["unit"],
        first=local_time(row["from"], zone, _DAY),
        last=local_time(row["last"], zone, _DAY),
        count=f"{row['count']:,}",
        interval=analytics_text(row["interval"], language),
        known_pct=row["known_pct"],
    )


def _findings(answer: Row, language: Language) -> list[Block]:
    if not answer["findings"]:
        return [Paragraph(analytics_text("sufficient", language))]
    heads = [analytics_text("weight", language), analytics_text("report_findings", language)]
    rows = [
        [
            analytics_text(f["weight"], language),
            f"{f['sentence'][language]} {f['action'][language]}",
        ]
        for f in answer["findings"]
    ]
    return [
        Heading(analytics_text("report_findings", language)),
        Table(heads, rows, align=["left", "left"]),
    ]


def _model(baseline: Row, zone: ZoneInfo, language: Language) -> list[Block]:
    saw = baseline["saw"]
    heads = [analytics_text(key, language) for key in ("kind", "r2", "cv_rmse", "nmbe", "n")]
    rows = [[kind, *_figures(fit)] for kind, fit in baseline["compared"].items()]
    inside = [[baseline["kind"], *_figures(baseline["in_sample"])]]
    align: list[Any] = ["left", *["right"] * 4]
    rested = analytics_text(
        "report_saw",
        language,
        first=local_time(saw["first"], zone, _DAY),
        last=local_time(saw["last"], zone, _DAY),
        n=f"{saw['n']:,}",
        coverage=f"{100 * saw['coverage']:.1f}",
        hash=saw["data_hash"][:12],
    )
    return [
        Heading(analytics_text("report_model", language)),
        Paragraph(rested),
        Table(heads, rows, align=align, caption=analytics_text("models", language)),
        Table(heads, inside, align=align, caption=analytics_text("in_sample", language)),
        Note(analytics_text("report_method", language)),
    ]


def _figures(fit: Row) -> list[str]:
    return [
        NONE if fit["r2"] is None else f"{fit['r2']:.4f}",
        *(NONE if fit[key] is None else f"{fit[key]:.2f} %" for key in ("cv_rmse_pct", "nmbe_pct")),
        f"{fit['n']:,}",
    ]
