"""The analyser: takes the marks of touched readings, recomputes what they touch, and clears them."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Engine

from analytics.baselines import Baseline
from analytics.calculation import (
    BuildingModelAt,
    Plan,
    make_plan,
    new_days,
    new_hours,
    new_months,
    with_expected_hours,
)
from analytics.cleaning import CleanReadings, clean
from analytics.consumption import hourly_use
from analytics.grid import Grid, Key, instant_of, micros, micros_of
from analytics.jobs.bookkeeping import (
    ACCOUNT_CODES,
    drop_requests,
    note_findings,
    recompute_requests,
    report_accounts,
)
from analytics.jobs.loading import load, read_sources, series_with_readings, store, stored_keys
from analytics.jobs.models import Models
from analytics.jobs.turn import AnalyseReport, Turn
from analytics.jobs.yearly import YearlyAccounts, midnights
from analytics.points import Wiring
from analytics.rollup import month_edges, month_of
from analytics.tree import Tree
from analytics.windows import (
    CONTEXT,
    TouchedGroup,
    group_touched,
    hull,
    limited,
    reach_windows,
    unread,
)
from quotawatt.clock import require_utc
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import DAY, HOUR, Span, ceil_hour, floor_hour
from quotawatt.storage import touched
from quotawatt.storage.port import SeriesStore

INSTANT = timedelta(microseconds=1)

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
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._zone = ZoneInfo(settings.timezone)
        self._follow(register_source())

    def run(self, now: datetime) -> AnalyseReport:
        """Bring results up to date with everything touched before ``now``.

        Readings later than ``now`` are not looked at and their marks stay. Marks go only when the results
        are durable: after a failure (StoreError) the next run does all of it again. Running twice
        changes nothing.
        """
        turn = Turn(AnalyseReport(require_utc(now, "now")))
        with self._records.begin() as conn:
            generation, marks = touched.take(conn, until=turn.now)
            requests = recompute_requests(conn)
        # After the requests: their register or a later one, never the one that they correct.
        register = self._register_source()
        if register is not self._wiring.register:
            self._follow(register)
        turn.report.marks = len(marks)
        if requests:
            start = max(EARLIEST, floor_hour(min(r.start for r in requests)))
            self._recompute_results(Span(min(start, turn.now), turn.now), turn)
            marks = [mark for mark in marks if mark.hour < start]
        for group in group_touched(marks):
            self._update_group(group, turn)
        for as_of in self._accounts.due(turn.now, turn.changed_from):
            self._draw_up(as_of, turn)
        self._write_days(turn)
        # Of the present hour there is more to come where readings are ahead of the clock.
        until = floor_hour(turn.now) if turn.readings_ahead else turn.now
        with self._records.begin() as conn:
            turn.report.findings = self._note(conn, turn)
            touched.clear(conn, generation, until=until)
            if requests:
                drop_requests(conn, requests)
        return turn.report

    def recompute(self, span: Span, now: datetime) -> AnalyseReport:
        """Compute all results of ``span`` (up to ``now``) anew from the readings, accounts included.

        The same readings give the same results as day-by-day runs did. What no reading stands for any
        more is withdrawn. Models of expected use are trained anew, and the accounts of past days rest on
        what is known now, where a day-by-day run left them as they were judged then. Marks stay.
        """
        turn = Turn(AnalyseReport(require_utc(now, "now")))
        self._follow(self._register_source())
        bounded = Span(min(span.start, turn.now), min(span.end, turn.now))
        self._recompute_results(bounded, turn)
        for as_of in midnights(
            Span(min(bounded.start + INSTANT, bounded.end), bounded.end), self._zone
        ):
            self._draw_up(as_of, turn)
        self._write_days(turn)
        with self._records.begin() as conn:
            turn.report.findings = self._note(conn, turn)
        return turn.report

    def _note(self, conn: Connection, turn: Turn) -> int:
        register = self._wiring.register
        noted = note_findings(conn, turn.findings, register, turn.now)
        if turn.account_findings is None:
            return noted
        return noted + report_accounts(conn, turn.account_findings, register, turn.now)

    def _follow(self, register: Register) -> None:
        """Start anew from a register; what is remembered is rebuilt from the stores when needed."""
        self._wiring = Wiring(register)
        self._tree = Tree(self._wiring, self._zone)
        self._models = Models(self._series, self._tree)
        self._accounts = YearlyAccounts(self._series, self._tree, self._rulebook)

    def _recompute_results(self, span: Span, turn: Turn) -> None:
        """All hours, days and months of a span, month by month: each month's models see the last one's."""
        self._models.drop_from(span.start)
        present = series_with_readings(self._series, turn.now)
        edges = month_edges(span, self._zone) if span.end > span.start else ()
        for first, until in pairwise(edges):
            month = Span(floor_hour(instant_of(first)), ceil_hour(instant_of(until)))
            part = Span(
                max(month.start, floor_hour(span.start)), min(month.end, ceil_hour(span.end))
            )
            stored = stored_keys(self._series, part)
            around = Span(part.start - HOUR, part.end + HOUR)
            table = self._series.read_readings(present, around, CONTEXT)
            if not stored and not len(table):
                continue
            turn.readings_ahead |= _any_after(table, turn.now)
            points = {*self._wiring.points_of(present), *(k for k in stored if self._is_point(k))}
            totals = [key for key in stored if not self._is_point(key)]
            windows = dict.fromkeys(sorted(points), part)
            self._update(windows, clean(table, turn.now), turn, totals)

    def _update_group(self, group: TouchedGroup, turn: Turn) -> None:
        """What the marks of a group touch."""
        points = self._wiring.points_of(group.series)
        if not points:
            return
        table = read_sources(self._series, self._wiring, points, group.span)
        turn.readings_ahead |= _any_after(table, turn.now)
        readings = clean(table, turn.now)
        windows = limited(reach_windows(readings, self._wiring, group), turn.now)
        short = unread(readings, self._wiring, windows, group.span)
        if short:
            # Where meters are silent for long, or report often, there is more to see than was read.
            wider = read_sources(self._series, self._wiring, short, hull(short.values()))
            readings = clean(pa.concat_tables([table, wider]), turn.now)
        self._update(windows, readings, turn)

    def _update(
        self,
        windows: Mapping[Key, Span],
        readings: CleanReadings,
        turn: Turn,
        stale: Collection[Key] = (),
    ) -> None:
        """Compute and write the results of the windows and all that rests on them."""
        windows = limited(windows, turn.now)
        if not windows:
            return
        self._write_days(turn)
        plan = make_plan(windows, self._tree, stale)
        self._models.drop_missing(plan.hours.start)
        turn.changed_from = min(plan.hours.start, turn.changed_from or plan.hours.start)
        use, found = hourly_use(readings, self._wiring, windows, plan.hours)
        turn.findings += found
        stored = load(self._series, Grain.HOUR, plan.hour_keys(), plan.hour_starts())
        hours = new_hours(plan, stored, use)
        model_at = self._model_at(hours, turn)
        hours = with_expected_hours(plan, hours, model_at)
        changed = hours.results(hours.changed_from(stored))
        turn.report.hours += store(self._series, Grain.HOUR, [changed])
        self._update_days(plan, hours, model_at, turn)

    def _update_days(self, plan: Plan, hours: Grid, model_at: BuildingModelAt, turn: Turn) -> None:
        months: list[pa.Table] = []
        for zone in plan.zones:
            stored = load(self._series, Grain.DAY, plan.day_keys(zone), plan.day_starts(zone))
            days, found = new_days(plan, zone, hours, stored, self._rulebook, model_at, turn.now)
            turn.findings += found
            turn.days_to_write.append(days.results(days.changed_from(stored)))
            self._accounts.note(zone, days)
            sums = new_months(plan, zone, days)
            # Months are few and nearly always changed: written without asking what is stored.
            months.append(sums.results(np.ones(sums.value.shape, dtype=bool)))
        turn.report.months += store(self._series, Grain.MONTH, months)

    def _write_days(self, turn: Turn) -> None:
        """Write what is waiting: before it is read again, and at the end, together with the accounts."""
        turn.report.days += store(self._series, Grain.DAY, turn.days_to_write)
        turn.days_to_write.clear()

    def _draw_up(self, as_of: datetime, turn: Turn) -> None:
        if not self._accounts.remembers(as_of):
            self._write_days(turn)
        results, found = self._accounts.draw_up(as_of)
        turn.days_to_write.append(results)
        turn.report.accounts += len(results)
        turn.findings += [finding for finding in found if finding.code not in ACCOUNT_CODES]
        # Accounts of days long past do not tell what is missing now.
        if turn.now - as_of < DAY:
            turn.account_findings = [f for f in found if f.code in ACCOUNT_CODES]

    def _model_at(self, newest: Grid, turn: Turn) -> BuildingModelAt:
        def model_at(building: str, instant: datetime) -> Baseline | None:
            found = self._models.at(building, instant, newest)
            if isinstance(found, Baseline):
                return found
            # Of months past nobody waits for a model any more.
            zone = self._tree.zone_of(building)
            if month_of(instant, zone) == month_of(turn.now, zone):
                turn.findings.append(found)
            return None

        return model_at

    def _is_point(self, key: Key) -> bool:
        """Whether the key is a point's, rather than a total's; an asset no longer known counts as one."""
        register = self._wiring.register
        return key.subject not in register.buildings and key.subject not in register.organisations


def _any_after(table: pa.Table, now: datetime) -> bool:
    return bool((micros(table["time"]) > micros_of(now)).any())
