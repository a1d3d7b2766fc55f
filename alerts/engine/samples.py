"""What a rule sees of a subject, and how the inputs of many subjects over time are held."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from alerts.places import zone_of
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import HOUR, local_date, local_midnight
from quotawatt.storage.frames import Floats, Ints

Zones = Callable[[str], ZoneInfo]
"""The time zone of an asset, by its code."""

Course = Sequence[tuple[datetime, float]]
"""Inputs of one subject by the start of their interval (UTC), the oldest first."""

STALE_AFTER: Mapping[Grain, timedelta] = {
    Grain.HOUR: timedelta(hours=6),
    Grain.DAY: timedelta(days=3),
    Grain.MONTH: timedelta(days=93),
}
"""A result that began longer ago says nothing about now: no data. A year's account ends with its year."""

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a rule sees of a subject.

    asset
        Code of the asset that it is about.
    value
        The rule's input; None: no data.
    time
        Start of the interval that the value is of, or the time of the reading (UTC).
    evidence
        Figures for the message, named by measure; instants in ISO 8601 UTC.
    """

    subject: str
    asset: str
    value: float | None
    time: datetime
    evidence: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule sees at one instant.

    evaluated
        How many subjects it looked at.
    samples
        Of those whose condition is met and of those that are asked for: no other can change anything.
    """

    evaluated: int
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Courses:
    """The inputs of many subjects: of subject ``i`` rows ``first[i]`` up to, without, ``until[i]``, in time.

    ``value`` is NaN where there is none. A subject has at least one row.
    """

    subjects: Sequence[str]
    first: Ints
    until: Ints
    start_us: Ints
    value: Floats

    def of(self, place: int) -> list[tuple[datetime, float]]:
        """The course of one subject, rows without a value left out."""
        rows = range(int(self.first[place]), int(self.until[place]))
        return [
            (instant_of(int(self.start_us[row])), float(self.value[row]))
            for row in rows
            if not np.isnan(self.value[row])
        ]

    def by_subject(self) -> Iterator[tuple[str, list[tuple[datetime, float]]]]:
        """All subjects with their courses."""
        return ((subject, self.of(place)) for place, subject in enumerate(self.subjects))


def instant_of(us: int) -> datetime:
    """An instant of microseconds since 1970-01-01 UTC."""
    return _EPOCH + us * _MICROSECOND


def end_of(start: datetime, grain: Grain, zone: ZoneInfo) -> datetime:
    """The end of the interval that begins at ``start``; days and months are those of the zone."""
    if grain is Grain.HOUR:
        return start + HOUR
    day = local_date(start, zone)
    if grain is Grain.DAY:
        return local_midnight(day + timedelta(days=1), zone)
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return local_midnight(following, zone)


def zones_of(register: Register, default: ZoneInfo) -> Zones:
    """Zones of a register's assets, looked up once each; ``default`` for assets without a site."""
    known: dict[str, ZoneInfo] = {}

    def zone(code: str) -> ZoneInfo:
        if code not in known:
            known[code] = zone_of(register, code, default)
        return known[code]

    return zone


def asset_of(subject: str) -> str:
    """The asset of a subject: ``ASSET``, ``ASSET/ACCOUNT/YEAR`` or ``ASSET/CHANNEL``."""
    return subject.partition("/")[0]


def result_subject(subject: str) -> str:
    """What the results of a subject go by: ``ASSET/ACCOUNT`` for ``ASSET/ACCOUNT/YEAR``."""
    account, _, year = subject.rpartition("/")
    return account if "/" in account and len(year) == 4 and year.isdigit() else subject
