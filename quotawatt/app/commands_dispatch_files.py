"""``dispatch template|import|export``: orders in and out as files, by the API."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

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
from quotawatt.app.tables_dispatch import say_dispatch
from quotawatt.app.texts_dispatch import dispatch_text
from quotawatt.dispatch.files import FILES
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings

FileArgument = Annotated[Path, typer.Argument(help="A workbook .xlsx, or .csv.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]

_DISPATCH = "/api/v1/dispatch"
_PAGE = 500
_SHOWN = 200
"""Mistakes and notes that are printed; JSON has all of them."""


def dispatch_template(
    file: Annotated[Path, typer.Argument(help="The workbook to write, .xlsx.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write an empty workbook of orders to fill in."""
    write_template(settings_for(home, language), f"{_DISPATCH}/template.xlsx", file)


def dispatch_import(
    file: FileArgument,
    source: Annotated[
        str, typer.Option("--source", help="Within which the orders are numbered.")
    ] = "file",
    dry_run: DryRunOption = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take orders in: all or nothing, and again without harm."""
    settings = settings_for(home, language)
    take_file(settings, f"{_DISPATCH}/import", file, {"source": source}, dry_run, as_json)


def dispatch_export(
    file: FileArgument,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Not included.")] = None,
    vehicle: Annotated[str | None, typer.Option("--vehicle", help="Code.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write orders to a file; what is written can be read again."""
    settings = settings_for(home, language)
    suffix = file.suffix.lower()
    if suffix not in FILES:
        raise InputError(f"orders' file must be .xlsx or .csv, got {str(file)!r}")
    rows = every_order(settings, vehicle=vehicle, **{"from": start, "until": until})
    rows.reverse()
    write_file(file, FILES[suffix](rows, settings.language, ZoneInfo(settings.timezone)))
    say_dispatch("export", settings, path=file, count=len(rows))


def every_order(settings: Settings, **wanted: Any) -> list[dict[str, Any]]:
    """All orders that meet the filters, page by page."""
    return every_row(settings, f"{_DISPATCH}/orders", wanted)


def every_row(settings: Settings, path: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of a list that comes in pages."""
    rows: list[dict[str, Any]] = []
    while True:
        params = {**wanted, "limit": _PAGE, "offset": len(rows)}
        page = call(settings, home_clock(settings.home), "GET", path, params=params)
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            return rows


def take_file(
    settings: Settings,
    path: str,
    file: Path,
    params: dict[str, Any],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Hand a file in and say what became of it; ends with status 1 where something stands against it."""
    params = {**params, "dry_run": "true" if dry_run else "false", "lang": settings.language}
    with stderr.status(dispatch_text("reading_file", settings.language)):
        answer = upload(settings, home_clock(settings.home), path, file, params)
    if as_json:
        show_json([answer])
    else:
        _show_import(answer, settings, dry_run=dry_run)
    if answer["problems"]:
        raise typer.Exit(1)


def write_template(settings: Settings, path: str, file: Path) -> None:
    """Write an empty workbook that the API gives."""
    if file.suffix.lower() != ".xlsx":
        raise InputError(f"the file must be a workbook .xlsx, got {str(file)!r}")
    params = {"lang": settings.language}
    write_file(file, fetch(settings, home_clock(settings.home), path, params))
    say_dispatch("template", settings, path=file)


def write_file(file: Path, data: bytes) -> None:
    """Write a file. Raises StoreError where that cannot be."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise StoreError(f"the file must be writable, got {file} ({error.strerror})") from None


def _show_import(answer: dict[str, Any], settings: Settings, *, dry_run: bool) -> None:
    problems = answer["problems"]
    for words in answer["notes"][:_SHOWN]:
        say_dispatch("note_line", settings, note=printable(words))
    if problems:
        say_dispatch("problems", settings, count=len(problems))
        for problem in problems[:_SHOWN]:
            stdout.print(printable(problem["text"]), markup=False, highlight=False, soft_wrap=True)
        return
    say_dispatch("import_counts", settings, **answer)
    if dry_run:
        say_dispatch("dry_run", settings)
