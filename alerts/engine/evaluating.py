"""Evaluating the rules over results, silence and findings: everything now and then, between what changed."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from alerts.engine.figures import figure_of
from alerts.engine.finding_samples import read_open, see_findings
from alerts.engine.listening import listening_since
from alerts.engine.looking import Found, Look, look_at_results
from alerts.engine.outcome import Lane, Outcome, Store, changes_of, turn_of
from alerts.engine.repository import RESOLVED_KEPT, Alert, Pair, load_open
from alerts.engine.result_samples import Scene
from alerts.engine.samples import Zones, zones_of
from alerts.engine.silence_samples import see_silence, silence_samples
from alerts.engine.site_silence import site_silence_samples
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import OF_SILENCE, SILENCE, Rule, Source
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import floor_hour, local_date
from quotawatt.storage import result_marks
from quotawatt.storage.port import SeriesStore


class Evaluator:
    """One for a process and a rulebook. What it remembers only saves reading."""

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
        self._looked: tuple[datetime, Register] | None = None
        self._zones_of: tuple[Register, Zones] | None = None
        self._one_at_a_time = threading.Lock()

    def evaluate(self, now: datetime, store: Store) -> Outcome:
        """Look as of ``now`` until ``store`` takes what came of it; returns that.

        The first look of a process, the first of each hour, one back in time and one by another register are
        full: everything is read. Between them only what is marked, waits, cools down or has no data is.
        Raises StoreError where a store fails.
        """
        with self._one_at_a_time:
            register = self._register_source()
            hour = floor_hour(now)
            full = (
                self._looked is None or self._looked[0] != hour or self._looked[1] is not register
            )
            while True:
                outcome = self._look_once(register, full, now)
                if store(outcome):
                    self._looked = (hour, register)
                    return outcome

    def _look_once(self, register: Register, full: bool, now: datetime) -> Outcome:
        day = local_date(now, self._zone)
        book = self._rulebook.as_of(day).rules
        rules = {name: r for name, r in book.items() if r.source is not Source.READINGS}
        with self._records.begin() as conn:
            turn = turn_of(conn, Lane.RESULTS)
            generation, marks = result_marks.take(conn)
        with self._records.connect() as conn:
            known = {a.pair: a for a in load_open(conn, rules, now - RESOLVED_KEPT)}
        scene = Scene(register, self._zones(register), now)
        figure = cache(partial(figure_of, register=register, day=day))
        look = Look(scene, self._zone, full, marks, known, figure)
        found = self._look_at(list(rules.values()), look)
        return Outcome(
            lane=Lane.RESULTS,
            turn=turn,
            register=register,
            day=day,
            rules=rules,
            seen=found.seen,
            changes=changes_of(self._records, found, known, rules, scene.zones, now),
            generation=generation,
            empty=frozenset(found.empty) if full else None,
            pairs_read=found.pairs_read,
        )

    def _look_at(self, rules: Sequence[Rule], look: Look) -> Found:
        of_results = [r for r in rules if r.source is Source.RESULTS]
        of_silence = [r for r in of_results if r.input in OF_SILENCE]
        measured = [r for r in of_results if r.input not in OF_SILENCE]
        found = look_at_results(self._series, measured, look)
        found.add(self._silence(of_silence, look))
        found.add(self._findings([r for r in rules if r.source is Source.FINDINGS], look))
        return found

    def _silence(self, rules: Sequence[Rule], look: Look) -> Found:
        found = Found()
        if not rules:
            return found
        register, now = look.scene.register, look.scene.now
        with self._records.begin() as conn:
            since = listening_since(conn, now)
        heard = silence_samples(self._series.last_readings(now), register, now, since)
        sites = site_silence_samples(heard, register)
        for rule in rules:
            asked = _known_of(look.known, rule)
            samples = heard if rule.input == SILENCE else sites
            found.take(rule, see_silence(rule, samples, asked, register), asked)
        return found

    def _findings(self, rules: Sequence[Rule], look: Look) -> Found:
        found = Found()
        with self._records.connect() as conn:
            standing = read_open(conn, {rule.input for rule in rules})
        register, now = look.scene.register, look.scene.now
        for rule in rules:
            asked = _known_of(look.known, rule)
            found.take(rule, see_findings(rule, standing, asked, register, now), asked)
        return found

    def _zones(self, register: Register) -> Zones:
        if self._zones_of is None or self._zones_of[0] is not register:
            self._zones_of = (register, zones_of(register, self._zone))
        return self._zones_of[1]


def _known_of(known: Mapping[Pair, Alert], rule: Rule) -> set[str]:
    return {alert.subject for alert in known.values() if alert.rule == rule.id}
