"""How long every asset had been silent at each look over a span: what rules over silence would have seen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from alerts.engine.samples import Sample
from alerts.engine.silence_samples import silence_samples
from alerts.engine.site_silence import SILENT_AFTER, site_silence_samples
from alerts.trying.inputs import Inputs, Limit, Past
from quotawatt.readings import TIME, SeriesKey
from quotawatt.rulebook.alert_rules import SILENT_SHARE, Rule
from quotawatt.spans import HOUR, Span

LOOKS_A_THRESHOLD = 8
"""How often one looks within the silence that is asked about: what begins and ends between is not seen."""

_COLUMNS = pa.schema([*((name, pa.string()) for name in SeriesKey._fields), ("time", TIME)])


def silence_inputs(rule: Rule, limit: Limit, past: Past) -> Inputs:
    """Hours of silence of every bound asset, or the silent share of every site, at equal steps of the span.

    A step is an eighth of the silence that is asked about, an hour at least. Of looks that are clear only the
    first after one that is not is kept. What never reported counts from the start of the span. Raises
    StoreError where the store fails.
    """
    of_sites = rule.input == SILENT_SHARE
    silence = SILENT_AFTER if of_sites else limit.value * HOUR
    found: dict[str, list[tuple[datetime, Sample]]] = {}
    known: set[str] = set()
    beyond: set[str] = set()
    for at, last in _looks(past, max(HOUR, silence / LOOKS_A_THRESHOLD)):
        samples = silence_samples(last, past.register, at, past.span.start)
        for sample in site_silence_samples(samples, past.register) if of_sites else samples:
            if not past.looks_at(rule, sample.asset):
                continue
            known.add(sample.subject)
            is_beyond = sample.value is not None and limit.direction.beyond(
                sample.value, limit.value
            )
            if is_beyond or sample.subject in beyond:
                found.setdefault(sample.subject, []).append((at, sample))
            (beyond.add if is_beyond else beyond.discard)(sample.subject)
    return Inputs(len(known), found)


def _looks(past: Past, step: timedelta) -> Iterator[tuple[datetime, pa.Table]]:
    """Each look with the last reading of every series before it, as ``last_readings`` of the store has it."""
    heard: dict[SeriesKey, datetime] = {}
    _take(heard, past.series.last_readings(past.span.start), "time")
    start = past.span.start
    while start < past.span.end:
        end = min(start + step, past.span.end)
        _take(heard, past.series.activity(Span(start, end)), "last")
        columns: dict[str, list[Any]] = {
            name: [getattr(key, name) for key in heard] for name in SeriesKey._fields
        }
        yield end, pa.table({**columns, "time": [*heard.values()]}, schema=_COLUMNS)
        start = end


def _take(heard: dict[SeriesKey, datetime], table: pa.Table, column: str) -> None:
    names = (table[name].to_pylist() for name in (*SeriesKey._fields, column))
    for device, channel, quantity, time in zip(*names, strict=True):
        heard[SeriesKey(device, channel, quantity)] = time
