"""``register`` and ``analyse``: what goes in, and recomputation."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.client import require_not_served
from quotawatt.app.console import HomeOption, LanguageOption, settings_for, stdout
from quotawatt.app.home import home_clock
from quotawatt.app.joblink import wait_for_job
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.spans import Span

FolderArgument = Annotated[Path, typer.Argument(help="A folder of .csv files, one a kind.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="The asset register.", no_args_is_help=True)
    group.command("import")(register_import)
    group.command("validate")(register_validate)
    group.command("export")(register_export)
    app.add_typer(group, name="register")
    app.command()(analyse)


def register_validate(folder: FolderArgument) -> None:
    """Read a register and say everything that is wrong with it."""
    from quotawatt.register.csvfolder import read_csv_folder

    found = read_csv_folder(folder)
    stdout.print(f"{len(found.assets)} assets, {len(found.bindings)} bindings: no errors")


def register_import(
    folder: FolderArgument,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove adopted bindings that the folder lacks, too.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a register in: all or nothing, and again without harm.

    What is stored and not in the folder is removed, but for the bindings of adopted devices.
    """
    from quotawatt.app.home import prepare_home, require_no_demo
    from quotawatt.app.import_report import print_import
    from quotawatt.register.csvfolder import read_csv_folder
    from quotawatt.register.imports import import_register
    from quotawatt.storage.records import open_records

    settings = settings_for(home, language)
    found = read_csv_folder(folder)
    home = prepare_home(settings.home)
    require_no_demo(home)
    records = open_records(settings.records_url, home)
    try:
        done = import_register(records, found, actor="cli", at=system_clock(), prune=prune)
    finally:
        records.dispose()
    print_import(done, settings)
    if done.change.replay is not None:
        result = wait_for_job(settings, done.change.replay)["result"]
        stdout.print(f"{result.get('replayed', 0)} kept messages taken in")


def register_export(folder: FolderArgument, home: HomeOption = None) -> None:
    """Write the register as a folder of .csv files that can be imported again."""
    from quotawatt.app.home import prepare_home
    from quotawatt.register.csvfolder import write_csv_folder
    from quotawatt.register.repository import load_register
    from quotawatt.storage.records import open_records

    settings = settings_for(home)
    records = open_records(settings.records_url, prepare_home(settings.home))
    try:
        write_csv_folder(load_register(records), folder)
    finally:
        records.dispose()


def analyse(
    home: HomeOption = None,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Day or instant, ISO 8601.")] = None,
) -> None:
    """Bring the results up to date; with --from or --until compute that span anew."""
    from analytics.jobs.analyser import EARLIEST
    from quotawatt.app.system import open_system

    settings = settings_for(home)
    require_not_served(settings.home, "they are analysed")
    clock = home_clock(settings.home)
    system = open_system(settings, clock)
    try:
        if start or until:
            zone = ZoneInfo(settings.timezone)
            first = _instant(start, zone, "--from") if start else EARLIEST
            last = _instant(until, zone, "--until") if until else clock()
            span = Span(first, last)
            system.analyser.recompute(span, clock())
        report = system.analyser.run(clock())
    finally:
        system.close()
    stdout.print(
        f"{report.marks} marks taken; results written: {report.hours} hours, {report.days} days, "
        f"{report.months} months; {report.findings} findings"
    )


def _instant(value: str, zone: ZoneInfo, option: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(f"{option} must be a day or an instant in ISO 8601, got {value}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
