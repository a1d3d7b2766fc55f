"""When a PV plant generates: the share of a year's generation that each hour gets, from the sun's height."""

import math

import numpy as np
import pandas as pd

from analytics.yearly.projection import Matrix

DEFAULT_LATITUDE, DEFAULT_LONGITUDE = 36.0, 117.0
"""Where a site's position is not known."""

_AXIS_DEG = 23.45


def generation_kwh(
    starts: pd.DatetimeIndex, year_kwh: float, latitude_deg: float, longitude_deg: float
) -> Matrix:
    """Generation of each hour that begins at ``starts`` (UTC), of a plant with this yearly generation.

    By the sine of the sun's height in the middle of the hour, without clouds: over a year the hours have
    their right weight against each other, a single day may be far off.
    """
    whole_year = pd.date_range("2023-01-01", periods=8760, freq="h", tz="UTC")
    total = float(_height(whole_year, latitude_deg, longitude_deg).sum())
    return year_kwh * _height(starts, latitude_deg, longitude_deg) / total


def _height(starts: pd.DatetimeIndex, latitude_deg: float, longitude_deg: float) -> Matrix:
    """Sine of the sun's height over the horizon, 0 at night."""
    utc = starts.tz_convert("UTC")
    day = utc.day_of_year.to_numpy(float)
    solar_hour = utc.hour.to_numpy(float) + 0.5 + longitude_deg / 15
    declination = np.radians(_AXIS_DEG) * np.sin(2 * math.pi * (284 + day) / 365)
    hour_angle = np.radians(15 * (solar_hour - 12))
    latitude = math.radians(latitude_deg)
    sine = math.sin(latitude) * np.sin(declination) + math.cos(latitude) * np.cos(
        declination
    ) * np.cos(hour_angle)
    height: Matrix = np.maximum(sine, 0.0)
    return height
