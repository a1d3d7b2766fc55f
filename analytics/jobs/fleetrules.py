"""What rules for vehicles find: judged vehicle by vehicle, kept as deviations, told as findings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.fleet.checks.judging import (
    ON_TRACKS,
    Reach,
    deviations_of,
    finding_of,
    judged_span,
    reach_of,
)
from analytics.jobs.fleetfacts import Facts
from quotawatt.fleet.deviations_book import Entered, enter
from quotawatt.fleet.deviations_kept import standing_deviations
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import Span
from quotawatt.storage.horizon import thinned_before

SOURCE = "vehicle_rules"
"""What the findings of deviations go by."""


class RuleJudge:
    """Judges vehicles by rules. Made for one run.

    rules
        Those in force today.
    register
        As it stands today.
    """

    def __init__(
        self,
        records: Engine,
        facts: Facts,
        rules: Sequence[VehicleRule],
        register: Register,
        zone: ZoneInfo,
    ) -> None:
        self._records = records
        self._facts = facts
        self._rules = tuple(rules)
        self._register = register
        self._zone = zone

    def judge(self, vehicle: str, span: Span, now: datetime, *, whole: bool) -> Entered:
        """Judge what a change within the span can have changed, and keep it.

        whole
            By all rules; otherwise by those alone that look at single trips and days, which others need not
            be looked at for more than once a day.

        What was found before the horizon of positions by rules that look at them stays as it is.
        """
        rules = [r for r in self._rules if whole or reach_of(r) is Reach.TRIP]
        facts = self._facts.of(vehicle, span, rules, now, years=whole)
        found = deviations_of(facts, rules, self._register, now)
        entered = Entered()
        with self._records.begin() as conn:
            for within, ids in self._by_span(rules, span, thinned_before(conn)).items():
                own = [one for one in found if one.rule in ids and within.contains(one.start)]
                entered = _added(entered, enter(conn, vehicle, within, ids, own, now))
        return entered

    def report(self, conn: Connection, now: datetime) -> int:
        """Tell what stands as findings; what is explained and accepted, or retracted, is cleared.

        In the caller's transaction. Returns how many stand.
        """
        by_id = {rule.id: rule for rule in self._rules}
        found = [
            finding_of(kept.deviation, by_id[kept.deviation.rule])
            for kept in standing_deviations(conn)
            if kept.deviation.rule in by_id
        ]
        report_findings(conn, SOURCE, found, self._register, now)
        return len(found)

    def _by_span(
        self, rules: Iterable[VehicleRule], span: Span, horizon: datetime | None
    ) -> dict[Span, frozenset[str]]:
        grouped: defaultdict[Span, set[str]] = defaultdict(set)
        for rule in rules:
            within = judged_span(rule, span, self._zone)
            if horizon is not None and rule.check in ON_TRACKS:
                within = Span(min(max(within.start, horizon), within.end), within.end)
            grouped[within].add(rule.id)
        return {within: frozenset(ids) for within, ids in grouped.items()}


def _added(one: Entered, other: Entered) -> Entered:
    return Entered(
        one.new + other.new,
        one.again + other.again,
        one.standing + other.standing,
        one.retracted + other.retracted,
    )
