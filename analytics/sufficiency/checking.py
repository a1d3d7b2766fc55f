"""A series held against what its purpose asks of it, before any model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from analytics.baselines.series import UseSeries
from analytics.sufficiency.coverage import (
    days_missing,
    long_gap,
    months_missing,
    short_period,
    thin_months,
    too_short,
)
from analytics.sufficiency.known import column
from analytics.sufficiency.purposes import LIMITS, Limits, Purpose
from analytics.sufficiency.values import (
    constant,
    extremes,
    infinite,
    negative,
    never_falling,
    zeros,
)
from analytics.sufficiency.weather import (
    implausible_temperature,
    temperature_gaps,
    temperature_missing,
)
from quotawatt.findings import Finding

Check = Callable[[UseSeries, Limits], Iterator[Finding]]

_ALWAYS: tuple[Check, ...] = (too_short, days_missing, months_missing, constant, never_falling)
_WARNINGS: tuple[Check, ...] = (
    short_period,
    thin_months,
    long_gap,
    infinite,
    zeros,
    negative,
    extremes,
    temperature_gaps,
    implausible_temperature,
)


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """What rules the purpose out, and what to know beside the figures."""

    disqualifying: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether nothing rules the purpose out."""
        return not self.disqualifying

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, the gravest first."""
        return (*self.disqualifying, *self.warnings)


def check(series: UseSeries, purpose: Purpose) -> Sufficiency:
    """Hold a series against what the purpose asks of it.

    A series without any value has one finding, ``series_without_values``: nothing else can be said of it.
    To describe, nothing disqualifies but that.
    """
    if not np.isfinite(column(series, "use")).any():
        length = len(series.frame)
        return Sufficiency((Finding("series_without_values", series.subject, {"count": length}),))
    limits = LIMITS[purpose]
    grave = list(_run(_ALWAYS, series, limits))
    weather = list(temperature_missing(series, limits))
    warnings = list(_run(_WARNINGS, series, limits))
    if purpose is Purpose.DESCRIBE:
        return Sufficiency((), (*grave, *weather, *warnings))
    if limits.needs_weather:
        return Sufficiency((*grave, *weather), tuple(warnings))
    return Sufficiency(tuple(grave), (*weather, *warnings))


def _run(checks: Iterable[Check], series: UseSeries, limits: Limits) -> Iterator[Finding]:
    return chain.from_iterable(one(series, limits) for one in checks)
