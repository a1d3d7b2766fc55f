"""Alert rules as values. Values of the pack section ``rules``.

What the states of an alert do with them is in ``alerts.engine.transition``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from quotawatt.calendars import is_working_day
from quotawatt.readings import Grain
from quotawatt.register.rows import kind_of
from quotawatt.rulebook.basics import Citation, Text, Trust
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT

if TYPE_CHECKING:
    from quotawatt.register.model import Register

SILENCE = "silence_h"
"""Input that is no measure: hours since an asset's last reading."""

SILENT_SHARE = "silent_share_pct"
"""Input that is no measure: share of a site's bound assets that are silent."""

OF_SILENCE = (SILENCE, SILENT_SHARE)
"""Inputs of results that are no measures."""

SEVERITIES = ("info", "warning", "critical")
"""From the mildest on."""

REGISTER_FIGURES = (GROSS_AREA, HEADCOUNT)
"""What a result can be divided by, beside a measure: the register's figures as of the result's day."""

SET_POINT = "set_point"

COMMANDS = ("switch_off", "switch_on", SET_POINT)
"""What a case can offer to do to a device. A set point takes a value, the others none."""


class Source(StrEnum):
    """Where a rule's input comes from (YAML: ``from``)."""

    RESULTS = "results"
    """Results of the rule's grain, or ``silence_h``."""
    READINGS = "readings"
    """The newest reading, multiplied as its binding says."""
    FINDINGS = "findings"
    """Findings that are open: 1 for one that is, 0 for one that has cleared or was accepted."""


class Direction(StrEnum):
    """On which side of its threshold a rule's condition is met."""

    ABOVE = "above"
    BELOW = "below"

    def beyond(self, value: float, limit: float) -> bool:
        """Whether ``value`` lies beyond ``limit``; at the limit it does not."""
        return value > limit if self is Direction.ABOVE else value < limit


@dataclass(frozen=True, slots=True)
class Level:
    """A step of severity: from ``threshold`` on, and once reached until ``clear`` is reached again."""

    severity: str
    threshold: float
    clear: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Which values a rule judges, both ends included; any other says nothing to it: no data. None: no end.

    A rule for 220 V says nothing about a meter of 10 kV, one for the power factor nothing about no load.
    """

    least: float | None = None
    most: float | None = None

    def includes(self, value: float) -> bool:
        """Whether the rule judges ``value``."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Which assets a rule is for. Empty: any.

    kinds
        Kinds of the register: ``meters``, ``buildings``, ``vehicles``, ...
    organisation_kinds
        Kinds of the organisation that answers for the asset: ``school``, ``hospital``, ...
    assets
        Codes.
    """

    kinds: Sequence[str] = ()
    organisation_kinds: Sequence[str] = ()
    assets: Sequence[str] = ()

    def matches(self, register: "Register", asset: str) -> bool:
        """Whether it is for the asset of this code; an unknown one has neither kind nor organisation."""
        if self.assets and asset not in self.assets:
            return False
        if self.kinds:
            found = register.assets.get(asset)
            if found is None or kind_of(found) not in self.kinds:
                return False
        if not self.organisation_kinds:
            return True
        owner = register.organisations.get(register.organisation_of(asset) or "")
        return owner is not None and owner.kind in self.organisation_kinds


class Days(StrEnum):
    """Which days of the working calendar."""

    ALL = "all"
    WORKING = "working"
    NON_WORKING = "non_working"


@dataclass(frozen=True, slots=True)
class When:
    """When a rule looks: days, and hours ``[from_, until)`` of the site's clock; both equal: the whole day.

    Hours past midnight (22:00 until 06:00) belong to the day on which they begin.
    """

    days: Days = Days.ALL
    from_: time = time(0)
    until: time = time(0)

    def covers(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether ``instant``, at a site of this zone, is one at which the rule looks."""
        if self == _ALWAYS:
            return True
        local = instant.astimezone(zone)
        clock, day = local.time(), local.date()
        if self.from_ < self.until:
            inside = self.from_ <= clock < self.until
        elif self.from_ == self.until:
            inside = True
        else:
            inside = clock >= self.from_ or clock < self.until
            if clock < self.until:
                day -= timedelta(days=1)
        return inside and (
            self.days is Days.ALL or is_working_day(day) is (self.days is Days.WORKING)
        )


_ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Flapping:
    """An alert that fires more than ``changes`` times ``within`` a time flaps."""

    changes: int
    within: timedelta


class Closing(StrEnum):
    """Who sees that what a case is about has been put right."""

    TELEMETRY = "telemetry"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What becomes of the cases of a rule.

    due_working_days
        Working days until it has to be put right; None: no date by itself.
    verify_for
        How long the condition stays clear before telemetry closes the case.
    reopen_within
        Firing again so soon after the closing reopens the case; later it is a new one.
    """

    due_working_days: int | None = 10
    verify_for: timedelta = timedelta(days=1)
    reopen_within: timedelta = timedelta(days=7)
    close: Closing = Closing.TELEMETRY


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that a case of the rule offers: one of ``COMMANDS``, and the set point's value."""

    command: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert rule.

    input
        Of ``results`` a measure or ``silence_h``, of ``readings`` a quantity, of ``findings`` a code.
    threshold, direction
        The condition is met where the input lies beyond the threshold; of findings beyond 0.
    clear
        Once firing, the condition counts as met until the input is at this or on its other side.
    for_, keep_firing_for
        How long it must be met before firing, and be clear before it resolves.
    severity, levels
        Severity on firing, and the steps beyond it, each graver and farther out; see ``steps``.
    advice
        What to do, for the officer who gets it.
    grain
        Of results: the interval that is looked at.
    per
        What the input is divided by: a measure or one of ``REGISTER_FIGURES``; empty: nothing.
    judges
        Which values count as data.
    during
        When it looks; what is sampled at any other time counts as clear.
    flapping
        None: it is never said to flap.
    """

    id: str
    title: Text
    cites: Citation
    input: str
    threshold: float
    clear: float
    for_: timedelta
    keep_firing_for: timedelta
    severity: str
    advice: Text
    trust: Trust = Trust.UNVERIFIED
    direction: Direction = Direction.ABOVE
    source: Source = Source.RESULTS
    grain: Grain = Grain.DAY
    per: str = ""
    levels: Sequence[Level] = ()
    judges: Judged = field(default_factory=Judged)
    applies_to: AppliesTo = field(default_factory=AppliesTo)
    during: When = _ALWAYS
    flapping: Flapping | None = None
    case: CasePolicy = field(default_factory=CasePolicy)
    offers: Sequence[Offer] = ()

    @property
    def steps(self) -> tuple[Level, ...]:
        """All steps of severity, the rule's own first, each graver than the one before."""
        return (Level(self.severity, self.threshold, self.clear), *self.levels)
