"""``overuse``: where, when and why an asset used more than expected, by the API."""

from typing import Annotated

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    Column,
    HomeOption,
    JsonOption,
    LanguageOption,
    Row,
    number,
    percent,
    settings_for,
    show_json,
    stdout,
    table_console,
    table_of,
    with_zone,
)
from quotawatt.app.home import home_clock
from quotawatt.app.texts_overuse import overuse_text
from quotawatt.settings import Settings


def register(app: typer.Typer) -> None:
    """Add ``overuse`` to the program."""
    app.command("overuse")(overuse)


def overuse(
    asset: Annotated[str, typer.Argument(help="Code of a building, meter or organisation.")],
    start: Annotated[str, typer.Option("--from", help="Day or instant, ISO 8601.")],
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    measure: Annotated[
        str, typer.Option("--measure", help="What meters count.")
    ] = "electricity_import_kwh",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain overuse: by class of hours and sub-meter, the costliest first, and what keeps happening."""
    settings = settings_for(home, language)
    params = {"asset": asset, "measure": measure, "from": with_zone(start, "--from", settings)}
    if until is not None:
        params["until"] = with_zone(until, "--until", settings)
    answer = call(settings, home_clock(settings.home), "GET", "/api/v1/overuse", params=params)
    if as_json:
        show_json([answer])
    else:
        _print(answer, settings)


def _print(answer: Row, settings: Settings) -> None:
    """The verdict, what keeps happening, and the ranking."""
    words = settings.language
    if answer["verdict"] is None:
        _say(overuse_text("unknown", words))
    else:
        _say(answer["verdict"][words])
    stop = "。" if words == "zh" else "."
    for one in answer["patterns"]:
        _say(
            f"- {one['sentence'][words]}{'；' if words == 'zh' else '; '}{one['advice'][words]}{stop}"
        )
    if answer["ranking"]:
        console = table_console()
        title = overuse_text("title", words, unit=answer["unit"])
        shown = table_of(
            answer["ranking"], _columns(answer, words), title, words, console.width, overuse_text
        )
        console.print(shown)
    elif answer["whole"] is not None:
        _say(overuse_text("nothing", words))
    if answer["unknown_hours"]:
        _say(overuse_text("left_hours", words, hours=answer["unknown_hours"]))


def _columns(answer: Row, words: str) -> list[Column]:
    digits = 0 if answer["whole"]["use"] >= 1000 else 1

    def figure(name: str) -> Column:
        return Column(name, lambda r: number(r[name], digits), right=True, no_wrap=True)

    return [
        Column("part", lambda r: r["name"][words]),
        Column("class", lambda r: overuse_text(r["hour_class"], words), no_wrap=True),
        figure("use"),
        figure("expected"),
        figure("excess"),
        figure("cny"),
        figure("kgco2"),
        Column("share", lambda r: percent(r["quota_share_pct"]), right=True, no_wrap=True),
    ]


def _say(text: str) -> None:
    stdout.print(text, markup=False, highlight=False)
