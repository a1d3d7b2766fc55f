"""``alerts route``: whom a case would be told to, by which channel, and why. A client of the API."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    printable,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.texts_routing import routing_text

_UNITS = ((86400, "days"), (3600, "hours"), (60, "minutes"))

_PEOPLE = ("account:", "contact:")

Row = Mapping[str, Any]


def register(alerts: typer.Typer) -> None:
    """Add ``alerts route`` to the program."""
    alerts.command("route")(alerts_route)


def alerts_route(
    asset: Annotated[str, typer.Option("--asset", help="Code of the asset.")],
    rule: Annotated[str, typer.Option("--rule", help="Id of the rule, or finding:CODE.")],
    severity: Annotated[
        str | None, typer.Option("--severity", help="Default: that of the rule.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who would be told of a case, by which channel, and why; then who is told where nobody answers."""
    settings = settings_for(home, language)
    wanted = {"asset": asset, "rule": rule, "severity": severity}
    parameters = {name: value for name, value in wanted.items() if value is not None}
    clock = home_clock(settings.home)
    answer = call(settings, clock, "GET", "/api/v1/routing", params=parameters)
    if as_json:
        show_json([answer])
        return
    for line in routing_lines(answer, settings.language):
        stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def routing_lines(answer: Row, language: str) -> Iterator[str]:
    """The answer as lines for people."""
    asked = {name: answer[name] for name in ("asset", "rule", "severity")}
    yield routing_text("about", language, **asked)
    yield routing_text("routes", language)
    for look in answer["routes"]:
        title = look["title_zh" if language == "zh" else "title_en"]
        yield f"  {look['route']} ({title}): {routing_text(look['why'], language)}"
    for after_s, calls in groupby(answer["told"], key=lambda call: call["after_s"]):
        yield _when(after_s, language)
        for one in calls:
            yield f"  {_call(one, language)}"
    if not any(
        one["recipient"].startswith(_PEOPLE) for one in answer["told"] if not one["after_s"]
    ):
        yield routing_text("no_person", language)
    if answer["gone"]:
        yield routing_text("passed_over", language)
    for gone in answer["gone"]:
        yield f"  {_gone(gone, language)}"


def _when(after_s: float, language: str) -> str:
    if not after_s:
        return routing_text("at_first", language)
    # Waits are of whole minutes.
    size, unit = next((s, u) for s, u in _UNITS if after_s % s == 0)
    wait = routing_text(unit, language, number=f"{after_s / size:g}")
    return routing_text("later", language, wait=wait)


def _call(one: Row, language: str) -> str:
    words = {"channel": one["channel"], "route": one["route"]}
    if not one["recipient"].startswith(_PEOPLE):
        return routing_text("channel", language, **words)
    return routing_text("by", language, who=_who(one, language), **words)


def _who(one: Row, language: str) -> str:
    name = str(one["name_zh" if language == "zh" else "name_en"])
    return f"{routing_text(one['duty'], language)} {name}" if one["duty"] else name


def _gone(gone: Row, language: str) -> str:
    duty = routing_text(gone["duty"], language)
    if gone["why"] == "nobody":
        return routing_text("nobody_named", language, duty=duty)
    return f"{_who(gone, language)} ({routing_text(gone['why'], language)})"
