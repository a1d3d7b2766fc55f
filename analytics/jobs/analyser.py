"""The analyser: takes the marks of touched readings, recomputes what they touch, and clears them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.consumption.windows import group_touched
from analytics.jobs.bookkeeping import (
    Request,
    accounted_until,
    ask_recompute,
    drop_requests,
    note_accounted,
    note_findings,
    recompute_requests,
    report_accounts,
)
from analytics.jobs.executors import Executor, LocalExecutor
from analytics.jobs.fixedcosts import keep_fixed
from analytics.jobs.fleetmarks import touched_vehicles_of
from analytics.jobs.frozen import limited_requests
from analytics.jobs.hand import own_points
from analytics.jobs.prices import keep_priced
from analytics.jobs.restating import Restater
from analytics.jobs.turn import AnalyseReport, Turn
from analytics.jobs.updating import Updates
from analytics.jobs.yearly import midnights
from quotawatt.clock import require_utc
from quotawatt.findings import Finding
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import INSTANT, Span, floor_hour
from quotawatt.storage import touched
from quotawatt.storage.horizon import frozen_before, require_raw
from quotawatt.storage.port import SeriesStore

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""No reading is taken from before: clocks that say so are not set."""


class Analyser:
    """Computes results from readings. One for each set of stores; not to be shared between threads.

    series, records
        The stores.
    register_source
        Returns the present register; another object where it has changed.
    rulebook, settings
        Quotas, targets and factors; the default time zone.
    executor
        What computes whole spans; None: the cores of this machine.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        settings: Settings,
        executor: Executor | None = None,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._zone = ZoneInfo(settings.timezone)
        self._executor = executor or LocalExecutor()
        self._said: tuple[datetime, list[Finding]] | None = None
        self._restater = Restater(records, series, self._zone)
        self._follow(register_source())

    def run(self, now: datetime) -> AnalyseReport:
        """Bring results up to date with everything touched before ``now``.

        Readings later than ``now`` are not looked at and their marks stay. Marks go only when the results
        are durable: after a failure (StoreError) the next run does all of it again. Running twice
        changes nothing.
        """
        turn = Turn(AnalyseReport(require_utc(now, "now")))
        with self._forgetful():
            with self._records.begin() as conn:
                generation, marks = touched.take(conn, until=turn.now)
                requests = recompute_requests(conn)
                turn.frozen = frozen_before(conn)
                accounted = accounted_until(conn)
                own = own_points(conn)
            # After the requests: their register or a later one, never the one that they correct.
            register = self._register_source()
            if register is not self._updates.register or own != self._updates.own:
                self._follow(register)
            turn.report.marks = len(marks)
            vehicles = touched_vehicles_of(marks, requests, register)
            restated = self._restater.run(
                register, self._rulebook, turn.now, partial(self._judge, turn=turn)
            )
            self._updates.accounts.resume(accounted)
            if requests:
                start = max(turn.frozen or EARLIEST, floor_hour(min(r.start for r in requests)))
                turn.findings += limited_requests(requests, turn.frozen)
                self._meet(requests, start, turn)
                marks = [mark for mark in marks if mark.hour < start]
            for group in group_touched(marks):
                self._updates.update(group, turn)
            priced = self._updates.costs.reprice(turn)
            for as_of in self._updates.accounts.due(turn.now, turn.changed_from):
                self._updates.draw_up(as_of, turn)
            self._updates.write_days(turn)
            fixed = self._updates.costs.write_fixed(turn)
            # Of the present hour there is more to come where readings are ahead of the clock.
            until = floor_hour(turn.now) if turn.readings_ahead else turn.now
            with self._records.begin() as conn:
                turn.report.findings = self._note(conn, turn) + restated
                note_accounted(conn, accounted, self._updates.accounts.last_midnight)
                if priced is not None:
                    keep_priced(conn, priced)
                keep_fixed(conn, fixed)
                touch_vehicles(conn, vehicles)
                touched.clear(conn, generation, until=until)
                if requests:
                    drop_requests(conn, requests)
        return turn.report

    def recompute(self, span: Span, now: datetime) -> AnalyseReport:
        """Compute all results of ``span`` (up to ``now``) anew from the readings, accounts included.

        The same readings give the same results as day-by-day runs did. What no reading stands for any
        more is withdrawn. Models of expected use are trained anew, and the accounts of past days rest on
        what is known now, where a day-by-day run left them as they were judged then. Marks stay. What
        is broken off the next run takes up again. Raises StateError where readings of the span are gone.
        """
        turn = Turn(AnalyseReport(require_utc(now, "now")))
        bounded = Span(min(span.start, turn.now), min(span.end, turn.now))
        request = Request("", "", bounded.start)
        with self._records.begin() as conn:
            turn.frozen = frozen_before(conn)
            require_raw(conn, span.start, "a recomputation")
            ask_recompute(conn, request)
        with self._forgetful():
            self._follow(self._register_source())
            self._recompute(bounded, turn)
            self._updates.write_days(turn)
            self._updates.costs.write_fixed(turn)
            vehicles = touched_vehicles_of((), [request], self._updates.register)
            with self._records.begin() as conn:
                turn.report.findings = self._note(conn, turn)
                touch_vehicles(conn, vehicles)
                drop_requests(conn, [request])
        return turn.report

    def _judge(self, as_of: datetime, turn: Turn) -> None:
        """The accounts as of an instant, made durable at once."""
        self._updates.draw_up(as_of, turn)
        self._updates.write_days(turn)

    @contextmanager
    def _forgetful(self) -> Iterator[None]:
        """After a failure nothing is remembered that may never have become durable."""
        try:
            yield
        except BaseException:
            self._follow(self._updates.register)
            raise

    def _meet(self, requests: Sequence[Request], start: datetime, turn: Turn) -> None:
        span = Span(min(start, turn.now), turn.now)
        if any(request.is_everything for request in requests):
            self._recompute(span, turn)
        else:
            self._updates.recompute(span, turn)

    def _recompute(self, span: Span, turn: Turn) -> None:
        self._updates.recompute(span, turn)
        for as_of in midnights(Span(min(span.start + INSTANT, span.end), span.end), self._zone):
            self._updates.draw_up(as_of, turn)

    def _note(self, conn: Connection, turn: Turn) -> int:
        register = self._updates.register
        noted = note_findings(conn, turn.findings, register, turn.now)
        if turn.account_findings is None:
            return noted
        # The whole set, of all assets: said again within an hour only where it has changed.
        said = (floor_hour(turn.now), turn.account_findings)
        if said != self._said:
            report_accounts(conn, turn.account_findings, register, turn.now)
            self._said = said
        return noted + len(turn.account_findings)

    def _follow(self, register: Register) -> None:
        """Start anew from a register; what is remembered is rebuilt from the stores when needed."""
        self._updates = Updates(
            self._series, self._records, register, self._rulebook, self._zone, self._executor
        )
        self._said = None
