"""The listings of energy-performance contracts as tables."""

from collections.abc import Sequence
from datetime import date

from quotawatt.app.console import NONE, Column, Row, number, stdout, table_console, table_of
from quotawatt.app.texts_performance import performance_text
from quotawatt.settings import Settings
from quotawatt.spans import DAY


def print_contracts(rows: Sequence[Row], settings: Settings) -> None:
    """Contracts with their parties and times."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("kind", lambda row: performance_text(f"kind_{row['kind']}", language)),
        Column("subject", lambda row: f"{row['subject']} {row['name'].get(language, '')}".rstrip()),
        Column("title", lambda row: row["title"]),
        Column("provider", lambda row: row["provider"], least=100),
        Column("time", _validity, no_wrap=True),
    ]
    _print(rows, columns, "contracts", settings)


def print_events(rows: Sequence[Row], unit: str, settings: Settings) -> None:
    """Non-routine events of a contract in this unit; withdrawn ones say so."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["id"]), right=True, no_wrap=True),
        Column("days", lambda row: f"{row['first_day']} – {row['last_day']}", no_wrap=True),
        Column("effect", lambda row: _effect(row, unit, language)),
        Column("reason", lambda row: _reason(row, language)),
        Column("by", lambda row: row["entered_by"], least=100),
    ]
    _print(rows, columns, "events", settings)


def print_verifications(rows: Sequence[Row], settings: Settings) -> None:
    """Savings that were proposed, with what became of them."""
    language = settings.language
    columns = [
        Column("number", lambda row: f"{row['id']}  {row['number']}", no_wrap=True),
        Column("days", lambda row: f"{row['first_day']} – {row['last_day']}", no_wrap=True),
        Column("saved", _saved, right=True, no_wrap=True),
        Column("worth", lambda row: _money(row, "saved_cny"), right=True, no_wrap=True),
        Column("to_provider", lambda row: _money(row, "provider_cny"), right=True, no_wrap=True),
        Column("state", lambda row: performance_text(f"state_{row['state']}", language)),
    ]
    _print(rows, columns, "verifications", settings)


def print_savings(answer: Row, settings: Settings) -> None:
    """What a period saved and who gets what, or what stands in its way; then the findings."""
    report = answer["report"]
    if report is None:
        say("no_savings", settings)
    else:
        total, settled = report["total"], report["settlement"]
        say(
            "savings",
            settings,
            **report["reporting"],
            unit=report["unit"],
            saved=number(total["savings"]),
            percent=number(total["savings_pct"], 1),
            worth=number(settled["saved_cny"], 2),
            provider=number(settled["provider_cny"], 2),
            client=number(settled["client_cny"], 2),
        )
    for finding in answer["findings"]:
        stdout.print(f"- {finding['sentence']}", markup=False, highlight=False, soft_wrap=True)


def say(key: str, settings: Settings, **values: object) -> None:
    """One line of words."""
    text = performance_text(key, settings.language, **values)
    stdout.print(text, markup=False, highlight=False, soft_wrap=True)


def state_name(state: str, language: str) -> str:
    """What became of a proposal."""
    return performance_text(f"state_{state}", language)


def _effect(row: Row, unit: str, language: str) -> str:
    amount = row["amount"] or 0.0
    return performance_text(f"effect_{row['kind']}", language, amount=amount, unit=unit)


def _validity(row: Row) -> str:
    """The first day and the last one: what is kept is half-open, and people read it as closed."""
    last = date.fromisoformat(row["valid_until"]) - DAY
    return f"{row['valid_from']} – {last}"


def _reason(row: Row, language: str) -> str:
    gone = performance_text("withdrawn", language) if row["withdrawn_by"] else ""
    return f"{row['reason']} {gone}".rstrip()


def _saved(row: Row) -> str:
    report = row["report"]
    return f"{number(report['total']['savings'])} {report['unit']}"


def _money(row: Row, name: str) -> str:
    value = row["report"]["settlement"][name]
    return NONE if value is None else number(value, 2)


def _print(rows: Sequence[Row], columns: Sequence[Column], key: str, settings: Settings) -> None:
    language = settings.language
    if not rows:
        say(f"{key}_none", settings)
        return
    console = table_console()
    title = performance_text(f"{key}_title", language, count=len(rows))
    console.print(table_of(rows, columns, title, language, console.width, performance_text))
