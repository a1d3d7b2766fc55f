"""Whether the analyser, the script with pandas and what was generated say the same."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.consumption_fleet import QUANTITY, SOUND, Fleet, meter_of

_TOLERANCE = 1e-9
_OURS = """
    SELECT subject, CAST(time AS TIMESTAMP) AS start, value, coverage, quality = 'estimated' AS estimated
    FROM {table} JOIN {table}_series USING (series)
    WHERE measure = ? AND NOT withdrawn
"""
_GRAINS = {"hours": "results_hour", "days": "results_day", "months": "results_month"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many results were compared, how many differ, and which meters miss their true totals.

    worst
        The greatest relative difference of two values.
    unsound
        Hours of faultless meters that are called estimated or not covered.
    """

    compared: int
    differing: int
    worst: float
    off_total: int
    unsound: int


def agreement(ours: Path, theirs: Path, fleet: Fleet, meters: int) -> Agreement:
    """Compare the first ``meters`` meters cell by cell, and ours with the fleet's totals."""
    compared = differing = 0
    worst = 0.0
    names = {meter_of(n): n for n in range(meters)}
    for grain in _GRAINS:
        ours_of = _ours(ours, grain, names)
        pairs = ours_of.merge(
            _theirs(theirs, grain, meters),
            how="outer",
            left_index=True,
            right_index=True,
            suffixes=("", "_theirs"),
        )
        relative = _relative(pairs["value"], pairs["value_theirs"])
        same = (relative <= _TOLERANCE) & _same_flags(pairs)
        compared += len(pairs)
        differing += int((~same).sum())
        worst = max(worst, float(relative.max()))
        if grain == "hours":
            off_total, unsound = _against_truth(ours_of, fleet, meters)
    return Agreement(compared, differing, worst, off_total, unsound)


def _ours(path: Path, grain: str, names: dict[str, int]) -> pd.DataFrame:
    with duckdb.connect(str(path), read_only=True) as connection:
        query = _OURS.format(table=_GRAINS[grain])
        rows = connection.execute(query, [QUANTITY]).df()
    rows["meter"] = rows.pop("subject").map(names)
    return rows.dropna(subset=["meter"]).set_index(["meter", "start"])


def _theirs(path: Path, grain: str, meters: int) -> pd.DataFrame:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(f"FROM {grain} WHERE meter < ?", [meters]).df()
    return rows.set_index(["meter", "start"])


def _relative(left: "pd.Series[float]", right: "pd.Series[float]") -> "pd.Series[float]":
    """Relative difference, of a kWh at least; infinite where one of them is missing."""
    scale = np.maximum(left.abs(), 1.0)
    return ((left - right).abs() / scale).fillna(np.inf)


def _same_flags(pairs: pd.DataFrame) -> "pd.Series[bool]":
    near = (pairs["coverage"] - pairs["coverage_theirs"]).abs() <= _TOLERANCE
    return near & pairs["estimated"].eq(pairs["estimated_theirs"])


def _against_truth(hours: pd.DataFrame, fleet: Fleet, meters: int) -> tuple[int, int]:
    """Meters whose hours do not add up to what passed, and hours wrongly not called measured."""
    total = hours["value"].groupby(level="meter").sum().reindex(range(meters))
    expected = pd.Series(fleet.total[:meters])
    off = expected.notna() & (_relative(expected, total) > _TOLERANCE)
    sound = [n for n in range(meters) if fleet.kinds[n] == SOUND]
    inner = hours[hours.index.get_level_values("meter").isin(sound)]
    start = inner.index.get_level_values("start")
    # Of the first and the last hour there may be a part before the first reading or after the last.
    inner = inner[(start > start.min()) & (start < start.max())]
    return int(off.sum()), int((inner["estimated"] | (inner["coverage"] < 1 - _TOLERANCE)).sum())
