"""A course of inputs that a rule's test gives, and what came of it. Offsets count from the course's start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quotawatt.rulebook.model import Rule


@dataclass(frozen=True, slots=True)
class Correction:
    """That at ``at`` the value of ``of`` turns out to be ``value``."""

    at: timedelta
    of: timedelta
    value: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """A rule's inputs: one each ``every``, the first at ``start`` (UTC); None: no data.

    The rule is evaluated when an input comes in, when one is corrected, and at each of ``asked``.
    """

    start: datetime
    every: timedelta
    values: Sequence[float | None]
    corrections: Sequence[Correction] = ()
    asked: Sequence[timedelta] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the alert stands after an evaluation.

    state
        Its phase, or ``retracted``: corrected data have taken it back.
    severity
        While it fires; else empty.
    """

    state: str
    severity: str = ""
    flapping: bool = False
    no_data: bool = False


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """A case that the rule's alert opened, had nobody touched it.

    severity
        The gravest that it reached.
    state
        ``open``, ``closed`` (by telemetry) or ``retracted`` at the end of the course.
    closed
        When it ended; None: it is open.
    """

    opened: timedelta
    severity: str
    state: str
    closed: timedelta | None = None
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rule did over a course: where it stood after each evaluation, and its cases in order."""

    standings: Mapping[timedelta, Standing]
    cases: Sequence[CaseCourse]


Rehearse = Callable[[Rule, Course], Rehearsed]
"""Runs a rule over a course; handed in, for the alert engine stands above this package."""
