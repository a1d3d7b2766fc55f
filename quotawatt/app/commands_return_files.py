"""``returns export`` and ``returns print``: a return as a file."""

from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.client import fetch
from quotawatt.app.console import HomeOption, LanguageOption, settings_for
from quotawatt.app.home import home_clock
from quotawatt.app.tables_returns import say_returns
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings

NumberArgument = Annotated[int, typer.Argument(help="Number of the return.")]
FileOption = Annotated[Path, typer.Option("--file", help="Where it is written.")]

RETURNS = "/api/v1/returns"
"""Where the API has returns."""


def register_files(returns: typer.Typer) -> None:
    """Add the commands to ``returns``."""
    returns.command("export")(returns_export)
    returns.command("print")(returns_print)


def returns_export(
    number: NumberArgument,
    file: FileOption,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a return to a workbook (.xlsx)."""
    _fetch_file(settings_for(home, language), number, "export.xlsx", file, ".xlsx")


def returns_print(
    number: NumberArgument,
    file: FileOption,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a return to a page for printing (.html), with the place of the seal."""
    _fetch_file(settings_for(home, language), number, "print", file, ".html")


def _fetch_file(settings: Settings, number: int, what: str, file: Path, suffix: str) -> None:
    if file.suffix.lower() != suffix:
        raise InputError(f"the file must end in {suffix}, got {str(file)!r}")
    params = {"lang": settings.language}
    data = fetch(settings, home_clock(settings.home), f"{RETURNS}/{number}/{what}", params)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise StoreError(f"the file must be writable, got {file} ({error.strerror})") from None
    say_returns("written", settings, path=file)
