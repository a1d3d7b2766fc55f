"""The hours around an event: what was used, and what was expected of them when it was judged."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.series import Interval
from analytics.events.event import Event
from analytics.jobs.expecting import COURSE, expected_course
from analytics.jobs.training import ready
from analytics.jobs.useseries import load_series
from analytics.totals.tree import Tree
from quotawatt.spans import DAY, Span, floor_hour
from quotawatt.storage.baselines import BaselineKey, version_at
from quotawatt.storage.port import SeriesStore

BEFORE = 7 * DAY
AFTER = 2 * DAY
LONGEST = timedelta(days=42)
"""Of an event that lasts longer its beginning is shown."""


def course_span(event: Event) -> Span:
    """From a week before the event to two days after it, ``LONGEST`` at most."""
    start = floor_hour(event.anomaly.start - BEFORE)
    return Span(start, min(floor_hour(event.anomaly.end + AFTER), start + LONGEST))


def event_course(
    store: SeriesStore, records: Engine, tree: Tree, event: Event, span: Span
) -> pd.DataFrame:
    """Columns ``actual``, ``expected``, ``low`` and ``high`` by the hours of a span, NaN where not known.

    Nothing is expected where the version of the baseline is kept no longer.
    """
    with records.connect() as conn:
        fitted = ready(version_at(conn, BaselineKey(*event.key), event.baseline_version))
    if fitted is not None:
        return expected_course(store, tree, event.key, fitted, span, Interval.HOUR)
    series = load_series(store, tree, event.key.subject, event.key.measure, span)
    actual = series.frame[["use"]].rename(columns={"use": "actual"})
    return actual.reindex(columns=list(COURSE))
