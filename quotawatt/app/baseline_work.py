"""What the commands of baselines do; apart from these as models take their time to load."""

import json
from pathlib import Path

import pandas as pd
import typer

from analytics.sufficiency.purposes import Purpose
from quotawatt.app import baseline_stored as stored
from quotawatt.app.analytics_views import Row, frame_rows
from quotawatt.app.baseline_fitting import (
    Answer,
    fitted,
    leave,
    load_model,
    require_alike,
    write_text,
)
from quotawatt.app.baseline_report import report_of
from quotawatt.app.console import show_json
from quotawatt.app.energy_csv import Read
from quotawatt.app.energy_read import read_source, within
from quotawatt.app.energy_source import Source
from quotawatt.app.tables_analytics import (
    line,
    print_baselines,
    print_findings,
    print_models,
    print_series,
    say_written,
)
from quotawatt.documents.html import to_html
from quotawatt.errors import InputError
from quotawatt.settings import Settings

_COURSE = ("expected", "low", "high", "actual")
"""Columns that ``predict`` writes, of a file and of the stores."""


def show_stored(asset: str | None, measure: str | None, settings: Settings, as_json: bool) -> None:
    """List the baselines of the stores."""
    rows = list(stored.listed(settings, asset, measure))
    if as_json:
        show_json(rows)
    else:
        print_baselines(rows, settings)


def ask_for_refit(subject: str, measure: str, settings: Settings, as_json: bool) -> None:
    """Have a stored baseline learnt anew."""
    job = stored.refit(settings, subject, measure)
    if as_json:
        show_json([job])
    else:
        line("refit", settings, job=job["id"])


def fit(
    source: Source,
    purpose: Purpose,
    candidates: list[str] | None,
    level: float,
    out: Path | None,
    plot: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Fit the baseline of a file, show and keep it."""
    read = read_source(source, settings.timezone)
    answer = fitted(read, purpose, candidates, level)
    written = _keep(answer, read, out, plot, settings)
    if as_json:
        show_json([answer.row])
    else:
        _print_fit(answer.row, settings)
        say_written(written, settings)
    leave(answer.row["findings"])


def _keep(
    answer: Answer, read: Read, out: Path | None, plot: Path | None, settings: Settings
) -> list[Path]:
    """Write the baseline and its picture, where there is one; the files."""
    baseline = answer.baseline
    if baseline is None:
        return []
    if out is not None:
        write_text(out, json.dumps(baseline.to_document(), ensure_ascii=False))
    if plot is not None:
        # Loaded only here: drawing takes longer to load than all else.
        from quotawatt.app.plots_baseline import plot_baseline

        predicted = baseline.predict(read.series)
        plot_baseline(plot, read.series, baseline, predicted, settings.language)
    return [path for path in (out, plot) if path is not None]


def predict(
    source: Source,
    subject: str | None,
    model: Path | None,
    out: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Write what was to be expected beside what was used."""
    course = (
        _predicted(source, model, settings)
        if subject is None
        else stored.expected(settings, source, subject)
    )
    if as_json:
        show_json(frame_rows(course))
        return
    text = course[[*_COURSE]].round(6).to_csv(date_format="%Y-%m-%dT%H:%M:%SZ")
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        say_written([out], settings)


def _predicted(source: Source, model: Path | None, settings: Settings) -> pd.DataFrame:
    if model is None:
        raise InputError("a baseline must be named with --model, got none")
    baseline = load_model(model)
    series = read_source(source, settings.timezone, whole=True).series
    require_alike(baseline, series)
    predicted = baseline.predict(series)
    wanted = within(series, source.start, source.until)
    return predicted.loc[wanted.frame.index].assign(actual=wanted.frame["use"])


def report(
    source: Source,
    subject: str | None,
    purpose: Purpose,
    candidates: list[str] | None,
    out: Path,
    settings: Settings,
    as_json: bool,
) -> None:
    """Write a report for printing."""
    if subject is None:
        answer = fitted(read_source(source, settings.timezone), purpose, candidates).row
    else:
        answer = stored.newest(settings, subject, source.measure)
    write_text(out, to_html(report_of(answer, settings.language)))
    if as_json:
        show_json([answer])
    else:
        say_written([out], settings)
    leave(answer["findings"])


def _print_fit(answer: Row, settings: Settings) -> None:
    """Series, findings, models and the verdict."""
    print_series(answer, settings)
    print_findings(answer["findings"], settings)
    if answer["baseline"] is None:
        line("no_baseline", settings)
    else:
        print_models(answer["baseline"], settings)
