"""What the command of savings does; apart from it as models take their time to load."""

import math
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from analytics.baselines.fitted import Insufficient
from analytics.baselines.metrics import Fit
from analytics.baselines.series import UseSeries
from analytics.savings.contents import savings_content
from analytics.savings.option_c import savings as option_c
from analytics.savings.report import savings_document
from analytics.sufficiency.checking import Sufficiency
from analytics.sufficiency.fitness import judge_fit
from analytics.sufficiency.weather import temperature_reach
from quotawatt.app.analytics_views import LANGUAGES, Row, finding_rows
from quotawatt.app.baseline_fitting import leave, write_text
from quotawatt.app.console import show_json
from quotawatt.app.energy_csv import Read
from quotawatt.app.energy_read import read_source, within
from quotawatt.app.energy_source import Source, day_of
from quotawatt.app.paging import ask
from quotawatt.app.tables_analytics import line, print_findings, say_written
from quotawatt.app.tables_savings import print_savings
from quotawatt.documents.html import to_html
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.performance.values import NonRoutineEvent
from quotawatt.settings import Settings
from quotawatt.spans import DAY, local_date

_BASELINE = ("--from", "--baseline-until")
_REPORTING = ("--reporting-from", "--until")


class Asked(NamedTuple):
    """What savings are asked for.

    baseline_until, reporting
        The day on which the measure began, and the first day after it, as they are written.
    candidates
        Kinds of models; empty: all that savings are measured by.
    events
        Non-routine events.
    """

    baseline_until: str
    reporting: str
    candidates: tuple[str, ...] = ()
    events: tuple[NonRoutineEvent, ...] = ()


def show_savings(
    source: Source,
    subject: str | None,
    asked: Asked,
    report: Path | None,
    plot: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Reckon savings, show them, and write report and picture."""
    if subject is None:
        read = read_source(source, settings.timezone)
        answer = _of_file(read, source.start, asked)
    else:
        answer = _stored(subject, source, asked, settings)
    found = answer["report"]
    if found is not None:
        _write(found, report, plot, settings)
    if as_json:
        show_json([answer])
    else:
        print_findings(answer["findings"], settings)
        if found is None:
            line("no_savings", settings)
        else:
            print_savings(found, settings)
            say_written([report, plot], settings)
    leave(answer["findings"])


def _write(found: Any, report: Path | None, plot: Path | None, settings: Settings) -> None:
    if report is not None:
        write_text(report, to_html(savings_document(found, settings.language)))
    if plot is not None:
        # Loaded only here: drawing takes longer to load than all else.
        from quotawatt.app.plots_savings import plot_savings

        plot_savings(plot, found, settings.language)


def _of_file(read: Read, first: str | None, asked: Asked) -> dict[str, Any]:
    series = read.series
    until = asked.baseline_until
    before = within(series, first or _a_year_before(series, until), until, _BASELINE)
    after = within(series, asked.reporting, None, _REPORTING)
    found = option_c(before, after, events=asked.events, candidates=asked.candidates or None)
    if isinstance(found, Insufficient):
        rows = finding_rows(series, read.findings, Sufficiency(found.findings))
        return {"report": None, "findings": rows}
    name = {str(language): series.subject for language in LANGUAGES}
    content = savings_content(found, name, asked.events)
    judged = [*_judged(content, series), *temperature_reach(before, after)]
    rows = finding_rows(series, read.findings, Sufficiency((), found.findings), judged)
    return {"report": content, "findings": rows}


def _judged(content: Row, series: UseSeries) -> tuple[Finding, ...]:
    """The baseline's fit against the known bars; its net bias is taken away before savings are reckoned."""
    if content["model"] is None:
        return ()
    figures = content["model"]["in_sample"]
    r2, cv_rmse, nmbe = (
        math.nan if figures[name] is None else float(figures[name])
        for name in ("r2", "cv_rmse_pct", "nmbe_pct")
    )
    fit = Fit(r2, cv_rmse, nmbe, figures["n"], figures["p"])
    return judge_fit(fit, series.interval, series.subject)


def _a_year_before(series: UseSeries, until: str) -> str | None:
    """The day 365 days before; None where the series begins later."""
    day = day_of(until, "--baseline-until") - 365 * DAY
    return None if day <= local_date(series.frame.index[0], series.zone) else day.isoformat()


def _stored(subject: str, source: Source, asked: Asked, settings: Settings) -> dict[str, Any]:
    until = day_of(asked.baseline_until, "--baseline-until")
    first = until - 365 * DAY if source.start is None else day_of(source.start, "--from")
    wanted = {
        "subject": subject,
        "measure": source.measure,
        "baseline_first": first.isoformat(),
        "baseline_last": (until - DAY).isoformat(),
        "first_day": day_of(asked.reporting, "--reporting-from").isoformat(),
        "last_day": _last(source.until).isoformat(),
        "interval": None if source.interval is None else source.interval.value,
        "lang": settings.language,
    }
    answer: dict[str, Any] = ask(settings, "savings", wanted)
    weight = "disqualifies" if answer["report"] is None else "warns"
    rows = [{**row, "weight": weight} for row in answer["findings"]]
    return {"report": answer["report"], "findings": rows}


def _last(until: str | None) -> date:
    if until is None:
        raise InputError("--until must be given for savings over the stores, got none")
    return day_of(until, "--until") - DAY
