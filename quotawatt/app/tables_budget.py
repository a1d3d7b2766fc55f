"""Budgets, the energy calendar, targets and explanations as tables."""

from collections.abc import Sequence

from rich.text import Text

from quotawatt.app.coal_lines import coal_words
from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    number,
    percent,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_budget import budget_text
from quotawatt.settings import Settings

_SIGNS = {"green": "·", "amber": "!", "red": "X", "unknown": "?", "ahead": " "}
_STYLES = {"green": "green", "amber": "yellow", "red": "bold red", "unknown": "dim", "ahead": ""}


def say_budget(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_budget`` in the reader's language."""
    words = budget_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def print_budget(answer: Row, settings: Settings) -> None:
    """An account beside its budget, and its months."""
    columns = [
        Column("month", lambda row: row["month"][:7], no_wrap=True),
        Column("budget", lambda row: number(row["budget"]), right=True),
        Column("to_date", lambda row: number(row["budget_to_date"]), right=True, least=100),
        Column("used", lambda row: number(row["used"]), right=True),
        Column("difference", _difference, right=True),
        Column("projected", lambda row: number(row["projected"]), right=True),
        Column(
            "known_days", lambda row: f"{row['known_days']}/{row['days']}", right=True, least=100
        ),
    ]
    say_budget("budget_title", settings, **_titles(answer, settings))
    figures = {name: number(answer[name]) for name in ("used", "budget_to_date", "limit")}
    days = answer["complete_days"]
    ahead = _ahead(answer, settings.language)
    say_budget("budget_line", settings, complete_days=days, ahead=ahead, **figures)
    if coal := coal_words(answer["coal"], settings.language):
        stdout.print(coal, markup=False, highlight=False, soft_wrap=True)
    if unknown := days - answer["known_days"]:
        say_budget("unknown_days", settings, days=unknown)
    _say_allowance(answer["allowance"], settings)
    _say_basis(answer, settings)
    _print(answer["months"], columns, settings, None)


def print_calendar(answer: Row, settings: Settings, month: str | None) -> None:
    """The year as a sign a day, or the days of one month (``YYYY-MM``)."""
    say_budget("budget_title", settings, **_titles(answer, settings))
    _say_basis(answer, settings)
    if month is not None:
        rows = [row for row in answer["items"] if row["day"].startswith(month)]
        _print(rows, _day_columns(settings.language), settings, None)
        return
    months: dict[str, list[Row]] = {}
    for row in answer["items"]:
        months.setdefault(row["day"][:7], []).append(row)
    lines = [{"month": name, "days": days} for name, days in months.items()]
    columns = [
        Column("month", lambda row: row["month"], no_wrap=True),
        Column("days", lambda row: _signs(row["days"]), no_wrap=True),
    ]
    _print(lines, columns, settings, None)
    say_budget("calendar_key", settings)


def print_targets(answer: Row, settings: Settings) -> None:
    """Targets of a year."""
    language = settings.language
    columns = [
        Column("asset", lambda row: _named(row["asset"], row["name"], language)),
        Column("indicator", lambda row: row["title"].get(language, row["indicator"])),
        Column("amount", _target, right=True),
        Column("assigner", lambda row: row["assigner"] or NONE),
        *_version_columns(language),
    ]
    named = {"year": answer["year"], "as_of": answer["as_of"]}
    _print(answer["items"], columns, settings, "assigned", **named)


def print_cascades(answer: Row, settings: Settings) -> None:
    """How targets were passed on."""
    language = settings.language
    columns = [
        Column("asset", lambda row: _named(row["assigner"], row["name"], language)),
        Column("indicator", lambda row: row["title"].get(language, row["indicator"])),
        Column("own", lambda row: _with_unit(row["own_amount"], row), right=True),
        Column("passed_on", lambda row: _with_unit(row["assigned"], row), right=True),
        Column("remainder", _remainder, right=True),
        Column("units", lambda row: str(len(row["shares"])), right=True),
    ]
    named = {"year": answer["year"], "as_of": answer["as_of"]}
    _print(answer["items"], columns, settings, "cascade", **named)


def print_revisions(rows: Sequence[Row], settings: Settings) -> None:
    """How a quota was revised."""
    columns = [
        Column("value", lambda row: f"{row['value']:g} {row['unit']}", right=True),
        Column("original", _original, right=True),
        *_version_columns(settings.language),
    ]
    _print(rows, columns, settings, "revisions")


def print_explanations(rows: Sequence[Row], settings: Settings) -> None:
    """Explanations of overruns."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("account", lambda row: f"{row['asset']}/{row['quota']} {row['year']}"),
        Column("explained", lambda row: f"{number(row['amount'])} {row['unit']}", right=True),
        Column("state", lambda row: budget_text(f"state_{row['state']}", language), no_wrap=True),
        Column("reason", lambda row: row["reason"]),
        Column("measures", lambda row: row["measures"], least=100),
        Column("written_by", lambda row: row["written_by"], least=120),
        Column("decided_by", lambda row: row["decided_by"] or NONE, least=120),
    ]
    _print(rows, columns, settings, "explanations")


def _print(
    rows: Sequence[Row],
    columns: Sequence[Column],
    settings: Settings,
    what: str | None,
    **values: object,
) -> None:
    language = settings.language
    if what is not None and not rows:
        say_budget(f"{what}_none", settings, **values)
        return
    title = (
        "" if what is None else budget_text(f"{what}_title", language, count=len(rows), **values)
    )
    console = table_console()
    console.print(table_of(rows, columns, title, language, console.width, budget_text))


def _titles(answer: Row, settings: Settings) -> Row:
    name, title = (answer[key].get(settings.language, "") for key in ("name", "title"))
    named = {key: answer[key] for key in ("asset", "quota", "year", "unit")}
    return {**named, "name": name, "title": title}


def _ahead(answer: Row, language: str) -> str:
    key = "ahead" if answer["ahead"] > 0 else "behind"
    days, pct = answer["ahead_days"], answer["ahead_pct"]
    return budget_text(
        key,
        language,
        amount=number(abs(answer["ahead"])),
        pct=percent(None if pct is None else abs(pct)),
        days=number(None if days is None else abs(days), 1),
    )


def _say_allowance(allowance: Row, settings: Settings) -> None:
    if allowance["per_day"] is None:
        say_budget("allowance_none", settings)
        return
    kinds = {name: number(allowance[name], 1) for name in ("working_day", "non_working_day")}
    say_budget("allowance_line", settings, scale=percent(100 * allowance["scale"]), **kinds)


def _say_basis(answer: Row, settings: Settings) -> None:
    say_budget(f"basis_{answer['basis']}", settings)
    if not answer["calendar_announced"]:
        say_budget("not_announced", settings)


def _day_columns(language: str) -> list[Column]:
    def kind(row: Row) -> str:
        return budget_text("working" if row["working"] else "non_working", language)

    return [
        Column("day", lambda row: row["day"], no_wrap=True),
        Column("kind", kind, no_wrap=True),
        Column("budget", lambda row: number(row["budget"], 1), right=True),
        Column("used", lambda row: number(row["used"], 1), right=True),
        Column("colour", lambda row: budget_text(f"colour_{row['colour']}", language)),
    ]


def _signs(days: Sequence[Row]) -> Text:
    line = Text()
    for day in days:
        line.append(_SIGNS[day["colour"]], style=_STYLES[day["colour"]])
    return line


def _version_columns(language: str) -> list[Column]:
    def day(row: Row) -> str:
        lifted = f" ({budget_text('lifted', language)})" if row["lifted"] else ""
        return f"{row['effective_from']}{lifted}"

    return [
        Column("version", lambda row: str(row["version"]), right=True),
        Column("effective_from", day, no_wrap=True),
        Column("document", lambda row: row["document"]),
        Column("note", lambda row: row["note"] or NONE, least=120),
    ]


def _named(code: str, name: Row, language: str) -> str:
    return f"{code} {name.get(language, '')}".rstrip()


def _target(row: Row) -> str:
    return f"{row['amount']:,.10g} {row['unit']}"


def _with_unit(amount: float | None, row: Row) -> str:
    return NONE if amount is None else f"{number(amount)} {row['amount_unit']}"


def _remainder(row: Row) -> Text:
    return Text(_with_unit(row["remainder"], row), style="bold red" if row["over"] else "")


def _difference(row: Row) -> str:
    return NONE if row["difference"] is None else f"{row['difference']:+,.0f}"


def _original(row: Row) -> str:
    return NONE if row["original"] is None else f"{row['original']:g} {row['unit']}"
