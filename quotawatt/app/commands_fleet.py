"""``fleet``: official vehicles, by the API."""

import typer

from quotawatt.app.commands_fleet_books import add_books
from quotawatt.app.commands_fleet_reports import add_reports
from quotawatt.app.commands_fleet_use import add_use


def register(app: typer.Typer) -> None:
    """Add ``fleet`` to the program."""
    fleet = typer.Typer(help="Official vehicles.", no_args_is_help=True)
    add_use(fleet)
    add_books(fleet)
    add_reports(fleet)
    app.add_typer(fleet, name="fleet")
