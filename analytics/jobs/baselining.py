"""Baselines of meters, buildings and items on schedule: learnt anew as each local month begins.

It goes on in small pieces after the analyser's turns, so that neither results nor alerts wait for it. What
is left goes on at the next turn; until a series has its new version, the last one stays current.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.consumption.points import Wiring
from analytics.grid import Key
from analytics.jobs.executors import Executor, LocalExecutor
from analytics.jobs.hand import own_points
from analytics.jobs.lease import Lease
from analytics.jobs.training import Trainer
from analytics.totals.groups import building_of_item
from analytics.totals.rollup import month_of
from analytics.totals.tree import Tree
from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.spans import HOUR, Span, local_date, local_midnight
from quotawatt.storage.baseline_keeping import forget
from quotawatt.storage.baselines import (
    ASKED,
    SCHEDULE,
    BaselineKey,
    BaselineVersion,
    keys_standing_at,
)
from quotawatt.storage.jobs import REFIT, Job, claim_job, end_job
from quotawatt.storage.port import SeriesStore

LEARNT = (
    *("electricity_import_kwh", "water_m3", "reclaimed_water_m3", "gas_m3", "gas_kwh"),
    *("heat_gj", "cooling_gj", "steam_t"),
)
"""Measures that have baselines: use that people and weather make, and that meters count."""

LATELY = timedelta(days=35)
"""What had no results for longer is not learnt any more."""

SETTLED = HOUR
"""So long after a month has begun most of what was measured before has come."""

BUDGET_S = 5.0
"""How long one turn may go on before it begins another piece."""

VERSIONS_KEPT = timedelta(days=3 * 366)
DOCUMENTS_KEPT = timedelta(days=400)
"""How long versions stay, and what they predict with: as long as the longest event is looked back upon."""

PIECE = 20
"""How many series are learnt together between two looks at the clock."""

_STATE = "baselines"


@dataclass(frozen=True, slots=True)
class BaselineReport:
    """What a turn did: baselines learnt, attempts without enough data, series that are left to learn."""

    learnt: int = 0
    insufficient: int = 0
    left: int = 0


class Baseliner:
    """Keeps the baselines of one set of stores; of several processes one does it at a time.

    series, records
        The stores.
    register_source
        Returns the present register.
    settings
        The default time zone.
    worker
        By what this process goes among those with the same role.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        settings: Settings,
        worker: str,
        executor: Executor | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._zone = ZoneInfo(settings.timezone)
        self._worker = worker
        self._lease = Lease(records, _STATE, worker)
        self._executor = executor or LocalExecutor()
        self._timer = timer

    def run_if_due(self, now: datetime) -> BaselineReport | None:
        """What was asked for, and one turn of the schedule; None where nothing is due.

        Due is once a local day whatever has no version of this month yet, until nothing is left. A
        failure (StoreError) leaves it due.
        """
        now = require_utc(now, "now")
        self.answer(now)
        today = local_date(now - SETTLED, self._zone).isoformat()
        with self._records.connect() as conn:
            done = self._lease.day_done(conn) == today
        if done or not self._lease.take(now):
            return None
        report = self.run(now, BUDGET_S)
        self._lease.give(today if not report.left else None)
        return report

    def run(self, now: datetime, budget_s: float = float("inf")) -> BaselineReport:
        """Learn what has no version of the present month, for about ``budget_s`` seconds."""
        ends_s = self._timer() + budget_s
        tree = self._tree()
        trainer = Trainer(self._series, self._records, tree, self._executor)
        report = BaselineReport()
        for (as_of, _), missing in self._missing(tree, now).items():
            for first in range(0, len(missing), PIECE):
                if self._timer() >= ends_s:
                    report = replace(report, left=report.left + len(missing) - first)
                    break
                part = missing[first : first + PIECE]
                report = _counted(report, trainer.train(part, as_of, now, SCHEDULE).values())
        with self._records.begin() as conn:
            forget(conn, now - VERSIONS_KEPT, now - DOCUMENTS_KEPT)
        return report

    def refit(self, key: Key, now: datetime) -> BaselineVersion:
        """Learn one series anew as of the present month's beginning, from what is known now.

        The same version stands where the data are the same. Raises InputError for what has no baselines.
        """
        tree = self._tree()
        require_learnt(tree.register, key)
        trainer = Trainer(self._series, self._records, tree, self._executor)
        return trainer.train([key], _as_of(now, tree.zone_of(key.subject)), now, ASKED)[key]

    def answer(self, now: datetime) -> None:
        """Do what people asked for, one after the other."""
        while True:
            with self._records.begin() as conn:
                job = claim_job(conn, (REFIT,), self._worker, now)
            if job is None:
                return
            result, error = self._answered(job, now)
            with self._records.begin() as conn:
                end_job(conn, job, now, result, error)

    def _answered(self, job: Job, now: datetime) -> tuple[dict[str, object], str]:
        key = Key(str(job.arguments["subject"]), str(job.arguments["measure"]))
        try:
            version = self.refit(key, now)
        except InputError as error:
            return {}, str(error)
        return {"version": version.version, "state": version.state}, ""

    def _missing(self, tree: Tree, now: datetime) -> dict[tuple[datetime, ZoneInfo], list[Key]]:
        """What has no version of the present month, by its beginning; each in one time zone."""
        measured = self._series.sum_results(
            Grain.DAY, None, sorted(LEARNT), Span(now - LATELY, now)
        ).select(list(Key._fields))
        by_month: defaultdict[tuple[datetime, ZoneInfo], list[Key]] = defaultdict(list)
        for key in sorted(Key(**row) for row in measured.to_pylist()):
            if is_learnt(tree.register, key):
                zone = tree.zone_of(key.subject)
                by_month[_as_of(now - SETTLED, zone), zone].append(key)
        with self._records.connect() as conn:
            standing = {as_of: keys_standing_at(conn, as_of) for as_of, _ in by_month}
        return {
            (as_of, zone): [key for key in keys if BaselineKey(*key) not in standing[as_of]]
            for (as_of, zone), keys in by_month.items()
        }

    def _tree(self) -> Tree:
        with self._records.connect() as conn:
            return Tree(Wiring(self._register_source()), self._zone, own_points(conn))


def is_learnt(register: Register, key: Key) -> bool:
    """Whether a series has baselines: use of a meter, a building or an item of one."""
    kinds = (register.meters, register.virtual_meters, register.buildings)
    building = building_of_item(key.subject)
    known = building in register.buildings or any(key.subject in kind for kind in kinds)
    return known and key.measure in LEARNT


def require_learnt(register: Register, key: Key) -> None:
    """Raise InputError where a series has no baselines."""
    if not is_learnt(register, key):
        raise InputError(
            "a baseline must be of a meter, a building or an item of one, in one of "
            f"{', '.join(LEARNT)}, got {key.subject!r} in {key.measure!r}"
        )


def _as_of(now: datetime, zone: ZoneInfo) -> datetime:
    return local_midnight(month_of(now, zone), zone)


def _counted(report: BaselineReport, versions: Iterable[BaselineVersion]) -> BaselineReport:
    learnt = [version.document is not None for version in versions]
    return replace(
        report,
        learnt=report.learnt + sum(learnt),
        insufficient=report.insufficient + len(learnt) - sum(learnt),
    )
