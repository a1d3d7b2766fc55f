"""``trips``: trips of vehicles, over the stores, or straight over logs."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.fleet_source import LogSource, refuse_log_options
from quotawatt.app.option_groups import with_options
from quotawatt.app.paging import ask, pages
from quotawatt.app.tables_fleet import line, print_trips
from quotawatt.clock import system_clock
from quotawatt.settings import Settings


def register(app: typer.Typer) -> None:
    """Add ``trips`` to the program."""
    app.command("trips")(with_options(trips, LogSource))


def trips(
    source: LogSource,
    vehicle: Annotated[
        str | None,
        typer.Option("--vehicle", help="Code; with --csv: whose the logs are."),
    ] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Only of its vehicles; of stores only.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day; of the stores default 30 days ago.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Day after the last.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trips: when, how far by what, what they used and per 100 km, how long they idled."""
    settings = settings_for(home, language)
    if source.csv:
        # Loaded only here: the analytics take a second, and no other command needs them.
        from quotawatt.app.trips_work import of_logs

        of_logs(source, vehicle or "", (first, until), as_json, settings, system_clock())
        return
    refuse_log_options(source)
    wanted = {"vehicle": vehicle, "organisation": organisation, "from": first, "until": until}
    _of_stores(wanted, as_json, settings)


def _of_stores(wanted: dict[str, str | None], as_json: bool, settings: Settings) -> None:
    rows = list(pages(settings, "fleet/trips", wanted))
    if as_json:
        show_json(rows)
        return
    print_trips(rows, ZoneInfo(settings.timezone), settings.language)
    masked = ask(settings, "fleet/trips", {**wanted, "limit": 1})["masked"]
    if masked:
        codes = ", ".join(row["vehicle"] for row in masked)
        line("masked", settings.language, count=len(masked), codes=codes)
