"""Photovoltaic generation from the sun's height and the sky's clearness."""

import numpy as np

from simulators.streams import Floats
from simulators.timeline import Timeline

_LATITUDE_DEG = 36.2
_TILT_DEG = 25.0
_PERFORMANCE = 0.80
# Local clock minus solar time: the demo lies at 117.1° E, its zone's meridian at 120° E.
_SOLAR_LAG_H = (120.0 - 117.1) / 15.0


def generation_kw(timeline: Timeline, clearness: Floats, peak_power_kw: float) -> Floats:
    """Power of a plant that faces south, for each step, in kW.

    Radiation on the tilted plane follows from declination and hour angle (Cooper 1969; a plane
    tilted towards the equator sees the sun as a level one does at the latitude less the tilt);
    full clear-sky radiation at right angles gives the peak power times the performance ratio.
    """
    declination = np.radians(23.45) * np.sin(2 * np.pi * (timeline.day_of_year + 284) / 365)
    hour_angle = np.radians(15.0) * (timeline.hour - _SOLAR_LAG_H - 12)
    on_level = _sun_sine(np.radians(_LATITUDE_DEG), declination, hour_angle)
    on_plane = _sun_sine(np.radians(_LATITUDE_DEG - _TILT_DEG), declination, hour_angle)
    lit = np.where(on_level > 0, np.maximum(on_plane, 0.0), 0.0)
    # Low sun shines through more air.
    air = 0.72 ** (1 / np.maximum(on_level, 0.06)) / 0.72
    return peak_power_kw * _PERFORMANCE * lit * air * clearness


def _sun_sine(latitude: float, declination: Floats, hour_angle: Floats) -> Floats:
    """Sine of the sun's height above a level plane at ``latitude`` (all angles in radians)."""
    at_noon = np.cos(latitude) * np.cos(declination)
    sine: Floats = np.sin(latitude) * np.sin(declination) + at_noon * np.cos(hour_angle)
    return sine
