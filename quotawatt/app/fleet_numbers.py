"""Numbers as people and programs write them: decimal commas, thousands, a unit behind."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.app.fleet_units import UNITS

Floats = NDArray[np.float64]

_WITH_UNIT = r"^([-+]?[\d.,'\u00a0 ]*\d)\s*([^\d.,\s].*)$"
_THOUSANDS = r"^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_THOUSANDS_DOTTED = r"^[-+]?\d{1,3}(?:\.\d{3})+,\d+$"
_DECIMAL_COMMA = r"^[-+]?\d+,\d+$"
_NEVER_SMALL = frozenset({"odometer_km"})
"""What has three digits behind a comma is thousands of these, decimals of others."""


def plain_numbers(texts: "pd.Series[str]", what: str) -> tuple[Floats, str]:
    """The numbers of a column and the unit of ``what`` that stands behind all that have one; empty: none.

    NaN where a cell is no number. ``36,6`` is decimal unless plain numbers say otherwise, ``12,345.6`` and
    ``12.345,6`` have thousands.
    """
    values = pd.to_numeric(texts, errors="coerce")
    unread = values.isna() & (texts != "")
    unit = ""
    if unread.any():
        bare, unit = _without_unit(texts[unread], what)
        values[unread] = _written(bare, what, bool((~values.isna()).any() and not unit))
    plain: Floats = values.to_numpy(dtype=np.float64, copy=True)
    plain[~np.isfinite(plain)] = np.nan
    return plain, unit


def _without_unit(texts: "pd.Series[str]", what: str) -> tuple["pd.Series[str]", str]:
    """The texts without what stands behind the number, where that is one unit of the quantity."""
    found = texts.str.extract(_WITH_UNIT)
    behind = found[1].str.strip().str.lower().str.replace(" ", "", regex=False)
    told = behind.dropna().unique()
    if len(told) != 1 or told[0] not in UNITS.get(what, {}):
        return texts, ""
    return found[0].where(behind.notna(), texts), str(told[0])


def _written(texts: "pd.Series[str]", what: str, some_plain: bool) -> "pd.Series[float]":
    """Numbers with commas; ``some_plain``: others of the column are numbers without."""
    bare = texts.str.replace(r"[\s'\u00a0]", "", regex=True)
    thousands = bare.str.contains(_THOUSANDS, regex=True)
    dotted = bare.str.contains(_THOUSANDS_DOTTED, regex=True)
    comma = bare.str.contains(_DECIMAL_COMMA, regex=True)
    is_thousands = thousands & (
        ~comma | (what in _NEVER_SMALL) | bool(bare.str.contains(r",.*\.", regex=True).any())
    )
    read = bare.mask(is_thousands, bare.str.replace(",", "", regex=False))
    swapped = bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    is_decimal = dotted | (comma & ~is_thousands & (not some_plain))
    return pd.to_numeric(read.mask(is_decimal, swapped), errors="coerce")
