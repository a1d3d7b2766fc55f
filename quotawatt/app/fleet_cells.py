"""The cells of a vehicle's log as numbers of a quantity, with findings for what cannot be taken so."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_columns import Meaning
from quotawatt.app.fleet_numbers import plain_numbers
from quotawatt.app.fleet_units import UNITS
from quotawatt.findings import Evidence, Finding
from quotawatt.quantities import QUANTITIES, Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "--", "–", "unknown"})
_TRUE = (
    *("true", "on", "yes", "y", "t", "start", "started", "running", "charging", "是", "开", "有"),
    *("启动", "点火", "充电", "充电中", "停车充电", "行驶充电", "acc开", "开启"),
)
_FALSE = (
    *("false", "off", "no", "n", "f", "stop", "stopped", "notcharging", "否", "关", "无"),
    *(
        "熄火",
        "停止",
        "未充电",
        "充电完成",
        "充电停止",
        "acc关",
        "关闭",
        "disconnected",
        "complete",
    ),
)
_CODES_ON = {"charging": (1.0, 2.0), "ignition": (1.0,)}
"""GB/T 32960.3 numbers states: 1 started, 2 off, 3 other; 1 and 2 charging, 3 not, 4 charged."""

_METRES_FROM = 2_000_000.0
"""No vehicle has driven so many kilometres: an odometer beyond it without a unit is in metres."""

_FASTEST_KMH = 220.0
"""No vehicle drives so fast half of its time: such speeds are tenths."""

_LONGEST_RATE_S = 60.0
"""A rate of fuel is taken to hold until the next message, but not for longer."""


def numbers_of(table: Table, meaning: Meaning) -> tuple[Floats, list[Finding]]:
    """A column in the unit of its quantity; NaN where a cell is empty or no number."""
    texts = table.cells[meaning.heading].str.strip()
    is_state = meaning.what in QUANTITIES and QUANTITIES[meaning.what].kind is Kind.STATE
    values, unit = plain_numbers(texts, meaning.what)
    if unit and not meaning.factor:
        meaning = replace(meaning, factor=UNITS[meaning.what][unit])
    words = texts.str.lower().str.replace(" ", "", regex=False)
    if is_state:
        values = np.where(words.isin(_TRUE), 1.0, np.where(words.isin(_FALSE), 0.0, values))
        values = _states(values, meaning.what)
    findings = []
    wrong = np.isnan(values) & ~words.isin(_MISSING).to_numpy(dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        detail: Evidence = {
            "column": meaning.heading,
            "count": int(wrong.sum()),
            "line": int(table.lines[row]),
            "got": texts.iloc[row][:40],
        }
        findings.append(Finding("log_value_unreadable", table.path.name, detail))
    scaled, taken = _scaled(values, meaning)
    if taken:
        said: Evidence = {"column": meaning.heading, "unit": taken}
        findings.append(Finding("log_unit_taken", table.path.name, said))
    return scaled, findings


def litres_by_rate(times_us: Ints, rate_l_h: Floats) -> Floats:
    """A counter of litres from a rate: each holds until the next message, for a minute at most.

    Times ascend; NaN where no rate is told, and a rate that is not told counts as none.
    """
    told = np.isfinite(rate_l_h)
    seconds = np.diff(times_us[told]) / 1e6
    amounts = rate_l_h[told][:-1] * np.minimum(seconds, _LONGEST_RATE_S) / 3600
    out = np.full(len(times_us), np.nan)
    out[told] = np.concatenate([[0.0], np.cumsum(np.maximum(amounts, 0.0))])[: int(told.sum())]
    return out


def _states(values: Floats, what: str) -> Floats:
    """0 and 1; where numbers beyond 1 are told of what the standard numbers, by its numbers."""
    told = np.isfinite(values)
    on = values > 0
    if what in _CODES_ON and bool((values[told] > 1).any()):
        on = np.isin(values, _CODES_ON[what])
    return np.where(told, on.astype(np.float64), np.nan)


def _scaled(values: Floats, meaning: Meaning) -> tuple[Floats, str]:
    """The values in the quantity's unit, and the unit that was taken for granted; empty: none was."""
    if meaning.factor:
        return values * meaning.factor, ""
    known = values[np.isfinite(values)]
    if not known.size:
        return values, ""
    is_share = meaning.what in ("battery_soc_pct", "fuel_level_pct")
    if is_share and 0 < known.max() <= 1 and bool((known % 1 != 0).any()):
        return values * 100, "0..1"
    if meaning.what == "speed_kmh" and _usual(known) > _FASTEST_KMH:
        return values / 10, "0.1 km/h"
    if meaning.what == "odometer_km" and float(np.median(known)) > _METRES_FROM:
        return values / 1000, "m"
    return values, ""


def _usual(known: Floats) -> float:
    """The median of what is above nought; 0 where nothing is."""
    above = known[known > 0]
    return float(np.median(above)) if above.size else 0.0
