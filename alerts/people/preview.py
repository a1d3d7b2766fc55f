"""What a silence will do, before it does: its next windows, and the open cases that it matches now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from alerts.cases.model import OPEN_STATES
from alerts.people.matching import Matchers
from alerts.people.notices import MATTER_COLUMNS, Matter, matter_of
from alerts.people.silences import Silence
from alerts.people.windows import occurrences
from quotawatt.register.model import Register
from quotawatt.spans import Span
from quotawatt.storage.case_tables import cases

WINDOWS = 10
"""How many windows are shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """``windows`` from the present one on, cut to the silence's own span; ``matters`` by number of case."""

    windows: Sequence[Span]
    matters: Sequence[Matter]


def preview(
    conn: Connection, silence: Silence, register: Register, zone: ZoneInfo, now: datetime
) -> Preview:
    """What a silence, stored or not, will do from ``now`` on; ``zone`` is that in which windows are shown."""
    return Preview(
        windows=next_windows(silence, now, zone),
        matters=[m for m in open_matters(conn) if silence.matchers.matches(m, register)],
    )


def next_windows(silence: Silence, now: datetime, zone: ZoneInfo) -> list[Span]:
    """Up to ``WINDOWS`` windows that end after ``now``, in order; none where it is over."""
    begin = max(now, silence.starts_at)
    if begin >= silence.until:
        return []
    if silence.recurrence is None:
        return [Span(silence.starts_at, silence.until)]
    ahead = Span(begin, silence.until)
    found = islice(occurrences(silence.recurrence, ahead, zone), WINDOWS)
    return [
        Span(max(window.start, silence.starts_at), min(window.end, silence.until))
        for window in found
    ]


def open_matters(conn: Connection) -> list[Matter]:
    """All open cases as matchers see them, by number."""
    statement = (
        select(*MATTER_COLUMNS)
        .where(cases.c.state.in_([state.value for state in OPEN_STATES]))
        .order_by(cases.c.id)
    )
    return [matter_of(row._mapping) for row in conn.execute(statement)]


def zone_shown(matchers: Matchers, register: Register, default: ZoneInfo) -> ZoneInfo:
    """The zone of the sites that matchers name where they have one in common; else ``default``."""
    named = (register.sites.get(code) for code in matchers.sites)
    zones = {site.timezone for site in named if site is not None}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else default
