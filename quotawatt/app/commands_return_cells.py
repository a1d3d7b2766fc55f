"""``returns set`` and ``returns clear``: cells of a return by hand."""

import json
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.commands_return_files import RETURNS, NumberArgument
from quotawatt.app.console import HomeOption, LanguageOption, settings_for
from quotawatt.app.home import home_clock
from quotawatt.app.tables_returns import say_returns
from quotawatt.errors import InputError
from quotawatt.settings import Settings


def register_cells(returns: typer.Typer) -> None:
    """Add the commands to ``returns``."""
    returns.command("set")(returns_set)
    returns.command("clear")(returns_clear)


def returns_set(
    number: NumberArgument,
    values: Annotated[list[str], typer.Argument(help="CELL=VALUE ...; nothing after =: empty.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is written by hand.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write values over cells, with the reason."""
    body = {"values": dict(_pair(one) for one in values), "reason": reason}
    _write(settings_for(home, language), f"/{number}/cells", body, "done_set")


def returns_clear(
    number: NumberArgument,
    cells: Annotated[list[str], typer.Argument(help="Cells.")],
    note: Annotated[str, typer.Option("--note", help="What there is to say of it.")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take back what was written over cells."""
    body = {"cells": cells, "comment": note}
    _write(settings_for(home, language), f"/{number}/clear", body, "done_clear")


def _pair(text: str) -> tuple[str, float | str | None]:
    """A cell and its value: a number where it is one, nothing for an empty one, else words."""
    cell, found, value = text.partition("=")
    if not found or not cell:
        raise InputError(f"a value must be given as CELL=VALUE, got {text!r}")
    if not value:
        return cell, None
    try:
        read = json.loads(value)
    except ValueError:
        return cell, value
    return cell, read if isinstance(read, int | float) else value


def _write(settings: Settings, path: str, body: dict[str, Any], done: str) -> None:
    answer = call(settings, home_clock(settings.home), "POST", RETURNS + path, body=body)
    say_returns(done, settings, **answer)
