"""Heating seasons (供暖季) of assets: which one is judged, and what falls to a calendar year.

A season begins and ends on dates of its city, early or late in single years, and lies in two calendar
years. Its account runs over its own days and goes by the year in which it began.
"""

from collections.abc import Iterable
from datetime import date

from quotawatt.register.model import Site
from quotawatt.rulebook.indicators import HeatingSeasons, Season
from quotawatt.rulebook.model import Rulebook


def seasons_of(sites: Iterable[Site], rulebook: Rulebook) -> HeatingSeasons | None:
    """The seasons that sites follow: those of the city, else of the province.

    None where there are none, and where sites follow different ones: a season of both is none of either.
    """
    by_place = {s.place: s for s in rulebook.heating_seasons.values()}
    found = {
        seasons.id if seasons else "": seasons
        for site in sites
        for seasons in [by_place.get(site.city) or by_place.get(site.province)]
    }
    return next(iter(found.values())) if len(found) == 1 else None


def days_in_year(season: Season, year: int) -> int:
    """How many days of a season lie in a calendar year."""
    first, until = max(season.first, date(year, 1, 1)), min(season.until, date(year + 1, 1, 1))
    return max((until - first).days, 0)


def part_of_year(season: Season, amount: float, year: int) -> float:
    """What of a season's amount falls to a calendar year, by its days.

    For amounts that are known for the season alone, such as heat billed by area. Heat that is metered
    needs no such rule: its days lie in one year each. The parts of both years add up to the amount.
    """
    return amount * days_in_year(season, year) / (season.until - season.first).days
