"""From a series to its fitted baseline."""

from collections.abc import Sequence

import numpy as np

from analytics.baselines.fitted import FORMAT, FittedBaseline, Insufficient, Saw
from analytics.baselines.metrics import fit_figures
from analytics.baselines.series import UseSeries
from analytics.baselines.towt import TimeOfWeekTemperature
from quotawatt.findings import Finding
from quotawatt.spans import Span


def fit_baseline(
    series: UseSeries,
    *,
    exclude: Sequence[Span] = (),
    candidates: Sequence[str] | None = None,
    level: float = 0.9,
) -> FittedBaseline | Insufficient:
    """The baseline of a series, or why there is none."""
    frame = series.frame
    use = frame["use"].to_numpy(float).copy()
    for span in exclude:
        use[(frame.index >= span.start) & (frame.index < span.end)] = np.nan
    known = np.isfinite(use)
    if known.sum() < 28 * 24:
        return Insufficient((Finding("baseline_insufficient", series.subject, {"hours": int(known.sum())}),))
    model = TimeOfWeekTemperature(series.zone, series.country).fit(frame, use)
    expected = model.predict(frame)
    residual = (use - expected)[np.isfinite(use - expected)]
    tail = (1 - level) / 2
    fit = fit_figures(use, expected, len(model.coef_))
    return FittedBaseline(
        kind="towt", version=FORMAT, subject=series.subject, measure=series.measure, unit=series.unit,
        zone=series.zone, country=series.country, interval=series.interval, level=level, model=model,
        band=(float(np.quantile(residual, tail)), float(np.quantile(residual, 1 - tail))),
        in_sample=fit, cross_validated=fit, compared={"towt": fit},
        saw=Saw(frame.index[0].to_pydatetime(), frame.index[-1].to_pydatetime(), int(known.sum()), None,
                tuple(exclude), float(known.mean()), ""),
    )  # fmt: skip
