"""Nodes of the section ``calendars`` → announced working calendars."""

from collections.abc import Iterator
from datetime import date

import yaml

from quotawatt.calendars import AnnouncedYear, is_country, is_weekend
from quotawatt.rulebook import schema
from quotawatt.rulebook.announced import AnnouncedCalendar
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.schema import Fields, Problems

_KEYS = ("id", "cites", "country", "year", "holidays", "trust")
_WORKED = "working_weekends"


def parse_calendar(node: yaml.Node, problems: Problems) -> Iterator[Located[AnnouncedCalendar]]:
    """The days of one year."""
    found = schema.fields(node, problems, "a calendar", _KEYS, (_WORKED,))
    if not schema.complete(found, _KEYS):
        return
    country = _country(found["country"], problems)
    year = schema.year(found["year"], problems, "year")
    off = _days(found, "holidays", year, problems)
    worked = _days(found, _WORKED, year, problems)
    for day, place in worked.items():
        if not is_weekend(day, country):
            problems.note(place, f"a day of {_WORKED} must be of a weekend", day)
        elif day in off:
            problems.note(place, "a day must not be both a holiday and worked", day)
    calendar = AnnouncedCalendar(
        id=schema.identifier(found["id"], problems, "id"),
        cites=schema.citation(found["cites"], problems),
        days=AnnouncedYear(country, year, frozenset(off), frozenset(worked)),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(calendar, problems.place(node))


def check_calendars(draft: Draft) -> Iterator[str]:
    """A year of a country has one calendar."""
    places: dict[tuple[str, int], str] = {}
    for entry in draft.of("calendars"):
        days: AnnouncedYear = entry.value.days
        first = places.setdefault((days.country, days.year), entry.place)
        if first != entry.place:
            rule = f"a country's year must have one calendar (the other is at {first})"
            yield f"{entry.place}: {rule}, got {days.country} {days.year}"


def _country(node: yaml.Node, problems: Problems) -> str:
    country = schema.text(node, problems, "country")
    if not is_country(country):
        rule = "country must be an ISO 3166 code such as CN, GB, GB-ENG or US-CO"
        problems.note(node, rule, schema.shown(node))
    return country


def _days(found: Fields, name: str, year: int, problems: Problems) -> dict[date, yaml.Node]:
    """The days of a list with their nodes; those of other years and double ones are noted."""
    nodes = schema.items(found[name], problems, name) if name in found else []
    days: dict[date, yaml.Node] = {}
    for node in nodes:
        day = schema.day(node, problems, f"a day of {name}")
        if day is None or day.year != year:
            problems.note(node, f"a day of {name} must be of {year}", schema.shown(node))
        elif day in days:
            problems.note(node, f"a day of {name} must stand there once", day)
        else:
            days[day] = node
    return days
