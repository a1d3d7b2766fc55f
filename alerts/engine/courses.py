"""From result tables to the inputs of a rule, subject by subject: vectorised, for there are many.

A yearly account (``ASSET/QUOTA``) becomes a subject of its own for each year, ``ASSET/QUOTA/YEAR``, so that
turning the year neither resolves nor reopens anything.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alerts.engine.figures import FigureOf
from alerts.engine.samples import Courses, Zones, asset_of, instant_of
from quotawatt.rulebook.alert_rules import REGISTER_FIGURES, Rule
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.frames import Floats, Ints, floats, integers, micros


@dataclass(frozen=True, slots=True)
class Divided:
    """Courses divided by what the rule names, and the assets whose denominator is empty."""

    courses: Courses
    empty: Collection[str] = ()


def courses_of(results: pa.Table, measure: str, zones: Zones, span: Span) -> Courses:
    """The courses of one measure in ``results``, a table of schema RESULTS over ``span``, as the store sorts
    it: by subject, measure, start."""
    rows = results.filter(pc.equal(results["measure"], pa.scalar(measure)))
    start_us, value = integers(rows["start"]), floats(rows["value"])
    if not len(rows):
        return Courses((), _none(), _none(), start_us, value)
    coded = rows["subject"].combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy()
    first = np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1]).astype(np.int64)
    until = np.append(first[1:], len(codes)).astype(np.int64)
    named = coded.dictionary.to_pylist()
    subjects = [str(named[code]) for code in codes[first].tolist()]
    whole = Courses(subjects, first, until, start_us, value)
    return _by_year(whole, zones, span)


def divided(rule: Rule, results: pa.Table, figure: FigureOf, zones: Zones, span: Span) -> Divided:
    """The courses of a rule's input over its denominator.

    A row whose denominator is zero, or not there, has no value. ``figure`` is that of the register where the
    rule divides by one.
    """
    courses = courses_of(results, rule.input, zones, span)
    if not rule.per:
        return Divided(courses)
    if rule.per in REGISTER_FIGURES:
        below = np.array([figure(asset_of(s)) or np.nan for s in courses.subjects], np.float64)
        divisor = np.repeat(below, courses.until - courses.first)
    else:
        divisor = _beside(courses, courses_of(results, rule.per, zones, span))
    divisor = np.where(divisor > 0, divisor, np.nan)
    empty = {
        asset_of(subject)
        for subject, last in zip(courses.subjects, courses.until - 1, strict=True)
        if np.isnan(divisor[last]) and not np.isnan(courses.value[last])
    }
    return Divided(replace(courses, value=courses.value / divisor), empty)


def _beside(courses: Courses, other: Courses) -> Floats:
    """For each row of ``courses`` the value of ``other`` of the same subject and start; NaN: none."""
    places = {subject: place for place, subject in enumerate(other.subjects)}
    found = np.full(len(courses.value), np.nan)
    for subject, first, until in zip(courses.subjects, courses.first, courses.until, strict=True):
        place = places.get(subject)
        if place is None:
            continue
        theirs = slice(int(other.first[place]), int(other.until[place]))
        starts = other.start_us[theirs]
        at = np.searchsorted(starts, courses.start_us[first:until]).clip(max=len(starts) - 1)
        same = starts[at] == courses.start_us[first:until]
        found[first:until] = np.where(same, other.value[theirs][at], np.nan)
    return found


def _by_year(courses: Courses, zones: Zones, span: Span) -> Courses:
    """Accounts year by year; all other subjects as they are."""
    one_year = (span.start - DAY).year == (span.end + DAY).year
    pieces: list[tuple[str, int, int]] = []
    for subject, first, until in zip(
        courses.subjects, courses.first.tolist(), courses.until.tolist(), strict=True
    ):
        if "/" not in subject:
            pieces.append((subject, first, until))
        elif one_year:
            pieces.append((f"{subject}/{span.end.year}", first, until))
        else:
            pieces += _years_of(subject, courses.start_us, first, until, zones)
    subjects = [piece[0] for piece in pieces]
    edges = np.array([piece[1:] for piece in pieces], np.int64).reshape(-1, 2)
    return replace(courses, subjects=subjects, first=edges[:, 0], until=edges[:, 1])


def _years_of(
    subject: str, start_us: Ints, first: int, until: int, zones: Zones
) -> Iterator[tuple[str, int, int]]:
    zone = zones(asset_of(subject))
    while first < until:
        year = local_date(_instant(start_us, first), zone).year
        new_year = micros(local_midnight(date(year + 1, 1, 1), zone))
        edge = first + int(np.searchsorted(start_us[first:until], new_year))
        yield f"{subject}/{year}", first, edge
        first = edge


def _instant(start_us: Ints, row: int) -> datetime:
    return instant_of(int(start_us[row]))


def _none() -> Ints:
    return np.empty(0, np.int64)
