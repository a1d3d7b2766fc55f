"""Option C of the IPMVP: a model of the whole meter before the measure, held against use after it.

The model of the baseline period (基期) says what the reporting period (统计报告期) would have used in its own
weather and calendar. With non-routine adjustments that is the adjusted baseline (校准能耗), and what it lies
above the use is the savings (节能量): GB/T 28750-2012, IPMVP Core Concepts, ASHRAE Guideline 14-2014.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TypedDict
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.fitted import FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.savings.adjustments import edges_of, event_span, local_days
from analytics.savings.learnt import PeriodModel, period_model
from analytics.savings.reckoning import amounts, band, months, savings_frame
from analytics.savings.result import Amounts, Savings
from analytics.savings.uncertainty import LEVELS
from analytics.sufficiency.checking import check
from analytics.sufficiency.purposes import Purpose
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.performance.values import EventKind, NonRoutineEvent
from quotawatt.spans import Span

Floats = NDArray[np.float64]

CANDIDATES: Mapping[Interval, tuple[str, ...]] = MappingProxyType(
    {
        Interval.HOUR: ("towt",),
        Interval.DAY: ("linear", "3p_heating", "3p_cooling", "4p", "5p", "towt"),
        Interval.MONTH: ("degree_days",),
    }
)
"""Models that savings are measured by: of a form that both sides of a contract can follow."""

LEAST_COVERAGE = 0.90
"""Of the reporting period; less is said in a finding (CalTRACK 2.0, 2.2.1.2)."""
_MOST_BEYOND_PCT = 5.0
_YEAR = timedelta(days=365.25)


def savings(
    baseline: UseSeries,
    reporting: UseSeries,
    *,
    exclude: Sequence[Span] = (),
    events: Sequence[NonRoutineEvent] = (),
    candidates: Sequence[str] | None = None,
) -> Savings | Insufficient:
    """Savings of the reporting period against a model of the baseline period, or why there are none.

    exclude
        Spans of the baseline period that the model does not learn from.
    events
        Non-routine events of the reporting period; days that are excluded may lie in the baseline too.
    candidates
        Models to choose from; None: ``CANDIDATES``.

    Raises InputError for series that are not of the same subject, measure, unit, zone and interval, or
    that overlap.
    """
    _require_pair(baseline, reporting)
    enough = check(baseline, Purpose.MEASURE_SAVINGS)
    if not enough.is_enough:
        return Insufficient(enough.disqualifying)
    off = [event_span(e, baseline) for e in events if e.kind is EventKind.EXCLUDED]
    chosen = CANDIDATES[baseline.interval] if candidates is None else candidates
    model = fit_baseline(baseline, exclude=[*exclude, *off], candidates=chosen)
    if isinstance(model, Insufficient):
        return model
    return savings_by(model, baseline, reporting, events, enough.warnings)


def savings_by(
    model: FittedBaseline,
    baseline: UseSeries,
    reporting: UseSeries,
    events: Sequence[NonRoutineEvent] = (),
    findings: Sequence[Finding] = (),
) -> Savings:
    """Savings by a model that was fitted to the baseline series before."""
    learnt = period_model(model, baseline)
    frame = savings_frame(reporting, _expected(learnt, reporting), events)
    total = amounts(reporting, frame, events)
    apart = _years_apart(_span(baseline), _span(reporting))
    return Savings(
        **_named(reporting),
        learnt=learnt,
        baseline_span=_span(baseline),
        frame=frame,
        total=total,
        bands={level: band(learnt, total, apart, level) for level in LEVELS},
        months=tuple(months(reporting, frame, learnt.residuals)),
        findings=(*findings, *_warnings(model, reporting, total)),
    )


def reporting_model(found: Savings, reporting: UseSeries) -> PeriodModel | Insufficient:
    """A model of the reporting period, without what non-routine events added: for a normal year."""
    routine = found.frame["actual"] - found.frame["adjustment"]
    series = replace(reporting, frame=reporting.frame.assign(use=routine))
    enough = check(series, Purpose.MEASURE_SAVINGS)
    if not enough.is_enough:
        return Insufficient(enough.disqualifying)
    model = fit_baseline(series, candidates=CANDIDATES[series.interval])
    return model if isinstance(model, Insufficient) else period_model(model, series)


def _expected(learnt: PeriodModel, series: UseSeries) -> Floats:
    expected = learnt.model.predict(series)["expected"].to_numpy(float)
    return learnt.calibration.apply(expected, local_days(edges_of(series), series.zone))


def savings_agreed(
    reporting: UseSeries, use_a_day: float, events: Sequence[NonRoutineEvent] = ()
) -> Savings:
    """Savings against an agreed use in place of a model, the same each day: nothing is said of errors."""
    days = local_days(edges_of(reporting), reporting.zone)
    frame = savings_frame(reporting, days * use_a_day, events)
    total = amounts(reporting, frame, events)
    return Savings(
        **_named(reporting),
        learnt=None,
        baseline_span=None,
        frame=frame,
        total=total,
        bands={},
        months=tuple(months(reporting, frame, None)),
        findings=tuple(_incomplete(reporting, total)),
    )


class _Named(TypedDict):
    subject: str
    measure: str
    unit: str
    zone: ZoneInfo
    interval: Interval
    span: Span


def _named(series: UseSeries) -> _Named:
    return {
        "subject": series.subject,
        "measure": series.measure,
        "unit": series.unit,
        "zone": series.zone,
        "interval": series.interval,
        "span": _span(series),
    }


def _warnings(model: FittedBaseline, reporting: UseSeries, total: Amounts) -> Iterator[Finding]:
    yield from _incomplete(reporting, total)
    if model.saw.temperature_c is None:
        return
    low, high = model.saw.temperature_c
    seen = _by_day(reporting).dropna()
    beyond = 100 * float(((seen < low) | (seen > high)).mean()) if len(seen) else 0.0
    if beyond > _MOST_BEYOND_PCT:
        detail = {"beyond_pct": round(beyond, 1), "lowest_c": low, "highest_c": high}
        yield Finding("savings_extrapolated", reporting.subject, detail)


def _by_day(series: UseSeries) -> "pd.Series[float]":
    """Temperature as models remember what they have seen: the mean of about a day, or of the month."""
    temperature = series.frame["temperature_c"]
    return temperature.rolling(24).mean() if series.interval is Interval.HOUR else temperature


def _incomplete(reporting: UseSeries, total: Amounts) -> Iterator[Finding]:
    if not total.coverage >= LEAST_COVERAGE:
        detail = {"coverage_pct": round(100 * total.coverage, 1), "limit_pct": 100 * LEAST_COVERAGE}
        yield Finding("savings_incomplete", reporting.subject, detail)


def _span(series: UseSeries) -> Span:
    edges = edges_of(series)
    return Span(edges[0].to_pydatetime(), edges[-1].to_pydatetime())


def _years_apart(one: Span, other: Span) -> float:
    """Between the middles of two spans."""
    middles = [span.start + (span.end - span.start) / 2 for span in (one, other)]
    return abs((middles[1] - middles[0]) / _YEAR)


def _require_pair(baseline: UseSeries, reporting: UseSeries) -> None:
    for name in ("subject", "measure", "unit", "zone", "interval"):
        one, other = getattr(baseline, name), getattr(reporting, name)
        if one != other:
            raise InputError(f"{name} of both periods must be the same, got {one} and {other}")
    if baseline.frame.empty or reporting.frame.empty:
        raise InputError("both periods must have intervals, got an empty one")
    if reporting.frame.index[0] <= baseline.frame.index[-1]:
        raise InputError(
            "the reporting period must begin after the baseline period, "
            f"got {reporting.frame.index[0]} and {baseline.frame.index[-1]}"
        )
