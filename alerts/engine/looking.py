"""What an evaluation looks at in the results: everything, or what changed since the last one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.engine.courses import divided
from alerts.engine.deciding import Revised
from alerts.engine.figures import FigureOf
from alerts.engine.rejudging import known_at, late, rejudged
from alerts.engine.repository import Alert, Pair
from alerts.engine.result_samples import (
    Scene,
    beside_of,
    came_late,
    evidence_of,
    see_results,
    with_evidence,
)
from alerts.engine.samples import STALE_AFTER, Courses, Seen, asset_of, instant_of, result_subject
from alerts.engine.transition import ACTIVE, Phase
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.spans import INSTANT, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

CLOSED_YEAR_WATCHED = timedelta(days=40)
"""How long corrections of the year before still count."""

LATE_LOOKED_BACK = timedelta(days=3)
"""How long before the wait of a rule results are judged again that came late."""


class Empty(NamedTuple):
    """A denominator that is empty: of which rule, for which asset."""

    rule: str
    asset: str
    per: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one evaluation is to look at.

    full
        Everything; else only what is marked or waits.
    marks
        Subjects whose results changed, and the start of the earliest that did.
    known
        The alerts that wait or fire, and those that were resolved of late.
    figure
        By the name of a register's figure, its look-up.
    """

    scene: Scene
    zone: ZoneInfo
    full: bool
    marks: Mapping[str, datetime]
    known: Mapping[Pair, Alert]
    figure: Callable[[str], FigureOf]


@dataclass(slots=True)
class Found:
    """What a look at some rules gave.

    seen
        By rule.
    asked
        Pairs that have no data where they have no sample.
    revised
        Alerts that were judged again.
    pairs_read
        Subjects whose inputs were read, once a rule.
    """

    seen: dict[str, Seen] = field(default_factory=dict)
    asked: set[Pair] = field(default_factory=set)
    revised: dict[Pair, Revised] = field(default_factory=dict)
    empty: set[Empty] = field(default_factory=set)
    pairs_read: int = 0

    def take(self, rule: Rule, seen: Seen, asked: Collection[str]) -> None:
        """Take over what a rule saw; ``asked`` are subjects without data where they have no sample."""
        self.seen[rule.id] = seen
        self.asked |= {(rule.id, subject) for subject in asked}
        self.pairs_read += seen.evaluated

    def add(self, other: "Found") -> None:
        """Take over what another look found, of other rules."""
        self.seen |= other.seen
        self.asked |= other.asked
        self.revised |= other.revised
        self.empty |= other.empty
        self.pairs_read += other.pairs_read


def look_at_results(series: SeriesStore, rules: Collection[Rule], look: Look) -> Found:
    """What rules over results see. Raises StoreError where the store fails."""
    found = Found()
    for grain in Grain:
        mine = [rule for rule in rules if rule.grain is grain]
        if mine:
            _look_at_grain(series, grain, mine, look, found)
    return found


def asked_of(rule: Rule, look: Look) -> set[str]:
    """Subjects of a rule that are looked at whatever their value: those of known alerts that are marked, or
    for which time counts. Of what was resolved time does not: only that data cease to come."""
    return {
        alert.subject
        for alert in look.known.values()
        if alert.rule == rule.id
        and (look.full or _time_counts(alert) or result_subject(alert.subject) in look.marks)
    }


def _look_at_grain(
    series: SeriesStore, grain: Grain, rules: Collection[Rule], look: Look, found: Found
) -> None:
    asked = {rule.id: asked_of(rule, look) for rule in rules}
    subjects = None if look.full else _subjects(look.marks, asked.values())
    if subjects is not None and not subjects:
        return
    span = _window(grain, rules, look)
    measures = sorted({rule.input for rule in rules} | {r.per for r in rules if r.per in MEASURES})
    results = series.read_results(grain, subjects, measures, span)
    for rule in rules:
        of_rule = divided(rule, results, look.figure(rule.per), look.scene.zones, span)
        found.empty |= {Empty(rule.id, asset, rule.per) for asset in of_rule.empty}
        found.pairs_read += len(of_rule.courses.subjects)
        revised = dict(_revised(series, rule, of_rule.courses, look))
        found.revised |= revised
        wanted = asked[rule.id] | {subject for _, subject in revised}
        found.asked |= {(rule.id, subject) for subject in asked[rule.id]}
        found.seen[rule.id] = see_results(rule, of_rule.courses, wanted, look.scene)
    _add_evidence(series, grain, rules, found)


def _revised(
    series: SeriesStore, rule: Rule, courses: Courses, look: Look
) -> Iterator[tuple[Pair, Revised]]:
    """Alerts of a rule that data which came late or was corrected change."""
    zones = look.scene.zones
    for alert in look.known.values():
        since = look.marks.get(result_subject(alert.subject))
        if alert.rule == rule.id and since is not None and _touches(rule, alert, since, look):
            span = Span(alert.basis[0][0], look.scene.now)
            course = _course_of(series, rule, alert.subject, span, look)
            again = rejudged(rule, alert, course, zones)
            if again.alert != alert or again.events:
                yield alert.pair, again
    for place in came_late(rule, courses, look.marks):
        subject = courses.subjects[place]
        known = look.known.get((rule.id, subject))
        fires = known is not None and known.state.phase is Phase.FIRING
        if fires or not rule.applies_to.matches(look.scene.register, asset_of(subject)):
            continue
        newest = instant_of(int(courses.start_us[courses.until[place] - 1]))
        past = [entry for entry in courses.of(place) if entry[0] < newest]
        since = look.marks[result_subject(subject)]
        found = late(rule, subject, known, past, since, zones)
        goes_on = rule.direction.beyond(courses.value[courses.until[place] - 1], rule.threshold)
        # A wait that the newest value ends is not worth a word.
        if found is not None and (goes_on or found.alert.state.phase is not Phase.PENDING):
            yield (rule.id, subject), found


def _touches(rule: Rule, alert: Alert, since: datetime, look: Look) -> bool:
    """Whether what was written since a mark may be part of what an alert rests on."""
    if not alert.basis:
        return False
    return since < known_at(rule, alert.asset, alert.basis[-1][0], look.scene.zones)


def _course_of(
    series: SeriesStore, rule: Rule, subject: str, span: Span, look: Look
) -> list[tuple[datetime, float]]:
    measures = [rule.input, *([rule.per] if rule.per in MEASURES else [])]
    results = series.read_results(rule.grain, [result_subject(subject)], measures, span)
    courses = divided(rule, results, look.figure(rule.per), look.scene.zones, span).courses
    return dict(courses.by_subject()).get(subject, [])


def _add_evidence(series: SeriesStore, grain: Grain, rules: Collection[Rule], found: Found) -> None:
    """Read, of the samples alone, the measures that stand beside them."""
    chosen = {rule.id: found.seen[rule.id].samples for rule in rules}
    samples = [sample for some in chosen.values() for sample in some]
    measures = sorted({name for r in rules if chosen[r.id] for name in evidence_of(r)})
    if not samples or not measures:
        return
    span = Span(min(s.time for s in samples), max(s.time for s in samples) + INSTANT)
    subjects = sorted({result_subject(sample.subject) for sample in samples})
    beside = beside_of(series.read_results(grain, subjects, measures, span))
    for rule in rules:
        seen = found.seen[rule.id]
        found.seen[rule.id] = Seen(seen.evaluated, with_evidence(seen.samples, rule, beside))


def _subjects(marks: Iterable[str], asked: Iterable[Collection[str]]) -> set[str]:
    return {*marks, *(result_subject(subject) for some in asked for subject in some)}


def _time_counts(alert: Alert) -> bool:
    """Whether an alert can change though its data does not."""
    state = alert.state
    return state.phase in ACTIVE and (
        state.phase is Phase.PENDING
        or state.clear_since is not None
        or state.flapping_since is not None
        or state.no_data_since is not None
    )


def _window(grain: Grain, rules: Collection[Rule], look: Look) -> Span:
    """Where results begin that still say something, or that a rule that waits may be judged again by."""
    now = look.scene.now
    begin = now - STALE_AFTER[grain] - LATE_LOOKED_BACK - max(rule.for_ for rule in rules)
    new_year = local_midnight(date(local_date(now, look.zone).year, 1, 1), look.zone)
    if now - new_year < CLOSED_YEAR_WATCHED:
        begin = min(begin, new_year - STALE_AFTER[grain])
    return Span(begin, now)
