"""What the values themselves say: constant, zero, negative, extreme, infinite."""

from collections.abc import Iterator

import numpy as np

from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from analytics.sufficiency.known import column, is_electricity
from analytics.sufficiency.purposes import Limits
from quotawatt.findings import Evidence, Finding

EXTREME_RANGES = 3.0
"""Interquartile ranges above the median from which a value is extreme (CalTRACK 2.0, 2.3.6)."""

LEAST_OF_COUNTER = 24
"""Values in a row of which none is below the one before that cannot be chance. Ours."""

NAMED_ZEROS_PCT = 1.0
"""Share of zeros of an electricity meter from which they are named. Ours."""


def constant(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_constant``: all known values are the same, zero included; nothing can be learned."""
    use = _finite(series)
    if len(use) > 1 and float(use.min()) == float(use.max()):
        detail: Evidence = {"count": len(use), "value": float(use[0]), "unit": series.unit}
        yield Finding("series_constant", series.subject, detail)


def never_falling(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_never_falls``: the stands of a counter, most likely, and not what was used in between."""
    use = _finite(series)
    if len(use) >= LEAST_OF_COUNTER and use[-1] > use[0] and not (np.diff(use) < 0).any():
        detail: Evidence = {
            "count": len(use),
            "first": float(use[0]),
            "last": float(use[-1]),
            "unit": series.unit,
        }
        yield Finding("series_never_falls", series.subject, detail)


def infinite(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_infinite``: values without a number; they count as missing."""
    count = int(np.isinf(column(series, "use")).sum())
    if count:
        yield Finding("series_infinite", series.subject, {"count": count})


def zeros(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_zeros``: zeros of an electricity meter, more often outages than no use at all."""
    use = _finite(series)
    share = 100 * float((use == 0).mean())
    if is_electricity(series) and NAMED_ZEROS_PCT <= share < 100:
        detail: Evidence = {"count": int((use == 0).sum()), "share_pct": round(share, 1)}
        yield Finding("series_zeros", series.subject, detail)


def negative(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_negative``: use below zero, as where generation is counted in (CalTRACK 2.0, 2.3.5)."""
    use = _finite(series)
    if (use < 0).any():
        detail: Evidence = {
            "count": int((use < 0).sum()),
            "share_pct": round(100 * float((use < 0).mean()), 1),
            "lowest": float(use.min()),
            "unit": series.unit,
        }
        yield Finding("series_negative", series.subject, detail)


def extremes(series: UseSeries, _limits: Limits) -> Iterator[Finding]:
    """``series_extremes``: values far above the others, to be looked at."""
    use = _finite(series)
    low, middle, high = np.quantile(use, (0.25, 0.5, 0.75))
    limit = float(middle + EXTREME_RANGES * (high - low))
    if high > low and (use > limit).any():
        detail: Evidence = {
            "count": int((use > limit).sum()),
            "largest": float(use.max()),
            "limit": limit,
            "unit": series.unit,
        }
        yield Finding("series_extremes", series.subject, detail)


def _finite(series: UseSeries) -> Floats:
    use = column(series, "use")
    return np.extract(np.isfinite(use), use)
