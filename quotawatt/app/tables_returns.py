"""The listings of statistics returns and of the exchange as tables."""

from collections.abc import Sequence
from typing import Any

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    number,
    printable,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_returns import returns_text
from quotawatt.settings import Settings


def print_returns(rows: Sequence[Row], settings: Settings) -> None:
    """Returns and how they stand."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        *_standing(language),
        Column("issued", lambda row: row["issued"] or NONE, least=100),
    ]
    _print(rows, columns, "returns", settings, count=len(rows))


def print_due(period: str, rows: Sequence[Row], settings: Settings) -> None:
    """Who makes a return of a period, and who is late."""
    _print(rows, _standing(settings.language), "due", settings, period=period, count=len(rows))
    late = [row["organisation"] for row in rows if row["overdue"]]
    if late:
        separator = "、" if settings.language == "zh" else ", "
        say_returns("late", settings, count=len(late), names=separator.join(late))


def print_return(detail: Row, settings: Settings) -> None:
    """A return: its figures of the whole period, and what was done with it."""
    language = settings.language
    rows = [cell for cell in detail["cells"] if not cell["month"]]
    columns = [
        Column("cell", lambda row: row["cell"], no_wrap=True),
        Column("row", lambda row: row["title"][language]),
        Column("value", lambda row: shown(row["value"], row["decimals"]), right=True, no_wrap=True),
        Column("unit", lambda row: row["unit"], no_wrap=True),
        Column("quality", lambda row: _quality(row, language)),
        Column("reason", lambda row: (row["override"] or {}).get("reason") or NONE, least=100),
    ]
    title = {
        "name": detail["name"].get(language, detail["organisation"]),
        "period": detail["period"],
        "title": detail["title"][language],
        "version": detail["version"],
        "state": returns_text(f"state_{detail['state']}", language),
    }
    _print(rows, columns, "cells", settings, **title)
    steps = " → ".join(f"{step['action']} ({step['actor']})" for step in detail["steps"])
    say_returns("steps", settings, steps=steps)
    if detail["trust"] != "source":
        say_returns("form_unverified", settings)


def print_doubts(answer: Row, settings: Settings) -> None:
    """What is not in order."""
    language = settings.language
    columns = [
        Column("cell", lambda row: row["cell"], no_wrap=True),
        Column("check", lambda row: row["title"][language]),
        Column("value", lambda row: number(row["value"], 2), right=True, no_wrap=True),
        Column("expected", lambda row: number(row["expected"], 2), right=True, no_wrap=True),
        Column("blocks", lambda row: returns_text("yes" if row["blocks"] else "no", language)),
    ]
    rows = answer["items"]
    _print(rows, columns, "doubts", settings, number=answer["number"], count=len(rows))


def print_sums(answer: Row, settings: Settings) -> None:
    """Sums level by level, the main figures of each; the others are in the JSON."""
    language = settings.language
    columns = [
        Column("level", lambda row: f"{row['code']} {row['name'].get(language, '')}".rstrip()),
        Column("counted", lambda row: str(len(row["counted"])), right=True),
        Column("missing", lambda row: ", ".join(row["missing"]) or NONE),
        Column("electricity", lambda row: _figure(row, "use.electricity"), right=True),
        Column("water", lambda row: _figure(row, "use.water"), right=True),
        Column("cost", lambda row: _figure(row, "use.energy_cost"), right=True),
    ]
    by = returns_text(f"by_{answer['by']}", language)
    _print(answer["items"], columns, "sums", settings, period=answer["period"], by=by)


def print_forms(answer: Row, settings: Settings) -> None:
    """The forms in force."""
    language = settings.language
    columns = [
        Column("form", lambda row: row["title"][language]),
        Column("version", lambda row: row["version"], no_wrap=True),
        Column("rows", lambda row: str(sum(len(s["rows"]) for s in row["sheets"])), right=True),
        Column("clause", lambda row: row["clause"]["title"][language]),
        Column("trust", lambda row: row["trust"]),
    ]
    _print(answer["items"], columns, "forms", settings, day=answer["day"])


def print_datasets(rows: Sequence[Row], settings: Settings) -> None:
    """The catalogue."""
    language = settings.language
    columns = [
        Column("dataset", lambda row: f"{row['id']} {row['title'][language]}"),
        Column("owner", lambda row: row["owner"][language]),
        Column("classification", lambda row: row["classification"]),
        Column("schema", lambda row: row["schema"], no_wrap=True),
    ]
    _print(rows, columns, "datasets", settings)


def print_codes(name: str, table: Row, settings: Settings) -> None:
    """A code table."""
    language = settings.language
    columns = [
        Column("code", lambda row: row["code"], no_wrap=True),
        Column("words", lambda row: row[language]),
    ]
    _print(table["codes"], columns, "codes", settings, name=name, trust=table["trust"])


def print_sent(rows: Sequence[Row], settings: Settings) -> None:
    """What is sent to the platform above."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("document", lambda row: row["key"]),
        Column("state", lambda row: returns_text(f"sent_{row['state']}", language)),
        Column("tries", lambda row: str(row["tries"]), right=True),
        Column("receipt", lambda row: printable(row["receipt"] or row["last_error"]) or NONE),
    ]
    _print(rows, columns, "sent", settings, count=len(rows))


def shown(value: Any, decimals: int) -> str:
    """A value of a cell as it prints."""
    return value if isinstance(value, str) else number(value, decimals)


def say_returns(key: str, settings: Settings, **values: Any) -> None:
    """A line in the reader's language."""
    words = returns_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _standing(language: str) -> list[Column]:
    return [
        Column(
            "organisation", lambda row: f"{row['organisation']} {row['name'].get(language, '')}"
        ),
        Column("period", lambda row: row["period"], no_wrap=True),
        Column("state", lambda row: returns_text(f"state_{row['state']}", language), no_wrap=True),
        Column("due", lambda row: _due(row, language), no_wrap=True),
    ]


def _due(row: Row, language: str) -> str:
    due = str(row["due"])
    return returns_text("overdue", language, due=due) if row["overdue"] else due


def _quality(row: Row, language: str) -> str:
    coverage = 100 * row["coverage"]
    return returns_text(f"quality_{row['quality']}", language, coverage=coverage)


def _figure(row: Row, cell: str) -> str:
    return next((number(f["value"], 0) for f in row["figures"] if f["cell"] == cell), NONE)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], what: str, settings: Settings, **values: object
) -> None:
    language = settings.language
    if not rows:
        say_returns(f"{what}_none", settings, **values)
        return
    console = table_console()
    title = returns_text(f"{what}_title", language, **values)
    console.print(table_of(rows, columns, title, language, console.width, returns_text))
