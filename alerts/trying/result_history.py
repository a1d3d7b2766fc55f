"""The inputs that a rule over results would have had: each result from the end of its interval on."""

from datetime import datetime

import numpy as np

from alerts.engine.courses import divided
from alerts.engine.figures import FigureOf, figure_of
from alerts.engine.rejudging import known_at
from alerts.engine.samples import STALE_AFTER, Courses, Sample, asset_of, instant_of, result_subject
from alerts.trying.inputs import Inputs, Limit, Past, Samples, with_gaps
from quotawatt.measures import MEASURES
from quotawatt.rulebook.alert_rules import REGISTER_FIGURES, Rule
from quotawatt.spans import DAY, local_date, year_span


def result_inputs(rule: Rule, limit: Limit, past: Past) -> Inputs:
    """Results of the rule's grain that ended within the span, as they are now; read once for all subjects.

    A denominator of the register is that of the span's last day. Raises StoreError where the store fails.
    """
    measures = sorted({rule.input, rule.per} & MEASURES.keys())
    table = past.series.read_results(rule.grain, None, measures, past.span)
    courses = divided(rule, table, _figure(rule, past), past.zones, past.span).courses
    places = [
        place
        for place, subject in enumerate(courses.subjects)
        if past.looks_at(rule, asset_of(subject))
    ]
    beyond = _beyond(courses, limit)
    found = {
        courses.subjects[place]: _samples(rule, courses, place, past)
        for place in places
        if beyond[place]
    }
    return Inputs(len(places), found)


def _figure(rule: Rule, past: Past) -> FigureOf:
    if rule.per not in REGISTER_FIGURES:
        return lambda _asset: None
    last = local_date(past.span.end - DAY, past.zones(""))
    return figure_of(rule.per, past.register, last)


def _beyond(courses: Courses, limit: Limit) -> list[bool]:
    """Of each subject whether any of its values lies beyond the limit."""
    if not courses.subjects:
        return []
    return [bool(one) for one in np.logical_or.reduceat(limit.beyond(courses.value), courses.first)]


def _samples(rule: Rule, courses: Courses, place: int, past: Past) -> Samples:
    subject = courses.subjects[place]
    asset = asset_of(subject)
    seen: list[tuple[datetime, Sample]] = []
    for row in range(int(courses.first[place]), int(courses.until[place])):
        start, value = instant_of(int(courses.start_us[row])), float(courses.value[row])
        at = known_at(rule, asset, start, past.zones)
        if at <= past.span.end:
            shown = None if np.isnan(value) else value
            seen.append((at, Sample(subject, asset, shown, start)))
    return list(with_gaps(seen, STALE_AFTER[rule.grain], _over(subject, past)))


def _over(subject: str, past: Past) -> datetime:
    """Until when a subject should have results: the end of the span, or of its account's year."""
    if result_subject(subject) == subject:
        return past.span.end
    year = int(subject.rpartition("/")[2])
    return min(past.span.end, year_span(year, past.zones(asset_of(subject))).end)
