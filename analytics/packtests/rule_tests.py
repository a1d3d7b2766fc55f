"""Tests of alert rules, run: where the alert must stand when, and the cases that it must have made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from analytics.packtests.courses import CaseCourse, Course, Rehearse, Rehearsed, Standing
from analytics.packtests.world import ZONE
from quotawatt.readings import Grain
from quotawatt.rulebook.alert_rules import OF_SILENCE, Rule, Source
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, HOUR

NEVER = "never"

_INTERVALS = {Grain.HOUR: HOUR, Grain.DAY: DAY}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be at an offset of the course, or of its cases, by name; ``place`` is ``file:line``."""

    place: str
    at: timedelta
    wanted: Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test of a rule. ``cases`` None: not asked about."""

    rule: str
    course: Course
    standings: Sequence[Expected]
    cases: Sequence[tuple[str, Mapping[str, str | int]]] | None = None


def run_rule_test(test: RuleTest, rulebook: Rulebook, rehearse: Rehearse) -> str:
    """Why the test fails; empty: it passes."""
    rule = rulebook.rules.get(test.rule)
    if rule is None:
        return f"a test must name a rule of the rulebook, got {test.rule}"
    if test.course.corrections and (wrong_late := _not_late(rule, test.course)):
        return wrong_late
    found = rehearse(rule, test.course)
    wrong = [text for one in test.standings for text in _differences(one, found, test.course)]
    if test.cases is not None:
        wrong += _case_differences(test.cases, found.cases)
    return "; ".join(wrong)


def _not_late(rule: Rule, course: Course) -> str:
    """Why inputs of the rule cannot be corrected in this course; empty: they can."""
    if rule.source is Source.READINGS:
        return ""
    if rule.source is Source.FINDINGS or rule.input in OF_SILENCE:
        return f"late must be for a rule over measures or readings, got {rule.input}"
    if _INTERVALS.get(rule.grain) != course.every:
        return (
            f"late must have one value each {rule.grain}, got one each {offset_text(course.every)}"
        )
    return ""


def _differences(one: Expected, found: Rehearsed, course: Course) -> Iterator[str]:
    standing = found.standings.get(one.at, Standing("inactive"))
    local = (course.start + one.at).astimezone(ZONE)
    for name, want in one.wanted.items():
        got = getattr(standing, name)
        if got != want:
            when = f"at {offset_text(one.at)} ({local:%Y-%m-%d %H:%M})"
            yield f"{one.place}: {when} {name} must be {_said(want)}, got {_said(got)}"


def _case_differences(
    wanted: Sequence[tuple[str, Mapping[str, str | int]]], found: Sequence[CaseCourse]
) -> Iterator[str]:
    if len(wanted) != len(found):
        opened = ", ".join(offset_text(case.opened) for case in found) or "none"
        yield f"there must be {len(wanted)} cases, got {len(found)} (opened at {opened})"
        return
    for (place, want), case in zip(wanted, found, strict=True):
        got: dict[str, str | int] = {
            "opened": offset_text(case.opened),
            "closed": NEVER if case.closed is None else offset_text(case.closed),
            "severity": case.severity,
            "state": case.state,
            "reopened": case.reopened,
        }
        for name, value in want.items():
            if got[name] != value:
                yield f"{place}: {name} of the case must be {value}, got {got[name]}"


def offset_text(length: timedelta) -> str:
    """A length as tests write it: ``3d``, ``36h``, ``90m``; ``0`` for none."""
    for unit, name in ((DAY, "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "m")):
        if length % unit == timedelta(0):
            return f"{length // unit}{name}" if length else "0"
    return f"{length.total_seconds():g}s"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or "none"
