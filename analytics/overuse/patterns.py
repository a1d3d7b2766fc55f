"""All patterns of overuse that a series can show, each an event with its evidence."""

import pandas as pd

from analytics.anomalies.event import Anomaly
from analytics.baselines.series import UseSeries
from analytics.overuse.baseload import base_load_creep, weather_independent_jump
from analytics.overuse.switching import late_switch_off, weekend_running
from analytics.overuse.water import FLOWING, water_leak


def patterns(series: UseSeries, expected: pd.DataFrame | None = None) -> list[Anomaly]:
    """What a series shows, the largest first; nothing of one that is not by the hour.

    expected
        Column ``expected`` by the series' starts; None: jumps, which are told by it, are not looked for.
    """
    if series.measure in FLOWING:
        found = water_leak(series)
    else:
        creep = base_load_creep(series, expected)
        jump = None if expected is None else weather_independent_jump(series, expected)
        single = [one for one in (creep, jump) if one is not None]
        found = [*late_switch_off(series, expected), *weekend_running(series, expected), *single]
    return sorted((one for one in found if one.size > 0), key=lambda one: -one.size)
