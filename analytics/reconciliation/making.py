"""The world of the checks, made from the stores' answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from analytics.reconciliation.entered import ByHand
from analytics.reconciliation.limits import Limits
from analytics.reconciliation.uses import Uses
from analytics.reconciliation.world import Heard, SeenDevice, World
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook


def make_world(
    book: Register,
    rulebook: Rulebook,
    now: datetime,
    zone: ZoneInfo,
    *,
    recent: pa.Table,
    history: pa.Table,
    last: pa.Table,
    seen: Sequence[SeenDevice] = (),
    limits: Limits = Limits(),
    lately: Uses = Uses(),
    month: Uses = Uses(),
    year: Uses = Uses(),
    days: Sequence[Uses] = (),
    by_hand: ByHand = ByHand(),
) -> World:
    """The world from the series store's answers.

    recent, history
        Tables of schema ACTIVITY up to ``now``, over the times that ``limits`` names.
    last
        The latest readings before ``now`` (schema READINGS) of series that ``history`` may lack.
    lately, month, year, days
        What was used, over the times that ``limits`` names.
    by_hand
        What was entered by hand.
    """
    return World(
        book=book,
        rulebook=rulebook,
        now=now,
        zone=zone,
        limits=limits,
        recent=_by_channel(recent),
        history=_by_channel(history),
        last=_last(history, last),
        seen=seen,
        lately=lately,
        month=month,
        year=year,
        days=days,
        by_hand=by_hand,
    )


def _by_channel(activity: pa.Table) -> dict[tuple[str, str], list[Heard]]:
    found: dict[tuple[str, str], list[Heard]] = {}
    columns: list[list[Any]] = [column.to_pylist() for column in activity.columns]
    for device, channel, quantity, *figures in zip(*columns, strict=True):
        heard = Heard(SeriesKey(device, channel, quantity), *figures)
        found.setdefault((device, channel), []).append(heard)
    return found


def _last(history: pa.Table, readings: pa.Table) -> dict[tuple[str, str], dict[str, datetime]]:
    found: dict[tuple[str, str], dict[str, datetime]] = {}
    for table, time_name in ((readings, "time"), (history, "last")):
        columns = [table[name].to_pylist() for name in (*SeriesKey._fields, time_name)]
        for device, channel, quantity, time in zip(*columns, strict=True):
            found.setdefault((device, channel), {})[quantity] = time
    return found
