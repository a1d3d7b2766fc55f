"""The periods of accounts at an instant: calendar years, and heating seasons of places."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.yearly.dailyuse import year_to_date
from analytics.yearly.seasons import seasons_of
from analytics.yearly.usetable import Period
from quotawatt.register.model import Site
from quotawatt.rulebook.indicators import HeatingSeasons
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, INSTANT, local_date, local_midnight


def calendar_year(as_of: datetime, zone: ZoneInfo) -> Period:
    """The calendar year judged at an instant."""
    to_date = year_to_date(as_of, zone)
    return Period(
        date(to_date.year, 1, 1), date(to_date.year + 1, 1, 1), to_date.days, to_date.complete_days
    )


def heating_season(
    sites: Iterable[Site], rulebook: Rulebook, as_of: datetime, zone: ZoneInfo
) -> Period | None:
    """The last heating season of the sites that had begun by an instant, over or not.

    None where they follow none, or several.
    """
    seasons = seasons_of(sites, rulebook.as_of(local_date(as_of - INSTANT, zone)))
    return None if seasons is None else season_period(seasons, as_of, zone)


def season_period(seasons: HeatingSeasons, as_of: datetime, zone: ZoneInfo) -> Period:
    """The last of some seasons that had begun by an instant, over or not."""
    judged = local_date(as_of - INSTANT, zone)
    season = seasons.judged(judged)
    length = (season.until - season.first).days
    days = min((judged - season.first).days + 1, length)
    over = max(min((local_date(as_of, zone) - season.first).days, length), 0)
    return Period(season.first, season.until, days, over, season, seasons.id)


def before(period: Period, rulebook: Rulebook) -> Period:
    """The calendar year, or heating season, before; all of it is over."""
    if period.season is None:
        return _over(date(period.year - 1, 1, 1), period.first)
    seasons: HeatingSeasons = rulebook.heating_seasons[period.place]
    last = seasons.of_year(period.year - 1)
    return _over(last.first, last.until)


def part_of_day(as_of: datetime, zone: ZoneInfo) -> float:
    """How much of the local day that holds the instant is over, 0..1."""
    day = local_date(as_of, zone)
    start, end = local_midnight(day, zone), local_midnight(day + DAY, zone)
    return (as_of - start) / (end - start) if end - start > timedelta(0) else 0.0


def _over(first: date, until: date) -> Period:
    days = (until - first).days
    return Period(first, until, days, days)
