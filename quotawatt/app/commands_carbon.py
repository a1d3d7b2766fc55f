"""``carbon``: accounts, ledgers, targets, scorecards and what-if, by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.commands_certificates import certificates
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables import print_carbon
from quotawatt.app.tables_carbon import (
    print_ledgers,
    print_scorecards,
    print_targets,
)
from quotawatt.app.tables_whatif import print_what_if
from quotawatt.app.texts_carbon import carbon_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Instant, ISO 8601.")]
AssetArgument = Annotated[str, typer.Argument(help="Code of an organisation or a building.")]
DocumentOption = Annotated[str, typer.Option("--document", help="What shows it.")]

_CARBON = "/api/v1/carbon"


def register(app: typer.Typer) -> None:
    """Add ``carbon`` to the program; without a command it lists the accounts."""
    carbon = typer.Typer(help="Carbon: accounts, ledgers, targets, certificates, scorecards.")
    carbon.callback(invoke_without_command=True)(accounts)
    carbon.command("ledgers")(ledgers)
    carbon.command("targets")(targets)
    carbon.command("scorecard")(scorecard)
    carbon.command("confirm")(confirm)
    carbon.command("what-if")(what_if)
    carbon.add_typer(certificates(), name="certificates")
    app.add_typer(carbon, name="carbon")


def accounts(
    context: typer.Context,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where everybody stands on the path to their carbon target."""
    if context.invoked_subcommand is not None:
        return
    settings = settings_for(home, language)
    answer = _ask(settings, "GET", "", params={"as_of": as_of})
    if as_json:
        show_json(answer["items"])
    else:
        print_carbon(answer, settings)


def ledgers(
    asset: AssetArgument,
    as_of: AsOfOption = None,
    match: Annotated[
        str, typer.Option("--match", help="Certificates match by month, quarter or year.")
    ] = "year",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The year's carbon as a tree of scopes, location- and market-based, with factors and months."""
    settings = settings_for(home, language)
    params = {"as_of": as_of, "match": match}
    answer = _ask(settings, "GET", f"/ledgers/{asset}", params=params)
    if as_json:
        show_json([answer])
    else:
        print_ledgers(answer, settings)


def targets(
    asset: Annotated[str | None, typer.Argument(help="Code; default: all.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where accounts stand on the path to each target, and where the year will land."""
    settings = settings_for(home, language)
    answer = _ask(settings, "GET", "/targets", params={"as_of": as_of, "asset": asset})
    if as_json:
        show_json(answer["items"])
    else:
        print_targets(answer, settings)


def scorecard(
    asset: AssetArgument,
    card: Annotated[str | None, typer.Option("--card", help="Id; default: all.")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """An institution's scorecards, item by item, with what shows each."""
    settings = settings_for(home, language)
    params = {"as_of": as_of, "scorecard": card}
    rows = _ask(settings, "GET", f"/scorecards/{asset}", params=params)["items"]
    if as_json:
        show_json(rows)
    else:
        print_scorecards(rows, settings)


def confirm(
    asset: AssetArgument,
    card: Annotated[str, typer.Argument(help="Id of the scorecard.")],
    item: Annotated[str, typer.Argument(help="Id of the item.")],
    year: Annotated[int, typer.Option("--year")],
    document: DocumentOption,
    met: Annotated[float, typer.Option("--met", help="Share that is met, 0 to 1.")] = 1.0,
    note: Annotated[str, typer.Option("--note")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Confirm an item of a scorecard by a document."""
    settings = settings_for(home, language)
    body = {"scorecard": card, "item": item, "year": year, "met": met}
    body |= {"document": document, "note": note}
    _ask(settings, "POST", f"/scorecards/{asset}/evidence", body=body)
    _say(settings, "confirmed")


def what_if(
    asset: AssetArgument,
    pv_kwp: Annotated[float, typer.Option("--pv-kwp", help="PV to build, kWp.")] = 0.0,
    set_point: Annotated[float, typer.Option("--set-point", help="Degrees, °C.")] = 0.0,
    lighting: Annotated[float, typer.Option("--lighting", help="Share renewed, %.")] = 0.0,
    vehicle: Annotated[
        list[str] | None, typer.Option("--electric", help="Vehicle to replace; may repeat.")
    ] = None,
    green: Annotated[float, typer.Option("--green", help="Green power, % of the grid's.")] = 0.0,
    assume: Annotated[
        list[str] | None, typer.Option("--assume", help="NAME=VALUE; may repeat.")
    ] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a plan would do to quotas, targets and ledgers, with all that is assumed."""
    settings = settings_for(home, language)
    body = {
        "asset": asset,
        "pv_kwp": pv_kwp,
        "set_point_c": set_point,
        "lighting_pct": lighting,
        "vehicles": vehicle or [],
        "green_share_pct": green,
        "assumptions": _assumed(assume or []),
    }
    answer = _ask(settings, "POST", "/what-if", params={"as_of": as_of}, body=body)
    if as_json:
        show_json([answer])
    else:
        print_what_if(answer, settings)


def _assumed(given: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in given:
        name, _, value = one.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError(f"an assumption must be given as NAME=VALUE, got {one!r}") from None
    return found


def _say(settings: Settings, key: str, **values: Any) -> None:
    words = carbon_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _ask(settings: Settings, method: str, path: str, **options: Any) -> Any:
    return call(settings, home_clock(settings.home), method, _CARBON + path, **options)
