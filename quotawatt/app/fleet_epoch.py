"""Times of a log that are told as numbers: since 1970, or since the log's own start."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NO_TIME = np.iinfo(np.int64).min
"""Stands for an instant that could not be read."""

ENOUGH = 0.5
"""Share of the rows that a format must fit: the rest is unreadable."""

_EPOCH_UNITS = ((1e17, 1_000.0), (1e14, 1.0), (1e11, 1e-3), (1e8, 1e-6))
"""Numbers from so many on are ns, µs, ms, s since 1970; how many of each make a microsecond."""


def since_1970(texts: "pd.Series[str]") -> Ints | None:
    """Seconds, milli-, micro- or nanoseconds since 1970; None where the texts are no such numbers."""
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    known = values[np.isfinite(values)]
    if known.size < ENOUGH * len(values) or known.size == 0:
        return None
    typical = float(np.median(known))
    for least, per_us in _EPOCH_UNITS:
        if typical >= least and not _is_date(typical):
            out = np.full(len(values), NO_TIME, dtype=np.int64)
            told = np.isfinite(values)
            out[told] = np.round(values[told] / per_us).astype(np.int64)
            return out
    return None


def counts_up(texts: "pd.Series[str]") -> bool:
    """Whether a time is told as small numbers: seconds since the log's start."""
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    known = values[np.isfinite(values)]
    if known.size < ENOUGH * len(values) or known.size == 0:
        return False
    typical = float(np.median(known))
    return typical < _EPOCH_UNITS[-1][0] and not _is_date(typical)


def _is_date(number: float) -> bool:
    """Whether a number is written like 20210329 or 20210329111345."""
    text = f"{number:.0f}"
    return len(text) in (8, 12, 14) and 1990 <= int(text[:4]) <= 2199 and 1 <= int(text[4:6]) <= 12
