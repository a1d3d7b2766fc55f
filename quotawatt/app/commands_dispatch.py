"""``dispatch``: orders for vehicles, by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.commands_dispatch_files import (
    dispatch_export,
    dispatch_import,
    dispatch_template,
    every_order,
)
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_dispatch import (
    print_matches,
    print_orders,
    say_dispatch,
    state_word,
)
from quotawatt.settings import Settings

NumberArgument = Annotated[int, typer.Argument(help="Number of the order.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why, or in words.")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="Time, local or with a zone; default: now.")
]
OdometerOption = Annotated[
    float | None, typer.Option("--odometer", help="km as the dashboard shows it.")
]
FromOption = Annotated[str | None, typer.Option("--from", help="Day or instant.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Day or instant, not included.")]
VehicleOption = Annotated[str | None, typer.Option("--vehicle", help="Code.")]

_DISPATCH = "/api/v1/dispatch"


def register(app: typer.Typer) -> None:
    """Add ``dispatch`` to the program."""
    dispatch = typer.Typer(help="Orders for vehicles.", no_args_is_help=True)
    dispatch.command("list")(dispatch_list)
    dispatch.command("request")(dispatch_request)
    dispatch.command("approve")(dispatch_approve)
    dispatch.command("reject")(dispatch_reject)
    dispatch.command("assign")(dispatch_assign)
    dispatch.command("leave")(dispatch_leave)
    dispatch.command("return")(dispatch_return)
    dispatch.command("rate")(dispatch_rate)
    dispatch.command("cancel")(dispatch_cancel)
    dispatch.command("matches")(dispatch_matches)
    dispatch.command("template")(dispatch_template)
    dispatch.command("import")(dispatch_import)
    dispatch.command("export")(dispatch_export)
    app.add_typer(dispatch, name="dispatch")


def dispatch_list(
    state: Annotated[str | None, typer.Option("--state", help="requested, assigned, ...")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="Code.")] = None,
    vehicle: VehicleOption = None,
    driver: Annotated[str | None, typer.Option("--driver", help="Code.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Asked for or driven by me.")] = False,
    start: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Orders, the latest planned first."""
    settings = settings_for(home, language)
    wanted = {"state": state, "organisation": organisation, "vehicle": vehicle, "driver": driver}
    rows = every_order(settings, **wanted, mine=mine, **{"from": start, "until": until})
    if as_json:
        show_json(rows)
    else:
        print_orders(rows, settings)


def dispatch_request(
    organisation: Annotated[str, typer.Argument(help="Code of who needs the vehicle.")],
    start: Annotated[str, typer.Option("--start", help="Time, local or with a zone.")],
    end: Annotated[str, typer.Option("--end", help="Time, local or with a zone.")],
    purpose: Annotated[str, typer.Option("--purpose")],
    to: Annotated[str, typer.Option("--to", help="Places, semicolons between.")],
    from_place: Annotated[str, typer.Option("--from-place")] = "",
    passengers: Annotated[int, typer.Option("--passengers")] = 1,
    km: Annotated[float | None, typer.Option("--km", help="Planned.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Ask for a vehicle."""
    settings = settings_for(home, language)
    body = {
        "organisation": organisation,
        "planned_start": with_zone(start, "--start", settings),
        "planned_end": with_zone(end, "--end", settings),
        "purpose": purpose,
        "to_places": to,
        "from_place": from_place,
        "passengers": passengers,
        "planned_km": km,
    }
    say_dispatch("done_request", settings, **_ask(settings, "POST", "/orders", body=body))


def dispatch_approve(
    number: NumberArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Approve an order that somebody else asked for."""
    _do(settings_for(home, language), number, "approve", {"note": note})


def dispatch_reject(
    number: NumberArgument,
    note: NoteOption,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Reject an order that somebody else asked for, and say why."""
    _do(settings_for(home, language), number, "reject", {"note": note})


def dispatch_assign(
    number: NumberArgument,
    vehicle: Annotated[str, typer.Argument(help="Code of the vehicle.")],
    driver: Annotated[str, typer.Argument(help="Code of the driver.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an approved order a vehicle and a driver."""
    body = {"vehicle": vehicle, "driver": driver}
    _do(settings_for(home, language), number, "assign", body)


def dispatch_leave(
    number: NumberArgument,
    odometer: OdometerOption = None,
    at: AtOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that the vehicle left."""
    settings = settings_for(home, language)
    _do(settings, number, "leave", {"at": _at(at, settings), "odometer_km": odometer})


def dispatch_return(
    number: NumberArgument,
    odometer: OdometerOption = None,
    at: AtOption = None,
    litres: Annotated[float | None, typer.Option("--litres", help="Fuel used.")] = None,
    cost: Annotated[float | None, typer.Option("--cost", help="CNY, tolls and parking.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that the vehicle is back."""
    settings = settings_for(home, language)
    body = {"at": _at(at, settings), "odometer_km": odometer, "litres": litres, "cost_cny": cost}
    _do(settings, number, "return", body)


def dispatch_rate(
    number: NumberArgument,
    rating: Annotated[int, typer.Argument(help="1 (poor) to 5 (good).")],
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Rate the driving."""
    _do(settings_for(home, language), number, "rate", {"rating": rating, "note": note})


def dispatch_cancel(
    number: NumberArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Cancel an order that has not left."""
    _do(settings_for(home, language), number, "cancel", {"note": note})


def dispatch_matches(
    start: Annotated[str, typer.Option("--from", help="Day or instant.")],
    until: Annotated[str, typer.Option("--until", help="Day or instant, not included.")],
    vehicle: VehicleOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Orders beside the trips driven for them: what is missing, what differs, trips without an order."""
    settings = settings_for(home, language)
    params = {"from": start, "until": until, "vehicle": vehicle}
    answer = _ask(settings, "GET", "/matches", params=params)
    if as_json:
        show_json([answer])
    else:
        print_matches(answer, settings, start, until)


def _at(at: str | None, settings: Settings) -> str | None:
    return None if at is None else with_zone(at, "--at", settings)


def _do(settings: Settings, number: int, action: str, body: dict[str, Any]) -> None:
    """A deed, and the line that says it is done."""
    done = _ask(settings, "POST", f"/orders/{number}/{action}", body=body)
    said = state_word(done["state"], settings.language)
    say_dispatch("done", settings, number=number, said=said)


def _ask(settings: Settings, method: str, path: str, **options: Any) -> Any:
    return call(settings, home_clock(settings.home), method, _DISPATCH + path, **options)
