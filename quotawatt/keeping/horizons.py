"""Until when what is kept, by the settings: always whole local months, so that no month is half there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quotawatt.settings import Settings
from quotawatt.spans import floor_hour, local_date, local_midnight


@dataclass(frozen=True, slots=True)
class Horizons:
    """What lies before goes (UTC); None: all is kept.

    readings
        Readings. From then on results are computed.
    hourly, daily
        Hourly and daily results. Monthly ones are always kept.
    """

    readings: datetime | None = None
    hourly: datetime | None = None
    daily: datetime | None = None


def horizons(settings: Settings, zones: Collection[ZoneInfo], now: datetime) -> Horizons:
    """The horizons of the settings at ``now``.

    zones
        Of all sites, one at least. Where their months begin at different instants the earliest counts, and
        hours go a month later than readings: a month that is only partly computable is summed from hours.
    """
    readings = _before(now, settings.keep_readings_days, None, zones)
    hourly = _before(now, settings.keep_hourly_days, readings, zones)
    daily = _before(now, settings.keep_daily_days, hourly, zones)
    return Horizons(readings, hourly, daily)


def month_floor(instant: datetime, zones: Collection[ZoneInfo]) -> datetime:
    """The earliest start of a local month that holds the instant, at a full UTC hour."""
    starts = (local_midnight(local_date(instant, zone).replace(day=1), zone) for zone in zones)
    return floor_hour(min(starts))


def _before(
    now: datetime, days: int, finer: datetime | None, zones: Collection[ZoneInfo]
) -> datetime | None:
    if not days:
        return None
    cut = now - timedelta(days=days)
    return month_floor(cut if finer is None else min(cut, finer), zones)
