"""The cells of a vehicle's log as numbers of a quantity, with findings for what cannot be taken so."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.app.energy_columns import Table
from quotawatt.app.fleet_columns import Meaning
from quotawatt.findings import Evidence, Finding
from quotawatt.quantities import QUANTITIES, Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "--", "–", "unknown"})
_TRUE = ("true", "on", "yes", "y", "t", "start", "started", "running", "charging", "是", "开", "有")
_FALSE = ("false", "off", "no", "n", "f", "stop", "stopped", "notcharging", "否", "关", "无")
_METRES_FROM = 2_000_000.0
"""No vehicle has driven so many kilometres: an odometer beyond it without a unit is in metres."""

_LONGEST_RATE_S = 60.0
"""A rate of fuel is taken to hold until the next message, but not for longer."""


def numbers_of(table: Table, meaning: Meaning) -> tuple[Floats, list[Finding]]:
    """A column in the unit of its quantity; NaN where a cell is empty or no number."""
    texts = table.cells[meaning.heading].str.strip()
    is_state = meaning.what in QUANTITIES and QUANTITIES[meaning.what].kind is Kind.STATE
    values = _plain(texts)
    words = texts.str.lower().str.replace(" ", "", regex=False)
    if is_state:
        values = np.where(words.isin(_TRUE), 1.0, np.where(words.isin(_FALSE), 0.0, values))
        values = np.where(np.isfinite(values), (values > 0).astype(float), np.nan)
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


def _plain(texts: "pd.Series[str]") -> Floats:
    values = pd.to_numeric(texts, errors="coerce")
    if values.isna().all() and texts.str.contains(r"^-?\d+,\d+$", regex=True).any():
        values = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce")
    plain: Floats = values.to_numpy(dtype=np.float64, copy=True)
    plain[~np.isfinite(plain)] = np.nan
    return plain


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
    if meaning.what == "odometer_km" and float(np.median(known)) > _METRES_FROM:
        return values / 1000, "m"
    return values, ""
