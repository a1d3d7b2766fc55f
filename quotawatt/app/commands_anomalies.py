"""``anomalies``: what is out of the ordinary, as events: over the stores, or straight over a file."""

from typing import Annotated

import typer

from quotawatt.app.commands_baseline import ModelOption, PlotOption
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.app.energy_source import (
    Source,
    SubjectArgument,
    refuse_file_options,
    with_source,
)
from quotawatt.errors import InputError


def register(app: typer.Typer) -> None:
    """Add ``anomalies`` to the program."""
    app.command("anomalies")(with_source(anomalies))


def anomalies(
    source: Source,
    subject: SubjectArgument = None,
    model: ModelOption = None,
    sensitivity: Annotated[
        float, typer.Option("--sensitivity", help="Above 1 finds more. Of files only.")
    ] = 1.0,
    least: Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="0 to 1.")] = 0.0,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="open, over, ordinary, withdrawn; of the stores only."),
    ] = None,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List events: since when, how much, how surely, and what they most likely are."""
    # Loaded only here: models take seconds, and no other command needs them.
    from quotawatt.app import anomalies_work

    settings = settings_for(home, language)
    if source.csv is None:
        only_files = {"model": model, "sensitivity": sensitivity != 1, "interval": source.interval}
        refuse_file_options(source, **only_files)
        anomalies_work.of_stores(source, subject, least, state, plot, as_json, settings)
    elif subject is not None:
        raise InputError(f"either a code or --csv FILE must be given, got {subject} and a file")
    elif state:
        raise InputError(f"--state must be asked of the stores, got it with {source.csv}")
    else:
        anomalies_work.of_file(source, model, sensitivity, least, plot, as_json, settings)
