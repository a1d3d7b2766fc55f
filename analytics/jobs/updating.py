"""Bringing results up to date: use of points, and all that rests on it, from one store to the same."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline
from analytics.calculation import (
    BuildingModelAt,
    Plan,
    make_plan,
    new_days,
    new_hours,
    new_months,
    with_expected_hours,
)
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.consumption.windows import TouchedGroup, hull, limited, reach_windows, unread
from analytics.grid import Grid, Key, instant_of
from analytics.jobs.amounts import all_amounts
from analytics.jobs.bookkeeping import ACCOUNT_CODES
from analytics.jobs.costs import Costs
from analytics.jobs.executors import Executor
from analytics.jobs.hand import own_points
from analytics.jobs.loading import load, read_sources, store, with_wider
from analytics.jobs.models import Models
from analytics.jobs.training import Trainer
from analytics.jobs.turn import Turn
from analytics.jobs.whole import WholeUse
from analytics.jobs.yearly import YearlyAccounts, read_decided
from analytics.totals.rollup import month_edges, month_of
from analytics.totals.tree import Tree
from analytics.yearly.yardsticks import Decided
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span
from quotawatt.storage.port import SeriesStore


class Updates:
    """Recomputes results by one register; what it remembers can be rebuilt from the stores."""

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register: Register,
        rulebook: Rulebook,
        zone: ZoneInfo,
        executor: Executor,
    ) -> None:
        self.register = register
        self._series = series
        self._records = records
        self._rulebook = rulebook
        self._zone = zone
        self._wiring = Wiring(register)
        with records.connect() as conn:
            self.own = own_points(conn)
        self._tree = Tree(self._wiring, zone, self.own)
        trainer = Trainer(series, records, self._tree, executor)
        self._models = Models(records, self._tree, trainer)
        self._whole = WholeUse(series, records, self._wiring, executor)
        self.costs = Costs(series, records, self._tree, rulebook)
        self.accounts = YearlyAccounts(series, self._tree, rulebook, self._decided)

    def recompute(self, span: Span, turn: Turn) -> None:
        """All hours, days and months of a span, month by month: each month's models see the last one's."""
        self._models.drop_from(span.start)
        for month, use, found in self._whole.by_month(span, self._zone, turn):
            windows = limited(dict.fromkeys(month.points(), month.part), turn.now, turn.frozen)
            self._apply(windows, use, found, turn, month.totals, anew=True)

    def update(self, group: TouchedGroup, turn: Turn) -> None:
        """What the marks of a group touch."""
        points = self._wiring.points_of(group.series)
        if not points:
            return
        readings, ahead = read_sources(self._series, self._wiring, points, group.span, turn.now)
        turn.readings_ahead |= ahead
        windows = limited(reach_windows(readings, self._wiring, group), turn.now, turn.frozen)
        if not windows:
            return
        short = unread(readings, self._wiring, windows, group.span)
        if short:
            # Where meters are silent for long, or report often, there is more to see than was read.
            seen = hull([group.span, *short.values()])
            wider, _ = read_sources(self._series, self._wiring, short, seen, turn.now)
            readings = with_wider(readings, wider)
        self._apply(windows, *self._use(windows, readings), turn)

    def write_days(self, turn: Turn) -> None:
        """Write what is waiting: before it is read again, and at the end, together with the accounts."""
        turn.report.days += store(self._series, Grain.DAY, turn.days_to_write)
        turn.days_to_write.clear()

    def draw_up(self, as_of: datetime, turn: Turn) -> None:
        """The yearly accounts as of an instant."""
        if not self.accounts.remembers(as_of):
            self.write_days(turn)
        results, found = self.accounts.draw_up(as_of)
        turn.days_to_write.append(results)
        turn.report.accounts += len(results)
        turn.findings += [finding for finding in found if finding.code not in ACCOUNT_CODES]
        # Accounts of days long past do not tell what is missing now.
        if turn.now - as_of < DAY:
            turn.account_findings = [f for f in found if f.code in ACCOUNT_CODES]

    def _decided(self, year: int) -> Decided:
        with self._records.connect() as conn:
            return read_decided(conn, year)

    def _use(
        self, windows: Mapping[Key, Span], readings: CleanReadings
    ) -> tuple[Grid, list[Finding]]:
        hours = hull(windows.values())
        with self._records.connect() as conn:
            amounts = all_amounts(conn, windows, hours)
        return hourly_use(readings, self._wiring, windows, hours, amounts)

    def _apply(
        self,
        windows: Mapping[Key, Span],
        use: Grid,
        found: list[Finding],
        turn: Turn,
        stale: Collection[Key] = (),
        *,
        anew: bool = False,
    ) -> None:
        """Write the use of points within their windows, and all that rests on it.

        ``anew``: by another register than before, it may be.
        """
        if not windows:
            return
        self.write_days(turn)
        plan = make_plan(windows, self._tree, stale)
        self._models.drop_missing(plan.hours.start)
        turn.changed_from = min(plan.hours.start, turn.changed_from or plan.hours.start)
        turn.findings += found
        stored = load(self._series, Grain.HOUR, plan.hour_keys(), plan.hour_starts())
        hours = new_hours(plan, stored, use)
        self._prepare_models(plan, hours, turn.now)
        model_at = self._model_at(hours, turn)
        hours = with_expected_hours(plan, hours, model_at)
        changed = hours.results(hours.changed_from(stored))
        turn.report.hours += store(self._series, Grain.HOUR, [changed])
        self.costs.update(plan, hours, turn, anew=anew)
        self._update_days(plan, hours, model_at, turn)

    def _update_days(self, plan: Plan, hours: Grid, model_at: BuildingModelAt, turn: Turn) -> None:
        months: list[pa.Table] = []
        for zone in plan.zones:
            stored = load(self._series, Grain.DAY, plan.day_keys(zone), plan.day_starts(zone))
            days, found = new_days(plan, zone, hours, stored, self._rulebook, model_at, turn.now)
            turn.findings += found
            turn.days_to_write.append(days.results(days.changed_from(stored)))
            self.accounts.note(zone, days)
            sums = new_months(plan, zone, days)
            # Months are few and nearly always changed: written without asking what is stored.
            months.append(sums.results(np.ones(sums.value.shape, dtype=bool)))
        turn.report.months += store(self._series, Grain.MONTH, months)

    def _prepare_models(self, plan: Plan, newest: Grid, now: datetime) -> None:
        for zone in plan.zones:
            for month in month_edges(plan.days(zone), zone)[:-1]:
                self._models.prepare(plan.judged_in(zone), instant_of(month), now, newest)

    def _model_at(self, newest: Grid, turn: Turn) -> BuildingModelAt:
        def model_at(building: str, instant: datetime) -> FittedBaseline | None:
            found = self._models.at(building, instant, turn.now, newest)
            if isinstance(found, FittedBaseline):
                return found
            # Of months past nobody waits for a model any more.
            zone = self._tree.zone_of(building)
            if month_of(instant, zone) == month_of(turn.now, zone):
                turn.findings.append(found)
            return None

        return model_at
