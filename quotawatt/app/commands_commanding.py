"""``commands``: what cases offer to do to devices, asked for, confirmed, taken back; by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_commands import print_commands, print_offers, say_command
from quotawatt.settings import Settings

_API = "/api/v1"
_PAGE = 500

CaseArgument = Annotated[int, typer.Argument(help="Number of the case.")]
NumberArgument = Annotated[int, typer.Argument(help="Number of the command.")]
CommentOption = Annotated[str, typer.Option("--comment", help="What is said of it.")]


def register(app: typer.Typer) -> None:
    """Add ``commands`` to the program."""
    group = typer.Typer(help="Commands to devices, offered by cases.", no_args_is_help=True)
    group.command("offers")(offers)
    group.command("ask")(ask)
    group.command("confirm")(confirm)
    group.command("refuse")(refuse)
    group.command("withdraw")(withdraw)
    group.command("undo")(undo)
    group.command("list")(list_)
    group.command("show")(show_one)
    app.add_typer(group, name="commands")


def offers(
    case: CaseArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The commands that a case offers now."""
    settings = settings_for(home, language)
    rows = _call(settings, "GET", f"/cases/{case}/offers")["items"]
    if as_json:
        show_json(rows)
    else:
        print_offers(case, rows, settings)


def ask(
    case: CaseArgument,
    command: Annotated[str, typer.Argument(help="switch_off, switch_on, set_point.")],
    device: Annotated[str, typer.Option("--device", help="As the offer names it.")],
    channel: Annotated[str, typer.Option("--channel", help="As the offer names it.")] = "",
    value: Annotated[
        float | None, typer.Option("--value", help="Of a set point; default as proposed.")
    ] = None,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for a command; nothing is sent before somebody else confirms it."""
    body = {
        "command": command,
        "device": device,
        "channel": channel,
        "value": value,
        "comment": comment,
    }
    _do(settings_for(home, language), f"/cases/{case}/commands", body, as_json)


def confirm(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have a command sent that somebody else has asked for."""
    _step(settings_for(home, language), number, "confirm", comment, as_json)


def refuse(
    number: NumberArgument,
    comment: Annotated[str, typer.Option("--comment", help="Why.")],
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say no to a command that is asked for."""
    _step(settings_for(home, language), number, "refuse", comment, as_json)


def withdraw(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a command back before it is sent."""
    _step(settings_for(home, language), number, "withdraw", comment, as_json)


def undo(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for what takes a command back that was sent."""
    _step(settings_for(home, language), number, "undo", comment, as_json)


def list_(
    state: Annotated[
        list[str] | None, typer.Option("--state", help="asked, sent, ...; may repeat.")
    ] = None,
    case: Annotated[int | None, typer.Option("--case", help="Only those of this case.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Commands to devices, the latest first."""
    settings = settings_for(home, language)
    rows: list[dict[str, Any]] = []
    while True:
        wanted = {"state": state, "case": case, "limit": _PAGE, "offset": len(rows)}
        page = _call(settings, "GET", "/commands", params=wanted)
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_commands(rows, settings)


def show_one(
    number: NumberArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """One command and how far it is."""
    settings = settings_for(home, language)
    row = _call(settings, "GET", f"/commands/{number}")
    if as_json:
        show_json([row])
    else:
        print_commands([row], settings)


def _step(settings: Settings, number: int, what: str, comment: str, as_json: bool) -> None:
    _do(settings, f"/commands/{number}/{what}", {"comment": comment}, as_json)


def _do(settings: Settings, path: str, body: dict[str, Any], as_json: bool) -> None:
    row = _call(settings, "POST", path, body=body)
    if as_json:
        show_json([row])
    else:
        say_command(row, settings)


def _call(settings: Settings, method: str, path: str, **given: Any) -> Any:
    return call(settings, home_clock(settings.home), method, f"{_API}{path}", **given)
