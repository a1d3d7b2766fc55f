"""The next day by the hour: the baseline's expectation, at the level of the last days, with a band."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import UseSeries


@dataclass(frozen=True)
class DayForecast:
    """A day's forecast.

    frame
        Index ``start`` (UTC, the local day's hours), columns ``expected``, ``low``, ``high`` in the
        series' unit and ``temperature_c``; NaN where nothing can honestly be said.
    weather
        Where the temperatures came from: ``given``, ``persistence`` or ``none``.
    """

    frame: pd.DataFrame
    weather: str


def forecast_day(
    baseline: FittedBaseline,
    recent: UseSeries,
    weather: pd.DataFrame | None,
    day: date,
    level: float = 0.9,
) -> DayForecast:
    """Forecast a local day by the hour."""
    raise NotImplementedError
