"""Evaluating the rules over readings: as soon as they come, and thoroughly with every evaluation."""

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from alerts.engine.looking import Found
from alerts.engine.outcome import Lane, Outcome, Store, changes_of, turn_of
from alerts.engine.reading_corrections import revised_by_readings
from alerts.engine.reading_samples import (
    ALL_READ_EVERY,
    LATE_AFTER,
    LOOKED_BACK,
    QUIET_AFTER,
    READING_STALE_AFTER,
    Newest,
    see_readings,
    watched_of,
)
from alerts.engine.repository import RESOLVED_KEPT, Alert, Change, Pair, load_open
from alerts.engine.result_samples import Scene
from alerts.engine.samples import zones_of
from alerts.engine.transition import AlertState, Phase
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Rule, Source, When
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import INSTANT, Span, floor_hour, local_date
from quotawatt.storage.frames import Ints, Mask
from quotawatt.storage.port import SeriesStore

OVERTAKEN_WITHIN = timedelta(minutes=1)
"""An alert that another evaluator judged so little after the instant of a look has seen newer readings than
the look. Farther ahead it is a clock that was set back, and the alert is judged."""


class Watcher:
    """One for a process and a rulebook. It remembers the newest reading of each series."""

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        zone: ZoneInfo,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._zone = zone
        self._newest = Newest(())
        self._bound: tuple[Register, frozenset[str], datetime] | None = None
        self._until: datetime | None = None
        self._read_all: datetime | None = None
        self._corrected: datetime | None = None
        self._one_at_a_time = threading.Lock()

    def evaluate(self, now: datetime, store: Store) -> Outcome | None:
        """Judge all newest readings as of ``now``; None where there are no rules over readings.

        Once an hour alerts whose readings were corrected are judged again, and what was resolved is seen to
        have no data. Raises StoreError where a store fails.
        """
        return self._judge(now, store, thorough=True)

    def watch(self, now: datetime, store: Store) -> Outcome | None:
        """Judge the readings that came since the last look; None where nothing fires or moves on.

        A new figure alone is not stored: the next evaluation does, and it finds what a watch that failed
        missed. Raises like ``evaluate``.
        """
        return self._judge(now, store, thorough=False)

    def _judge(self, now: datetime, store: Store, thorough: bool) -> Outcome | None:
        with self._one_at_a_time:
            register, day = self._register_source(), local_date(now, self._zone)
            book = self._rulebook.as_of(day).rules
            rules = {name: r for name, r in book.items() if r.source is Source.READINGS}
            if not rules:
                return None
            corrections = thorough and floor_hour(now) != self._corrected
            changed: Mask | None = None
            while True:
                # The turn first: what another stores from here on makes this look be taken again, so that
                # no alert is judged by older readings than it was.
                with self._records.connect() as conn:
                    turn = turn_of(conn, Lane.READINGS)
                came = self._read(rules.values(), register, now, thorough)
                changed = came if changed is None else changed | came
                outcome = self._look_once(
                    turn, register, rules, changed | thorough, now, thorough, corrections
                )
                if not thorough and not outcome.changes:
                    return None
                if store(outcome):
                    self._corrected = floor_hour(now) if thorough else self._corrected
                    return outcome

    def _look_once(
        self,
        turn: int,
        register: Register,
        rules: Mapping[str, Rule],
        changed: Mask,
        now: datetime,
        counts: bool,
        corrections: bool,
    ) -> Outcome:
        since = now - RESOLVED_KEPT if corrections else now
        with self._records.connect() as conn:
            known = {alert.pair: alert for alert in load_open(conn, rules, since)}
        scene = Scene(register, zones_of(register, self._zone), now)
        found = Found()
        if corrections:
            of_readings = (self._series, self._newest, known.values(), rules)
            found.revised = dict(revised_by_readings(*of_readings, scene.zones, now))
        for rule in rules.values():
            mine = [alert for alert in known.values() if alert.rule == rule.id]
            steady = set() if counts else {a.subject for a in mine if _is_steady(rule, a.state)}
            asked = {alert.subject for alert in mine} - steady
            seen = see_readings(rule, self._newest, changed, asked, steady, scene)
            found.take(rule, seen, asked)
        parts = (self._records, found, known, rules, scene.zones, now)
        changes = changes_of(*parts, lambda alert: _is_overtaken(alert, now))
        if not counts:
            changes = [change for change in changes if _moves(change, known)]
        return Outcome(
            lane=Lane.READINGS,
            turn=turn,
            register=register,
            day=local_date(now, self._zone),
            rules=rules,
            seen=found.seen,
            changes=changes,
            counts=counts,
            pairs_read=found.pairs_read,
        )

    def _read(
        self, rules: Collection[Rule], register: Register, now: datetime, thorough: bool
    ) -> Mask:
        """Take over the readings since the last time; says which series changed.

        Bindings are looked up anew each hour and by another register. Readings that come later than a watch
        looks back are read for the series that lack newer ones: with every evaluation those of
        ``LATE_AFTER``, now and then all that still count.
        """
        bound = (register, frozenset(rule.input for rule in rules), floor_hour(now))
        anew = self._bound is None or self._bound[0] is not register or self._bound[1:] != bound[1:]
        if anew:
            self._newest = Newest(watched_of(rules, register, now))
            self._bound = bound
        back = QUIET_AFTER
        if not anew and self._until is not None and self._until <= now:
            back = min(READING_STALE_AFTER, now - self._until + LOOKED_BACK)
        self._until = now
        changed = self._take(self._newest.all, now - back, now)
        if thorough:
            behind = self._newest.older_than(now - LOOKED_BACK)
            changed |= self._take(behind, now - LATE_AFTER, now)
        if anew or (thorough and self._is_time_for_all(now)):
            self._read_all = now
            behind = self._newest.older_than(now - QUIET_AFTER)
            changed |= self._take(behind, now - READING_STALE_AFTER, now)
        return changed

    def _is_time_for_all(self, now: datetime) -> bool:
        return self._read_all is None or abs(now - self._read_all) >= ALL_READ_EVERY

    def _take(self, places: Ints, since: datetime, now: datetime) -> Mask:
        """Take over the readings of some series, by their places; says which changed."""
        series = [self._newest.series[place] for place in places.tolist()]
        if not series:
            return np.zeros(len(self._newest.series), np.bool_)
        values = self._series.read_values(series, Span(since, now + INSTANT))
        return self._newest.take(values, places)


def _is_steady(rule: Rule, state: AlertState) -> bool:
    """Whether an alert fires and neither time nor a reading that goes on beyond can change it."""
    waits = state.clear_since or state.flapping_since or state.no_data_since
    plain = not rule.levels and rule.during == When()
    return plain and state.phase is Phase.FIRING and waits is None


def _is_overtaken(alert: Alert, now: datetime) -> bool:
    """Whether another evaluator judged an alert after the instant of a look."""
    at = alert.state.evaluated_at
    return at is not None and now < at <= now + OVERTAKEN_WITHIN


def _moves(change: Change, known: Mapping[Pair, Alert]) -> bool:
    """Whether more than a figure changed."""
    if change.events:
        return True
    before = known.get(change.alert.pair)
    return before is None or before.state.clear_since != change.alert.state.clear_since
