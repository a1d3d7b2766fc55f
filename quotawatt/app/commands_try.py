"""``alerts try``: what a rule would have done over history, so that thresholds are chosen by evidence."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    with_zone,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_try import print_trial
from quotawatt.errors import InputError


def register(alerts: typer.Typer) -> None:
    """Add the command to the group ``alerts``."""
    alerts.command("try")(alerts_try)


def alerts_try(
    rule: Annotated[str, typer.Argument(help="Id of a rule.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant, ISO 8601.")],
    until: Annotated[
        str | None, typer.Option("--until", help="Day or instant; default now.")
    ] = None,
    above: Annotated[
        list[float] | None, typer.Option("--above", help="Threshold to try; may repeat.")
    ] = None,
    below: Annotated[
        list[float] | None, typer.Option("--below", help="The same for rules that look below.")
    ] = None,
    asset: Annotated[str | None, typer.Option("--asset", help="Code; default: all.")] = None,
    pack: Annotated[
        Path | None, typer.Option("--pack", help="A pack (YAML) that counts for this trial only.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which alerts and how many cases a rule would have made; nothing is written."""
    settings = settings_for(home, language)
    body: dict[str, Any] = {
        "rule": rule,
        "from": with_zone(start, "--from", settings),
        "until": None if until is None else with_zone(until, "--until", settings),
        "above": above or [],
        "below": below or [],
        "asset": asset,
        "pack": None if pack is None else {"name": pack.name, "text": _text(pack)},
    }
    path = "/api/v1/rules/try"
    answer = call(settings, home_clock(settings.home), "POST", path, body=body)
    if as_json:
        show_json([answer])
    else:
        print_trial(answer, settings)


def _text(pack: Path) -> str:
    try:
        return pack.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"a pack must be readable, got {pack} ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"a pack must be UTF-8, got {pack}") from None
