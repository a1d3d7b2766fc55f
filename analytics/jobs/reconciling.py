"""The check of books against telemetry on the stores: asked for, or once a day."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, Engine, select

from analytics.jobs.billchecks import BILL_DIFFERS, differing_bills
from analytics.jobs.billchecks import SOURCE as MONEY
from analytics.jobs.consumed import (
    used_by_virtual_meters,
    used_last_month,
    used_last_year,
    used_lately,
)
from analytics.jobs.entered import entered_by_hand
from analytics.jobs.holdings import holding_findings
from analytics.jobs.issuedreturns import issued_findings
from analytics.jobs.returnduties import overdue_findings
from analytics.reconciliation.limits import Limits
from analytics.reconciliation.making import make_world
from analytics.reconciliation.reconcile import reconcile
from analytics.reconciliation.undated import (
    CODE,
    baseline_from_json,
    baseline_to_json,
    undated_changes,
)
from analytics.reconciliation.world import SeenDevice, World
from quotawatt.clock import require_utc
from quotawatt.findings import Finding
from quotawatt.hand.settling import settle
from quotawatt.readings import READINGS
from quotawatt.register.findings_book import (
    BookReport,
    accepted_keys,
    assign_organisations,
    fade_findings,
    report_findings,
)
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_date
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import seen_devices

SOURCE = "register"
"""What the findings of this check go by."""

AT_HOUR = 5
"""Local hour from which the day's check is due: yesterday is complete, and people have not come yet."""

_STATE = "register_check"


class Reconciler:
    """Compares register and telemetry and keeps the list of findings. Threads may share it.

    series, records
        The stores.
    register_source
        Returns the present register.
    rulebook, settings
        The quotas whose denominators must be known; the default time zone.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        settings: Settings,
        limits: Limits = Limits(),
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._zone = ZoneInfo(settings.timezone)
        self._limits = limits

    def run_if_due(self, now: datetime) -> BookReport | None:
        """The check of the day where it was not done yet; None where it was, or it is too early.

        A failure (StoreError) leaves the day's check due.
        """
        with self._records.connect() as conn:
            kept = read_fact(conn, _STATE, {})
        done = date.fromisoformat(kept["day"]) if "day" in kept else None
        too_early = done is not None and now.astimezone(self._zone).time() < time(AT_HOUR)
        # Another day, not a later one: after a clock that ran ahead was put right, checks go on.
        if too_early or local_date(now, self._zone) == done:
            return None
        return self.run(now)

    def run(self, now: datetime) -> BookReport:
        """Check everything as of ``now`` and make the list of findings what was found."""
        now = require_utc(now, "now")
        settle(self._series, self._records)  # what somebody entered as the series store failed
        world = self._world(now)
        found = [*reconcile(world), *self._holdings(world.book, now), *self._returns(now)]
        bills = self._bills(world.book, now)
        with self._records.begin() as conn:
            kept = lock_fact(conn, _STATE, {})
            accepted = {
                (subject, key) for code, subject, key in accepted_keys(conn, SOURCE) if code == CODE
            }
            undated, baseline = undated_changes(
                world.book, world.today, baseline_from_json(kept.get("baseline", {})), accepted
            )
            report = self._report(conn, [*found, *undated], world)
            report_findings(conn, MONEY, bills, world.book, now, {BILL_DIFFERS})
            values = {"day": world.today.isoformat(), "baseline": baseline_to_json(baseline)}
            put_fact(conn, _STATE, values)
        return report

    def _holdings(self, book: Register, now: datetime) -> list[Finding]:
        return holding_findings(self._series, self._records, book, self._rulebook, now, self._zone)

    def _returns(self, now: datetime) -> list[Finding]:
        book, series, records = self._register_source(), self._series, self._records
        late = overdue_findings(records, book, self._rulebook, now, self._zone)
        return [*late, *issued_findings(series, records, book, self._rulebook, now, self._zone)]

    def _bills(self, book: Register, now: datetime) -> list[Finding]:
        series, records = self._series, self._records
        return differing_bills(series, records, book, self._rulebook, now, self._zone)

    def _report(self, conn: Connection, found: list[Finding], world: World) -> BookReport:
        report = report_findings(conn, SOURCE, found, world.book, world.now)
        assign_organisations(conn, world.book)
        fade_findings(conn, world.now)
        return report

    def _world(self, now: datetime) -> World:
        book, limits = self._register_source(), self._limits
        history = self._series.activity(Span(now - limits.history, now))
        return make_world(
            book,
            self._rulebook,
            now,
            self._zone,
            recent=self._series.activity(Span(now - limits.recent, now)),
            history=history,
            last=self._last(book, history, now),
            seen=_seen(self._records),
            limits=limits,
            lately=used_lately(self._series, book, limits, now, self._zone),
            month=used_last_month(self._series, book, limits, now, self._zone),
            year=used_last_year(self._series, book, limits, now, self._zone),
            days=used_by_virtual_meters(self._series, book, limits, now, self._zone),
            by_hand=entered_by_hand(self._series, self._records, book, now),
        )

    def _last(self, book: Register, history: pa.Table, now: datetime) -> pa.Table:
        """The latest readings, asked for only where a bound channel, or a meter, was not heard of late."""
        columns = [history[name].to_pylist() for name in ("device", "channel")]
        heard = set(zip(*columns, strict=True))
        all_bound = all(book.bindings_of(meter) for meter in book.meters)
        if all_bound and all((b.device, b.channel) in heard for b in book.bindings):
            return READINGS.empty_table()
        return self._series.last_readings(now)


def _seen(records: Engine) -> list[SeenDevice]:
    names = [field.name for field in fields(SeenDevice)]
    chosen = select(*(seen_devices.c[name] for name in names)).order_by(seen_devices.c.device)
    with records.connect() as conn:
        rows = [dict(row) for row in conn.execute(chosen).mappings()]
    return [
        SeenDevice(**{**row, "offers": [(o["channel"], o["quantity"]) for o in row["offers"]]})
        for row in rows
    ]
