"""``fleet drivers|duty|seals|seal|unseal|services|cards``: the vehicles' books, by the API."""

from typing import Annotated

import typer

from quotawatt.app.commands_fleet_costs import add_costs
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
)
from quotawatt.app.fleet_calls import (
    NoteOption,
    NumberArgument,
    OdometerOption,
    VehicleArgument,
    VehicleOption,
    ask_fleet,
    list_book,
    told_at,
)
from quotawatt.app.tables_fleet_books import say_book

AtOption = Annotated[
    str | None, typer.Option("--at", help="Time, local or with a zone; default: now.")
]


def add_books(fleet: typer.Typer) -> None:
    """Add the books to the group ``fleet``."""
    drivers = typer.Typer(help="Who drives.", no_args_is_help=True)
    drivers.command("list")(drivers_list)
    drivers.command("put")(drivers_put)
    fleet.add_typer(drivers, name="drivers")
    duty = typer.Typer(help="Vehicles that may drive on holidays.", no_args_is_help=True)
    duty.command("list")(duty_list)
    duty.command("add")(duty_add)
    duty.command("withdraw")(duty_withdraw)
    fleet.add_typer(duty, name="duty")
    fleet.command("seals")(seals_list)
    fleet.command("seal")(seal)
    fleet.command("unseal")(unseal)
    add_costs(fleet)


def drivers_list(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Drivers by code."""
    list_book("drivers", settings_for(home, language), as_json)


def drivers_put(
    code: Annotated[str, typer.Argument(help="Code of the driver.")],
    name: Annotated[str, typer.Argument(help="As people call him or her.")],
    organisation: Annotated[str, typer.Argument(help="Code.")],
    pool: Annotated[str, typer.Option("--pool", help="Driver pool.")] = "",
    account: Annotated[str, typer.Option("--account", help="Of who drives by phone.")] = "",
    active: Annotated[bool, typer.Option("--active/--inactive")] = True,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a driver, or what is known of one anew."""
    settings = settings_for(home, language)
    body = {
        "name": name,
        "organisation": organisation,
        "driver_pool": pool,
        "account": account,
        "active": active,
    }
    say_book("done_driver", settings, **ask_fleet(settings, "PUT", f"/drivers/{code}", body=body))


def duty_list(
    vehicle: VehicleOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The approved duty list: vehicles that may drive while the others stand sealed."""
    list_book("duty", settings_for(home, language), as_json, vehicle=vehicle)


def duty_add(
    vehicle: VehicleArgument,
    first_day: Annotated[str, typer.Argument(help="YYYY-MM-DD.")],
    until: Annotated[str, typer.Argument(help="YYYY-MM-DD, not included.")],
    reason: Annotated[str, typer.Option("--reason")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Let a vehicle drive on days on which the others stand sealed."""
    settings = settings_for(home, language)
    body = {"vehicle": vehicle, "first_day": first_day, "until": until, "reason": reason}
    say_book("done_duty", settings, **ask_fleet(settings, "POST", "/duty", body=body))


def duty_withdraw(
    number: NumberArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Take an entry of the duty list back."""
    settings = settings_for(home, language)
    say_book("done_withdraw", settings, **ask_fleet(settings, "POST", f"/duty/{number}/withdraw"))


def seals_list(
    vehicle: VehicleOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seals, with the odometer before and after."""
    list_book("seals", settings_for(home, language), as_json, vehicle=vehicle)


def seal(
    vehicle: VehicleArgument,
    odometer: OdometerOption = None,
    at: AtOption = None,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Put a vehicle out of use."""
    settings = settings_for(home, language)
    body = {"vehicle": vehicle, "odometer_km": odometer, "at": told_at(at, settings), "note": note}
    say_book("done_seal", settings, **ask_fleet(settings, "POST", "/seals", body=body))


def unseal(
    vehicle: VehicleArgument,
    odometer: OdometerOption = None,
    at: AtOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Put a sealed vehicle into use again."""
    settings = settings_for(home, language)
    body = {"odometer_km": odometer, "at": told_at(at, settings)}
    done = ask_fleet(settings, "POST", f"/seals/{vehicle}/unseal", body=body)
    say_book("done_unseal", settings, **done)
    before, after = done["odometer_at_seal_km"], done["odometer_at_unseal_km"]
    if before is not None and after is not None and before != after:
        say_book("unseal_differs", settings, before=before, after=after)
