"""Totals of results over spans, for many subjects in few questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quotawatt.readings import Grain
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

Sums = Mapping[str, float]
"""Totals by measure; a measure without any result is not there."""

NAMED_AT_MOST = 500
"""Beyond so many subjects the store is asked for all: cheaper than to name them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Totals of a subject's measures over a span."""

    subject: str
    measures: tuple[str, ...]
    span: Span


def read_sums(series: SeriesStore, wanted: Iterable[Wanted]) -> dict[Wanted, Sums]:
    """Totals of daily results, computed in the store; one question for each span that is asked for.

    Raises StoreError where the store fails.
    """
    by_span: dict[Span, list[Wanted]] = {}
    for one in dict.fromkeys(wanted):
        by_span.setdefault(one.span, []).append(one)
    found: dict[Wanted, Sums] = {}
    for span, group in by_span.items():
        totals = _totals(series, group, span)
        for one in group:
            known = totals.get(one.subject, {})
            found[one] = {name: known[name] for name in one.measures if name in known}
    return found


def _totals(
    series: SeriesStore, group: Iterable[Wanted], span: Span
) -> dict[str, dict[str, float]]:
    subjects = {one.subject for one in group}
    measures = sorted({name for one in group for name in one.measures})
    named = sorted(subjects) if len(subjects) <= NAMED_AT_MOST else None
    table = series.sum_results(Grain.DAY, named, measures, span)
    totals: dict[str, dict[str, float]] = {}
    columns = (table.column(name).to_pylist() for name in ("subject", "measure", "value"))
    for subject, measure, value in zip(*columns, strict=True):
        if value is not None and subject in subjects:
            totals.setdefault(subject, {})[measure] = value
    return totals
