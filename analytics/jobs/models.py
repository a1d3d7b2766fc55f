"""The models of buildings in memory: one a local month, trained on what was known at its beginning."""

from datetime import datetime, timedelta

import numpy as np

from analytics.baselines import FLAGGED_PCT, TRAINING_DAYS, Baseline, fit_baseline
from analytics.expectations import ELECTRICITY, TEMPERATURE
from analytics.grid import Bools, Grid, Key, hour_starts
from analytics.jobs.loading import load
from analytics.rollup import day_edges, hours_of_days, month_of
from analytics.tree import Tree
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

_FULL_COVERAGE = 0.999


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
        zone = self._tree.zone_of(building)
        as_of = local_midnight(month_of(instant, zone), zone)
        if (building, as_of) not in self._models:
            self._models[building, as_of] = self._train(building, as_of, newest)
        return self._models[building, as_of]

    def drop_from(self, start: datetime) -> None:
        """Forget the models trained on anything from ``start`` on."""
        self._models = {key: m for key, m in self._models.items() if key[1] <= start}

    def drop_missing(self, start: datetime) -> None:
        """Forget which months had too little data, as there is new data from ``start`` on."""
        self._models = {
            key: m for key, m in self._models.items() if isinstance(m, Baseline) or key[1] <= start
        }

    def _train(self, building: str, as_of: datetime, newest: Grid) -> Baseline | Finding:
        zone = self._tree.zone_of(building)
        first = local_midnight(local_date(as_of, zone) - timedelta(days=TRAINING_DAYS), zone)
        span = Span(first, as_of)
        site = self._tree.register.buildings[building].site
        keys = [Key(building, ELECTRICITY), Key(site, TEMPERATURE)]
        hours = load(self._series, Grain.HOUR, keys, hour_starts(hours_of_days(span)))
        hours = hours.overlay(newest.select(keys).between(hours_of_days(span)))
        use = np.where(
            hours.estimated[0] | (hours.coverage[0] < _FULL_COVERAGE), np.nan, hours.value[0]
        )
        use[self._flagged(building, span, hours)] = np.nan
        return fit_baseline(building, hours.starts, use, hours.value[1], zone, as_of)

    def _flagged(self, building: str, span: Span, hours: Grid) -> Bools:
        """Which hours are those of days that were found to be above expectation."""
        edges = day_edges(span, self._tree.zone_of(building))
        key = Key(building, "electricity_excess_pct")
        days = load(self._series, Grain.DAY, [key], edges[:-1])
        flagged = np.nan_to_num(days.value[0]) > FLAGGED_PCT
        day_of_hour = np.searchsorted(edges, hours.starts, side="right") - 1
        return np.asarray(flagged[day_of_hour])
