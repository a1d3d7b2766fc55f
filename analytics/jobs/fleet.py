"""Vehicles brought up to date: trips and events where messages changed, rules where trips did.

It goes on after the analyser's turns, which note the vehicles whose messages changed. A note stays until its
vehicle is done, so what is broken off is done again; of several processes one does it at a time.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.jobs.charges import mark_changed
from analytics.jobs.fleetcharging import ChargeMatcher
from analytics.jobs.fleetfacts import Facts
from analytics.jobs.fleetrules import RuleJudge
from analytics.jobs.fleettracks import Tracks
from analytics.jobs.fleettrips import TripKeeper
from analytics.jobs.lease import Lease
from quotawatt.clock import require_utc
from quotawatt.findings import Finding
from quotawatt.fleet.book import forget_vehicle
from quotawatt.fleet.deviations_book import retract_all
from quotawatt.fleet.touching import TouchedVehicle, done, touched_vehicles
from quotawatt.register.findings_book import note_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import DAY, Span, local_date
from quotawatt.storage.port import SeriesStore

SOURCE = "trips"
"""What findings in the messages of vehicles go by."""

EVERY = timedelta(minutes=5)
"""A vehicle under way is brought up to date so often, not with each of its messages."""

BUDGET_S = 20.0
"""How long one turn may go on before it begins another vehicle."""

SETTLED = timedelta(hours=1)
"""So long after midnight most messages of the day before have come: then all rules are judged."""

ELECTRIC = "electric"

_STATE = "fleet"
_LATELY = 2 * DAY  # how far back all rules are judged each day where no message has come


@dataclass(frozen=True, slots=True)
class FleetReport:
    """What a run did: vehicles brought up to date, trips computed, findings that stand, vehicles left."""

    vehicles: int = 0
    trips: int = 0
    findings: int = 0
    left: int = 0


@dataclass
class _Run:
    """What one run works with, and what it has done.

    charged_from
        From when on sessions of electric vehicles may have changed.
    """

    now: datetime
    register: Register
    keeper: TripKeeper
    matcher: ChargeMatcher
    judge: RuleJudge
    charged_from: datetime
    trips: int = 0
    done: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)  # by all rules, over _LATELY at least


class FleetKeeper:
    """Keeps trips, events and deviations of all vehicles. Not to be shared between threads.

    series, records
        The stores.
    register_source
        Returns the present register.
    rulebook, settings
        The rules for vehicles; the default time zone.
    worker
        By what this process goes among those with the same role.
    timer
        Seconds that a turn's budget is measured by.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        settings: Settings,
        worker: str,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._zone = ZoneInfo(settings.timezone)
        self._lease = Lease(records, _STATE, worker)
        self._timer = timer
        self._brought: dict[str, datetime] = {}

    def run_if_due(self, now: datetime) -> FleetReport | None:
        """One turn: vehicles that are due, for about ``BUDGET_S``; None where nothing is or another does it.

        A failure (StoreError) leaves it due.
        """
        now = require_utc(now, "now")
        with self._records.connect() as conn:
            notes = self._due(touched_vehicles(conn), now)
            new_day = self._lease.day_done(conn) != self._day(now)
        if not (notes or new_day) or not self._lease.take(now):
            return None
        try:
            return self._run(notes, now, BUDGET_S, whole=new_day)
        finally:
            self._lease.give()

    def run(self, now: datetime) -> FleetReport:
        """All vehicles that were touched, and all rules on all vehicles, whenever either was done last."""
        now = require_utc(now, "now")
        with self._records.connect() as conn:
            notes = touched_vehicles(conn)
        try:
            return self._run(notes, now, float("inf"), whole=True)
        finally:
            self._lease.give()

    def _due(self, notes: Sequence[TouchedVehicle], now: datetime) -> list[TouchedVehicle]:
        """Those not brought up to date a moment ago, the longest waiting first."""
        waiting = [n for n in notes if now - self._brought.get(n.vehicle, now - EVERY) >= EVERY]
        first = now - EVERY
        return sorted(waiting, key=lambda n: (self._brought.get(n.vehicle, first), n.vehicle))

    def _run(
        self, notes: Sequence[TouchedVehicle], now: datetime, budget_s: float, *, whole: bool
    ) -> FleetReport:
        ends_s = self._timer() + budget_s
        run = self._prepared(now)
        for note in notes:
            if run.done and self._timer() >= ends_s:
                break
            self._bring_up(note, run)
        left = len(notes) - len(run.done)
        if run.charged_from < now:
            self._match(Span(run.charged_from, now), run)
        if whole and not left:
            self._judge_all(run)
        with self._records.begin() as conn:
            findings = run.judge.report(conn, now)
            if whole and not left:
                self._lease.note_done(conn, self._day(now))
        return FleetReport(len(run.done), run.trips, findings, left)

    def _prepared(self, now: datetime) -> _Run:
        register = self._register_source()
        today = local_date(now, self._zone)
        tracks = Tracks(self._series, register)
        facts = Facts(self._series, self._records, tracks, register, self._zone)
        rules = list(self._rulebook.as_of(today).vehicle_rules.values())
        judge = RuleJudge(self._records, facts, rules, register.as_of(today), self._zone)
        keeper = TripKeeper(self._records, tracks, register, self._zone)
        matcher = ChargeMatcher(self._records, tracks, register)
        return _Run(now, register, keeper, matcher, judge, charged_from=now)

    def _bring_up(self, note: TouchedVehicle, run: _Run) -> None:
        """Trips, then rules, then the note is done."""
        vehicle = run.register.vehicles.get(note.vehicle)
        if vehicle is None or vehicle.tracking_exempt:
            self._forget(note.vehicle)
        else:
            brought = run.keeper.bring_up(note.vehicle, note.since, run.now)
            self._note(brought.findings, run)
            changed = Span(min(note.since, brought.span.start), run.now)
            whole = run.now - note.since > DAY
            run.judge.judge(note.vehicle, changed, run.now, whole=whole)
            if whole and changed.start <= run.now - _LATELY:
                run.judged.add(note.vehicle)
            if vehicle.energy == ELECTRIC:
                run.charged_from = min(run.charged_from, changed.start)
            run.trips += brought.trips
        with self._records.begin() as conn:
            done(conn, note)
            self._lease.hold(conn, run.now)
        self._brought[note.vehicle] = run.now
        run.done.append(note.vehicle)

    def _judge_all(self, run: _Run) -> None:
        """All rules on all vehicles: some come true without a message. Late readings of chargers count."""
        lately = Span(run.now - _LATELY, run.now)
        self._match(lately, run)
        for code, vehicle in run.register.vehicles.items():
            if not vehicle.tracking_exempt and code not in run.judged:
                run.judge.judge(code, lately, run.now, whole=True)
                with self._records.begin() as conn:
                    self._lease.hold(conn, run.now)

    def _match(self, span: Span, run: _Run) -> None:
        self._note(run.matcher.match(span), run)

    def _note(self, found: Sequence[Finding], run: _Run) -> None:
        if found:
            with self._records.begin() as conn:
                note_findings(conn, SOURCE, found, run.register, run.now)

    def _forget(self, vehicle: str) -> None:
        with self._records.begin() as conn:
            mark_changed(conn, forget_vehicle(conn, vehicle), ())
            retract_all(conn, vehicle)

    def _day(self, now: datetime) -> str:
        return local_date(now - SETTLED, self._zone).isoformat()
