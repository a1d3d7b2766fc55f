"""Where a command of the analytics takes its series from: the stores, or a CSV file with its options."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.option_groups import with_options
from quotawatt.errors import InputError

_CSV = "CSV file"
_OF_STORES = frozenset({"start", "until", "measure", "interval", "csv"})
"""Options of ``Source`` that hold for the stores too."""


class Length(StrEnum):
    """How long intervals are wanted."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class Times(StrEnum):
    """Whose clock times without an offset are of."""

    LOCAL = "local"
    UTC = "utc"


class Edge(StrEnum):
    """Which end of its interval a time names."""

    START = "start"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Source:
    """The options that say which series is meant; those below ``csv`` are for files alone."""

    start: Annotated[
        str | None, typer.Option("--from", help="First day, YYYY-MM-DD; default: all.")
    ] = None
    until: Annotated[str | None, typer.Option("--until", help="Day after the last.")] = None
    measure: Annotated[str, typer.Option("--measure", help="As docs/nomenclature.md names it.")] = (
        "electricity_import_kwh"
    )
    interval: Annotated[
        Length | None, typer.Option("--interval", help="Coarser than the data, if wanted.")
    ] = None
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Work on this file, not on the stores.", rich_help_panel=_CSV),
    ] = None
    column: Annotated[
        str, typer.Option("--column", help="Heading of the values.", rich_help_panel=_CSV)
    ] = ""
    time_column: Annotated[
        str,
        typer.Option("--time-column", help="Default: the first column.", rich_help_panel=_CSV),
    ] = ""
    time_format: Annotated[
        str,
        typer.Option("--time-format", help="strptime; default: ISO 8601.", rich_help_panel=_CSV),
    ] = ""
    where: Annotated[
        str,
        typer.Option("--where", help="COLUMN=VALUE: only these rows.", rich_help_panel=_CSV),
    ] = ""
    zone: Annotated[
        str | None,
        typer.Option("--zone", help="Time zone; default: the settings'.", rich_help_panel=_CSV),
    ] = None
    country: Annotated[
        str, typer.Option("--country", help="Whose holidays, ISO 3166.", rich_help_panel=_CSV)
    ] = "CN"
    times: Annotated[
        Times,
        typer.Option("--times", help="Clock of times without offset.", rich_help_panel=_CSV),
    ] = Times.LOCAL
    edge: Annotated[
        Edge,
        typer.Option("--edge", help="Which end of its hour a time names.", rich_help_panel=_CSV),
    ] = Edge.START
    unit: Annotated[
        str,
        typer.Option("--unit", help="Where not the measure's own.", rich_help_panel=_CSV),
    ] = ""
    power: Annotated[
        bool,
        typer.Option("--power", help="Values are kW; take them as kWh.", rich_help_panel=_CSV),
    ] = False
    temperature: Annotated[
        Path | None,
        typer.Option(
            "--temperature",
            help="File with outdoor temperature; default: the same.",
            rich_help_panel=_CSV,
        ),
    ] = None
    temperature_column: Annotated[
        str,
        typer.Option("--temperature-column", help="Its heading.", rich_help_panel=_CSV),
    ] = ""
    temperature_where: Annotated[
        str,
        typer.Option("--temperature-where", help="COLUMN=VALUE of it.", rich_help_panel=_CSV),
    ] = ""
    fahrenheit: Annotated[
        bool | None,
        typer.Option(
            "--fahrenheit/--celsius", help="Default: as its heading says.", rich_help_panel=_CSV
        ),
    ] = None


SubjectArgument = Annotated[
    str | None, typer.Argument(help="Code of a building, meter, ...; or --csv FILE.")
]


def with_source(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of ``Source`` in the place of its parameter ``source``."""
    return with_options(command, Source)


def require_one(subject: str | None, source: Source, **of_files: object) -> None:
    """Raise InputError unless either a subject or a file is named, or where an option is only for files.

    of_files
        The command's own options that say something of files alone; None or empty: not given.
    """
    if (subject is None) == (source.csv is None):
        got = "neither" if subject is None else f"{subject} and {source.csv}"
        raise InputError(f"either a code or --csv FILE must be given, got {got}")
    if source.csv is None:
        refuse_file_options(source, **of_files)


def refuse_file_options(source: Source, **of_files: object) -> None:
    """Raise InputError where an option is given that the stores would not heed."""
    own = {field.name: getattr(source, field.name) != field.default for field in fields(source)}
    given = [name for name, is_set in own.items() if is_set and name not in _OF_STORES]
    given += [name for name, value in of_files.items() if value]
    if given:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise InputError(f"{options} must be used with --csv FILE, got it without")


def day_of(text: str, option: str) -> date:
    """A day as it is written in an option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} must be a day, YYYY-MM-DD, got {text}") from None
