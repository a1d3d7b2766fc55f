"""The baselines of buildings that hourly results need: one a local month, as it stood at its beginning."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline
from analytics.expected.expectations import ELECTRICITY
from analytics.grid import Grid, Key
from analytics.jobs.training import Trainer, ready
from analytics.totals.rollup import month_of
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.spans import local_midnight
from quotawatt.storage.baseline_keeping import drop_after
from quotawatt.storage.baselines import (
    SCHEDULE,
    BaselineKey,
    BaselineVersion,
    standing_at,
)


class Models:
    """Reads a building's baseline when a month is first asked for, has it learnt where there is none.

    Data that arrive later for the time before that month do not change its baseline any more; dropping
    the baselines (``drop_from``) does.
    """

    def __init__(self, records: Engine, tree: Tree, trainer: Trainer) -> None:
        self._records = records
        self._tree = tree
        self._trainer = trainer
        self._models: dict[tuple[str, datetime], FittedBaseline | Finding] = {}

    def at(
        self, building: str, instant: datetime, now: datetime, newest: Grid
    ) -> FittedBaseline | Finding:
        """The baseline for the local month that holds ``instant``; the finding why there is none.

        ``newest`` are hourly results that are not stored yet and go before those that are.
        """
        self.prepare([building], instant, now, newest)
        return self._models[building, self._as_of(building, instant)]

    def prepare(
        self, buildings: Sequence[str], instant: datetime, now: datetime, newest: Grid
    ) -> None:
        """Read or learn what is missing of these buildings for the month of an instant, together."""
        missing: defaultdict[tuple[datetime, ZoneInfo], list[str]] = defaultdict(list)
        for building in buildings:
            as_of = self._as_of(building, instant)
            if (building, as_of) not in self._models:
                missing[as_of, self._tree.zone_of(building)].append(building)
        for (as_of, _), found in missing.items():
            self._complete(found, as_of, now, newest)

    def drop_from(self, start: datetime) -> None:
        """Drop the baselines learnt from anything from ``start`` on, the stored ones too."""
        self._models = {key: m for key, m in self._models.items() if key[1] <= start}
        with self._records.begin() as conn:
            drop_after(conn, start)

    def drop_missing(self, start: datetime) -> None:
        """Forget which months had too little data, as there is new data from ``start`` on."""
        self._models = {
            key: m
            for key, m in self._models.items()
            if isinstance(m, FittedBaseline) or key[1] <= start
        }

    def _as_of(self, building: str, instant: datetime) -> datetime:
        """When the local month that holds the instant begins."""
        zone = self._tree.zone_of(building)
        return local_midnight(month_of(instant, zone), zone)

    def _complete(
        self, buildings: Sequence[str], as_of: datetime, now: datetime, newest: Grid
    ) -> None:
        keys = {building: BaselineKey(building, ELECTRICITY) for building in buildings}
        with self._records.connect() as conn:
            standing = standing_at(conn, as_of, keys.values())
        for building, key in keys.items():
            found = ready(standing.get(key))
            if found is not None:
                self._models[building, as_of] = found
        missing = [Key(b, ELECTRICITY) for b in buildings if (b, as_of) not in self._models]
        for learnt, version in self._trainer.train(missing, as_of, now, SCHEDULE, newest).items():
            self._models[learnt.subject, as_of] = ready(version) or _finding(version)


def _finding(version: BaselineVersion) -> Finding:
    """Why there is no baseline."""
    first = version.findings[0]
    detail = {"as_of": version.as_of.isoformat(), **first["detail"]}
    return Finding(first["code"], version.key.subject, detail)
