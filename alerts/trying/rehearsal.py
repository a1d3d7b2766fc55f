"""Rehearsing a rule: what it does over the course of inputs that a test gives, and the cases it makes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.engine.deciding import Revised
from alerts.engine.rejudging import late, rejudged
from alerts.engine.repository import Alert
from alerts.engine.samples import Course, Sample
from alerts.engine.transition import ACTIVE, AlertState
from alerts.trying.casework import CaseSpan, cases_of
from alerts.trying.walking import Moment, evaluated, pass_time
from analytics.packtests import courses
from analytics.packtests.courses import CaseCourse, Rehearsed, Standing
from analytics.packtests.world import ZONE
from quotawatt.rulebook.alert_rules import Rule, Source

RETRACTED = "retracted"

_SUBJECT = "SUBJECT"


def rehearse(rule: Rule, course: courses.Course) -> Rehearsed:
    """Where the alert stands after each evaluation of the course, and its cases."""
    moments = list(_moments(rule, course))
    standings = {}
    taken_back = False
    for moment in moments:
        taken_back = _taken_back(moment, taken_back)
        standings[moment.at - course.start] = _standing(moment.state, taken_back)
    cases = [_case(span, course) for span in cases_of(moments, rule.case, moments[-1].at)]
    return Rehearsed(standings, cases)


def _moments(rule: Rule, course: courses.Course) -> Iterator[Moment]:
    """The alert after each evaluation; at a correction it is judged again on what is known by then."""
    alert: Alert | None = None
    values = list(course.values)
    instants = _instants(course)
    for offset, following in zip(instants, [*instants[1:], instants[-1]], strict=True):
        corrected = [one for one in course.corrections if one.at == offset]
        for one in corrected:
            values[one.of // course.every] = one.value
        sample = _newest(rule, course, values, offset)
        at = course.start + offset
        revised = None
        if corrected:
            revised = _again(rule, alert, _known(rule, course, values, offset), at)
        moment = evaluated(rule, alert, sample, at, _zones, revised)
        yield moment
        alert = moment.alert
        for moment in pass_time(rule, alert, sample, course.start + following, _zones):
            alert = moment.alert
            yield moment


def _again(rule: Rule, alert: Alert | None, known: Course, at: datetime) -> Revised | None:
    """What the inputs as they read now make of the alert, before the newest of them counts."""
    if alert is not None and alert.basis:
        found = rejudged(rule, alert, [x for x in known if x[0] >= alert.basis[0][0]], _zones)
        if found.events:
            return found
    if alert is not None and alert.state.phase in ACTIVE:
        return None
    return late(rule, _SUBJECT, alert, known[:-1], at, _zones)


def _instants(course: courses.Course) -> Sequence[timedelta]:
    """When the rule is evaluated: as inputs come in, as they are corrected, and where a test asks."""
    values = {place * course.every for place in range(len(course.values))}
    return sorted(values | {one.at for one in course.corrections} | {*course.asked})


def _newest(
    rule: Rule, course: courses.Course, values: Sequence[float | None], offset: timedelta
) -> Sample:
    """The newest input at an offset; it holds until the next."""
    place = min(offset // course.every, len(values) - 1)
    return Sample(_SUBJECT, _SUBJECT, values[place], _time(rule, course, place))


def _known(
    rule: Rule, course: courses.Course, values: Sequence[float | None], offset: timedelta
) -> list[tuple[datetime, float]]:
    """The inputs up to an offset by their times."""
    count = offset // course.every + 1
    return [
        (_time(rule, course, place), value)
        for place, value in enumerate(values[:count])
        if value is not None
    ]


def _time(rule: Rule, course: courses.Course, place: int) -> datetime:
    """What an input is of: a result of the interval that is over as it comes in, all else of that instant."""
    at = course.start + place * course.every
    return at - course.every if rule.source is Source.RESULTS else at


def _zones(_asset: str) -> ZoneInfo:
    return ZONE


def _taken_back(moment: Moment, before: bool) -> bool:
    if RETRACTED in moment.events:
        return moment.state.phase not in ACTIVE
    return before and moment.state.phase not in ACTIVE


def _standing(state: AlertState, taken_back: bool) -> Standing:
    return Standing(
        state=RETRACTED if taken_back else state.phase.value,
        severity=state.severity or "",
        flapping=state.flapping_since is not None,
        no_data=state.no_data_since is not None,
    )


def _case(span: CaseSpan, course: courses.Course) -> CaseCourse:
    return CaseCourse(
        opened=span.opened_at - course.start,
        severity=span.severity,
        state=span.state.value,
        closed=None if span.ended_at is None else span.ended_at - course.start,
        reopened=span.reopened,
    )
