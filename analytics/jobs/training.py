"""Baselines learnt from stored hours, and kept as versions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select
from threadpoolctl import threadpool_limits

from analytics.baselines.fitted import FittedBaseline
from analytics.events.event import LIVE
from analytics.expected.expectations import ELECTRICITY, EXCESS_PCT
from analytics.expected.flagged import flagged_days, joined
from analytics.expected.lessons import Lesson, learn, version_of
from analytics.grid import Grid, Key
from analytics.jobs.executors import Executor
from analytics.jobs.loading import load
from analytics.jobs.useseries import load_many
from analytics.totals.rollup import day_edges
from analytics.totals.tree import Tree
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.analytics_tables import anomalies
from quotawatt.storage.baseline_keeping import keep, revive
from quotawatt.storage.baselines import BaselineKey, BaselineVersion, standing_at
from quotawatt.storage.port import SeriesStore

TRAINING_DAYS = 366
"""How far back a baseline looks: a year has every season once."""

TOGETHER = 50
"""Of how many series the hours of the training time are held at once."""


class Trainer:
    """Learns what is missing; what was learnt from the same data before is taken up again."""

    def __init__(
        self, series: SeriesStore, records: Engine, tree: Tree, executor: Executor
    ) -> None:
        self._series = series
        self._records = records
        self._tree = tree
        self._executor = executor

    def train(
        self,
        keys: Sequence[Key],
        as_of: datetime,
        now: datetime,
        reason: str,
        newest: Grid | None = None,
    ) -> dict[Key, BaselineVersion]:
        """Versions of these series, all of one time zone, learnt from the year before ``as_of``.

        newest
            Hourly results that are not stored yet and go before those that are.

        What is estimated or poorly covered teaches nothing, nor do the hours of anomalies and the days far
        above expectation. Series without enough to learn from get a version that says so.
        """
        found: dict[Key, BaselineVersion] = {}
        for first in range(0, len(keys), TOGETHER):
            part = keys[first : first + TOGETHER]
            found |= self._train(part, as_of, now, reason, newest)
        return found

    def _train(
        self, keys: Sequence[Key], as_of: datetime, now: datetime, reason: str, newest: Grid | None
    ) -> dict[Key, BaselineVersion]:
        lessons = self._lessons(keys, as_of, newest)
        hashes = {one.key: one.data_hash for one in lessons}
        with self._records.begin() as conn:
            revive(conn, as_of, hashes)
            kept = standing_at(conn, as_of, hashes)
        new = [one for one in lessons if not _learnt(kept.get(one.key), one)]
        # Matrices are small: threads of the algebra library would wait for each other, not help.
        with threadpool_limits(limits=1, user_api="blas"):
            found = list(self._executor.map(learn, new))
        made = [
            version_of(lesson, fitted, as_of, now, reason)
            for lesson, fitted in zip(new, found, strict=True)
        ]
        with self._records.begin() as conn:
            kept |= {one.key: one for one in keep(conn, made)}
        return {key: kept[BaselineKey(*key)] for key in keys}

    def _lessons(self, keys: Sequence[Key], as_of: datetime, newest: Grid | None) -> list[Lesson]:
        zone = self._tree.zone_of(keys[0].subject)
        first = local_midnight(local_date(as_of, zone) - timedelta(days=TRAINING_DAYS), zone)
        span = Span(first, as_of)
        series = load_many(self._series, self._tree, keys, span, newest=newest)
        excluded = self._excluded(keys, span, zone)
        return [Lesson(series[key], joined(excluded[key], span)) for key in keys]

    def _excluded(
        self, keys: Sequence[Key], span: Span, zone: ZoneInfo
    ) -> Mapping[Key, Sequence[Span]]:
        """Time in which use was out of the ordinary, by series."""
        found: defaultdict[Key, list[Span]] = defaultdict(list)
        with self._records.connect() as conn:
            for key, spans in flagged_spans(conn, keys, span).items():
                found[key] += spans
        buildings = [key.subject for key in keys if key.measure == ELECTRICITY]
        edges = day_edges(span, zone)
        wanted = [Key(building, EXCESS_PCT) for building in buildings]
        days = load(self._series, Grain.DAY, wanted, edges[:-1])
        for key, excess_pct in zip(days.keys, days.value, strict=True):
            found[Key(key.subject, ELECTRICITY)] += flagged_days(edges, excess_pct)
        return found


def flagged_spans(conn: Connection, keys: Collection[Key], span: Span) -> dict[Key, list[Span]]:
    """When the series were out of the ordinary and nobody says otherwise."""
    a = anomalies.c
    states = [state.value for state in LIVE]
    chosen = select(a.subject, a.measure, a.start, a.end).where(
        a.subject.in_({key.subject for key in keys}),
        a.state.in_(states),
        a.start < span.end,
        a.end > span.start,
    )
    found: defaultdict[Key, list[Span]] = defaultdict(list)
    for subject, measure, start, end in conn.execute(chosen):
        found[Key(subject, measure)].append(Span(start, end))
    return {key: found[key] for key in keys if key in found}


def _learnt(standing: BaselineVersion | None, lesson: Lesson) -> bool:
    """Whether what stands was learnt from the same data and can still predict."""
    return (
        standing is not None
        and standing.document is not None
        and standing.saw.get("data_hash") == lesson.data_hash
    )


def ready(version: BaselineVersion | None) -> FittedBaseline | None:
    """What predicts by a version; None where it cannot (any more)."""
    if version is None or version.document is None:
        return None
    try:
        return FittedBaseline.from_document(version.document)
    except InputError:
        return None  # written by a program with another form of documents: to be learnt anew
