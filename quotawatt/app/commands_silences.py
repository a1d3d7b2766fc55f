"""``alerts silence``: what people are not told for a time. Clients of the API."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
    with_zone,
)
from quotawatt.app.home import home_clock
from quotawatt.app.silence_list import print_preview, print_silences
from quotawatt.app.texts_silences import silence_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

_PATH = "/api/v1/silences"
_PAGE = 500

Number = Annotated[int, typer.Argument(help="Number of the silence.")]
Codes = list[str] | None


def register(alerts: typer.Typer) -> None:
    """Add ``alerts silence`` to the program."""
    group = typer.Typer(help="Silences and maintenance windows.", no_args_is_help=True)
    group.command("add")(silence_add)
    group.command("list")(silence_list)
    group.command("end")(silence_end)
    group.command("preview")(silence_preview)
    alerts.add_typer(group, name="silence")


def silence_add(
    until: Annotated[str, typer.Option("--until", help="Day or instant, ISO 8601.")],
    comment: Annotated[str, typer.Option("--comment", help="Why.")],
    start: Annotated[str | None, typer.Option("--from", help="Default: now.")] = None,
    rule: Annotated[Codes, typer.Option("--rule", help="May repeat.")] = None,
    severity: Annotated[Codes, typer.Option("--severity", help="May repeat.")] = None,
    asset: Annotated[
        Codes, typer.Option("--asset", help="With all in it of a building; may repeat.")
    ] = None,
    organisation: Annotated[
        Codes, typer.Option("--organisation", help="With all below it; may repeat.")
    ] = None,
    site: Annotated[Codes, typer.Option("--site", help="May repeat.")] = None,
    kind: Annotated[Codes, typer.Option("--kind", help="Of assets: meters; may repeat.")] = None,
    maintenance: Annotated[
        bool, typer.Option("--maintenance", help="A maintenance window: it may recur.")
    ] = False,
    days: Annotated[
        Literal["all", "working", "non_working"],
        typer.Option("--days", help="Days on which it recurs, by the working calendar."),
    ] = "all",
    weekday: Annotated[
        list[int] | None, typer.Option("--weekday", help="1 (Monday) to 7; may repeat.")
    ] = None,
    month_day: Annotated[
        list[int] | None,
        typer.Option("--month-day", help="1 to 31, -1 is the last; may repeat."),
    ] = None,
    working_day: Annotated[
        list[int] | None,
        typer.Option("--working-day", help="N-th of the month, -1 is the last; may repeat."),
    ] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", help="Local hours in which it is open: 22:00-06:00.")
    ] = None,
    only_preview: Annotated[
        bool, typer.Option("--preview", help="Show what it would do and write nothing.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep people from being told for a time. Rules are judged and cases kept all the same."""
    settings = settings_for(home, language)
    chosen = {"weekdays": weekday, "month_days": month_day, "working_days": working_day}
    recurrence = _recurrence(days, chosen, hours)
    matchers = {
        "rules": rule,
        "severities": severity,
        "assets": asset,
        "organisations": organisation,
        "sites": site,
        "kinds": kind,
    }
    body = {
        "kind": "maintenance" if maintenance else "silence",
        "matchers": {name: codes for name, codes in matchers.items() if codes},
        "starts_at": None if start is None else with_zone(start, "--from", settings),
        "ends_at": with_zone(until, "--until", settings),
        "recurrence": recurrence,
        "comment": comment,
    }
    if only_preview:
        _show_preview(_call(settings, "POST", f"{_PATH}/preview", body=body), settings, as_json)
        return
    added = _call(settings, "POST", _PATH, body=body)
    if as_json:
        show_json([added])
        return
    stdout.print(silence_text("added", settings.language, number=added["id"]))
    print_silences([added], settings)


def silence_list(
    over: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Silences and maintenance windows that hold or will, the newest first."""
    settings = settings_for(home, language)
    rows = list(_pages(settings, over))
    if as_json:
        show_json(rows)
    else:
        print_silences(rows, settings)


def silence_end(
    number: Number,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """End one before its time; what it held is told where it is still open and unanswered."""
    settings = settings_for(home, language)
    ended = _call(settings, "POST", f"{_PATH}/{number}/end")
    if as_json:
        show_json([ended])
    else:
        stdout.print(silence_text("ended", settings.language, number=number))


def silence_preview(
    number: Number,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The next windows of one, and the open cases that it matches now. For a new one: add --preview."""
    settings = settings_for(home, language)
    found = _call(settings, "GET", f"{_PATH}/{number}")
    if not as_json:
        print_silences([found], settings)
    _show_preview(found["preview"], settings, as_json)


def _recurrence(
    days: str, chosen: Mapping[str, list[int] | None], hours: str | None
) -> dict[str, Any] | None:
    """The windows that are asked for; None where none of the options says any."""
    given: dict[str, Any] = {name: numbers for name, numbers in chosen.items() if numbers}
    if hours is not None:
        start, dash, end = hours.partition("-")
        if not dash:
            raise InputError(f"--hours must be as in 22:00-06:00, got {hours}")
        given |= {"from": start.strip(), "until": end.strip()}
    if days != "all":
        given["days"] = days
    return given or None


def _show_preview(shown: Mapping[str, Any], settings: Settings, as_json: bool) -> None:
    if as_json:
        show_json([shown])
    else:
        print_preview(shown, settings)


def _pages(settings: Settings, over: bool) -> Iterator[Mapping[str, Any]]:
    offset = 0
    while True:
        wanted = {"over": over, "limit": _PAGE, "offset": offset}
        page = _call(settings, "GET", _PATH, params=wanted)
        yield from page["items"]
        offset += _PAGE
        if offset >= page["total"]:
            return


def _call(settings: Settings, method: str, path: str, **more: Any) -> Any:
    return call(settings, home_clock(settings.home), method, path, **more)
