"""What a good script with pandas makes of the same DuckDB file: the peer of our analyser.

It follows the same rules of consumption, for meters alone: single dips and spikes left out, rollover, reset,
the newest fall or jump not counted yet, increments spread over the hours between their readings, coverage
and estimates, local days and months; and writes them to a DuckDB file. It stands by itself, so that the two
check each other. Sums go by ``numpy.bincount``, as pandas' own grouping is ten times slower.

``python -m benchmarks.pandas_baseline SOURCE METERS TARGET [--loop] [--first N]`` prints one JSON line.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from quotawatt.app.memory import PeakMemory

ZONE = "Asia/Shanghai"
_HOUR_US = 3_600_000_000
_MARGIN = 1.2
_LONGEST_MEASURED_US = _HOUR_US + 60_000_000
Array = np.ndarray[Any, np.dtype[Any]]

# So many at once: arrays of a few megabytes are taken from memory that was used before.
_METERS_AT_ONCE = 32
_READ = """
    SELECT meter, epoch_us(time) AS time_us, value
    FROM source.readings JOIN source.readings_series USING (series) JOIN meters USING (device)
    WHERE quality <> 'suspect'
"""


@dataclass(frozen=True)
class Results:
    """Use by interval, one row each: meter, start (UTC), value, coverage, estimated."""

    hours: pd.DataFrame
    days: pd.DataFrame
    months: pd.DataFrame


def run_whole(connection: duckdb.DuckDBPyConnection, meters: pd.DataFrame) -> None:
    """All meters, read at once, some of them computed at a time."""
    readings = _sorted(connection.sql(_READ))
    numbers = np.arange(0, len(meters) + _METERS_AT_ONCE, _METERS_AT_ONCE)
    for first, until in pairwise(np.searchsorted(readings["meter"], numbers)):
        if first < until:
            chunk = readings.iloc[first:until].reset_index(drop=True)
            _write(connection, use_of(chunk, meters))


def run_loop(connection: duckdb.DuckDBPyConnection, meters: pd.DataFrame) -> None:
    """Meter by meter: read, compute, write."""
    for meter in meters["meter"]:
        own = connection.sql(f"{_READ} AND device = ?", params=[meters["device"][meter]])
        _write(connection, use_of(_sorted(own), meters))


def _sorted(relation: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    columns = relation.fetchnumpy()
    order = np.lexsort((columns["time_us"], columns["meter"]))
    return pd.DataFrame({name: column[order] for name, column in columns.items()}, copy=False)


def use_of(readings: pd.DataFrame, meters: pd.DataFrame) -> Results:
    """Use of the meters that have readings.

    readings
        Columns meter, time_us, value; sorted by meter, then time, each instant once.
    meters
        Columns meter (0, 1, ...), device, multiplier, register_size and most_per_hour, both before the
        multiplier.
    """
    readings["value"] *= meters["multiplier"].to_numpy()[readings["meter"]]
    kept = readings.drop(readings.index[_glitches(readings, meters)])
    return _by_interval(_increments(kept, meters))


def _most(rows: pd.DataFrame, gap_us: "pd.Series[int]", meters: pd.DataFrame) -> Array:
    """What can have passed at most before each row since the one ``gap_us`` ago."""
    per_us = (_MARGIN / _HOUR_US * meters["most_per_hour"] * meters["multiplier"]).to_numpy()
    meter = rows["meter"].to_numpy()
    most: Array = per_us[meter] * gap_us.to_numpy() + meters["multiplier"].to_numpy()[meter]
    return most


def _glitches(readings: pd.DataFrame, meters: pd.DataFrame) -> Array:
    """Positions of single readings that are a dip or a spike; only next to a fall there can be one."""
    meter, value = readings["meter"].to_numpy(), readings["value"].to_numpy()
    falls = np.flatnonzero((value[1:] < value[:-1]) & (meter[1:] == meter[:-1])) + 1
    dips = falls[_bridged(readings, falls, meters)]
    peaks = falls - 1
    peaks = peaks[_bridged(readings, peaks, meters)]
    return np.union1d(dips, peaks[~np.isin(peaks + 1, dips)])


def _bridged(readings: pd.DataFrame, at: Array, meters: pd.DataFrame) -> Array:
    """Whether the reading after each position is an ordinary one after the reading before it."""
    inside = (at > 0) & (at < len(readings) - 1)
    before = readings.iloc[np.where(inside, at - 1, 0)].reset_index(drop=True)
    after = readings.iloc[np.where(inside, at + 1, 0)].reset_index(drop=True)
    rise = after["value"] - before["value"]
    fits = rise <= _most(after, after["time_us"] - before["time_us"], meters)
    return np.asarray(inside & (before["meter"] == after["meter"]) & (rise >= 0) & fits)


def _increments(kept: pd.DataFrame, meters: pd.DataFrame) -> pd.DataFrame:
    """What passed between neighbouring readings: meter, start_us, end_us, amount, covers, estimated."""
    same = kept["meter"].eq(kept["meter"].shift())
    rise = kept["value"].diff().where(same)
    gap_us = kept["time_us"].diff().where(same, 0.0)
    following = rise.shift(-1)
    size = (meters["register_size"] * meters["multiplier"]).to_numpy()[kept["meter"]]
    most = _most(kept, gap_us, meters)
    falls = (rise < 0) & following.notna()
    wrapped = rise + size
    rollover = falls & (wrapped >= 0) & (wrapped <= most)
    reset = falls & ~rollover
    above = rise > most
    covers = ((rise >= 0) & (~above | (following >= 0))) | rollover
    counts = covers | (reset & (kept["value"] <= most))
    amount = rise.mask(rollover, wrapped).mask(reset, kept["value"])
    spread = (gap_us > _LONGEST_MEASURED_US) & (amount != 0)
    passed: pd.DataFrame = pd.DataFrame(
        {
            "meter": kept["meter"],
            "start_us": kept["time_us"].shift(fill_value=0),
            "end_us": kept["time_us"],
            "amount": amount,
            "covers": covers,
            "estimated": spread | reset | above,
        }
    ).loc[counts]
    return passed


def _by_interval(passed: pd.DataFrame) -> Results:
    """Increments evenly over their time to UTC hours, from these to local days and months."""
    first_us, until_us = passed["start_us"].min(), passed["end_us"].max()
    local = pd.to_datetime([first_us, until_us], unit="us", utc=True).tz_convert(ZONE)
    edges = local.tz_localize(None).to_period("M")
    hours = pd.date_range(
        edges[0].start_time, (edges[1] + 1).start_time, freq="h", tz=ZONE, inclusive="left"
    ).as_unit("us")
    numbers, row = np.unique(passed["meter"], return_inverse=True)
    pieces = _pieces(passed.assign(row=row), hours[0].value // 1000)
    cell = (pieces["row"] * len(hours) + pieces["hour"]).to_numpy()

    def total(weights: "pd.Series[float]") -> Array:
        flat: Array = np.bincount(cell, weights, minlength=len(numbers) * len(hours))
        return flat.reshape(len(numbers), len(hours)).T

    frame: dict[str, Any] = {"index": hours, "columns": numbers}
    known = np.bincount(cell, minlength=len(numbers) * len(hours)).reshape(-1, len(hours)).T > 0
    value = pd.DataFrame(np.where(known, total(pieces["amount"]), np.nan), **frame)
    covered = total(pieces["covers"] * pieces["length_us"]) / _HOUR_US
    coverage = pd.DataFrame(np.minimum(covered, 1.0), **frame)
    estimated = pd.DataFrame(total(pieces["estimated"]) > 0, **frame)
    day = hours.normalize()
    month = day - pd.to_timedelta(day.day - 1, unit="D")
    return Results(
        _long(value, coverage, estimated),
        *(_coarser(value, coverage, estimated, starts) for starts in (day, month)),
    )


def _pieces(passed: pd.DataFrame, origin_us: int) -> pd.DataFrame:
    """Increments cut at the hours: row, hour (number since the origin), amount, length_us, flags."""
    start_us, end_us = passed["start_us"] - origin_us, passed["end_us"] - origin_us
    passed["hour"] = start_us // _HOUR_US
    passed["length_us"] = end_us - start_us
    count = (end_us - 1) // _HOUR_US - passed["hour"] + 1
    crossing = passed[count > 1]
    count = count[count > 1]
    cut = crossing.loc[crossing.index.repeat(count)]
    cut["hour"] += np.arange(len(cut)) - np.repeat((count.cumsum() - count).to_numpy(), count)
    begin = np.maximum(cut["start_us"] - origin_us, cut["hour"] * _HOUR_US)
    end = np.minimum(cut["end_us"] - origin_us, (cut["hour"] + 1) * _HOUR_US)
    cut["amount"] *= (end - begin) / cut["length_us"]
    cut["length_us"] = end - begin
    columns = ["row", "hour", "amount", "length_us", "covers", "estimated"]
    return pd.concat([passed.drop(crossing.index)[columns], cut[columns]])


def _coarser(
    value: pd.DataFrame, coverage: pd.DataFrame, estimated: pd.DataFrame, starts: pd.DatetimeIndex
) -> pd.DataFrame:
    return _long(
        value.groupby(starts).sum(min_count=1),
        coverage.groupby(starts).mean(),
        estimated.groupby(starts).any(),
    )


def _long(value: pd.DataFrame, coverage: pd.DataFrame, estimated: pd.DataFrame) -> pd.DataFrame:
    meter, start = np.nonzero(value.notna().to_numpy().T)
    return pd.DataFrame(
        {
            "meter": value.columns.to_numpy()[meter],
            "start": pd.DatetimeIndex(value.index).tz_convert("UTC").tz_localize(None)[start],
            "value": value.to_numpy()[start, meter],
            "coverage": coverage.to_numpy()[start, meter],
            "estimated": estimated.to_numpy()[start, meter],
        }
    )


def _write(connection: duckdb.DuckDBPyConnection, results: Results) -> None:
    for name in ("hours", "days", "months"):
        connection.register("fresh", getattr(results, name))
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM fresh LIMIT 0")
        connection.execute(f"INSERT INTO {name} FROM fresh")
        connection.unregister("fresh")


def main(arguments: list[str]) -> None:
    """Run it, and print how long it took and its greatest memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("meters", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--loop", action="store_true", help="meter by meter")
    parser.add_argument("--first", type=int, help="only so many meters")
    options = parser.parse_args(arguments)
    with PeakMemory() as memory:
        began = time.perf_counter()
        meters = pd.read_parquet(options.meters).head(options.first)
        with duckdb.connect(str(options.target)) as connection:
            connection.execute(f"ATTACH '{options.source}' AS source (READ_ONLY)")
            connection.register("meters", meters)
            connection.begin()
            (run_loop if options.loop else run_whole)(connection, meters)
            connection.commit()
        figures = {"seconds": time.perf_counter() - began, "peak_mb": memory.peak_mb()}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
