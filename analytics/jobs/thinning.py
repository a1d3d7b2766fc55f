"""Thinning positions that are older than the settings keep, a day at a time.

Trips rest on positions: first it is announced that none is computed there any more, and never while a
vehicle's trips from before wait to be computed. It can break off anywhere, and the next run goes on.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
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
    with records.begin() as conn:
        done = gone(conn, POSITIONS)
        if (done is not None and done >= wanted) or _waits(conn, wanted):
            return None
        announce_thinning(conn, wanted)
    keys = [key for key in series.known_series() if key.quantity in POSITION_QUANTITIES]
    thinned = False
    for span in _days(series, keys, done, wanted):
        thinned = True
        for first in range(0, len(keys), _SERIES_AT_ONCE):
            every = timedelta(minutes=settings.positions_every_min)
            series.thin_readings(keys[first : first + _SERIES_AT_ONCE], span, every)
        _note(records, span.end)
    _note(records, wanted)
    return wanted if thinned else None


def _waits(conn: Connection, horizon: datetime) -> bool:
    """Whether trips from before the horizon wait to be computed."""
    since: datetime | None = conn.execute(select(func.min(fleet_touched.c.since))).scalar()
    return since is not None and since < horizon


def _days(
    series: SeriesStore, keys: Sequence[SeriesKey], done: datetime | None, until: datetime
) -> Iterator[Span]:
    """What is not thin yet, by days; nothing where there are no positions."""
    start = done
    if start is None and keys:
        wanted = {tuple(key) for key in keys}
        rows = series.activity(Span(EVER.start, until)).to_pylist()
        start = min((r["first"] for r in rows if _key(r) in wanted), default=None)
    while keys and start is not None and start < until:
        end = min(start + _DAY, until)
        yield Span(start, end)
        start = end


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return row["device"], row["channel"], row["quantity"]


def _note(records: Engine, until: datetime) -> None:
    with records.begin() as conn:
        note_gone(conn, POSITIONS, until)
