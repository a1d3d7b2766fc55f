"""What the command of anomalies does; apart from it as models take their time to load."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.anomalies.finding import find_anomalies
from analytics.anomalies.habit import expect_by_habit
from analytics.baselines.series import UseSeries
from analytics.sufficiency.checking import Sufficiency, check
from analytics.sufficiency.purposes import Purpose
from quotawatt.app.analytics_calls import course_of
from quotawatt.app.analytics_views import anomaly_row, finding_rows, series_row
from quotawatt.app.baseline_fitting import leave, load_model, require_alike
from quotawatt.app.console import show_json
from quotawatt.app.energy_read import read_source, within
from quotawatt.app.energy_source import Source
from quotawatt.app.paging import ask, pages
from quotawatt.app.tables_analytics import (
    line,
    print_anomalies,
    print_findings,
    print_series,
    say_written,
)
from quotawatt.errors import InputError
from quotawatt.findings import Evidence, Finding
from quotawatt.settings import Settings

_MOST_UNANSWERED_PCT = 10.0
"""Share of known use without an expectation that is not worth a word."""


def of_file(
    source: Source,
    model: Path | None,
    sensitivity: float,
    least: float,
    plot: Path | None,
    as_json: bool,
    settings: Settings,
) -> None:
    """Events of a file, against a baseline or the series' own habit."""
    whole, file = read_source(source, settings.timezone, whole=True)
    series = within(whole, source.start, source.until)
    expected, basis = _expected(whole, model)
    expected = expected.loc[series.frame.index]
    enough = check(series, Purpose.MONITOR)
    findings = finding_rows(series, file, *_weighed(enough, _unanswered(series, expected)))
    found = find_anomalies(series, expected, sensitivity=sensitivity)
    rows = [anomaly_row(one, series) for one in found if one.confidence >= least]
    if plot is not None:
        course = expected.assign(actual=series.frame["use"])
        of = series.subject, series.unit, series.zone
        _draw(plot, *of, course, rows, settings.language)
    if as_json:
        show_json(rows)
    else:
        print_series(series_row(series), settings)
        print_findings(findings, settings)
        line(basis, settings)
        print_anomalies(rows, series.zone, settings)
        say_written([plot], settings)
    leave(findings)


def _unanswered(series: UseSeries, expected: pd.DataFrame) -> tuple[Finding | None, bool]:
    """How much of the known use nothing can be expected of, and whether that is all of it."""
    known = np.isfinite(series.frame["use"].to_numpy(dtype=float))
    missing = ~np.isfinite(expected["expected"].to_numpy(dtype=float)[known])
    share_pct = 100 * float(missing.mean()) if known.any() else 0.0
    if share_pct <= _MOST_UNANSWERED_PCT:
        return None, False
    detail: Evidence = {"share_pct": round(share_pct, 1), "limit_pct": _MOST_UNANSWERED_PCT}
    return Finding("expected_unknown", series.subject, detail), share_pct >= 100


def _weighed(
    enough: Sufficiency, unanswered: tuple[Finding | None, bool]
) -> tuple[Sufficiency, tuple[Finding, ...], tuple[Finding, ...]]:
    """As ``finding_rows`` takes them: what was found before, what is a note, what disqualifies."""
    finding, is_grave = unanswered
    if finding is None:
        return enough, (), ()
    return (enough, (), (finding,)) if is_grave else (enough, (finding,), ())


def _expected(series: UseSeries, model: Path | None) -> tuple[pd.DataFrame, str]:
    """What was to be expected, and the key of what it rests on."""
    if model is None:
        return expect_by_habit(series), "by_habit"
    baseline = load_model(model)
    require_alike(baseline, series)
    return baseline.predict(series), "by_model"


def of_stores(
    source: Source,
    subject: str | None,
    least: float,
    state: list[str] | None,
    plot: Path | None,
    as_json: bool,
    settings: Settings,
) -> None:
    """Events that the stores hold of an asset and those below it."""
    wanted = {
        "asset": subject,
        "from": source.start,
        "until": source.until,
        "min_confidence": least,
        "state": state,
    }
    rows = list(pages(settings, "anomalies", wanted))
    if plot is not None:
        _plot_stored(source, subject, rows, plot, settings)
    if as_json:
        show_json(rows)
    else:
        print_anomalies(rows, ZoneInfo(settings.timezone), settings)
        if not rows and not any(pages(settings, "baselines", {"asset": subject})):
            line("not_looked_at", settings)
        say_written([plot], settings)


def _plot_stored(
    source: Source, subject: str | None, rows: list[Any], plot: Path, settings: Settings
) -> None:
    if subject is None or source.start is None:
        raise InputError("a picture must have a code and --from, got none of one of them")
    wanted = {
        "subject": subject,
        "measure": source.measure,
        "from": source.start,
        "until": source.until,
        "interval": "hour",
    }
    answer = ask(settings, "baselines/expected", wanted)
    course, zone = course_of(answer)
    mine = [row for row in rows if row["subject"] == subject and row["measure"] == source.measure]
    _draw(plot, subject, answer["unit"], zone, course, mine, settings.language)


def _draw(plot: Path, *what: Any) -> None:
    # Loaded only here: drawing takes longer to load than all else.
    from quotawatt.app.plots_anomalies import plot_anomalies

    plot_anomalies(plot, *what)
