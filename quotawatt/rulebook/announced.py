"""Announced working calendars as values. Values of the pack section ``calendars``."""

from collections.abc import Iterable
from dataclasses import dataclass

from quotawatt.calendars import AnnouncedYear
from quotawatt.rulebook.basics import Citation, Trust


@dataclass(frozen=True, slots=True)
class AnnouncedCalendar:
    """The days off and the worked weekends of one year and country, and who announced them."""

    id: str
    cites: Citation
    days: AnnouncedYear
    trust: Trust


def announced_years(calendars: Iterable[AnnouncedCalendar]) -> list[AnnouncedYear]:
    """What working days follow; see ``quotawatt.calendars.announce``."""
    return [calendar.days for calendar in calendars]
