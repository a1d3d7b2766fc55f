"""Daily scoring on the stores: what is out of the ordinary becomes events, and these become findings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.consumption.points import Wiring
from analytics.events.event import Event, EventState
from analytics.events.explaining import explained_by
from analytics.events.finding import finding_of, told_of
from analytics.events.matching import Change, reconcile
from analytics.events.wording import event_context, event_words
from analytics.grid import Key
from analytics.jobs.anomalybook import enter, enter_explained, read_events
from analytics.jobs.hand import own_points
from analytics.jobs.judging import REACH, WINDOW, Judged, judge, windows
from analytics.jobs.yearquotas import YearQuotas
from analytics.totals.tree import Tree
from quotawatt.clock import require_utc
from quotawatt.findings import Evidence
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_date
from quotawatt.storage.baselines import current
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore

SOURCE = "anomalies"
"""What the findings of scoring go by."""

AT_HOUR = 2
"""Local hour from which the day's scoring is due: what meters send late of yesterday has mostly come."""

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
            versions = {
                Key(key.subject, key.measure): version for key, version in current(conn).items()
            }
            known = read_events(conn, now - WINDOW)
            tree = Tree(Wiring(register), self._zone, own_points(conn))
        judged = windows(versions, known, tree, now)
        found = list(judge(self._series, tree, versions, judged))
        with self._records.begin() as conn:
            # Held until the end: of two processes one scores after the other, and finds nothing new.
            lock_fact(conn, _STATE, {})
            changes = _changes(read_events(conn, now - REACH), found)
            enter(conn, changes, register, now)
            above = partial(_above, tree, Span(now - WINDOW, now))
            findings = self._tell(conn, register, above, now)
            put_fact(conn, _STATE, {"day": local_date(now, self._zone).isoformat()})
        return _report(len(found), [change for change, _ in changes], findings)

    def _tell(
        self,
        conn: Connection,
        register: Register,
        above: Callable[[Key], Collection[Key]],
        now: datetime,
    ) -> int:
        """Say which events explain others, and report what people must know; how many findings."""
        events = read_events(conn, now - WINDOW)
        enter_explained(conn, events, explained_by(events, above))
        told = list(told_of(read_events(conn, now - WINDOW)))
        found = [finding_of(event, words) for event, words in self._worded(told, register, now)]
        report_findings(conn, SOURCE, found, register, now)
        return len(found)

    def _worded(
        self, told: Sequence[Event], register: Register, now: datetime
    ) -> Iterator[tuple[Event, Evidence]]:
        """Each event with its sentences."""
        subjects = {event.key.subject for event in told}
        quotas = YearQuotas.read(self._series, register, self._rulebook, now, subjects)
        for event in told:
            quota = quotas.quota_of(event.key)
            yield event, event_words(event, event_context(event, register, self._zone, quota))


def _above(tree: Tree, span: Span, key: Key) -> tuple[Key, ...]:
    return tree.above(key, span)


def _changes(known: Iterable[Event], judged: Iterable[Judged]) -> list[tuple[Change, int]]:
    """What is to be written of the events of the series that were judged."""
    of_key: defaultdict[Key, list[Event]] = defaultdict(list)
    for event in known:
        of_key[event.key].append(event)
    changes: list[tuple[Change, int]] = []
    for key, window, version, found in judged:
        mine = [e for e in of_key[key] if _concerns(e, window)]
        changes += [(change, version) for change in reconcile(mine, found, window)]
    return changes


def _concerns(event: Event, window: Span) -> bool:
    return event.anomaly.end > window.start or event.state is EventState.OPEN


def _report(series: int, changes: list[Change], findings: int) -> ScoringReport:
    withdrawn = sum(change.state is EventState.WITHDRAWN for change in changes)
    new = sum(change.number is None for change in changes)
    return ScoringReport(series, new, len(changes) - new - withdrawn, withdrawn, findings)
