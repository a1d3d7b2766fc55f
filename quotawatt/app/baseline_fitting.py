"""What the commands of the analytics do with a series straight from a file: check, fit, keep."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import typer

from analytics.baselines.fitted import FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.sufficiency.checking import check
from analytics.sufficiency.fitness import judge_fit
from analytics.sufficiency.purposes import Purpose
from quotawatt.app.analytics_views import Row, baseline_row, finding_rows, series_row
from quotawatt.app.energy_csv import Read
from quotawatt.errors import InputError
from quotawatt.spans import Span

_TRIED, _ANY_C = 36, 15.0
DISQUALIFIED = 1
"""Exit status where the data rule the purpose out."""


class Answer(NamedTuple):
    """What is shown, and the baseline; None where there can be none."""

    row: Row
    baseline: FittedBaseline | None


def fitted(
    read: Read,
    purpose: Purpose,
    candidates: Sequence[str] | None = None,
    level: float = 0.9,
    exclude: Sequence[Span] = (),
) -> Answer:
    """Check the series for the purpose, fit its baseline, and judge the fit."""
    series = read.series
    enough = check(series, purpose)
    found = fit_baseline(series, candidates=candidates or None, level=level, exclude=exclude)
    if isinstance(found, Insufficient):
        grave = {finding.code for finding in enough.findings}
        why = [finding for finding in found.findings if finding.code not in grave]
        rows = finding_rows(series, read.findings, enough, disqualifying=why)
        return Answer({**series_row(series), "findings": rows, "baseline": None}, None)
    bias = purpose is Purpose.MEASURE_SAVINGS
    judged = judge_fit(found.in_sample, series.interval, series.subject, net_bias=bias)
    rows = finding_rows(series, read.findings, enough, judged)
    row = {**series_row(series), "findings": rows, "baseline": baseline_row(found)}
    return Answer(row, found)


def load_model(path: Path) -> FittedBaseline:
    """A baseline as ``baseline fit --out`` wrote it. Raises InputError for anything else."""
    rule = "a model must be a file that `baseline fit --out` wrote"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{rule}, got {path} ({error.strerror})") from None
    except ValueError:
        raise InputError(f"{rule}, got {path} without JSON") from None
    if not isinstance(document, dict):
        raise InputError(f"{rule}, got {path}")
    try:
        baseline = FittedBaseline.from_document(document)
        baseline.predict(_few(baseline))
        return baseline
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError(f"{rule}, got {path} ({type(error).__name__}: {error})") from None


def _few(baseline: FittedBaseline) -> pd.DataFrame:
    """A few intervals to try a model on: a document whose parts do not fit together fails here."""
    lengths = {Interval.HOUR: "h", Interval.DAY: "D", Interval.MONTH: "MS"}
    first = pd.Timestamp(baseline.saw.first).tz_convert(baseline.zone)
    starts = pd.date_range(first, periods=_TRIED, freq=lengths[baseline.interval])
    index = pd.DatetimeIndex(starts.tz_convert("UTC"), name="start")
    return pd.DataFrame({"use": np.nan, "temperature_c": _ANY_C}, index=index)


def require_alike(baseline: FittedBaseline, series: UseSeries) -> None:
    """Raise InputError unless the baseline is one of such a series."""
    for name in ("measure", "unit", "interval", "zone"):
        mine, other = getattr(baseline, name), getattr(series, name)
        if mine != other:
            rule = f"model and series must have the same {name}"
            raise InputError(f"{rule}, got {mine} and {other}")


def write_text(path: Path, text: str) -> None:
    """Write a file; InputError where that is not possible."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"a file must be writable, got {path} ({error.strerror})") from None


def leave(findings: Iterable[Any]) -> None:
    """End with status 1 where a finding disqualifies."""
    if any(row["weight"] == "disqualifies" for row in findings):
        raise typer.Exit(DISQUALIFIED)
