"""``fleet services|cards``: what vehicles cost, by the API."""

from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.commands_dispatch_files import (
    DryRunOption,
    FileArgument,
    every_row,
    take_file,
    write_template,
)
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
)
from quotawatt.app.fleet_calls import (
    FLEET,
    NoteOption,
    NumberArgument,
    OdometerOption,
    VehicleArgument,
    VehicleOption,
    ask_fleet,
    list_book,
    show_book,
)
from quotawatt.app.tables_fleet_books import say_book

CostOption = Annotated[float | None, typer.Option("--cost", help="CNY.")]


def add_costs(fleet: typer.Typer) -> None:
    """Add ``services`` and ``cards`` to the group ``fleet``."""
    services = typer.Typer(help="Maintenance, repair, insurance.", no_args_is_help=True)
    services.command("list")(services_list)
    services.command("add")(services_add)
    services.command("withdraw")(services_withdraw)
    fleet.add_typer(services, name="services")
    cards = typer.Typer(help="Fuel bought by card.", no_args_is_help=True)
    cards.command("list")(cards_list)
    cards.command("add")(cards_add)
    cards.command("remove")(cards_remove)
    cards.command("import")(cards_import)
    cards.command("template")(cards_template)
    fleet.add_typer(cards, name="cards")


def services_list(
    vehicle: VehicleOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Maintenance, repair, insurance and the like."""
    list_book("services", settings_for(home, language), as_json, vehicle=vehicle)


def services_add(
    vehicle: VehicleArgument,
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD.")],
    kind: Annotated[
        str,
        typer.Argument(help="maintenance, repair, insurance, inspection, toll, other."),
    ],
    odometer: OdometerOption = None,
    cost: CostOption = None,
    provider: Annotated[str, typer.Option("--provider")] = "",
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Put down what was done to a vehicle or paid for it."""
    settings = settings_for(home, language)
    body = {
        "vehicle": vehicle,
        "day": day,
        "kind": kind,
        "odometer_km": odometer,
        "cost_cny": cost,
        "provider": provider,
        "note": note,
    }
    say_book("done_service", settings, **ask_fleet(settings, "POST", "/services", body=body))


def services_withdraw(
    number: NumberArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Say that a service does not count."""
    settings = settings_for(home, language)
    say_book(
        "done_withdraw", settings, **ask_fleet(settings, "POST", f"/services/{number}/withdraw")
    )


def cards_list(
    vehicle: VehicleOption = None,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Not included.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fuel bought by card."""
    settings = settings_for(home, language)
    wanted = {"vehicle": vehicle, "from": start, "until": until}
    show_book("cards", every_row(settings, f"{FLEET}/cards", wanted), settings, as_json)


def cards_add(
    vehicle: VehicleArgument,
    time: Annotated[str, typer.Argument(help="Time, local or with a zone.")],
    litres: Annotated[float, typer.Argument()],
    card: Annotated[str, typer.Option("--card", help="Number of the card.")] = "",
    fuel: Annotated[str, typer.Option("--fuel", help="petrol or diesel.")] = "",
    cost: CostOption = None,
    odometer: OdometerOption = None,
    station: Annotated[str, typer.Option("--station")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a row of a card's statement; the same again changes nothing."""
    settings = settings_for(home, language)
    body = {
        "vehicle": vehicle,
        "time": time,
        "litres": litres,
        "card": card,
        "fuel": fuel,
        "cost_cny": cost,
        "odometer_km": odometer,
        "station": station,
    }
    say_book("done_card", settings, **ask_fleet(settings, "POST", "/cards", body=body))


def cards_remove(
    number: NumberArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a wrong row back."""
    settings = settings_for(home, language)
    done = ask_fleet(settings, "POST", f"/cards/{number}/remove", body={"note": note})
    say_book("done_withdraw", settings, **done)


def cards_import(
    file: FileArgument,
    dry_run: DryRunOption = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a card's statement in: all or nothing, and again without harm."""
    settings = settings_for(home, language)
    take_file(settings, f"{FLEET}/cards/import", file, {}, dry_run, as_json)


def cards_template(
    file: Annotated[Path, typer.Argument(help="The workbook to write, .xlsx.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write an empty workbook of card rows to fill in."""
    write_template(settings_for(home, language), f"{FLEET}/cards/template.xlsx", file)
