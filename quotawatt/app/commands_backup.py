"""``backup`` and ``restore``: everything of a home folder into one file, and back."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from quotawatt.app.bars import Advance, bars
from quotawatt.app.client import is_served, streaming, user_name
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.moving import whole_or_not
from quotawatt.app.texts_keeping import keeping_text
from quotawatt.clock import system_clock
from quotawatt.errors import InputError, StateError
from quotawatt.keeping.archive import packing_of, unpack
from quotawatt.settings import Settings

FileArgument = Annotated[Path, typer.Argument(help="*.tar.zst or *.tar.gz")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: FileArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything of the home folder and its stores into one file, while they are in use."""
    settings = settings_for(home, language)
    packing = packing_of(file)
    if not settings.home.is_dir():
        raise StateError(f"a home folder must exist to be backed up, got {settings.home}")
    with bars(settings.language) as advance, whole_or_not(file) as target:
        if is_served(settings.home):
            _fetch(settings, packing, target, advance)
        else:
            _write_here(settings, packing, target, advance)
        target.flush()
        manifest = unpack(Path(target.name), None, packing)
    if as_json:
        show_json([_figures(manifest, file)])
    else:
        _say("backed_up", settings, **_figures(manifest, file))


def restore(
    file: FileArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back into an empty home folder and empty stores; everything is verified."""
    from quotawatt.keeping.restore import restore as put_back

    settings = settings_for(home, language)
    if not file.is_file():
        raise InputError(f"a backup must exist to be restored, got {file}")
    actor = f"cli:{user_name()}"
    with bars(settings.language) as advance:
        found = put_back(
            file, settings, actor, system_clock(), lambda step, rows: advance(step, rows, None)
        )
    figures = {**_figures(found.manifest, file), "home": str(settings.home), "marks": found.marks}
    if as_json:
        show_json([figures])
    else:
        _say("restored", settings, **figures)


def _fetch(settings: Settings, packing: str, target: IO[bytes], advance: Advance) -> None:
    """What the running system sends."""
    clock, taken = home_clock(settings.home), 0
    request = streaming(settings, clock, "GET", "/api/v1/backup", params={"packing": packing})
    with request as answer:
        for piece in answer.iter_raw():
            target.write(piece)
            taken += len(piece)
            advance("backup", taken, None)


def _write_here(settings: Settings, packing: str, target: IO[bytes], advance: Advance) -> None:
    from quotawatt.app.system import open_system
    from quotawatt.keeping.backup import Source, write_backup

    system = open_system(settings, home_clock(settings.home))
    try:
        source = Source(
            settings.home,
            system.series,
            system.records,
            f"cli:{user_name()}",
            system_clock,
            lambda what, rows: advance(what, rows, None),
        )
        write_backup(source, target, packing)
    finally:
        system.close()


def _figures(manifest: Mapping[str, Any], file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "made_at": manifest["made_at"],
        "files": len(manifest["files"]),
        "readings": manifest["series"]["readings"],
        "ledger": manifest["ledger"]["seq"],
        "compute_anew": manifest["compute_anew"],
    }


def _say(key: str, settings: Settings, **values: object) -> None:
    words = keeping_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)
