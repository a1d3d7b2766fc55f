"""``baseline``: what a subject is expected to use: fitted, asked and reported."""

import json
from pathlib import Path
from typing import Annotated

import typer

from analytics.sufficiency.purposes import Purpose
from quotawatt.app.analytics_views import Row, frame_rows
from quotawatt.app.baseline_fitting import (
    fitted,
    leave,
    load_model,
    require_alike,
    write_text,
)
from quotawatt.app.baseline_report import report_of
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.energy_source import Source, with_source
from quotawatt.app.plots_baseline import plot_baseline
from quotawatt.app.tables_analytics import line, print_findings, print_models, print_series
from quotawatt.documents.html import to_html
from quotawatt.settings import Settings

PlotOption = Annotated[
    Path | None, typer.Option("--plot", help="Picture to write: .png, .svg or .pdf.")
]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A baseline that `baseline fit --out` wrote.")
]
PurposeOption = Annotated[Purpose, typer.Option("--purpose", help="What the data must bear.")]
CandidateOption = Annotated[
    list[str] | None, typer.Option("--candidate", help="Kind of model; may repeat; default: all.")
]
LevelOption = Annotated[float, typer.Option("--level", min=0.5, max=0.99, help="Of the band.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write.")]


def register(app: typer.Typer) -> None:
    """Add the group ``baseline``."""
    group = typer.Typer(help="What is to be expected, by calendar and weather.")
    group.command("fit")(with_source(baseline_fit))
    group.command("predict")(with_source(baseline_predict))
    group.command("report")(with_source(baseline_report))
    app.add_typer(group, name="baseline")


def baseline_fit(
    source: Source,
    purpose: PurposeOption = Purpose.MONITOR,
    candidate: CandidateOption = None,
    level: LevelOption = 0.9,
    out: OutOption = None,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit the candidates, choose by blocked cross-validation, and say what the data bear."""
    settings = settings_for(home, language)
    read = source.read(settings.timezone)
    answer, baseline = fitted(read, purpose, candidate, level)
    if baseline is not None and out is not None:
        write_text(out, json.dumps(baseline.to_document(), ensure_ascii=False))
    if baseline is not None and plot is not None:
        predicted = baseline.predict(read.series)
        plot_baseline(plot, read.series, baseline, predicted, settings.language)
    if as_json:
        show_json([answer])
    else:
        print_fit(answer, settings)
        say_written([] if baseline is None else [out, plot], settings)
    leave(answer["findings"])


def baseline_predict(
    source: Source,
    model: Annotated[Path, typer.Option("--model", help="What `baseline fit --out` wrote.")],
    out: OutOption = None,
    plot: PlotOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a baseline expects for the times and temperatures of a file, as CSV."""
    settings = settings_for(home, language)
    baseline = load_model(model)
    series = source.read(settings.timezone).series
    require_alike(baseline, series)
    predicted = baseline.predict(series)
    rows = frame_rows(predicted.assign(actual=series.frame["use"]))
    if plot is not None:
        plot_baseline(plot, series, baseline, predicted, settings.language)
    if as_json:
        show_json(rows)
        return
    text = predicted.assign(actual=series.frame["use"]).to_csv(date_format="%Y-%m-%dT%H:%M:%SZ")
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        say_written([out, plot], settings)


def baseline_report(
    source: Source,
    out: Annotated[Path, typer.Option("--out", help="File to write, HTML for printing.")],
    purpose: PurposeOption = Purpose.MONITOR,
    candidate: CandidateOption = None,
    level: LevelOption = 0.9,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the baseline for printing: data, findings, models, figures."""
    settings = settings_for(home, language)
    answer, _ = fitted(source.read(settings.timezone), purpose, candidate, level)
    write_text(out, to_html(report_of(answer, settings.language)))
    if as_json:
        show_json([answer])
    else:
        say_written([out], settings)
    leave(answer["findings"])


def print_fit(answer: Row, settings: Settings) -> None:
    """Series, findings, models and the verdict."""
    print_series(answer, settings)
    print_findings(answer["findings"], settings)
    if answer["baseline"] is None:
        line("no_baseline", settings)
    else:
        print_models(answer["baseline"], settings)


def say_written(paths: list[Path | None], settings: Settings) -> None:
    """Say which files were written."""
    for path in paths:
        if path is not None:
            line("saved", settings, path=path)
