"""What rules over results see: the newest value of each subject, and which subjects came late."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from alerts.engine.samples import (
    STALE_AFTER,
    Courses,
    Sample,
    Seen,
    Zones,
    asset_of,
    instant_of,
    result_subject,
)
from quotawatt.measures import MEASURES
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Direction, Rule
from quotawatt.spans import local_date, local_midnight
from quotawatt.storage.frames import Floats, Mask, micros

INTERVAL_CARBON = ("carbon_kgco2", "carbon_market_kgco2")
"""Emissions of an interval, which are no yearly account."""

# Measures that go into the message beside the rule's input, by the input's first word.
_EVIDENCE: Mapping[str, frozenset[str]] = {
    "quota": frozenset(m for m in MEASURES if m.startswith("quota_")),
    "carbon": frozenset(m for m in MEASURES if m.startswith("carbon_")) - {*INTERVAL_CARBON},
    "target": frozenset(m for m in MEASURES if m.startswith("target_")),
    "electricity": frozenset(
        {"electricity_expected_kwh", "electricity_expected_high_kwh", "electricity_excess_kwh"}
    ),
}


Beside = Mapping[tuple[str, datetime], Mapping[str, float]]
"""Values of measures by subject and start of their interval."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What sampling stands on: the register, the zones of its assets, and the instant."""

    register: Register
    zones: Zones
    now: datetime


def see_results(rule: Rule, courses: Courses, asked: Collection[str], scene: Scene) -> Seen:
    """The newest values of the subjects that meet the condition or are ``asked`` for.

    Outside the hours of the rule (``during``) a value counts as clear: it is not among the first.
    """
    wanted = _applying(rule, courses, scene.register)
    last = courses.until - 1
    values = courses.value[last] if len(last) else courses.value
    chosen = _beyond(rule, values)
    if asked:
        chosen |= np.array([subject in asked for subject in courses.subjects], np.bool_)
    chosen &= wanted
    samples = [
        _sample(
            rule, courses.subjects[place], int(courses.start_us[last[place]]), values[place], scene
        )
        for place in np.flatnonzero(chosen).tolist()
    ]
    return Seen(int(wanted.sum()), samples)


def came_late(rule: Rule, courses: Courses, marks: Mapping[str, datetime]) -> Iterator[int]:
    """Places of subjects with a value beyond the threshold that was written since their mark and is not of
    their newest interval."""
    if not len(courses.subjects):
        return
    newest = courses.start_us[courses.until - 1]
    since = np.array([_since(marks, subject) for subject in courses.subjects], np.int64)
    rows = _beyond(rule, courses.value)
    length = courses.until - courses.first
    rows &= courses.start_us >= np.repeat(since, length)
    rows &= courses.start_us < np.repeat(newest, length)
    yield from np.flatnonzero(np.logical_or.reduceat(rows, courses.first)).tolist()


def beside_of(results: pa.Table) -> Beside:
    """Results that hold measures of ``evidence_of``, to be looked up sample by sample."""
    beside: dict[tuple[str, datetime], dict[str, float]] = {}
    names = ("subject", "measure", "start", "value")
    for subject, measure, start, value in zip(
        *(results[name].to_pylist() for name in names), strict=True
    ):
        if value is not None:
            beside.setdefault((subject, start), {})[measure] = value
    return beside


def with_evidence(samples: Collection[Sample], rule: Rule, beside: Beside) -> list[Sample]:
    """The samples with the measures beside their input."""
    wanted = evidence_of(rule)
    found: list[Sample] = []
    for sample in samples:
        row = beside.get((result_subject(sample.subject), sample.time), {})
        evidence = dict(sorted((name, value) for name, value in row.items() if name in wanted))
        found.append(replace(sample, evidence={**sample.evidence, **evidence}))
    return found


def evidence_of(rule: Rule) -> frozenset[str]:
    """Measures that say more about a rule's input; of what is divided both parts."""
    parts = {rule.input, rule.per} & MEASURES.keys()
    return _EVIDENCE.get(rule.input.partition("_")[0], frozenset()) | parts


def looks_at(rule: Rule, asset: str, time: datetime, zones: Zones) -> bool:
    """Whether ``time`` at the asset is one at which the rule looks."""
    return rule.during.covers(time, zones(asset))


def _sample(rule: Rule, subject: str, start_us: int, value: float, scene: Scene) -> Sample:
    start, asset = instant_of(start_us), asset_of(subject)
    zone = scene.zones(asset)
    stale = _over(subject, asset, scene) - start > STALE_AFTER[rule.grain]
    return Sample(
        subject=subject,
        asset=asset,
        value=None if stale or np.isnan(value) else float(value),
        time=start,
        evidence={"day": local_date(start, zone).isoformat()},
    )


def _over(subject: str, asset: str, scene: Scene) -> datetime:
    """Until when a subject should have results: now, or the end of its account's year."""
    if result_subject(subject) == subject:
        return scene.now
    year = int(subject.rpartition("/")[2])
    return min(scene.now, local_midnight(date(year + 1, 1, 1), scene.zones(asset)))


def _applying(rule: Rule, courses: Courses, register: Register) -> Mask:
    only = rule.applies_to
    if not (only.kinds or only.organisation_kinds or only.assets):
        return np.ones(len(courses.subjects), np.bool_)
    matches = [only.matches(register, asset_of(subject)) for subject in courses.subjects]
    return np.array(matches, np.bool_)


def _beyond(rule: Rule, values: Floats) -> Mask:
    if rule.direction is Direction.ABOVE:
        return values > rule.threshold
    return values < rule.threshold


def _since(marks: Mapping[str, datetime], subject: str) -> int:
    since = marks.get(result_subject(subject))
    return np.iinfo(np.int64).max if since is None else micros(since)
