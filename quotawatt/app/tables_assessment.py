"""The listings of rankings, scores and reports as tables."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    number,
    percent,
    table_console,
    table_of,
)
from quotawatt.app.naming import unit_word
from quotawatt.app.texts import text
from quotawatt.app.texts_assessment import assessment_text
from quotawatt.register.headings import word_for
from quotawatt.settings import Language, Settings

_GROUPED_BY = {
    "kind": ("organisations", "kind"),
    "level": ("organisations", "level"),
    "zone": ("sites", "quota_zone"),
    "climate": ("sites", "climate_zone"),
    "comfort_class": ("buildings", "comfort_class"),
}
"""What groups of peers go by, and the column of the register that words it."""

_SEVERAL = "several"
"""Stands where the sites of an organisation differ."""


def print_rankings(answer: Row, settings: Settings) -> None:
    """A table for each group of peers."""
    language = settings.language
    if not answer["items"]:
        _line(assessment_text("rank_none", language))
        return
    for group in answer["items"]:
        title = assessment_text(
            "rank_title",
            language,
            title=group["title"][language],
            unit=unit_word(group["unit"], language),
            period=answer["period"],
            group=_group(group["group"], language),
            ranked=group["ranked"],
            median=number(group["median"], 2),
        )
        _print(group["rows"], _rank_columns(language), title, language)
    _line(assessment_text("rank_notes", language))


def print_scheme_scores(answer: Row, settings: Settings) -> None:
    """A table for each scheme, with all items."""
    language = settings.language
    schemes = {row["scheme"]["id"]: row["scheme"] for row in answer["items"]}
    if not schemes:
        _line(assessment_text("scores_none", language))
        return
    for name, scheme in schemes.items():
        rows = [row for row in answer["items"] if row["scheme"]["id"] == name]
        title = assessment_text(
            "scores_title",
            language,
            title=scheme["title"][language],
            trust=text(scheme["trust"], language),
            year=answer["year"],
        )
        _print(rows, _score_columns(rows[0], language), title, language)
    _line(assessment_text("scores_unknown", language))


def print_reports(rows: Sequence[Row], settings: Settings) -> None:
    """Issued reports, the latest first."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    if not rows:
        _line(assessment_text("reports_none", language))
        return
    columns = [
        Column("number", lambda row: row["number"], no_wrap=True),
        Column("kind", lambda row: assessment_text(row["kind"], language), no_wrap=True),
        Column("period", lambda row: row["period"], no_wrap=True),
        Column("organisation", lambda row: row["subject"], no_wrap=True),
        Column("issued_at", lambda row: local_time(row["issued_at"], zone), no_wrap=True),
        Column("issued_by", lambda row: row["issued_by"]),
        Column("late", lambda row: assessment_text("yes", language) if row["late"] else NONE),
    ]
    title = assessment_text("reports_title", language, count=len(rows))
    _print(rows, columns, title, language)


def _rank_columns(language: str) -> list[Column]:
    return [
        Column("rank", lambda row: _rank(row, language), right=True, no_wrap=True),
        Column("organisation", lambda row: row["code"], no_wrap=True),
        Column("name", lambda row: row[f"name_{language}"]),
        Column("value", lambda row: number(row["value"], 2), right=True, no_wrap=True),
        Column("percentile", lambda row: percent(row["percentile"]), right=True, no_wrap=True),
        Column("change", lambda row: percent(row["change_pct"], "+"), right=True, no_wrap=True),
        Column("coverage", lambda row: percent(100 * row["coverage"]), right=True, no_wrap=True),
        Column("tier", lambda row: _distance(row["tiers"]), right=True, no_wrap=True),
        Column(
            "benchmark",
            lambda row: _distance(row["benchmarks"]) + _mark(row["benchmarks"], language),
            right=True,
            least=100,
        ),
    ]


def _score_columns(first: Row, language: str) -> list[Column]:
    return [
        Column("organisation", lambda row: row["code"], no_wrap=True),
        Column("points", lambda row: number(row["points"], 1), right=True, no_wrap=True),
        Column("grade", lambda row: _grade(row, language), no_wrap=True),
        Column("known", lambda row: percent(row["known_pct"]), right=True, no_wrap=True),
        *(
            Column(_item(item, language), _points_of(item["id"]), right=True)
            for item in first["items"]
        ),
    ]


def _item(item: Row, language: str) -> str:
    """The title of an item, with a star where it is binding."""
    return ("★" if item["binding"] else "") + str(item["title"][language])


def _points_of(item: str) -> Callable[[Row], str]:
    return lambda row: next(number(i["points"], 1) for i in row["items"] if i["id"] == item)


def _grade(row: Row, language: str) -> str:
    if row["grade"] is None:
        return assessment_text("grade_open", language)
    return str(row["grade"]["title"][language])


def _rank(row: Row, language: str) -> str:
    if row["rank"] is not None:
        return str(row["rank"])
    return assessment_text(f"apart_{row['apart']}", language)


def _distance(rows: Sequence[Row]) -> str:
    """To the first: of tiers the constraint value, of benchmarks the newest."""
    return percent(rows[0]["above_pct"], "+") if rows else NONE


def _mark(rows: Sequence[Row], language: str) -> str:
    return text(rows[0]["trust"], language) if rows else ""


def _group(group: Row, language: Language) -> str:
    """What the peers have in common, in words."""
    words = [
        _common(group[name], place, language) for name, place in _GROUPED_BY.items() if group[name]
    ]
    asset = assessment_text(f"group_{group['asset']}", language)
    return assessment_text("joint", language).join([asset, *words])


def _common(value: str, place: tuple[str, str], language: Language) -> str:
    """A value by which peers go together, as the register words it."""
    kind, column = place
    if value == _SEVERAL:
        return assessment_text(f"several_{column}", language)
    if column == "quota_zone":
        return assessment_text("zone", language, zone=value)
    return word_for(kind, column, value, language)


def _print(rows: Sequence[Any], columns: Sequence[Column], title: str, language: str) -> None:
    console = table_console()
    console.print(table_of(rows, columns, title, language, console.width, _heading))


def _heading(key: str, language: str) -> str:
    """Headings of items are the scheme's own titles."""
    try:
        return assessment_text(key, language)
    except KeyError:
        return key


def _line(words: str) -> None:
    table_console().print(words, markup=False, highlight=False, soft_wrap=True)
