"""Heating seasons (供暖季) of assets: which one a place follows, and its days.

A season begins and ends on dates of its city, early or late in single years, and lies in two calendar
years. Its account runs over its own days and goes by the year in which it began.
"""

from collections.abc import Iterable
from datetime import date

from quotawatt.register.model import Site
from quotawatt.rulebook.indicators import HeatingSeasons
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


def season_windows(
    site: Site, rulebook: Rulebook, first: date, until: date
) -> tuple[tuple[date, date], ...]:
    """The days of heating at a site, of those in ``[first, until)``; none where its season is not known."""
    seasons = seasons_of([site], rulebook)
    if seasons is None:
        return ()
    found = (seasons.of_year(year) for year in range(first.year - 1, until.year + 1))
    cut = ((max(season.first, first), min(season.until, until)) for season in found)
    return tuple((start, end) for start, end in cut if start < end)
