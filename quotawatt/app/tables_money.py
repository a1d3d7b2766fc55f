"""The listings of money as tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    number,
    percent,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_money import money_text
from quotawatt.settings import Settings


def print_costs(answer: Row, rows: Sequence[Row], settings: Settings) -> None:
    """What a subject cost by interval and carrier."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("start", lambda row: local_time(row["start"], zone), no_wrap=True),
        Column("measure", lambda row: money_text(row["measure"], language)),
        Column("cost", lambda row: number(row["value"], 2), right=True, no_wrap=True),
        Column("coverage", lambda row: percent(100 * row["coverage"]), right=True, no_wrap=True),
    ]
    _print(rows, columns, "cost", settings, subject=answer["subject"])
    if answer["total_cny"] is not None:
        say_money("cost_whole", settings, total=number(answer["total_cny"], 2))


def print_tariffs(answer: Row, settings: Settings) -> None:
    """Tariffs with their prices and trust marks."""
    language = settings.language
    columns = [
        Column("tariff", lambda row: row["id"], no_wrap=True),
        Column("title", lambda row: row["title"][language]),
        Column("unit", lambda row: row["unit"], no_wrap=True),
        Column("parts", lambda row: _prices(row, language)),
        Column("trust", lambda row: money_text(row["trust"], language)),
    ]
    _print(answer["items"], columns, "tariffs", settings, day=answer["day"])


def print_contracts(rows: Sequence[Row], settings: Settings) -> None:
    """Supply contracts."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("subject", lambda row: f"{row['subject']} {row['name'].get(language, '')}".rstrip()),
        Column("tariff", lambda row: row["tariff"]),
        Column("time", lambda row: _time(row, language), no_wrap=True),
        Column("basic", lambda row: _basic(row, language)),
        Column("account", lambda row: row["account"] or NONE, least=100),
    ]
    _print(rows, columns, "contracts", settings)


def print_bill(answer: Row, settings: Settings) -> None:
    """What a contract comes to, line by line."""
    language = settings.language
    columns = [
        Column("line", lambda row: _line(row, language)),
        Column("amount", lambda row: number(row["amount"], 2), right=True, no_wrap=True),
        Column("price", lambda row: number(row["price_cny"], 4), right=True, no_wrap=True),
        Column("cost", lambda row: number(row["cost_cny"], 2), right=True, no_wrap=True),
    ]
    _print(answer["lines"], columns, "bill", settings, **answer)
    if answer["demand_minutes"] is not None:
        say_money(f"demand_{answer['demand_minutes']}", settings)


def print_check(answer: Row, settings: Settings) -> None:
    """A bill against what was worked out."""
    language = settings.language
    columns = [
        Column("line", lambda row: _line(row, language)),
        Column("billed", _cost_of("billed"), right=True, no_wrap=True),
        Column("computed", _cost_of("computed"), right=True, no_wrap=True),
        Column("difference", lambda row: number(row["cost_difference_cny"], 2), right=True),
        Column("why", lambda row: money_text(f"why_{row['why']}", language)),
    ]
    verdict = money_text(f"agrees_{str(answer['agrees']).lower()}", language)
    _print(answer["lines"], columns, "check", settings, verdict=verdict, **answer)


def print_budgets(answer: Row, settings: Settings) -> None:
    """Budgets with what was spent and the likely year's end."""
    language = settings.language
    columns = [
        Column(
            "organisation", lambda row: f"{row['organisation']} {row['name'].get(language, '')}"
        ),
        Column("carrier", lambda row: money_text(f"carrier_{row['carrier']}", language)),
        Column("budget", lambda row: number(row["amount_cny"]), right=True, no_wrap=True),
        Column("spent", lambda row: number(row["spent_cny"]), right=True, no_wrap=True),
        Column("share", lambda row: percent(row["share_pct"]), right=True, no_wrap=True),
        Column("projected", lambda row: number(row["projected_cny"]), right=True, no_wrap=True),
        Column("interval", _interval, right=True, least=100),
        Column("over", _chance, right=True, no_wrap=True),
    ]
    rows = answer["items"]
    year = rows[0]["year"] if rows else ""
    _print(rows, columns, "budgets", settings, year=year)


def print_effect(answer: Row, settings: Settings) -> None:
    """What a change would have come to, with what it takes for granted."""
    language = settings.language
    figures = {
        "before": number(answer["cost_before_cny"], 2),
        "after": number(answer["cost_after_cny"], 2),
        "less": number(answer["less_cny"], 2),
        "moved": number(answer["moved"], 1),
        "saved": number(answer["saved"], 1),
        "high_before": number(answer["highest_before_kw"], 1),
        "high_after": number(answer["highest_after_kw"], 1),
    }
    words = {name: answer[name] for name in ("first_day", "last_day")}
    say_money("effect", settings, **words, **figures)
    for assumption in answer["assumptions"]:
        stdout.print(f"- {assumption[language]}", markup=False, highlight=False, soft_wrap=True)


def print_comparison(answer: Row, settings: Settings) -> None:
    """The same use by several tariffs, and the basic charge by each way of reckoning it."""
    language = settings.language
    columns = [
        Column("tariff", lambda row: row["tariff"], no_wrap=True),
        Column("title", lambda row: row["title"][language]),
        Column("cost", lambda row: number(row["total_cny"], 2), right=True, no_wrap=True),
        Column("trust", lambda row: money_text(row["trust"], language)),
    ]
    _print(answer["tariffs"], columns, "compare", settings)
    choice: Mapping[str, Any] | None = answer["basic_charge"]
    if choice is not None:
        say_money(
            "basic_line",
            settings,
            capacity=number(choice["by_capacity_cny"], 2),
            contracted=number(choice["by_contracted_cny"], 2),
            actual=number(choice["by_actual_cny"], 2),
            kw=choice["best_contracted_kw"],
            best=number(choice["best_contracted_cny"], 2),
        )


def say_money(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_money`` in the reader's language."""
    words = money_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], what: str, settings: Settings, **values: object
) -> None:
    language = settings.language
    if not rows:
        say_money(f"{what}_none", settings, **values)
        return
    console = table_console()
    title = money_text(f"{what}_title", language, count=len(rows), **values)
    console.print(table_of(rows, columns, title, language, console.width, money_text))


def _line(row: Row, language: str) -> str:
    name = money_text(f"line_{row['line']}", language).removeprefix("line_")
    period = row["period"]
    said = money_text(f"period_{period}", language).removeprefix("period_") if period else ""
    return f"{name} {said}".rstrip()


def _prices(row: Row, language: str) -> str:
    shown = []
    for part in row["parts"]:
        price = money_text("agent", language) if part["agent"] else part["price"]
        by_period = ", ".join(
            f"{money_text(f'period_{name}', language)} {value:g}"
            for name, value in part["prices"].items()
        )
        name = money_text(f"line_{part['name']}", language).removeprefix("line_")
        shown.append(f"{name} {by_period or price}")
    return "; ".join(shown)


def _time(row: Row, language: str) -> str:
    until = row["valid_until"] or money_text("open_end", language)
    return f"{row['valid_from']} – {until}"


def _basic(row: Row, language: str) -> str:
    figures = {"capacity": row["capacity_kva"] or 0, "demand": row["demand_kw"] or 0}
    return money_text(f"charge_{row['charge']}", language, **figures)


def _cost_of(side: str) -> Callable[[Row], str]:
    return lambda row: NONE if row[side] is None else number(row[side]["cost_cny"], 2)


def _interval(row: Row) -> str:
    low, high = row["projected_low_cny"], row["projected_high_cny"]
    return NONE if low is None else f"{number(low)} – {number(high)}"


def _chance(row: Row) -> str:
    chance = row["over_probability"]
    return NONE if chance is None else percent(100 * chance)
