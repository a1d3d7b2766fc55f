"""``readings export|import`` and ``keep``: moving readings, and letting go of what is kept no longer."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.bars import bars
from quotawatt.app.client import call, is_served
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    local_time,
    printable,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.moving import (
    Place,
    export_readings,
    export_results,
    import_readings,
    import_results,
)
from quotawatt.app.texts_keeping import keeping_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

FileArgument = Annotated[Path, typer.Argument(help="*.csv, *.csv.gz or *.parquet")]
ResultsOption = Annotated[
    bool, typer.Option("--results", help="Instead the results that no readings stand for any more.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="Readings out and in as files.", no_args_is_help=True)
    group.command("export")(readings_export)
    group.command("import")(readings_import)
    app.add_typer(group, name="readings")
    app.command()(keep)


def readings_export(
    file: FileArgument,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="End, not included.")] = None,
    device: Annotated[list[str] | None, typer.Option("--device", help="May repeat.")] = None,
    asset: Annotated[list[str] | None, typer.Option("--asset", help="May repeat.")] = None,
    quantity: Annotated[list[str] | None, typer.Option("--quantity", help="May repeat.")] = None,
    results: ResultsOption = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write readings into a file that an import takes back without loss."""
    settings = settings_for(home, language)
    wanted = {"from": start, "until": until, "device": device, "asset": asset, "quantity": quantity}
    with bars(settings.language) as advance:
        place = Place(settings, home_clock(settings.home), advance)
        if results:
            _require_alone(wanted)
            export_results(place, file)
            written = 0
        else:
            written = export_readings(place, file, wanted)
    _say("results_exported" if results else "exported", settings, count=written, file=file)


def readings_import(
    file: FileArgument,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Of times without an offset from UTC.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the file.")] = False,
    results: ResultsOption = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a file of readings in: all lines or, where one is wrong, none; status 1 then."""
    settings = settings_for(home, language)
    with bars(settings.language) as advance:
        place = Place(settings, home_clock(settings.home), advance)
        if results:
            _require_alone({"timezone": timezone, "dry-run": dry_run})
            answer = import_results(place, file)
        else:
            answer = import_readings(place, file, {"timezone": timezone, "dry_run": dry_run})
    if as_json:
        show_json([answer])
    elif results:
        before = _local(answer["before"], settings)
        _say("results_imported", settings, count=answer["results"], before=before)
    else:
        _print_import(answer, settings)
    if answer.get("problems_total"):
        raise typer.Exit(1)


def keep(
    now: Annotated[bool, typer.Option("--now", help="Let go of it now, not at night.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it (the default).")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the settings keep no longer and what of it is gone; with --now let go of it."""
    settings = settings_for(home, language)
    if now and dry_run:
        raise InputError("either --now or --dry-run must be given, got both")
    waits = ""
    if now:
        waits = _let_go(settings)
    found = call(settings, home_clock(settings.home), "GET", "/api/v1/keeping")
    if as_json:
        show_json([found])
        return
    _print_kept(found, settings)
    if waits:
        _say(waits, settings)


def _let_go(settings: Settings) -> str:
    """Let go of it, or have the running system do it; the key of what is to be said, empty: nothing."""
    clock = home_clock(settings.home)
    if is_served(settings.home):
        call(settings, clock, "POST", "/api/v1/keeping/run")
        return "asked"
    from quotawatt.app.system import open_system

    system = open_system(settings, clock)
    try:
        # Served stores may have collectors elsewhere; an embedded one has none while nothing runs.
        embedded = settings.series_url == "duckdb"
        at = clock()
        keeper = system.parts.keeper
        report = keeper.run(at, timedelta(0)) if embedded else keeper.run(at)
    finally:
        system.close()
    return f"waits_{report.waits}" if report.waits else ""


def _print_import(answer: Mapping[str, Any], settings: Settings) -> None:
    for problem in answer["problems"]:
        line = keeping_text("wrong_line", settings.language, **problem)
        stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if answer["problems_total"]:
        shown = len(answer["problems"])
        _say("wrong_lines", settings, count=answer["problems_total"], shown=shown)
    first, last = (_local(answer[name], settings) for name in ("first", "last"))
    _say("checked", settings, **{**answer, "first": first, "last": last})
    _say("written" if answer["applied"] else "nothing_written", settings, **answer)


def _print_kept(found: Mapping[str, Any], settings: Settings) -> None:
    for what in ("readings", "hourly", "daily"):
        wanted, gone = found["wanted"][what], found["gone"][what]
        words = {
            "what": keeping_text(what, settings.language),
            "wanted": _words("goes" if wanted else "stays", wanted, settings),
            "gone": _words("gone" if gone else "none_gone", gone, settings),
        }
        _say("keep_line", settings, **words)


def _words(key: str, before: str | None, settings: Settings) -> str:
    return keeping_text(key, settings.language, before=_local(before, settings))


def _require_alone(others: Mapping[str, Any]) -> None:
    given = [f"--{name}" for name, value in others.items() if value]
    if given:
        raise InputError(f"--results must be given alone, got {', '.join(given)} beside it")


def _local(instant: str | None, settings: Settings) -> str:
    return local_time(instant, ZoneInfo(settings.timezone))


def _say(key: str, settings: Settings, **values: object) -> None:
    words = keeping_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)
