"""Letting go of what the settings keep no longer: once a day, whole local months at a time.

The order makes it safe to break off anywhere. The raw horizon is announced first: collectors refuse what
lies before it. Once nothing before it waits to be computed, results are frozen there, gauges get their
means, and the last readings before it, from which the first increments after it are computed, are put
aside; only then readings go, those come back, and the ledger says what went.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select

from analytics.consumption.cleaning import TAKEN
from analytics.jobs.bookkeeping import recompute_requests
from analytics.jobs.downsampler import downsample
from analytics.jobs.thinning import POSITIONS, thin_positions
from quotawatt.clock import require_utc
from quotawatt.keeping.chunks import EVER
from quotawatt.keeping.edges import forget_edges, means_put_aside, put_aside, put_back
from quotawatt.keeping.horizons import Horizons
from quotawatt.keeping.importing import settle_broken, under_way
from quotawatt.keeping.standing import (
    Standing,
    ask_to_keep,
    asked_to_keep,
    gone,
    note_gone,
    standing,
)
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.spans import Span, floor_hour, local_date
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.horizon import (
    announce_horizon,
    freeze_results,
    frozen_before,
    raw_horizon,
)
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import touched

ACTOR = "system:keeper"

SETTLED = timedelta(minutes=2)
"""So long after it was announced no collector goes by an older horizon."""

_LOOKED = "keep_looked"
_ANNOUNCED_AT = "raw_horizon_at"
_NIGHT = timedelta(hours=2)  # local time of day from which on it is done


@dataclass
class KeepReport:
    """What was done.

    wanted
        The horizons of the settings.
    waits
        Why readings stay for now: empty, ``announced`` (collectors are still told), or ``behind`` (what
        lies before the horizon is not all computed).
    means
        Results written for gauges.
    went
        Before when what is gone by now: ``readings``, ``hour``, ``day``, ``positions`` (they are thin).
    """

    wanted: Horizons
    waits: str = ""
    means: int = 0
    went: dict[str, datetime] = field(default_factory=dict)


class Keeper:
    """Keeps what the settings say in one set of stores; not to be shared between threads."""

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)

    def run_if_due(self, now: datetime) -> KeepReport | None:
        """``run`` once a local day, early in it, or where somebody asked, or something is unfinished.

        What an import that broke off has left to compute is asked for each time.
        """
        today = local_date(require_utc(now, "now") - _NIGHT, self._zone).isoformat()
        with self._records.begin() as conn:
            settle_broken(conn, now)
            due = read_fact(conn, _LOOKED, "") != today
            due = due or asked_to_keep(conn) or self._unfinished(conn)
        if not due:
            return None
        report = self.run(now)
        with self._records.begin() as conn:
            _put(conn, _LOOKED, today)
            ask_to_keep(conn, asked=False)
        return report

    def run(self, now: datetime, settled: timedelta = SETTLED) -> KeepReport:
        """Let go of what is due, as far as it can go yet.

        settled
            How long collectors have to follow a horizon.

        Raises StoreError where a store fails; the next run goes on from there.
        """
        with self._records.connect() as conn:
            report = KeepReport(self._standing(conn, now).wanted)
        self._announce(report.wanted.readings, now)
        with self._records.connect() as conn:
            announced, frozen = raw_horizon(conn), frozen_before(conn)
        if announced is not None and (frozen is None or frozen < announced):
            report.waits = self._freeze(announced, now, settled)
        self._drop_readings(report, now)
        self._thin(report, now)
        for grain, horizon in (
            (Grain.HOUR, report.wanted.hourly),
            (Grain.DAY, report.wanted.daily),
        ):
            self._drop_results(grain, horizon, report, now)
        return report

    def _announce(self, horizon: datetime | None, now: datetime) -> None:
        if horizon is None:
            return
        with self._records.begin() as conn:
            known = raw_horizon(conn)
            if known is None or known < horizon:
                announce_horizon(conn, horizon)
                _put(conn, _ANNOUNCED_AT, now.isoformat())
                self._tell(conn, now, "raw_horizon_set", {"readings_before": horizon.isoformat()})

    def _freeze(self, horizon: datetime, now: datetime, settled: timedelta) -> str:
        """Freeze results before the horizon; why not, where it is too early."""
        with self._records.begin() as conn:
            since = datetime.fromisoformat(read_fact(conn, _ANNOUNCED_AT, now.isoformat()))
            if now - since < settled:
                return "announced"
            if _behind(conn, horizon):
                return "behind"
            freeze_results(conn, horizon)
        return ""

    def _drop_readings(self, report: KeepReport, now: datetime) -> None:
        with self._records.connect() as conn:
            frozen, done = frozen_before(conn), gone(conn, "readings")
        if frozen is None or (done is not None and done >= frozen):
            return
        report.means = self._prepare(Span(done or self._first(frozen), frozen))
        self._series.drop_readings(frozen)
        put_back(self._series, self._records)
        with self._records.begin() as conn:
            forget_edges(conn)
            detail = {"readings_before": frozen.isoformat(), "means_written": report.means}
            self._note(conn, "readings", frozen, report)
            self._tell(conn, now, "readings_dropped", detail)

    def _thin(self, report: KeepReport, now: datetime) -> None:
        until = thin_positions(self._series, self._records, self._settings, now)
        if until is None:
            return
        report.went[POSITIONS] = until
        every = self._settings.positions_every_min
        with self._records.begin() as conn:
            detail = {"positions_before": until.isoformat(), "every_min": every}
            self._tell(conn, now, "positions_thinned", detail)

    def _prepare(self, hours: Span) -> int:
        """Write means and put the last readings aside, once; returns how many means there are."""
        means = means_put_aside(self._records, hours.end)
        if means is None:
            means = downsample(self._series, self._register_source(), hours, self._zone)
            put_aside(self._series, self._records, hours.end, TAKEN, means)
        return means

    def _drop_results(
        self, grain: Grain, horizon: datetime | None, report: KeepReport, now: datetime
    ) -> None:
        with self._records.connect() as conn:
            frozen, done = frozen_before(conn), gone(conn, grain)
        # Never before the readings are gone that they could be computed from.
        if horizon is None or frozen is None:
            return
        horizon = min(horizon, frozen)
        if done is not None and done >= horizon:
            return
        self._series.drop_results(grain, horizon)
        with self._records.begin() as conn:
            self._note(conn, grain, horizon, report)
            detail = {"grain": grain.value, "results_before": horizon.isoformat()}
            self._tell(conn, now, "results_dropped", detail)

    def _standing(self, conn: Connection, now: datetime) -> Standing:
        return standing(conn, self._settings, self._register_source(), now)

    def _unfinished(self, conn: Connection) -> bool:
        announced, done = raw_horizon(conn), gone(conn, "readings")
        return announced is not None and (done is None or done < announced)

    def _first(self, until: datetime) -> datetime:
        """The hour of the first reading; ``until`` where there is none before."""
        times: list[Any] = self._series.activity(Span(EVER.start, until))["first"].to_pylist()
        return floor_hour(min([*times, until]))

    def _note(self, conn: Connection, what: str, horizon: datetime, report: KeepReport) -> None:
        note_gone(conn, what, horizon)
        report.went[what] = horizon

    def _tell(
        self, conn: Connection, at: datetime, action: str, detail: Mapping[str, object]
    ) -> None:
        Ledger(self._records).append(
            conn, at=at, actor=ACTOR, action=action, subject="keeping", detail=detail
        )


def _behind(conn: Connection, horizon: datetime) -> bool:
    """Whether anything before the horizon waits to be computed."""
    first = conn.execute(select(func.min(touched.c.hour))).scalar()
    starts = [first, under_way(conn), *(request.start for request in recompute_requests(conn))]
    return any(start is not None and start < horizon for start in starts)


def _put(conn: Connection, name: str, value: object) -> None:
    lock_fact(conn, name, value)
    put_fact(conn, name, value)
