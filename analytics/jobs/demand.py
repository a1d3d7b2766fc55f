"""The highest demand of what a contract prices, from the readings that are kept."""

from collections.abc import Mapping
from datetime import timedelta

from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.partition import feeding
from analytics.consumption.passing import passed_at
from analytics.consumption.points import Wiring
from analytics.grid import Bools, Floats, Key, hour_starts
from analytics.money.demand import QUARTER_MINUTES, Demand, demand_of, quarter_use
from analytics.totals.rollup import hours_of_days
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

_AROUND = timedelta(minutes=QUARTER_MINUTES + 1)


def highest_demand(
    series: SeriesStore, wiring: Wiring, points: Mapping[Key, Bools], use: Floats, days: Span
) -> Demand | None:
    """The highest demand of local days, by the quarter of an hour where readings tell; None: not known.

    points
        Whose use ``use`` is, kWh by hour of the days.
    """
    sources = feeding(points, wiring, days)
    # What is further apart than a quarter of an hour does not count, so no more is read around the days.
    around = Span(days.start - _AROUND, days.end + _AROUND)
    values = series.read_values(sources, around)
    passed = passed_at(CleanReadings.of_values(sources, values), wiring, points)
    return demand_of(use, quarter_use(passed, hour_starts(hours_of_days(days))))
