"""``forecast``: the next day by the hour, with its band: over the stores, or straight over a file."""

from typing import Annotated

import typer

from quotawatt.app.commands_baseline import LevelOption, ModelOption, PlotOption
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for
from quotawatt.app.energy_source import (
    Source,
    SubjectArgument,
    day_of,
    require_one,
    with_source,
)


def register(app: typer.Typer) -> None:
    """Add ``forecast`` to the program."""
    app.command("forecast")(with_source(forecast))


def forecast(
    source: Source,
    subject: SubjectArgument = None,
    day: Annotated[
        str | None, typer.Option("--day", help="YYYY-MM-DD; default: after the last full day.")
    ] = None,
    model: ModelOption = None,
    level: LevelOption = 0.9,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast a day by the hour. A day that is over is forecast as it would have been before it.

    Of a file: temperatures of that day in the file (its temperature file) are taken for its weather forecast.
    """
    # Loaded only here: models take seconds, and no other command needs them.
    from quotawatt.app.forecast_work import show_forecast

    require_one(
        subject, source, model=model, until=source.until, interval=source.interval,
        **{"from": source.start},
    )  # fmt: skip
    settings = settings_for(home, language)
    wanted = None if day is None else day_of(day, "--day")
    show_forecast(source, subject, wanted, model, level, plot, settings, as_json)
