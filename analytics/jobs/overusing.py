"""An asset's overuse explained from the stores: its excess taken apart, its patterns, and their sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from analytics.anomalies.event import Anomaly
from analytics.baselines.fitted import FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import UseSeries
from analytics.grid import Key
from analytics.jobs.overbaselines import Stored, stored_baselines
from analytics.jobs.overworth import contexts_of, worth_of
from analytics.jobs.useseries import load_many
from analytics.jobs.yearquotas import YearQuotas
from analytics.overuse.below import sub_meters
from analytics.overuse.context import Context
from analytics.overuse.explaining import Explanation, Judged, explain
from analytics.overuse.fighting import heating_and_cooling
from analytics.overuse.patterns import patterns, untold
from analytics.totals.groups import item_subject
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span
from quotawatt.storage.port import SeriesStore

HABIT = 120 * DAY
"""So long before the span the habits that patterns are told by are looked at."""

TRAINING = 366 * DAY

MOST_PARTS = 100
"""A total with more parts is judged as a whole: each part takes a baseline of its own."""

_UNKNOWN = (np.nan, np.nan)

_HEATING = ("heat_gj", "steam_t", "gas_m3", "gas_kwh")
_COOLING = "cooling_gj"
_ELECTRICITY = "electricity_import_kwh"


class Basis(NamedTuple):
    """What a subject was judged by.

    version
        Of the stored baseline; None: one was learnt for this answer.
    cv_rmse_pct
        On blocks that it had not seen.
    """

    subject: str
    kind: str
    learnt_until: datetime
    version: int | None
    cv_rmse_pct: float


@dataclass(frozen=True)
class Overuse:
    """What an asset used beyond expectation in a span, and why.

    judged
        The asset's hours in the span with what was expected of them; None: nothing was.
    explanation
        None: nothing was expected of it, as ``findings`` say.
    low, high
        Ends of the 90 % band of the use over the known hours; NaN where there is none, as of a total that is
        expected to use what its parts are.
    patterns
        Of the asset and its parts that reach into the span, the largest first.
    contexts
        What sentences need, by subject and measure.
    parts_left_out
        How many parts were not looked at, as they are too many.
    findings
        Why something has no baseline.
    """

    key: Key
    span: Span
    judged: Judged | None
    explanation: Explanation | None
    low: float
    high: float
    patterns: tuple[Anomaly, ...]
    bases: tuple[Basis, ...]
    contexts: Mapping[Key, Context]
    parts_left_out: int
    findings: tuple[Finding, ...]


class Overusing:
    """Explains by one register and rulebook."""

    def __init__(
        self, series: SeriesStore, records: Engine, tree: Tree, rulebook: Rulebook
    ) -> None:
        self._series = series
        self._records = records
        self._tree = tree
        self._book = rulebook

    def explain(self, key: Key, span: Span, sees: Callable[[str], bool]) -> Overuse:
        """The overuse of a building, meter, item or organisation over the hours of a span.

        sees
            Which parts whoever asks may know of; others are in the rest.
        """
        parts = [part for part in sub_meters(self._tree, key, span) if sees(part.subject)]
        held = parts if len(parts) <= MOST_PARTS else []
        keys = tuple(dict.fromkeys((key, *held)))
        wide = Span(span.start - HABIT, span.end)
        loaded = load_many(self._series, self._tree, keys, wide)
        in_sum = key.subject in self._tree.register.organisations
        stored, findings = self._baselines(held if in_sum else keys, span.start)
        expected = {k: one.fitted.predict(loaded[k]) for k, one in stored.items()}
        if in_sum and held and all(k in expected for k in held):
            expected[key] = _added_up([expected[k] for k in held])
        inside = {k: _cut(loaded[k], span) for k in keys}
        judged = {
            k: Judged(inside[k], one.reindex(inside[k].frame.index)) for k, one in expected.items()
        }
        quotas = YearQuotas.read(
            self._series, self._tree.register, self._book, span.end, [k.subject for k in keys]
        )
        worth = worth_of(self._series, self._tree, self._book, inside[key], span, quotas)
        total = judged.get(key)
        below = [judged[k] for k in held if k in judged]
        low, high = _band(stored[key].fitted, total) if key in stored and total else _UNKNOWN
        found = self._patterns(key, loaded, expected, span)
        named = dict.fromkeys((*keys, *(Key(one.subject, one.measure) for one in found)))
        return Overuse(
            key=key,
            span=span,
            judged=total,
            explanation=None if total is None else explain(total, below, worth),
            low=low,
            high=high,
            patterns=found,
            bases=tuple(_basis(k, stored[k]) for k in keys if k in stored),
            contexts=contexts_of(named, self._tree, quotas, worth),
            parts_left_out=len(parts) - len(held),
            findings=findings,
        )

    def _baselines(
        self, keys: Sequence[Key], start: datetime
    ) -> tuple[dict[Key, Stored], tuple[Finding, ...]]:
        """Those that were kept before ``start``; learnt now from the year before where there is none."""
        with self._records.connect() as conn:
            found = stored_baselines(conn, keys, start)
        missing = [key for key in keys if key not in found]
        findings: list[Finding] = []
        year = Span(start - TRAINING, start)
        for key, series in load_many(self._series, self._tree, missing, year).items():
            fitted = fit_baseline(series)
            if isinstance(fitted, Insufficient):
                findings += fitted.findings
            else:
                found[key] = Stored(fitted, None)
        return found, tuple(findings)

    def _patterns(
        self,
        key: Key,
        loaded: Mapping[Key, UseSeries],
        expected: Mapping[Key, pd.DataFrame],
        span: Span,
    ) -> tuple[Anomaly, ...]:
        below = [k for k in loaded if k != key]
        found = [one for k in below for one in patterns(loaded[k], expected.get(k))]
        found += untold(patterns(loaded[key], expected.get(key)), found)
        if key.subject in self._tree.register.buildings:
            found += self._fights(key.subject, Span(span.start - HABIT, span.end))
        reaching = [one for one in found if one.end > span.start]
        return tuple(sorted(reaching, key=lambda one: -one.size))

    def _fights(self, building: str, span: Span) -> Iterable[Anomaly]:
        """Heating and cooling at once, of what the building has of both."""
        cooling = (Key(building, _COOLING), Key(item_subject(building, "B"), _ELECTRICITY))
        heating = tuple(Key(building, name) for name in _HEATING)
        loaded = load_many(self._series, self._tree, (*heating, *cooling), span)
        has = {key: one for key, one in loaded.items() if one.frame["use"].notna().any()}
        pairs = [(has[h], has[c]) for h in heating for c in cooling if h in has and c in has]
        return [found for hot, cold in pairs for found in heating_and_cooling(hot, cold)]


def _added_up(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What is expected of an organisation, which has no weather of its own: the sum of what its parts are.

    It has no band, as the errors of parts do not simply add up.
    """
    return pd.DataFrame({"expected": sum(part["expected"] for part in parts)})


def _cut(series: UseSeries, span: Span) -> UseSeries:
    starts = series.frame.index
    return replace(series, frame=series.frame[(starts >= span.start) & (starts < span.end)])


def _band(fitted: FittedBaseline, total: Judged) -> tuple[float, float]:
    """The band of the sum over the hours that are known in use and expectation."""
    known = total.series.frame["use"].notna() & total.expected["expected"].notna()
    predicted = total.expected[known]
    if predicted.empty:
        return np.nan, np.nan
    edges = [predicted.index[0], predicted.index[-1] + timedelta(hours=1)]
    sums = fitted.sum_interval(predicted, pd.DatetimeIndex(edges))
    return float(sums["low"].iloc[0]), float(sums["high"].iloc[0])


def _basis(key: Key, stored: Stored) -> Basis:
    fitted = stored.fitted
    cv_rmse_pct = fitted.cross_validated.cv_rmse_pct
    return Basis(key.subject, fitted.kind, fitted.saw.last, stored.version, cv_rmse_pct)
