"""``register``: the asset register in and out: a workbook, a folder of .csv files, geofences as GeoJSON."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from quotawatt.app.commands_findings import register_check
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.errors import InputError

SourceArgument = Annotated[
    Path,
    typer.Argument(help="A workbook .xlsx, a folder of .csv files, or geofences as .geojson."),
]
TargetArgument = Annotated[
    Path, typer.Argument(help="A workbook .xlsx, a folder, or a file .geojson of the geofences.")
]
DatumOption = Annotated[
    Literal["wgs84", "gcj02"], typer.Option("--datum", help="Of positions in a file .geojson.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="The asset register.", no_args_is_help=True)
    group.command("template")(register_template)
    group.command("validate")(register_validate)
    group.command("import")(register_import)
    group.command("export")(register_export)
    group.command("check")(register_check)
    app.add_typer(group, name="register")


def register_template(
    file: Annotated[Path, typer.Argument(help="The workbook to write, .xlsx.")],
    language: LanguageOption = None,
) -> None:
    """Write an empty workbook to fill in, with drop-downs, notes and a guide."""
    from quotawatt.app.register_files import write_template

    if file.suffix.lower() != ".xlsx":
        raise InputError(f"a template must be a workbook .xlsx, got {str(file)!r}")
    write_template(file, settings_for(language=language))


def register_validate(
    source: SourceArgument,
    datum: DatumOption = "wgs84",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a register and say everything that is wrong with it; nothing is written.

    What the file leaves out is taken from the home folder, where there is one.
    """
    from quotawatt.app.register_files import validate

    validate(source, settings_for(home, language), as_json, datum)


def register_import(
    source: SourceArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be done.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove what is stored and not in its sheet.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove adopted bindings that the sheet lacks, too.")
    ] = False,
    changed_from: Annotated[
        str | None,
        typer.Option("--from", help="Day from which changed columns hold; default: always."),
    ] = None,
    datum: DatumOption = "wgs84",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a register in: all or nothing, and again without harm.

    A sheet, file or column that is absent stays as it is stored.
    """
    from quotawatt.app.register_files import take_in
    from quotawatt.register.planning import Options

    options = Options(remove, prune, None if changed_from is None else _day(changed_from))
    settings = settings_for(home, language)
    take_in(source, options, settings, dry_run=dry_run, as_json=as_json, datum=datum)


def register_export(
    target: TargetArgument,
    datum: DatumOption = "wgs84",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the register as a workbook or a folder of .csv files that can be imported again.

    A file .geojson holds the geofences alone.
    """
    from quotawatt.app.register_files import give_out

    give_out(target, settings_for(home, language), datum)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--from must be a day YYYY-MM-DD, got {text!r}") from None
