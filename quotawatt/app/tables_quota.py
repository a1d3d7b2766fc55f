"""A quota figure unfolded as a tree: its series, what adds up to them, area and people, and the clauses."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Clauses,
    Column,
    Row,
    local_time,
    number,
    percent,
    table_console,
    table_of,
)
from quotawatt.app.naming import component_word, measure_word, unit_word
from quotawatt.app.quota_lines import account_lines
from quotawatt.app.texts_quota import quota_text
from quotawatt.settings import Language, Settings


def print_unfolded(answer: Row, settings: Settings) -> None:
    """The formula with its numbers, each series with all below it, the denominator, and the clauses."""
    lang, account = settings.language, answer["account"]
    clauses, console = Clauses(lang), table_console()
    words = {
        "asset": account["asset"],
        "title": account["title"][lang],
        "as_of": local_time(answer["as_of"], ZoneInfo(settings.timezone)),
        "used": number(account["used"], 1),
        "intensity": number(account["intensity"], 2),
        "unit": account["unit"],
        "intensity_unit": unit_word(account["intensity_unit"], lang),
    }
    title = quota_text("unfold_title", lang, **words)
    if account["clause"]:
        title = f"{title} {clauses.mark(account['clause'])}"
    rows = list(_lines(answer, clauses, lang))
    console.print(table_of(rows, _columns(), title, lang, console.width, quota_text))
    for key in ("formula", "in_numbers"):
        words_of = unit_word(answer[key][lang], lang)
        console.print(quota_text(key, lang, words=words_of), markup=False, highlight=False)
    for line in (*account_lines(account, lang), *_notes(answer, lang)):
        console.print(line, markup=False, highlight=False)
    if answer["denominator"]:
        rows, title = answer["denominator"], quota_text("held_title", lang)
        console.print(table_of(rows, _held_columns(lang), title, lang, console.width, quota_text))
    clauses.print_to(console)


def _columns() -> list[Column]:
    return [
        Column("subject", lambda r: r["subject"], no_wrap=True),
        Column("amount", lambda r: number(r["amount"], 1), True, True),
        Column("unit", lambda r: r["unit"], no_wrap=True),
        Column("factor", lambda r: r["factor"], no_wrap=True),
        Column("value", lambda r: number(r["value"], 1), True, True),
        Column("coverage", lambda r: percent(100 * r["coverage"]), True, True),
        Column("note", lambda r: r["note"]),
    ]


def _held_columns(lang: Language) -> list[Column]:
    return [
        Column("subject", lambda r: r["subject"], no_wrap=True),
        Column("component", lambda r: component_word(r["component"], lang), no_wrap=True),
        Column("first", lambda r: r["first"], no_wrap=True),
        Column("until", lambda r: r["until"], no_wrap=True),
        Column("days", lambda r: str(r["days"]), True, True),
        Column("amount", lambda r: number(r["amount"], 1), True, True),
    ]


def _lines(answer: Row, clauses: Clauses, lang: Language) -> Iterator[Row]:
    for part in answer["parts"]:
        factor = part["factor"]
        shown = NONE if factor["unit"] == "1" else f"{factor['value']:.6g} {factor['unit']}"
        if factor["clause"]:
            shown = f"{shown} {clauses.mark(factor['clause'])}"
        role = quota_text(part["role"], lang)
        yield from _tree(part["line"], 0, shown, f"{role} {part['purpose']}".strip(), lang)


def _tree(line: Row, depth: int, factor: str, role: str, lang: Language) -> Iterator[Row]:
    """A line and all below it, indented by its depth."""
    kind = line["kind"]
    name = line["subject"] if kind in ("asset", "hand") else quota_text(kind, lang)
    measure = f" {measure_word(line['measure'], lang)}" if depth == 0 else ""
    marks = [
        role,
        quota_text("hand", lang) if kind == "hand" else "",
        quota_text("billed_by_area", lang) if line["billed_by_area"] else "",
        quota_text("estimated", lang) if line["estimated"] and kind != "rest" else "",
    ]
    note = ", ".join(mark for mark in marks if mark)
    yield {**line, "subject": f"{'  ' * depth}{name}{measure}", "factor": factor, "note": note}
    for one in line["below"]:
        yield from _tree(one, depth + 1, "", "", lang)


def _notes(answer: Row, lang: Language) -> Iterator[str]:
    unit = answer["account"]["unit"]
    for one in answer["adjustments"]:
        yield quota_text(
            f"adjustment_{one['kind']}",
            lang,
            name=one["name"],
            amount=number(one["amount"], 1),
            unit=unit,
            area=number(one["area_m2"], 1),
            factor=number(one["factor"], 4),
        )
    months = [f"{first[:7]} {number(value, 1)}" for first, value in answer["months"].items()]
    yield quota_text("months", lang, words=", ".join(months))
    if days := _days(answer["parts"]):
        shown = [f"{day} {number(value, 1)}" for day, value in days.items()]
        yield quota_text("days_of_month", lang, words=", ".join(shown))


def _days(parts: Iterable[Row]) -> Mapping[str, float | None]:
    """The account's value of each day of the month that was asked for: the sum of the parts.

    What a part does not know counts as nothing, as in months; None where no part knows the day.
    """
    found: dict[str, float | None] = {}
    for part in parts:
        for one in part["line"]["days"]:
            so_far, value = found.get(one["first"]), one["value"]
            found[one["first"]] = so_far if value is None else (so_far or 0.0) + value
    return dict(sorted(found.items()))
