"""From a series to its fitted baseline, or to what stands in its way."""

import hashlib
from collections.abc import Sequence

import numpy as np

from analytics.baselines.choosing import Choice, choose
from analytics.baselines.fitted import FORMAT, FittedBaseline, Insufficient, Saw
from analytics.baselines.inputs import Bools, Floats, Inputs, prepare
from analytics.baselines.intervals import band_of
from analytics.baselines.metrics import fit_figures
from analytics.baselines.models import DEFAULT, MODELS
from analytics.baselines.series import Interval, UseSeries
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.spans import Span

LEAST = {Interval.HOUR: 28 * 24, Interval.DAY: 28, Interval.MONTH: 9}
"""Known intervals that a model needs: four weeks, or nine months."""

_A_DAY = {Interval.HOUR: 24.0, Interval.DAY: 1.0, Interval.MONTH: 1 / 30.4}

_SELDOM_ZERO = 0.02
"""Zeros are outages in a series that has less than this share of them."""


def fit_baseline(
    series: UseSeries,
    *,
    exclude: Sequence[Span] = (),
    candidates: Sequence[str] | None = None,
    level: float = 0.9,
) -> FittedBaseline | Insufficient:
    """The baseline of a series: the best of the candidates by blocked cross-validation.

    exclude
        Spans that are not to be learned from: flagged anomalies, measures, non-routine events.
    candidates
        Kinds of models (``models.MODELS``), from the simpler to the richer; those of ``models.DEFAULT`` where
        None. Where less than half of the known intervals have weather, only those that need none are tried.
    level
        Share of ordinary intervals that the band is to hold, above 0 and below 1.

    Returns the finding ``baseline_insufficient`` where there is too little to learn from, and
    ``series_constant`` where use never changes.
    """
    if not 0 < level < 1:
        raise InputError(f"the level of a band must be above 0 and below 1, got {level}")
    kinds = DEFAULT[series.interval] if candidates is None else tuple(candidates)
    inputs = prepare(series.frame, series.zone, series.country, series.interval)
    use = _to_learn(series, exclude)
    kinds, use = _with_weather(inputs, use, kinds)
    finding = _in_the_way(series, inputs, use, kinds)
    if finding is not None:
        return Insufficient((finding,))
    choice = choose(inputs, use, kinds, series.zone, series.country)
    return _fitted(series, inputs, use, choice, tuple(exclude), level)


def _to_learn(series: UseSeries, exclude: Sequence[Span]) -> Floats:
    """Use without what is excluded, infinite, or zero by an outage: NaN there."""
    use = np.array(series.frame["use"], dtype=np.float64)
    use[~np.isfinite(use)] = np.nan
    starts = series.frame.index
    for span in exclude:
        use[(starts >= span.start) & (starts < span.end)] = np.nan
    known = np.isfinite(use)
    zeros = use == 0
    if zeros.sum() < _SELDOM_ZERO * known.sum():
        use[zeros] = np.nan
    return use


def _with_weather(
    inputs: Inputs, use: Floats, kinds: Sequence[str]
) -> tuple[tuple[str, ...], Floats]:
    """The kinds that can be tried, and the use that they learn from."""
    known = np.isfinite(use)
    has = known & inputs.weather_known
    if 2 * has.sum() < known.sum():
        return tuple(k for k in kinds if k in MODELS and not MODELS[k].needs_weather), use
    return tuple(kinds), use


def _in_the_way(
    series: UseSeries, inputs: Inputs, use: Floats, kinds: Sequence[str]
) -> Finding | None:
    known = np.isfinite(use)
    usable = known & inputs.weather_known if _all_need_weather(kinds) else known
    needed = LEAST[series.interval]
    if not kinds or usable.sum() < needed:
        a_day = _A_DAY[series.interval]
        detail: dict[str, str | float | int | None] = {
            "needed_days": round(needed / a_day),
            "days_with_use": round(float(known.sum()) / a_day, 1),
            "days_with_use_and_temperature": round(
                float((known & inputs.weather_known).sum()) / a_day, 1
            ),
        }
        return Finding("baseline_insufficient", series.subject, detail)
    values = use[usable]
    if float(np.ptp(values)) == 0.0:
        return Finding("series_constant", series.subject, {"value": float(values[0])})
    return None


def _all_need_weather(kinds: Sequence[str]) -> bool:
    return all(kind in MODELS and MODELS[kind].needs_weather for kind in kinds)


def _fitted(
    series: UseSeries,
    inputs: Inputs,
    use: Floats,
    choice: Choice,
    exclude: tuple[Span, ...],
    level: float,
) -> FittedBaseline:
    model = choice.model
    learned = np.isfinite(use)
    if model.needs_weather:
        learned &= inputs.weather_known
    return FittedBaseline(
        kind=model.kind,
        version=FORMAT,
        subject=series.subject,
        measure=series.measure,
        unit=series.unit,
        zone=series.zone,
        country=series.country,
        interval=series.interval,
        level=level,
        model=model,
        band=band_of(inputs.calendar, series.interval, use, choice.held_out, level),
        in_sample=fit_figures(use, model.predict(inputs), model.parameters_count),
        cross_validated=fit_figures(use, choice.held_out),
        compared=choice.compared,
        saw=_saw(inputs, use, learned, exclude, model.needs_weather),
    )


def _saw(
    inputs: Inputs, use: Floats, learned: Bools, exclude: tuple[Span, ...], weather: bool
) -> Saw:
    starts, daily = inputs.starts[learned], inputs.daily_c[learned]
    content = hashlib.sha256(starts.as_unit("us").asi8.tobytes())
    content.update(use[learned].tobytes())
    if weather:
        content.update(inputs.temperature_c[learned].tobytes())
    return Saw(
        first=starts[0].to_pydatetime(),
        last=starts[-1].to_pydatetime(),
        n=int(learned.sum()),
        temperature_c=(float(daily.min()), float(daily.max())) if weather else None,
        excluded=exclude,
        coverage=float(learned.mean()),
        data_hash=content.hexdigest(),
    )
