"""Nodes of the sections ``heating_seasons`` and ``heating_dates`` → values, and the two put together.

A place has one list of seasons by month and day. Where a season began early or ended late, its days stand in
``heating_dates``: a file of its own says so, and none that is there is touched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import DatedSeason, HeatingSeasons, Season
from quotawatt.rulebook.indicators_parse import cites_of, words_of
from quotawatt.rulebook.schema import Problems

_LONGEST_DAYS = 300
_SEASONS_KEYS = ("id", "place", "regular_from", "regular_until", "trust")
_DATES_KEYS = ("id", "places", "from", "until", "trust")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def parse_heating_seasons(node: yaml.Node, problems: Problems) -> Iterator[Located[HeatingSeasons]]:
    """The seasons of one place."""
    found = schema.fields(node, problems, "heating seasons", _SEASONS_KEYS, ("cites",))
    if not schema.complete(found, _SEASONS_KEYS):
        return
    seasons = HeatingSeasons(
        id=schema.identifier(found["id"], problems, "id"),
        place=schema.text(found["place"], problems, "place"),
        regular_first=_month_day(found["regular_from"], problems, "regular_from"),
        regular_until=_month_day(found["regular_until"], problems, "regular_until"),
        dated={},
        trust=schema.trust(found["trust"], problems),
        cites=cites_of(found, problems),
    )
    yield Located(seasons, problems.place(node))


def parse_heating_dates(node: yaml.Node, problems: Problems) -> Iterator[Located[DatedSeason]]:
    """The days of one season of some places."""
    found = schema.fields(node, problems, "the dates of a season", _DATES_KEYS, ("cites",))
    if not schema.complete(found, _DATES_KEYS):
        return
    first, until = (schema.day(found[name], problems, name) for name in ("from", "until"))
    if first is None or until is None:
        return
    if not 0 < (until - first).days <= _LONGEST_DAYS:
        rule = f"a season must end within {_LONGEST_DAYS} days after it began"
        problems.note(found["until"], rule, until)
        return
    dated = DatedSeason(
        id=schema.identifier(found["id"], problems, "id"),
        places=words_of(found, "places", problems, schema.text),
        season=Season(first, until, regular=False),
        trust=schema.trust(found["trust"], problems),
        cites=cites_of(found, problems),
    )
    yield Located(dated, problems.place(node))


def check_heating_seasons(draft: Draft) -> Iterator[str]:
    """Places that have two lists of seasons at the same time."""
    by_place: dict[str, Located[HeatingSeasons]] = {}
    for entry in draft.of("heating_seasons"):
        other = by_place.setdefault(entry.value.place, entry)
        if other.value.id != entry.value.id and other.overlaps(entry):
            yield (
                f"{entry.place}: a place must have one list of heating seasons,"
                f" got {entry.value.place} again (first: {other.place})"
            )


def check_heating_dates(draft: Draft) -> Iterator[str]:
    """Dates of places without seasons, and two of one season."""
    known = {entry.value.place for entry in draft.of("heating_seasons")}
    seen: dict[tuple[str, int], str] = {}
    for entry in draft.of("heating_dates"):
        for place in entry.value.places:
            if place not in known:
                yield f"{entry.place}: a place must be one of the section heating_seasons, got {place}"
            year = entry.value.season.year
            other = seen.setdefault((place, year), entry.place)
            if other != entry.place:
                yield (
                    f"{entry.place}: a place must have one season that begins in a year,"
                    f" got {place} {year} again (first: {other})"
                )


def with_dates(
    seasons: Sequence[Located[HeatingSeasons]], dates: Sequence[Located[DatedSeason]]
) -> list[Located[HeatingSeasons]]:
    """The seasons of places with the days on which single ones of them really began and ended."""
    found = []
    for entry in seasons:
        of_place = (d.value.season for d in dates if entry.value.place in d.value.places)
        dated: dict[int, Season] = {season.year: season for season in of_place}
        found.append(replace(entry, value=replace(entry.value, dated=dated)))
    return found


def _month_day(node: yaml.Node, problems: Problems, what: str) -> tuple[int, int]:
    match = _MONTH_DAY.fullmatch(str(node.value))
    try:
        day = date(2023, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        problems.note(node, f"{what} must be month and day, MM-DD", schema.shown(node))
        return 1, 1
    return day.month, day.day
