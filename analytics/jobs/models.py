"""The models of buildings in memory: one a local month, trained on what was known at its beginning."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from analytics.expected.baselines import FLAGGED_PCT, TRAINING_DAYS, Baseline, fit_baseline
from analytics.expected.expectations import ELECTRICITY, TEMPERATURE
from analytics.grid import Bools, Grid, Key, Micros, hour_starts
from analytics.jobs.loading import load
from analytics.totals.rollup import day_edges, hours_of_days, month_of
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

_FULL_COVERAGE = 0.999

_TOGETHER = 50
"""Of how many buildings the hours of the training time are held at once."""


class Models:
    """Trains a building's model when a month is first asked for, and remembers it.

    Data that arrives later for the time before that month does not change its model any more; dropping
    the models (``drop_from``) does.
    """

    def __init__(self, series: SeriesStore, tree: Tree) -> None:
        self._series = series
        self._tree = tree
        self._models: dict[tuple[str, datetime], Baseline | Finding] = {}

    def at(self, building: str, instant: datetime, newest: Grid) -> Baseline | Finding:
        """The model for the local month that holds ``instant``; the finding why there is none.

        ``newest`` are hourly results that are not stored yet and go before those that are.
        """
        self.prepare([building], instant, newest)
        return self._models[building, self._as_of(building, instant)]

    def prepare(self, buildings: Sequence[str], instant: datetime, newest: Grid) -> None:
        """Train what is missing of these buildings' models for the month of an instant, read together."""
        missing: defaultdict[tuple[datetime, ZoneInfo], list[str]] = defaultdict(list)
        for building in buildings:
            as_of = self._as_of(building, instant)
            if (building, as_of) not in self._models:
                missing[as_of, self._tree.zone_of(building)].append(building)
        for (as_of, zone), found in missing.items():
            for first in range(0, len(found), _TOGETHER):
                self._train(found[first : first + _TOGETHER], as_of, zone, newest)

    def drop_from(self, start: datetime) -> None:
        """Forget the models trained on anything from ``start`` on."""
        self._models = {key: m for key, m in self._models.items() if key[1] <= start}

    def drop_missing(self, start: datetime) -> None:
        """Forget which months had too little data, as there is new data from ``start`` on."""
        self._models = {
            key: m for key, m in self._models.items() if isinstance(m, Baseline) or key[1] <= start
        }

    def _as_of(self, building: str, instant: datetime) -> datetime:
        """When the local month that holds the instant begins."""
        zone = self._tree.zone_of(building)
        return local_midnight(month_of(instant, zone), zone)

    def _train(
        self, buildings: Sequence[str], as_of: datetime, zone: ZoneInfo, newest: Grid
    ) -> None:
        first = local_midnight(local_date(as_of, zone) - timedelta(days=TRAINING_DAYS), zone)
        span = Span(first, as_of)
        sites = {b: Key(self._tree.register.buildings[b].site, TEMPERATURE) for b in buildings}
        keys = [*(Key(b, ELECTRICITY) for b in buildings), *sites.values()]
        hours = load(self._series, Grain.HOUR, keys, hour_starts(hours_of_days(span)))
        hours = hours.overlay(newest.select(hours.keys).between(hours_of_days(span)))
        flagged = self._flagged(buildings, day_edges(span, zone), hours.starts)
        for building in buildings:
            rows = hours.select([Key(building, ELECTRICITY), sites[building]])
            doubtful = rows.estimated[0] | (rows.coverage[0] < _FULL_COVERAGE)
            use = np.where(doubtful | flagged[building], np.nan, rows.value[0])
            model = fit_baseline(building, rows.starts, use, rows.value[1], zone, as_of)
            self._models[building, as_of] = model

    def _flagged(self, buildings: Sequence[str], edges: Micros, hours: Micros) -> dict[str, Bools]:
        """Which hours are those of days on which a building was found to be above expectation."""
        keys = [Key(building, "electricity_excess_pct") for building in buildings]
        days = load(self._series, Grain.DAY, keys, edges[:-1])
        day_of_hour = np.searchsorted(edges, hours, side="right") - 1
        flagged = np.nan_to_num(days.value) > FLAGGED_PCT
        return {key.subject: flagged[row, day_of_hour] for row, key in enumerate(days.keys)}
