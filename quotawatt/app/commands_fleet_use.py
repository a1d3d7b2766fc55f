"""``fleet deviations|explain|decide|events|charging``: how vehicles were used, by the API."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.paging import ask, pages, post
from quotawatt.app.tables_fleet import line, print_charging, print_deviations, print_events
from quotawatt.errors import InputError
from quotawatt.settings import Settings

VehicleOption = Annotated[str | None, typer.Option("--vehicle", help="Code; default: all.")]
OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="Of it and those below.")
]
FromOption = Annotated[str | None, typer.Option("--from", help="Day or time; default 30 days.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Day or time, not included.")]
NumberArgument = Annotated[int, typer.Argument(help="Number of the deviation.")]

_DEVIATIONS = "fleet/deviations"


def add_use(fleet: typer.Typer) -> None:
    """Add the commands to the group ``fleet``."""
    fleet.command("deviations")(deviations)
    fleet.command("explain")(explain)
    fleet.command("decide")(decide)
    fleet.command("events")(events)
    fleet.command("charging")(charging)


def deviations(
    vehicle: VehicleOption = None,
    organisation: OrganisationOption = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Id of a rule.")] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="open, explained, accepted, rejected, retracted."),
    ] = None,
    first: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What needs an explanation, each with the clause that it departs from."""
    settings = settings_for(home, language)
    wanted = {**_wanted(settings, vehicle, organisation, first, until), "rule": rule}
    rows = list(pages(settings, _DEVIATIONS, {**wanted, "state": state}))
    if as_json:
        show_json(rows)
    else:
        print_deviations(rows, ZoneInfo(settings.timezone), settings.language)


def explain(
    number: NumberArgument,
    text: Annotated[str, typer.Option("--text", help="Why it was.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say why it was; somebody else decides whether that will do."""
    settings = settings_for(home, language)
    post(settings, f"{_DEVIATIONS}/{number}/explain", {"text": text})
    line("said_explained", settings.language, number=number)


def decide(
    number: NumberArgument,
    accept: Annotated[
        bool | None, typer.Option("--accept/--reject", help="Whether the explanation will do.")
    ] = None,
    comment: Annotated[str, typer.Option("--comment", help="To reject takes one.")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Accept or reject the explanation that somebody else wrote."""
    settings = settings_for(home, language)
    if accept is None:
        raise InputError("either --accept or --reject must be given, got neither")
    post(settings, f"{_DEVIATIONS}/{number}/decide", {"accept": accept, "comment": comment})
    line("said_accepted" if accept else "said_rejected", settings.language, number=number)


def events(
    vehicle: VehicleOption = None,
    organisation: OrganisationOption = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="idling, refuelling, fuel_drop, charging; may repeat."),
    ] = None,
    first: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Idling, refuelling, drops of fuel and charging."""
    settings = settings_for(home, language)
    wanted = {**_wanted(settings, vehicle, organisation, first, until), "kind": kind}
    rows = list(pages(settings, "fleet/events", wanted))
    if as_json:
        show_json(rows)
    else:
        print_events(rows, ZoneInfo(settings.timezone), settings.language)


def charging(
    vehicle: VehicleOption = None,
    organisation: OrganisationOption = None,
    first: FromOption = None,
    until: UntilOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Charging as the vehicles saw it beside what the buildings' chargers counted."""
    settings = settings_for(home, language)
    wanted = _wanted(settings, vehicle, organisation, first, until)
    rows = list(pages(settings, "fleet/charging", wanted))
    if as_json:
        show_json(rows)
        return
    print_charging(rows, ZoneInfo(settings.timezone), settings.language)
    sums = ask(settings, "fleet/charging", {**wanted, "limit": 1})
    figures = {
        name: f"{sums[name]:,.1f}" for name in ("vehicle_kwh", "charger_kwh", "elsewhere_kwh")
    }
    line("charging_total", settings.language, **figures)


def _wanted(
    settings: Settings,
    vehicle: str | None,
    organisation: str | None,
    first: str | None,
    until: str | None,
) -> dict[str, Any]:
    return {
        "vehicle": vehicle,
        "organisation": organisation,
        "from": None if first is None else with_zone(first, "--from", settings),
        "until": None if until is None else with_zone(until, "--until", settings),
    }
