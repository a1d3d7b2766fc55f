"""Anomalies of a series against what was expected of it: each one event."""

import pandas as pd

from analytics.anomalies.event import Anomaly
from analytics.baselines.series import UseSeries


def find_anomalies(
    series: UseSeries, expected: pd.DataFrame, *, sensitivity: float = 1.0
) -> list[Anomaly]:
    """Events in which the series is out of the ordinary, by start.

    expected
        Columns ``expected``, ``low`` and ``high`` (90 %) by the series' starts; NaN where not known.
    sensitivity
        Above 1 finds smaller anomalies, and more that are none; below 1 the other way.
    """
    return []
