"""Thinning positions that are older than the settings keep, a day at a time.

Trips rest on positions: first it is announced that none is computed there any more, and never while a
vehicle's trips from before wait to be computed. It can break off anywhere, and the next run goes on.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select

from quotawatt.keeping.chunks import EVER
from quotawatt.keeping.standing import gone, note_gone
from quotawatt.quantities import POSITION_QUANTITIES
from quotawatt.readings import SeriesKey
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.fleet_tables import fleet_touched
from quotawatt.storage.horizon import announce_thinning
from quotawatt.storage.port import SeriesStore

POSITIONS = "positions"
"""What is gone, as ``quotawatt.keeping.standing`` knows it."""

_DAY = timedelta(days=1)
_SERIES_AT_ONCE = 500


def thin_positions(
    series: SeriesStore, records: Engine, settings: Settings, now: datetime
) -> datetime | None:
    """Thin what is due; before when positions are thin that were not, None where there was nothing to do.

    Raises StoreError where a store fails.
    """
    if not settings.keep_positions_days:
        return None
    day = local_date(now, zone := ZoneInfo(settings.timezone))
    wanted = local_midnight(day - settings.keep_positions_days * _DAY, zone)
    keys = [key for key in series.known_series() if key.quantity in POSITION_QUANTITIES]
    if not keys:
        # Without a horizon, so that the trips of old logs that come in first are computed.
        return None
    with records.begin() as conn:
        done = gone(conn, POSITIONS)
        if (done is not None and done >= wanted) or _waits(conn, wanted):
            return None
        announce_thinning(conn, wanted)
    every = timedelta(minutes=settings.positions_every_min)
    thinned = False
    first_day = done or _first_day(series, keys, wanted, zone)
    for span in _days(first_day, wanted):
        thinned = True
        for first in range(0, len(keys), _SERIES_AT_ONCE):
            series.thin_readings(keys[first : first + _SERIES_AT_ONCE], span, every)
        _note(records, span.end)
    _note(records, wanted)
    return wanted if thinned else None


def _waits(conn: Connection, horizon: datetime) -> bool:
    """Whether trips from before the horizon wait to be computed."""
    since: datetime | None = conn.execute(select(func.min(fleet_touched.c.since))).scalar()
    return since is not None and since < horizon


def _first_day(
    series: SeriesStore, keys: Collection[SeriesKey], until: datetime, zone: ZoneInfo
) -> datetime:
    """The beginning of the local day of the first position; ``until`` where there is none before."""
    wanted = set(keys)
    rows = series.activity(Span(EVER.start, until)).to_pylist() if keys else []
    first = min((row["first"] for row in rows if _key(row) in wanted), default=until)
    return local_midnight(local_date(first, zone), zone)


def _days(start: datetime, until: datetime) -> Iterator[Span]:
    while start < until:
        yield Span(start, min(start + _DAY, until))
        start += _DAY


def _key(row: Mapping[str, Any]) -> SeriesKey:
    return SeriesKey(*(row[name] for name in SeriesKey._fields))


def _note(records: Engine, until: datetime) -> None:
    with records.begin() as conn:
        note_gone(conn, POSITIONS, until)
