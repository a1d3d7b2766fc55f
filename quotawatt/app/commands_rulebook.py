"""``rules list``, ``show``, ``versions``, ``diff`` and ``effects``: the rulebook to read."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app import commands_proposals
from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_rulebook import (
    print_differences,
    print_effects,
    print_entries,
    print_entry,
    print_versions,
)
from quotawatt.errors import InputError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.difference import differences, plain_book
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.sections import INSTRUMENTS, SECTIONS
from quotawatt.rulebook.templates import template_book
from quotawatt.rulebook.views import entry_rows, entry_view, find_entry, instrument_view
from quotawatt.settings import Settings
from quotawatt.spans import local_date

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Local day; default today.")]
FromOption = Annotated[str | None, typer.Option("--from", help="Local day YYYY-MM-DD.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Local day; default today.")]
KindOption = Annotated[
    list[str] | None, typer.Option("--kind", help="Section, such as quotas; several may be given.")
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``rules``."""
    group.command("list")(list_entries)
    group.command("show")(show)
    group.command("versions")(versions)
    group.command("diff")(diff)
    group.command("effects")(effects)


def list_entries(
    kind: KindOption = None,
    trust: Annotated[Trust | None, typer.Option("--trust", help="Only of this mark.")] = None,
    templates: Annotated[
        bool, typer.Option("--templates", help="Packs of provinces that need their standard.")
    ] = False,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is in force, with the clause that each cites and how well its numbers are known."""
    settings = settings_for(home, language)
    if templates:
        rows = entry_rows(template_book(), [INSTRUMENTS], trust)
    else:
        book = _book(settings).as_of(_day(settings, as_of, "as_of"))
        rows = entry_rows(book, kind or [s.name for s in SECTIONS], trust)
    if as_json:
        show_json(rows)
    else:
        print_entries(rows, settings.language)


def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Of an entry, or a proposal's number.")],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Section, where several have it.")
    ] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an instrument, quota, factor set, rule, ... with its clause, or a proposal by its number."""
    if name.isdigit():
        commands_proposals.show(int(name), home, language)
        return
    settings = settings_for(home, language)
    found = _view(settings, name, kind, as_of)
    if as_json:
        show_json([found])
    else:
        print_entry(found, settings.language)


def versions(
    name: Annotated[str, typer.Argument(metavar="ID")],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Section, where several have it.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the versions of an entry, and where each is written."""
    settings = settings_for(home, language)
    book = _book(settings)
    section, key = (kind, name) if kind else find_entry(book, name)
    found = entry_view(book, section, key, book)["versions"]
    if as_json:
        show_json(found)
    else:
        print_versions(found, settings.language)


def diff(
    before: Annotated[
        Path | None, typer.Argument(help="Folder of packs; alone, against what counts now.")
    ] = None,
    after: Annotated[Path | None, typer.Argument(help="Another folder, against the first.")] = None,
    first: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the rulebook of two days (--from, --until), or of two folders, entry by entry."""
    settings = settings_for(home, language)
    if (before is None) == (first is None):
        raise InputError("rules diff must have either folders or --from, got both or neither")
    if before is not None:
        books = _of_folders(settings, before, after)
    else:
        book = _book(settings)
        days = (_day(settings, first, "from"), _day(settings, until, "until"))
        books = book.as_of(days[0]), book.as_of(days[1])
    old, new = (plain_book(book) for book in books)
    found = [asdict(x) for x in differences(old, new)]
    if as_json:
        show_json(found)
    else:
        print_differences(found, settings.language)


def effects(
    first: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each rule did: evaluated, fired, resolved, taken up, explained, closed."""
    settings = settings_for(home, language)
    params = {name: day for name, day in (("from", first), ("until", until)) if day is not None}
    path = "/api/v1/rules/effects"
    answer = call(settings, home_clock(settings.home), "GET", path, params=params)
    if as_json:
        show_json(answer["items"])
    else:
        print_effects(answer["items"], settings.language)


def _view(settings: Settings, name: str, kind: str | None, as_of: str | None) -> dict[str, Any]:
    full = _book(settings)
    book = full.as_of(_day(settings, as_of, "as_of"))
    section, key = (kind, name) if kind else find_entry(full, name)
    if section == INSTRUMENTS:
        return instrument_view(book, key, full)
    return entry_view(book, section, key, full)


def _of_folders(settings: Settings, before: Path, after: Path | None) -> tuple[Rulebook, Rulebook]:
    """Two folders, each beside the program's own packs; one: what counts now, and that with the folder."""
    from quotawatt.app.rules_in_force import book_with

    if after is None:
        return _book(settings), book_with(settings, before)
    return load_rulebook([before]), load_rulebook([after])


def _book(settings: Settings) -> Rulebook:
    from quotawatt.app.rules_in_force import book_in_force

    return book_in_force(settings)


def _day(settings: Settings, text: str | None, name: str) -> date:
    if text is None:
        return local_date(home_clock(settings.home)(), ZoneInfo(settings.timezone))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} must be a date YYYY-MM-DD, got {text!r}") from None
