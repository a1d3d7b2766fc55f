"""Weather of an inland city in Shandong: a typical year with its own accidents.

Monthly normals are our approximation of Jinan's, rounded by hand; they are no record of any station.
"""

from dataclasses import dataclass

import numpy as np

from simulators.streams import Floats, autoregressive, stream
from simulators.timeline import Timeline

# Mean temperature of each month in °C, January first: approximate, ours.
NORMALS_C = (-0.4, 2.8, 9.0, 16.2, 22.0, 26.6, 27.8, 26.4, 22.0, 16.0, 8.2, 1.6)

_DAILY_SWING_K = 4.6
_WARMEST_HOUR = 15.0
_ANOMALY_K = 3.0
_ANOMALY_PERSISTENCE = 0.72
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Weather:
    """What the sky does, for each step of a timeline."""

    temperature_c: Floats
    clearness: Floats
    """Share of the clear-sky radiation that arrives, 0.12 to 1."""


def simulate_weather(timeline: Timeline, seed: int, site: str) -> Weather:
    """Weather at a site; two sites of one seed differ by their name."""
    midnights = len(timeline.days) + 1
    anomaly = autoregressive(
        stream(seed, "weather", site).standard_normal(midnights), _ANOMALY_PERSISTENCE
    )
    clouds = autoregressive(stream(seed, "clouds", site).standard_normal(midnights), 0.45)
    clearness = np.clip(0.72 + 0.26 * clouds, 0.12, 1.0)
    by_step = timeline.between_midnights(clearness)
    # Clear days swing more than overcast ones.
    swing = _DAILY_SWING_K * (0.55 + 0.6 * by_step)
    hours_from_warmest = timeline.hour - _WARMEST_HOUR
    temperature = (
        normal_temperature_c(timeline.day_of_year)
        + _ANOMALY_K * timeline.between_midnights(anomaly)
        + swing * np.cos(2 * np.pi * hours_from_warmest / 24)
    )
    return Weather(temperature, by_step)


def normal_temperature_c(day_of_year: Floats) -> Floats:
    """Mean temperature of the season, by linear interpolation between the middles of months."""
    middles = (np.arange(12) + 0.5) * _DAYS_PER_YEAR / 12
    normals = np.interp(day_of_year, middles, np.array(NORMALS_C), period=_DAYS_PER_YEAR)
    return np.asarray(normals, np.float64)
