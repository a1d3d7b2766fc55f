"""Room temperatures of the last working day, from the store, against the limits of the rulebook."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.assets.setpoints import WorkingMean, set_point_findings, watched_quantities
from quotawatt.calendars import is_working_day
from quotawatt.findings import Finding
from quotawatt.readings import Quality, SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import HOUR, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

FROM_HOUR, UNTIL_HOUR = 9, 17
"""Local hours in which rooms are judged; ours, no standard's."""

_SERIES_AT_ONCE = 200


def room_findings(
    series: SeriesStore,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    default_zone: ZoneInfo,
) -> list[Finding]:
    """``room_beyond_set_point`` of the last working day that is over; none where a week has none.

    ``register`` holds the bindings of that day. Raises StoreError where the store fails.
    """
    day = _last_working_day(local_date(now, default_zone))
    if day is None:
        return []
    midnight = local_midnight(day, default_zone)
    span = Span(midnight + FROM_HOUR * HOUR, midnight + UNTIL_HOUR * HOUR)
    sources = _sources(register, rulebook, day, span)
    means = _means(series, sources, span)
    return list(set_point_findings(means, register, rulebook, day))


def _last_working_day(today: date) -> date | None:
    days = (today - timedelta(days=back) for back in range(1, 8))
    return next((day for day in days if is_working_day(day)), None)


def _sources(
    register: Register, rulebook: Rulebook, day: date, span: Span
) -> list[tuple[str, Binding, str]]:
    """Asset, binding and quantity of every sensor that was bound over the whole span."""
    watched = watched_quantities(rulebook, day)
    return [
        (binding.asset, binding, quantity)
        for binding in register.bindings
        for quantity in sorted(watched)
        if binding.quantity in ("", quantity)
        and binding.valid_from <= span.start
        and (binding.valid_until is None or span.end <= binding.valid_until)
    ]


def _means(
    series: SeriesStore, sources: list[tuple[str, Binding, str]], span: Span
) -> Iterator[WorkingMean]:
    for first in range(0, len(sources), _SERIES_AT_ONCE):
        some = sources[first : first + _SERIES_AT_ONCE]
        keys = {SeriesKey(b.device, b.channel, quantity) for _, b, quantity in some}
        frame = series.read_readings(keys, span).to_pandas()
        good = frame[frame["quality"] != Quality.SUSPECT.value]
        of_key = dict(list(good.groupby(["device", "channel", "quantity"])))
        for asset, binding, quantity in some:
            rows = of_key.get((binding.device, binding.channel, quantity))
            if rows is not None:
                yield _mean(asset, quantity, rows)


def _mean(asset: str, quantity: str, rows: pd.DataFrame) -> WorkingMean:
    """Of the hours' means, so that a sensor that sends more often for a while does not weigh more."""
    hourly = rows.groupby(rows["time"].dt.floor("h"))["value"].mean()
    return WorkingMean(asset, quantity, float(hourly.mean()), len(hourly))
