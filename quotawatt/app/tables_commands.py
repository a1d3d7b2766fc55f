"""Commands to devices, as tables for people."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_commands import command_text
from quotawatt.settings import Settings


def print_offers(case: int, rows: Sequence[Row], settings: Settings) -> None:
    """What a case offers now."""
    lang = settings.language
    columns = [
        Column("what", lambda row: f"{row['title'][lang]} {row['command']}"),
        Column("asset", lambda row: f"{row['asset']} {row['name'].get(lang, '')}".rstrip()),
        Column("device", _place),
        Column("value", lambda row: _number(row["value"]), right=True),
        Column("range", _range, no_wrap=True),
        Column("present", lambda row: _number(row["present"]), right=True),
    ]
    if not rows:
        _line(command_text("no_offers", lang, case=case))
        return
    _print(rows, columns, command_text("offers", lang, case=case), lang)


def print_commands(rows: Sequence[Row], settings: Settings) -> None:
    """Commands, in the order in which they come."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda row: str(row["number"]), right=True, no_wrap=True),
        Column("case", lambda row: str(row["case"]), right=True, no_wrap=True),
        Column("what", lambda row: row["title"][lang]),
        Column("device", _place),
        Column("value", lambda row: _number(row["value"]), right=True),
        Column("state", lambda row: command_text(f"state_{row['state']}", lang)),
        Column("asked", lambda row: f"{local_time(row['asked_at'], zone)} {row['asked_by']}"),
        Column("confirmed_by", lambda row: row["confirmed_by"] or NONE, least=100),
        Column("error", lambda row: row["error"] or NONE, least=100),
    ]
    if not rows:
        _line(command_text("no_commands", lang))
        return
    _print(rows, columns, command_text("commands", lang, count=len(rows), zone=zone.key), lang)


def say_command(row: Row, settings: Settings) -> None:
    """What one command has come to, and what comes next."""
    lang, number = settings.language, row["number"]
    state = command_text(f"state_{row['state']}", lang)
    _line(command_text("done", lang, number=number, state=state))
    if row["state"] == "asked":
        _line(command_text("next_asked", lang, number=number))


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, language: str) -> None:
    console = table_console()
    console.print(table_of(rows, columns, title, language, console.width, command_text))


def _place(row: Row) -> str:
    return f"{row['device']}/{row['channel']}" if row["channel"] else str(row["device"])


def _range(row: Row) -> str:
    return NONE if row["low"] is None else f"{row['low']:.15g} – {row['high']:.15g}"


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.15g}"


def _line(words: str) -> None:
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)
