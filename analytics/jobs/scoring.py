"""Daily scoring on the stores: what is out of the ordinary becomes events, and these become findings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.consumption.points import Wiring
from analytics.events.event import Event, EventState
from analytics.events.explaining import around, explained_by
from analytics.events.finding import finding_of, told_of
from analytics.events.matching import Change, reconcile
from analytics.events.wording import event_context, event_words
from analytics.grid import Key
from analytics.jobs.anomalybook import enter, enter_explained, read_events
from analytics.jobs.executors import ProcessExecutor
from analytics.jobs.hand import own_points
from analytics.jobs.judging import WINDOW, Judged, judge, looks_at
from analytics.jobs.yearquotas import YearQuotas
from analytics.totals.tree import Tree
from quotawatt.clock import require_utc
from quotawatt.findings import Finding
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import DAY, Span, local_date
from quotawatt.storage.baselines import current_keys
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore

SOURCE = "anomalies"
"""What the findings of scoring go by."""

SCORED = frozenset(
    {"electricity_import_kwh", "water_m3", "reclaimed_water_m3", "gas_m3", "gas_kwh"}
)
"""Measures that are scored. Heat and cooling from outside are switched on and off by date, which baselines
on temperature do not know: each season's beginning would be an anomaly."""

AT_HOUR = 2
"""Local hour from which the day's scoring is due: what meters send late of yesterday has mostly come."""

_LATELY = WINDOW + 2 * DAY
"""What ended before is not judged again: local midnights lie up to two days before an instant."""

MANY = 2000
"""Series from which on all cores judge: to start a process takes as long as to judge a thousand."""

_STATE = "anomaly_scoring"


@dataclass(frozen=True, slots=True)
class ScoringReport:
    """What a scoring did: series judged, events that are new, changed or withdrawn, findings that stand."""

    series: int
    new: int
    changed: int
    withdrawn: int
    findings: int


class Scorer:
    """Judges use by the current baselines and keeps the list of events. Threads may share it.

    series, records
        The stores.
    register_source
        Returns the present register.
    rulebook, settings
        The quotas that sentences take a share of; the default time zone.
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

    def run_if_due(self, now: datetime) -> ScoringReport | None:
        """The scoring of the day where it was not done yet; None where it was, or it is too early.

        A failure (StoreError) leaves the day's scoring due.
        """
        with self._records.connect() as conn:
            kept = read_fact(conn, _STATE, {})
        done = date.fromisoformat(kept["day"]) if "day" in kept else None
        too_early = now.astimezone(self._zone).time() < time(AT_HOUR)
        if too_early or local_date(now, self._zone) == done:
            return None
        return self.run(now)

    def run(self, now: datetime) -> ScoringReport:
        """Judge the whole local days before ``now`` and make the list of events what was found.

        Running twice at one ``now`` changes nothing. What somebody decides meanwhile stands.
        """
        now = require_utc(now, "now")
        register = self._register_source()
        with self._records.connect() as conn:
            keys = [Key(k.subject, k.measure) for k in current_keys(conn) if k.measure in SCORED]
            known = read_events(conn, now - _LATELY)
            tree = Tree(Wiring(register), self._zone, own_points(conn))
        looks = looks_at(keys, known, tree, now)
        executor = ProcessExecutor() if len(looks) >= MANY else None
        found = list(judge(self._series, self._records, tree, looks, executor))
        quotas = self._quotas(register, known, found, now)
        with self._records.begin() as conn:
            # Held until the end: of two processes one scores after the other, and finds nothing new.
            lock_fact(conn, _STATE, {})
            changes = _changes(read_events(conn, now - _LATELY), found)
            enter(conn, changes, register, now)
            above = partial(around, tree, Span(now - WINDOW, now))
            _explain(conn, above, now)
            told = list(told_of(read_events(conn, now - _LATELY)))
            findings = [self._finding(event, register, quotas) for event in told]
            report_findings(conn, SOURCE, findings, register, now)
            put_fact(conn, _STATE, {"day": local_date(now, self._zone).isoformat()})
        return _report(len(found), [change for change, _ in changes], len(findings))

    def _quotas(
        self, register: Register, known: Iterable[Event], found: Iterable[Judged], now: datetime
    ) -> YearQuotas:
        """The quotas that sentences take a share of."""
        subjects = {e.key.subject for e in known} | {j.key.subject for j in found if j.found}
        return YearQuotas.read(self._series, register, self._rulebook, now, subjects)

    def _finding(self, event: Event, register: Register, quotas: YearQuotas) -> Finding:
        quota = quotas.quota_of(event.key)
        context = event_context(event, register, self._zone, quota)
        return finding_of(event, event_words(event, context))


def _explain(conn: Connection, above: Callable[[Key], Collection[Key]], now: datetime) -> None:
    """Say which events explain others."""
    events = read_events(conn, now - _LATELY)
    enter_explained(conn, events, explained_by(events, above))


def _changes(known: Iterable[Event], judged: Iterable[Judged]) -> list[tuple[Change, int]]:
    """What is to be written of the events of the series that were judged."""
    of_key: defaultdict[Key, list[Event]] = defaultdict(list)
    for event in known:
        of_key[event.key].append(event)
    changes: list[tuple[Change, int]] = []
    for key, window, version, found in judged:
        mine = [e for e in of_key[key] if _is_judged_again(e, window)]
        settled = window.end - WINDOW
        changes += [(change, version) for change in reconcile(mine, found, window, settled)]
    return changes


def _is_judged_again(event: Event, window: Span) -> bool:
    return event.anomaly.end > window.end - WINDOW or event.state is EventState.OPEN


def _report(series: int, changes: list[Change], findings: int) -> ScoringReport:
    withdrawn = sum(change.state is EventState.WITHDRAWN for change in changes)
    new = sum(change.number is None for change in changes)
    return ScoringReport(series, new, len(changes) - new - withdrawn, withdrawn, findings)
