"""The tables of reports, from the rows of their content."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.assessment.report_texts import report_text
from analytics.assessment.wording import (
    NONE,
    change,
    figure,
    known_word,
    name_of,
    percent,
    share,
)
from quotawatt.documents.model import Align, Table
from quotawatt.measures import measure

Row = Mapping[str, Any]

_UNIT_CARRIERS = ("electricity_import_kwh", "gas_m3", "heat_gj", "water_m3")


def carrier_table(rows: Sequence[Row], language: str) -> Table:
    """Use of each carrier with its change and coal equivalent."""
    return _table(
        ("carrier", "amount", "change", "kgce", "coverage"),
        [
            (
                known_word(row["measure"], language),
                f"{figure(row['amount'])} {row['unit']}",
                change(row["change_pct"]),
                figure(row["kgce"]),
                share(row["coverage"]),
            )
            for row in rows
        ],
        language,
        caption="carriers",
    )


def unit_table(rows: Sequence[Row], language: str) -> Table:
    """Use of each unit, by the carriers that any of them has."""
    carriers = [c for c in _UNIT_CARRIERS if any(c in row["amounts"] for row in rows)]
    heads = [
        report_text("unit_name", language),
        *(f"{report_text(c, language)} {measure(c).unit}" for c in carriers),
        *(report_text(key, language) for key in ("kgce", "change", "intensity", "coverage")),
    ]
    lines = [
        (
            name_of(row, language),
            *(figure(row["amounts"].get(c)) for c in carriers),
            figure(row["kgce"]),
            change(row["kgce_change_pct"]),
            figure(row["kgce_per_m2"], 2),
            share(row["coverage"]),
        )
        for row in rows
    ]
    return Table(heads, lines, _aligned(len(heads), "left"))


def quota_table(rows: Sequence[Row], language: str) -> Table:
    """Quotas with their shares and standing."""
    return _table(
        ("unit_name", "quota", "used", "share", "projected", "standing"),
        [
            (
                name_of(row, language),
                _yardstick(row, language),
                f"{figure(row['used'])} {row['unit']}",
                percent(row["share_pct"]),
                percent(row["projected_share_pct"]),
                report_text(_standing(row), language),
            )
            for row in rows
        ],
        language,
        lefts=("left", "left"),
    )


def carbon_table(rows: Sequence[Row], language: str) -> Table:
    """Carbon targets with their shares."""
    return _table(
        ("unit_name", "target", "share_of_path", "projected"),
        [
            (
                name_of(row, language),
                _titled(row, language)
                + (report_text("provisional", language) if row["provisional"] else ""),
                percent(row["share_pct"]),
                percent(row["projected_share_pct"]),
            )
            for row in rows
        ],
        language,
        lefts=("left", "left"),
    )


def ranking_table(ranking: Row, language: str) -> Table:
    """One group of peers: ranks first, those apart with the reason at the end."""
    caption = report_text(
        "ranking_head",
        language,
        title=ranking["title"][language],
        unit=ranking["unit"],
        ranked=ranking["ranked"],
        median=figure(ranking["median"], 2),
    )
    heads = tuple(
        report_text(key, language)
        for key in ("rank", "unit_name", "figure", "percentile", "change", "coverage")
    )
    lines = [
        (
            str(row["rank"]) if row["rank"] else known_word(f"apart_{row['apart']}", language),
            name_of(row, language),
            figure(row["value"], 2),
            percent(row["percentile"], 0),
            change(row["change_pct"]),
            share(row["coverage"]),
        )
        for row in ranking["rows"]
    ]
    return Table(
        heads, lines, ("centre", "left", "right", "right", "right", "right"), caption=caption
    )


def score_table(row: Row, language: str) -> Table:
    """The items of a score."""
    lines = [
        (
            ("★" if item["binding"] else "") + item["title"][language],
            figure(item["points"], 1),
            figure(item["full"], 1),
        )
        for item in row["items"]
    ]
    return _table(("item", "points", "full"), lines, language)


def month_table(months: Mapping[str, Sequence[float | None]], language: str) -> Table:
    """Use of each month, a column a carrier."""
    carriers = list(months)
    heads = [
        report_text("month_column", language),
        *(f"{report_text(c, language)} {measure(c).unit}" for c in carriers),
    ]
    lines = [(str(m + 1), *(figure(months[c][m]) for c in carriers)) for m in range(12)]
    return Table(heads, lines, _aligned(len(heads), "centre"))


def rule_table(rows: Sequence[Row], language: str) -> Table:
    """Alerts by rule."""
    lines = [(row["title"][language], str(row["raised"]), str(row["firing"])) for row in rows]
    return _table(("rule", "raised", "firing"), lines, language)


def _standing(row: Row) -> str:
    """The key of where the use so far stands. A report of before rows had ``tiers`` is taken to have all."""
    is_between = row["standing"] == "over_guidance" and "baseline" not in row.get(
        "tiers", ["baseline"]
    )
    return "within_constraint" if is_between else str(row["standing"])


def _yardstick(row: Row, language: str) -> str:
    """A quota's title with its trust mark; of an assigned target what it is of, and by which document."""
    if row["kind"] != "assigned":
        return _titled(row, language)
    title = row["title"][language] or NONE
    return report_text("assigned", language, title=title, document=row["document"])


def _titled(row: Row, language: str) -> str:
    """A title with its trust mark."""
    title = row["title"][language] or NONE
    return f"{title}{report_text(row['trust'], language)}"


def _aligned(columns: int, *lefts: Align) -> list[Align]:
    """The columns named at the left, all others to the right."""
    rights: list[Align] = ["right" for _ in range(columns - len(lefts))]
    return [*lefts, *rights]


def _table(
    keys: Sequence[str],
    lines: Sequence[Sequence[str]],
    language: str,
    lefts: Sequence[Align] = ("left",),
    caption: str = "",
) -> Table:
    heads = [report_text(key, language) for key in keys]
    words = report_text(caption, language) if caption else ""
    return Table(heads, lines, _aligned(len(keys), *lefts), caption=words)
