"""A rule tried over history: which alerts it would have raised, and how many cases people would have had."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts.trying.casework import cases_of
from alerts.trying.finding_history import finding_inputs
from alerts.trying.inputs import Inputs, Past, loosest
from alerts.trying.reading_history import reading_inputs
from alerts.trying.result_history import result_inputs
from alerts.trying.silence_history import silence_inputs
from alerts.trying.walking import Moment, walk
from quotawatt.errors import InputError
from quotawatt.rulebook.alert_rules import OF_SILENCE, SEVERITIES, Direction, Rule, Source
from quotawatt.spans import DAY, INSTANT, local_date


@dataclass(frozen=True, slots=True)
class Spell:
    """A time for which an alert would have fired.

    ended_at
        When it would have resolved; None: it still fires at the end of the span.
    peak
        The value that lies farthest beyond the threshold.
    severity
        The gravest.
    """

    subject: str
    asset: str
    began_at: datetime
    ended_at: datetime | None
    peak: float
    severity: str
    flapping: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule with one threshold would have done.

    spells
        Its firings, by beginning, then subject.
    cases
        How many cases people would have had; one that is reopened counts once.
    firing_days
        Local days on which a subject's alert fires, added up over subjects.
    most_at_once
        The greatest number of alerts that fire at one instant.
    """

    threshold: float
    clear: float
    subjects: int
    spells: Sequence[Spell]
    cases: int
    firing_days: int
    most_at_once: int


def variants(rule: Rule, above: Sequence[float], below: Sequence[float]) -> list[Rule]:
    """The rule with each of these thresholds; the rule itself where none is given.

    The distance to where it clears stays, and so do the steps of severity that still lie beyond. Raises
    InputError for thresholds of the other direction, or where the rule judges by none.
    """
    given, other = (above, below) if rule.direction is Direction.ABOVE else (below, above)
    if other or (given and rule.source is Source.FINDINGS):
        way = "findings" if rule.source is Source.FINDINGS else f"its {rule.direction}"
        raise InputError(f"thresholds to try must be of the rule's direction, got {rule.id}: {way}")
    return [_with_threshold(rule, limit) for limit in given] or [rule]


def try_rule(rules: Sequence[Rule], past: Past) -> list[Trial]:
    """What each of the variants of one rule would have done over the span, its inputs read once.

    The rule begins with the span: what was met before waits from its beginning on. Raises StoreError where a
    store fails.
    """
    inputs = read_inputs(rules, past)
    return [_trial(rule, inputs, past) for rule in rules]


def read_inputs(rules: Sequence[Rule], past: Past) -> Inputs:
    """The inputs of variants of one rule over the span."""
    rule, limit = rules[0], loosest(rules)
    if rule.source is Source.FINDINGS:
        return finding_inputs(rule, past)
    if rule.source is Source.READINGS:
        return reading_inputs(rule, limit, past)
    if rule.input in OF_SILENCE:
        return silence_inputs(rule, limit, past)
    return result_inputs(rule, limit, past)


def _trial(rule: Rule, inputs: Inputs, past: Past) -> Trial:
    spells: list[Spell] = []
    cases = 0
    for samples in inputs.samples.values():
        moments = list(walk(rule, samples, past.span.end, past.zones))
        spells += spells_of(rule, moments)
        cases += len(cases_of(moments, rule.case, past.span.end))
    spells.sort(key=lambda one: (one.began_at, one.subject))
    return Trial(
        threshold=rule.threshold,
        clear=rule.clear,
        subjects=inputs.looked_at,
        spells=spells,
        cases=cases,
        firing_days=_firing_days(spells, past),
        most_at_once=_most_at_once(spells),
    )


def spells_of(rule: Rule, moments: Iterable[Moment]) -> Iterator[Spell]:
    """The firings of one alert, in order."""
    present: Spell | None = None
    for moment in moments:
        alert = moment.alert
        if alert is None:
            continue
        if "fired" in moment.events:
            present = Spell(
                alert.subject, alert.asset, moment.at, None, alert.state.value or 0.0, "", False
            )
        if present is not None:
            present = _longer(rule, present, moment)
        if present is not None and "resolved" in moment.events:
            yield replace(present, ended_at=moment.at)
            present = None
    if present is not None:
        yield present


def _longer(rule: Rule, spell: Spell, moment: Moment) -> Spell:
    value = moment.state.value
    peak = spell.peak
    if value is not None and rule.direction.beyond(value, peak):
        peak = value
    graver = max(spell.severity or moment.severity, moment.severity, key=SEVERITIES.index)
    flapping = spell.flapping or moment.state.flapping_since is not None
    return replace(spell, peak=peak, severity=graver, flapping=flapping)


def _with_threshold(rule: Rule, threshold: float) -> Rule:
    beyond = [x for x in rule.levels if rule.direction.beyond(x.threshold, threshold)]
    clear = threshold + (rule.clear - rule.threshold)
    if not (rule.judges.includes(threshold) and rule.judges.includes(clear)):
        raise InputError(f"a threshold to try must be one that the rule judges, got {threshold:g}")
    return replace(rule, threshold=threshold, clear=clear, levels=tuple(beyond))


def _firing_days(spells: Iterable[Spell], past: Past) -> int:
    """Of spells in order; a day on which an alert fires twice counts once."""
    counted: dict[str, date] = {}
    days = 0
    for spell in spells:
        zone = past.zones(spell.asset)
        first = local_date(spell.began_at, zone)
        last = max(first, local_date((spell.ended_at or past.span.end) - INSTANT, zone))
        before = counted.get(spell.subject, first - DAY)
        days += (last - max(first - DAY, before)) // DAY
        counted[spell.subject] = last
    return days


def _most_at_once(spells: Sequence[Spell]) -> int:
    """An alert that resolves as another one fires does not fire at the same time."""
    edges = [(one.began_at, 1) for one in spells]
    edges += [(one.ended_at, -1) for one in spells if one.ended_at is not None]
    most = present = 0
    for _, change in sorted(edges):
        present += change
        most = max(most, present)
    return most
