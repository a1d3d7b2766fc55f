"""What the command of forecasts does; apart from it as models take their time to load."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.forecast.day_ahead import DayForecast, forecast_day
from analytics.sufficiency.checking import Sufficiency, check
from analytics.sufficiency.purposes import Purpose
from quotawatt.app.analytics_views import Row, finding_rows, frame_rows, number_or_none
from quotawatt.app.baseline_fitting import leave, load_model, require_alike
from quotawatt.app.console import show_json
from quotawatt.app.energy_csv import Read
from quotawatt.app.energy_read import midnight, read_source
from quotawatt.app.energy_source import Source
from quotawatt.app.paging import ask
from quotawatt.app.tables_analytics import print_findings, print_forecast, say_written
from quotawatt.calendars import working_calendar_known
from quotawatt.errors import InputError
from quotawatt.findings import Evidence, Finding
from quotawatt.settings import Settings
from quotawatt.spans import DAY, local_date, local_midnight

_NEVER_CHANGES = "series_constant"
"""Rules a forecast out; what else lacks for a baseline is noted, as days like it can still be told."""


def show_forecast(
    source: Source,
    subject: str | None,
    day: date | None,
    model: Path | None,
    level: float,
    plot: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Forecast a day and show it."""
    if subject is None:
        answer = _of_file(read_source(source, settings.timezone), day, model, level)
    else:
        answer = _stored(subject, source, day, level, settings)
    zone = ZoneInfo(answer["timezone"])
    if plot is not None and answer["hours"]:
        # Loaded only here: drawing takes longer to load than all else.
        from quotawatt.app.plots_forecast import plot_forecast

        plot_forecast(plot, answer, zone, settings.language)
    if as_json:
        show_json([answer])
    else:
        print_findings(answer["findings"], settings)
        if answer["hours"]:
            print_forecast(answer, zone, settings)
            say_written([plot], settings)
    leave(answer["findings"])


def _stored(
    subject: str, source: Source, day: date | None, level: float, settings: Settings
) -> dict[str, Any]:
    wanted = {"subject": subject, "measure": source.measure, "level": level}
    if day is not None:
        wanted["day"] = day.isoformat()
    answer: dict[str, Any] = ask(settings, "forecast", wanted)
    answer["findings"] = [{**row, "weight": "disqualifies"} for row in answer["findings"]]
    return answer


def _of_file(read: Read, day: date | None, model: Path | None, level: float) -> dict[str, Any]:
    series = read.series
    if series.interval is not Interval.HOUR:
        raise InputError(f"a forecast by the hour must have hours, got {series.interval} values")
    wanted = _after_last_full_day(series) if day is None else day
    before = _until(series, wanted)
    enough = check(before, Purpose.MONITOR)
    baseline, found_why = _baseline(before, model, wanted)
    said = {finding.code for finding in enough.findings}
    why = [finding for finding in found_why if finding.code not in said]
    weather = _weather(series, wanted)
    found = forecast_day(baseline, before, weather, wanted, level=level)
    if isinstance(found, Finding):
        findings = finding_rows(series, read.findings, enough, disqualifying=[*why, found])
        return {**_named(series, wanted), "hours": [], "findings": findings}
    grave = tuple(f for f in enough.disqualifying if f.code == _NEVER_CHANGES)
    noted = Sufficiency(grave, tuple(f for f in enough.findings if f not in grave))
    findings = finding_rows(series, read.findings, noted, why)
    return {**_named(series, wanted), **_row(found, series), "findings": findings}


def _baseline(
    before: UseSeries, model: Path | None, day: date
) -> tuple[FittedBaseline | None, tuple[Finding, ...]]:
    """The baseline of what was known before the day, and what stands in the way of one."""
    if model is not None:
        baseline = load_model(model)
        require_alike(baseline, before)
        return baseline, _learnt_later(baseline, before, day)
    found = fit_baseline(before)
    return (None, found.findings) if isinstance(found, Insufficient) else (found, ())


def _learnt_later(baseline: FittedBaseline, before: UseSeries, day: date) -> tuple[Finding, ...]:
    """Whether a given model knows the day: then it was not forecast, and misses less than it would have."""
    if pd.Timestamp(baseline.saw.last) < pd.Timestamp(local_midnight(day, before.zone)):
        return ()
    learnt = local_date(baseline.saw.last, before.zone).isoformat()
    detail: Evidence = {"day": day.isoformat(), "learnt_until": learnt}
    return (Finding("forecast_model_knows_the_day", before.subject, detail),)


def _weather(series: UseSeries, day: date) -> pd.DataFrame | None:
    """Temperatures of the day, where the file has them."""
    start, end = local_midnight(day, series.zone), local_midnight(day + DAY, series.zone)
    index = series.frame.index
    mine = series.frame.loc[(index >= start) & (index < end), ["temperature_c"]]
    return mine if mine["temperature_c"].notna().any() else None


def _until(series: UseSeries, day: date) -> UseSeries:
    """What was known when the day began."""
    end = midnight(day.isoformat(), series.zone, "--day")
    frame = series.frame[series.frame.index < end]
    if frame.empty:
        first = series.frame.index[0].isoformat()
        raise InputError(f"--day must lie after the beginning of the data, {first}, got {day}")
    return UseSeries(
        series.subject,
        series.measure,
        series.unit,
        series.zone,
        series.country,
        series.interval,
        frame,
    )


def _after_last_full_day(series: UseSeries) -> date:
    known = series.frame.index[np.isfinite(series.frame["use"].to_numpy(dtype=float))]
    if not len(known):
        return local_date(series.frame.index[-1], series.zone) + DAY
    return local_date(known[-1] + pd.Timedelta(hours=1), series.zone)


def _named(series: UseSeries, day: date) -> Row:
    return {
        "subject": series.subject,
        "measure": series.measure,
        "unit": series.unit,
        "timezone": series.zone.key,
        "day": day.isoformat(),
        "calendar_known": working_calendar_known(day, series.country),
    }


def _row(found: DayForecast, series: UseSeries) -> Row:
    actual = series.frame["use"].reindex(found.frame.index)
    return {
        "known_until": found.known_until.isoformat(),
        "level": found.level,
        "basis": found.basis.value,
        "weather": found.weather.value,
        "total": number_or_none(found.total),
        "total_low": number_or_none(found.total_low),
        "total_high": number_or_none(found.total_high),
        "hours": frame_rows(found.frame.assign(actual=actual)),
    }
