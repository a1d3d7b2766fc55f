"""``hand template|import|ledger``: entries by hand in and out as files, by the API."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import call, fetch, upload
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    printable,
    settings_for,
    show_json,
    stderr,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_hand import print_ledger, say_hand
from quotawatt.app.texts_hand import hand_text
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings

_HAND = "/api/v1/hand"
_SHOWN = 200
"""Mistakes and notes that are printed; JSON has all of them."""


def hand_template(
    file: Annotated[Path, typer.Argument(help="The workbook to write, .xlsx.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write an empty workbook to fill in, with the register's assets to choose from."""
    settings = settings_for(home, language)
    params = {"lang": settings.language}
    _write(
        file, ".xlsx", fetch(settings, home_clock(settings.home), f"{_HAND}/template.xlsx", params)
    )
    say_hand("template", settings, path=file)


def hand_import(
    file: Annotated[Path, typer.Argument(help="A workbook .xlsx.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be done.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a workbook in: all or nothing, and again without harm."""
    settings = settings_for(home, language)
    params = {"dry_run": "true" if dry_run else "false", "lang": settings.language}
    with stderr.status(hand_text("reading_file", settings.language)):
        answer = upload(settings, home_clock(settings.home), f"{_HAND}/import", file, params)
    if as_json:
        show_json([answer])
    else:
        _show_import(answer, settings, dry_run=dry_run)
    if answer["problems"]:
        raise typer.Exit(1)


def hand_ledger(
    month: Annotated[str, typer.Option("--month", help="YYYY-MM.")],
    asset: Annotated[
        str | None, typer.Option("--asset", help="Only an organisation, building or meter.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Write it to a file, .xlsx or .csv.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ledger of a month: readings, use, bills, stocks and cost of each point."""
    settings = settings_for(home, language)
    clock = home_clock(settings.home)
    if file is not None:
        suffix = file.suffix.lower()
        if suffix not in (".xlsx", ".csv"):
            raise InputError(f"a ledger's file must be .xlsx or .csv, got {str(file)!r}")
        params = {"month": month, "asset": asset, "lang": settings.language}
        _write(file, suffix, fetch(settings, clock, f"{_HAND}/ledger{suffix}", params))
        say_hand("ledger_file", settings, path=file)
        return
    params = {"month": month, "asset": asset}
    rows = call(settings, clock, "GET", f"{_HAND}/ledger", params=params)["items"]
    if as_json:
        show_json(rows)
    else:
        print_ledger(month, rows, settings)


def _show_import(answer: dict[str, Any], settings: Settings, *, dry_run: bool) -> None:
    problems = answer["problems"]
    for words in answer["notes"][:_SHOWN]:
        say_hand("note_line", settings, note=printable(words))
    if problems:
        say_hand("problems", settings, count=len(problems))
        for problem in problems[:_SHOWN]:
            stdout.print(printable(problem["text"]), markup=False, highlight=False, soft_wrap=True)
        return
    say_hand("import_counts", settings, **answer)
    if dry_run:
        say_hand("dry_run", settings)


def _write(file: Path, suffix: str, data: bytes) -> None:
    if file.suffix.lower() != suffix:
        raise InputError(f"the file must be a workbook {suffix}, got {str(file)!r}")
    try:
        file.write_bytes(data)
    except OSError as error:
        raise StoreError(f"the file must be writable, got {file} ({error.strerror})") from None
