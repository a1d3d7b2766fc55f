"""The options of ``trips`` that say how to read logs of vehicles."""

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quotawatt.errors import InputError

_CSV = "CSV file"


class Energy(StrEnum):
    """What a vehicle runs on."""

    PETROL = "petrol"
    DIESEL = "diesel"
    ELECTRIC = "electric"


class Datum(StrEnum):
    """What positions are given in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


@dataclass(frozen=True, kw_only=True)
class LogSource:
    """The options that say how logs are to be read; all but ``csv`` are of no use without it."""

    csv: Annotated[
        list[Path] | None,
        typer.Option(
            "--csv",
            help="A log; may repeat, files of one vehicle are joined by --vehicle.",
            rich_help_panel=_CSV,
        ),
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="HEADING=QUANTITY[:UNIT], also =time, date, clock, elapsed_s, "
            "elapsed_ms, vehicle, or - for nothing; may repeat.",
            rich_help_panel=_CSV,
        ),
    ] = None
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone",
            help="Of times without offset; default: the settings'.",
            rich_help_panel=_CSV,
        ),
    ] = None
    time_format: Annotated[
        str,
        typer.Option(
            "--time-format",
            help="strptime; default: ISO 8601, seconds since 1970, or told from the dates.",
            rich_help_panel=_CSV,
        ),
    ] = ""
    start: Annotated[
        str | None,
        typer.Option(
            "--start", help="When a log of seconds began, ISO 8601.", rich_help_panel=_CSV
        ),
    ] = None
    energy: Annotated[
        Energy | None,
        typer.Option("--energy", help="Default: as the log's columns say.", rich_help_panel=_CSV),
    ] = None
    battery_kwh: Annotated[
        float | None,
        typer.Option(
            "--battery-kwh", min=0.1, max=10_000, help="Usable battery.", rich_help_panel=_CSV
        ),
    ] = None
    tank_l: Annotated[
        float | None,
        typer.Option(
            "--tank-l", min=0.1, max=10_000, help="Size of the tank.", rich_help_panel=_CSV
        ),
    ] = None
    datum: Annotated[
        Datum,
        typer.Option("--datum", help="Of the positions.", rich_help_panel=_CSV),
    ] = Datum.WGS84  # fmt: skip


def refuse_log_options(source: LogSource) -> None:
    """Raise InputError where an option of logs is given and no log is."""
    given = [f.name for f in fields(source) if getattr(source, f.name) not in (f.default, None, [])]
    if given:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise InputError(f"{options} must be used with --csv FILE, got it without")
