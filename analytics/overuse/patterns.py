"""All patterns of overuse that a series can show, each an event with its evidence."""

from collections.abc import Collection, Iterable

import pandas as pd

from analytics.anomalies.event import Anomaly
from analytics.baselines.series import UseSeries
from analytics.overuse.baseload import base_load_creep, weather_independent_jump
from analytics.overuse.nights import night_running
from analytics.overuse.switching import late_switch_off, weekend_running
from analytics.overuse.water import FLOWING, water_leak

USED = (
    *("electricity_import_kwh", "water_m3", "reclaimed_water_m3", "heat_gj", "cooling_gj"),
    *("steam_t", "gas_m3", "gas_kwh"),
)
"""Measures of which more is worse; of what is generated or fed in, overuse has no meaning."""

_EXPLAINED = 0.5
"""What others hold so much of is told as those."""


def patterns(series: UseSeries, expected: pd.DataFrame | None = None) -> list[Anomaly]:
    """What a series shows, the largest first; nothing of one that is not hourly, or not of ``USED``.

    expected
        Column ``expected`` by the series' starts; None: jumps, which are told by it, are not looked for.
    """
    if series.measure not in USED:
        return []
    if series.measure in FLOWING:
        return _largest_first(water_leak(series))
    nights = night_running(series, expected)
    found = [*nights, *weekend_running(series, expected)]
    # What runs through the night is not switched off late.
    found += untold(late_switch_off(series, expected), nights)
    creep = base_load_creep(series, expected)
    found += untold([] if creep is None else [creep], found)
    jump = None if expected is None else weather_independent_jump(series, expected)
    found += untold([] if jump is None else [jump], found)
    return _largest_first(found)


def untold(found: Iterable[Anomaly], others: Collection[Anomaly]) -> list[Anomaly]:
    """Those of which the others that overlap them hold less than half of the size.

    Of one series what a plainer pattern tells already, and of a total what its sub-meters tell.
    """
    return [one for one in found if _told(one, others) < _EXPLAINED * one.size]


def _told(one: Anomaly, others: Iterable[Anomaly]) -> float:
    return sum(other.size for other in others if other.start < one.end and one.start < other.end)


def _largest_first(found: list[Anomaly]) -> list[Anomaly]:
    return sorted((one for one in found if one.size > 0), key=lambda one: -one.size)
