"""``alerts channels``, ``alerts outbox`` and ``alerts inbox``: ways to people. Clients of the API."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from quotawatt.app.channel_list import print_channels, print_inbox, print_messages, print_specs
from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.texts_channels import channel_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

_V1 = "/api/v1"
_PAGE = 500

Number = Annotated[int, typer.Argument(help="Number of the message.")]
ChannelOption = Annotated[str | None, typer.Option("--channel", help="Name of a channel.")]


def register(alerts: typer.Typer) -> None:
    """Add the three groups to ``alerts``."""
    channels = typer.Typer(help="Ways to people.", no_args_is_help=True)
    channels.command("list")(channels_list)
    channels.command("check")(channels_check)
    channels.command("test")(channels_test)
    alerts.add_typer(channels, name="channels")
    outbox = typer.Typer(help="Messages on their way, and those given up.", no_args_is_help=True)
    outbox.command("list")(outbox_list)
    outbox.command("show")(outbox_show)
    outbox.command("retry")(outbox_retry)
    alerts.add_typer(outbox, name="outbox")
    inbox = typer.Typer(help="What you were told.", no_args_is_help=True)
    inbox.command("list")(inbox_list)
    inbox.command("read")(inbox_read)
    alerts.add_typer(inbox, name="inbox")


def channels_list(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """The channels that are set up, and how each stands."""
    settings = settings_for(home, language)
    rows = _call(settings, "GET", "/channels")["items"]
    if as_json:
        show_json(rows)
    else:
        print_channels(rows, settings)


def channels_check(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Read the channels file and its secrets, and say all that is wrong. Sends nothing."""
    import os

    from alerts.channels.config import load_channels

    settings = settings_for(home, language)
    if settings.channels_file is None:
        raise InputError("setting QUOTAWATT_CHANNELS_FILE must name a file, got none")
    specs = load_channels(settings.channels_file, os.environ).specs.values()
    rows = [{"name": s.name, "kind": s.kind.value, "address": s.address.value} for s in specs]
    if as_json:
        show_json(rows)
    else:
        print_specs(rows, settings)


def channels_test(
    name: Annotated[str, typer.Argument(help="Name of the channel.")],
    to: Annotated[
        str, typer.Option("--to", help="Address, where the channel goes to a person.")
    ] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a test message now, and show what the receiver says; status 1 where it was not delivered."""
    settings = settings_for(home, language)
    body = {"to": to, "language": settings.language}
    result = _call(settings, "POST", f"/channels/{name}/test", body=body)
    if as_json:
        show_json([result])
    else:
        key = "tried" if result["delivered"] else "not_tried"
        told = channel_text(key, settings.language, name=name, error=result["error"])
        stdout.print(told, markup=False, highlight=False, soft_wrap=True)
    if not result["delivered"]:
        raise typer.Exit(1)


def outbox_list(
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="waiting, delayed, delivered, given_up; may repeat. Default: not arrived.",
        ),
    ] = None,
    channel: ChannelOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Messages by state, the newest first, without their words."""
    settings = settings_for(home, language)
    wanted = {"state": state or ["waiting", "delayed", "given_up"], "channel": channel}
    _show_messages(list(_pages(settings, wanted)), settings, as_json)


def outbox_show(
    number: Number,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """One message, and why it was not taken."""
    settings = settings_for(home, language)
    _show_messages([_call(settings, "GET", f"/outbox/{number}")], settings, as_json)


def outbox_retry(
    number: Annotated[int | None, typer.Argument(help="Number of a message given up.")] = None,
    channel: ChannelOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send again what was given up: one message, or all of a channel."""
    settings = settings_for(home, language)
    if (number is None) is (channel is None):
        raise InputError("either a number or --channel must be given, got both or neither")
    if number is not None:
        _call(settings, "POST", f"/outbox/{number}/retry")
        result = {"retried": 1}
    else:
        result = _call(settings, "POST", "/outbox/retry", body={"channel": channel})
    if as_json:
        show_json([result])
    else:
        stdout.print(channel_text("retried", settings.language, count=result["retried"]))


def inbox_list(
    unread: Annotated[bool, typer.Option("--unread", help="Only what is unread.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What the account of your token was told, the newest first."""
    settings = settings_for(home, language)
    page = _call(settings, "GET", "/inbox", params={"unread": unread, "limit": _PAGE})
    if as_json:
        show_json(page["items"])
    else:
        print_inbox(page, settings)


def inbox_read(
    number: Number,
    before: Annotated[bool, typer.Option("--before", help="And all that came before it.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a message has been read."""
    settings = settings_for(home, language)
    if before:
        result = _call(settings, "POST", "/inbox/read", body={"up_to": number})
    else:
        _call(settings, "POST", f"/inbox/{number}/read")
        result = {"read": 1}
    if as_json:
        show_json([result])
    else:
        stdout.print(channel_text("marked", settings.language, count=result["read"]))


def _show_messages(rows: list[Mapping[str, Any]], settings: Settings, as_json: bool) -> None:
    if as_json:
        show_json(rows)
    else:
        print_messages(rows, settings)


def _pages(settings: Settings, wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    offset = 0
    while True:
        params = {**wanted, "limit": _PAGE, "offset": offset}
        page = _call(settings, "GET", "/outbox", params=params)
        yield from page["items"]
        offset += _PAGE
        if offset >= page["total"]:
            return


def _call(settings: Settings, method: str, path: str, **more: Any) -> Any:
    return call(settings, home_clock(settings.home), method, f"{_V1}{path}", **more)
