"""Findings about what a vehicle told: one a kind and day (UTC), with how many messages and from when."""

from collections.abc import Callable, Iterator

import numpy as np

from analytics.fleet.track import Bools, Ints, Track, instant
from quotawatt.findings import Evidence, Finding

_DAY_US = 86_400_000_000

Figures = Callable[[Ints], Evidence]
"""Further figures of a day's rows."""


def findings_by_day(
    code: str, track: Track, rows: Bools | Ints, figures: Figures | None = None, quantity: str = ""
) -> Iterator[Finding]:
    """One finding for each day with such messages.

    Its ``at`` is the day's first instant, so that a recomputation replaces it; ``since`` and ``until`` are
    the first and the last of these messages.
    """
    where: Ints = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
    if not len(where):
        return
    days = track.times_us[where] // _DAY_US
    for of_day in np.split(where, np.flatnonzero(np.diff(days)) + 1):
        day = int(track.times_us[of_day[0]] // _DAY_US) * _DAY_US
        detail: dict[str, str | float | int | None] = {
            "at": instant(day).isoformat(),
            "since": instant(int(track.times_us[of_day[0]])).isoformat(),
            "until": instant(int(track.times_us[of_day[-1]])).isoformat(),
            "count": len(of_day),
        }
        if quantity:
            detail["quantity"] = quantity
        yield Finding(code, track.vehicle, {**detail, **(figures(of_day) if figures else {})})
