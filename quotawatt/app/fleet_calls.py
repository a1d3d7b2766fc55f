"""What the commands of the vehicles' books share: their options, and asking the API."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import Row, show_json, with_zone
from quotawatt.app.home import home_clock
from quotawatt.app.tables_fleet_books import print_book
from quotawatt.settings import Settings

VehicleArgument = Annotated[str, typer.Argument(help="Code of the vehicle.")]
NumberArgument = Annotated[int, typer.Argument(help="Number of the entry.")]
VehicleOption = Annotated[str | None, typer.Option("--vehicle", help="Only this one.")]
OdometerOption = Annotated[
    float | None, typer.Option("--odometer", help="km as the dashboard shows it.")
]
NoteOption = Annotated[str, typer.Option("--note")]

FLEET = "/api/v1/fleet"


def list_book(book: str, settings: Settings, as_json: bool, **wanted: Any) -> None:
    """Show one of the books."""
    show_book(
        book, ask_fleet(settings, "GET", f"/{book}", params=wanted)["items"], settings, as_json
    )


def show_book(book: str, rows: Sequence[Row], settings: Settings, as_json: bool) -> None:
    """Show rows of one of the books."""
    if as_json:
        show_json(rows)
    else:
        print_book(book, rows, settings)


def ask_fleet(settings: Settings, method: str, path: str, **options: Any) -> Any:
    """One request; see ``client.call``."""
    return call(settings, home_clock(settings.home), method, FLEET + path, **options)


def told_at(at: str | None, settings: Settings) -> str | None:
    """A time of an option ``--at`` with its zone; None: now."""
    return None if at is None else with_zone(at, "--at", settings)
