"""Units that a log does not say: positions measure speeds and odometers.

Nothing is taken for another unit unless it is one of those in use, to a few per cent, on several stretches.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.geography.distance import steps_km

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPEED = "speed_kmh"
_ODOMETER = "odometer_km"
_FACTORS: Mapping[str, Mapping[str, float]] = {
    _SPEED: {"knots": 1.852, "mph": 1.609344, "m/s": 3.6, "0.1 km/h": 0.1},
    _ODOMETER: {"mi": 1.609344, "m": 0.001, "0.1 km": 0.1},
}
_NEAR = 0.05
"""How far from a unit the ratio may be: a path through places 10 s apart cuts corners by 1 to 3 %."""

_APART_S, _LONGEST_S = 10.0, 20.0
"""Places are taken at least so far apart, or noise makes way; and no farther, or corners are cut."""

_STRETCH_S, _STRETCH_KM, _STRETCHES = 300.0, 0.5, 3
"""Ratios are those of stretches so long, of which so many must have led so far."""


_ALIKE = 0.6
"""Share of the stretches that must tell the same unit, roughly."""

_FAR = 3.0
"""What an odometer counted between messages far apart, for them to tell its unit."""


def placed(frame: pd.DataFrame) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Positions in degrees, and what they were taken for: parts of a million or ten millions of a degree;
    latitude and longitude exchanged, where no latitude is one."""
    if not {"latitude_deg", "longitude_deg"} <= set(frame.columns):
        return frame, {}
    north, east = frame["latitude_deg"].abs(), frame["longitude_deg"].abs()
    told = (north > 0) & (east > 0)
    if not told.any():
        return frame, {}
    usual, beside = float(north[told].median()), float(east[told].median())
    if 90.0 < usual <= 180.0 and beside <= 90.0:
        exchanged = {"latitude_deg": "longitude_deg", "longitude_deg": "latitude_deg"}
        return frame.rename(columns=exchanged), exchanged
    if usual <= 180.0:
        return frame, {}
    factor = 1e-6 if usual <= 90e6 and beside <= 180e6 else 1e-7
    names = ["latitude_deg", "longitude_deg"]
    scaled = frame.assign(**{name: frame[name] * factor for name in names})
    return scaled, dict.fromkeys(names, f"{factor:.0e}°".replace("e-0", "e-"))


def unsaid_units(times_us: Ints, frame: pd.DataFrame, names: Collection[str]) -> dict[str, str]:
    """Of ``names`` that are not told in the quantity's unit, the unit that they are in.

    Parameters
    ----------
    times_us
        Ascending.
    frame
        A column a quantity. Positions in degrees measure both; without them speeds tell metres and tenths of
        an odometer, as no car's two instruments differ so, but not miles.
    names
        Of the quantities whose unit nobody said.
    """
    wanted = [name for name in _FACTORS if name in names and name in frame]
    seconds = (times_us - times_us[:1]) / 1e6
    steps = _by_place(seconds, frame) if wanted else None
    by_place = steps is not None
    if steps is None and _SPEED in frame and _ODOMETER in wanted:
        steps, wanted = _by_speed(seconds, frame), [_ODOMETER]
    if steps is None:
        return {}
    stretch, path_km = _stretches(seconds, *steps)
    if len(path_km) < _STRETCHES:
        return {_ODOMETER: "mi"} if _ODOMETER in wanted and _outrun(frame) else {}
    found = {}
    for name in wanted:
        told = _told_km(name, times_us, frame[name].to_numpy(dtype=np.float64), stretch)
        unit = _nearest(name, path_km / np.where(told > 0, told, np.nan))
        if unit and (by_place or unit != "mi"):
            found[name] = unit
    return found


def factor_of(name: str, unit: str) -> float:
    """From a unit that ``unsaid_units`` found to that of the quantity."""
    return _FACTORS[name][unit]


def _by_place(seconds: Floats, frame: pd.DataFrame) -> tuple[Ints, Floats] | None:
    """Rows with places a while apart, and the steps between these [km]; None: no places."""
    if "latitude_deg" not in frame or "longitude_deg" not in frame:
        return None
    latitude = frame["latitude_deg"].to_numpy(dtype=np.float64)
    longitude = frame["longitude_deg"].to_numpy(dtype=np.float64)
    rows = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude) & (latitude != 0))
    rows = rows[np.unique(seconds[rows] // _APART_S, return_index=True)[1]]
    if len(rows) < 2:
        return None
    return rows, steps_km(latitude[rows], longitude[rows])


def _by_speed(seconds: Floats, frame: pd.DataFrame) -> tuple[Ints, Floats] | None:
    """The same by speeds."""
    speed = frame[_SPEED].to_numpy(dtype=np.float64)
    rows = np.flatnonzero(np.isfinite(speed))
    if len(rows) < 2:
        return None
    return rows, (speed[rows][1:] + speed[rows][:-1]) / 2 * np.diff(seconds[rows]) / 3600


def _stretches(seconds: Floats, rows: Ints, steps: Floats) -> tuple[list[tuple[int, int]], Floats]:
    """Rows of the ends of stretches told all along, and how far these lead [km]."""
    along = np.concatenate([[0.0], np.cumsum(steps)])
    broken = np.concatenate([[0], np.cumsum(np.diff(seconds[rows]) > _LONGEST_S)])
    number = np.stack([broken, seconds[rows] // _STRETCH_S], axis=1)
    begins = np.flatnonzero(np.any(np.diff(number, axis=0, prepend=-1), axis=1))
    ends = np.append(begins[1:], len(rows)) - 1
    far = along[ends] - along[begins]
    kept = far >= _STRETCH_KM
    pairs = zip(rows[begins[kept]].tolist(), rows[ends[kept]].tolist(), strict=True)
    return list(pairs), far[kept]


def _told_km(name: str, times_us: Ints, values: Floats, stretches: list[tuple[int, int]]) -> Floats:
    """How far the column says that each stretch leads, taken for km or km/h."""
    told = np.flatnonzero(np.isfinite(values))
    if len(told) < 2:
        return np.full(len(stretches), np.nan)
    ends = times_us[np.array(stretches)]
    if name == _ODOMETER:
        counted: Floats = np.diff(np.interp(ends, times_us[told], values[told]), axis=1)[:, 0]
        return counted
    hours = np.diff(times_us[told]) / 3.6e9
    way = np.concatenate([[0.0], np.cumsum((values[told][1:] + values[told][:-1]) / 2 * hours)])
    led: Floats = np.diff(np.interp(ends, times_us[told], way), axis=1)[:, 0]
    return led


def _outrun(frame: pd.DataFrame) -> bool:
    """Whether places lie farther apart than kilometres counted between them: then they are none."""
    if "latitude_deg" not in frame or "longitude_deg" not in frame:
        return False
    told = frame[["latitude_deg", "longitude_deg", _ODOMETER]].dropna()
    told = told[(told["latitude_deg"] != 0) & (told[_ODOMETER] > 0)]
    counted = np.diff(told[_ODOMETER].to_numpy(dtype=np.float64))
    far = counted >= _FAR
    if np.count_nonzero(far) < _STRETCHES:
        return False
    apart = steps_km(told["latitude_deg"].to_numpy(), told["longitude_deg"].to_numpy())
    ratio = float(np.median(apart[far] / counted[far]))
    return 1.0 + _NEAR < ratio < _FACTORS[_ODOMETER]["mi"] * (1.0 + _NEAR)


def _nearest(name: str, ratios: Floats) -> str:
    """The unit that the ratios tell of; empty: that of the quantity, or none that is in use."""
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios) < _STRETCHES:
        return ""
    ratio = float(np.median(ratios))
    for unit, factor in _FACTORS[name].items():
        alike = np.mean(np.abs(ratios / factor - 1.0) < 2 * _NEAR)
        if abs(ratio / factor - 1.0) < _NEAR and alike >= _ALIKE:
            return unit
    return ""
