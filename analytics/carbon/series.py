"""Emissions of each interval as results: location-based, and market-based before certificates."""

import math
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analytics.carbon.emissions import ELECTRICITY, FACTOR_SET, RESIDUAL, SCOPES, emission_factor
from analytics.totals.segments import Segment, books, segments
from analytics.yearly.dailyuse import zone_of
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.readings import RESULTS, Quality
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY


class CarbonSeries(NamedTuple):
    """Emissions by interval (schema RESULTS), and what could not be counted.

    Measures are ``carbon_kgco2`` (location-based) and ``carbon_market_kgco2`` (before certificates).
    """

    results: pa.Table
    findings: tuple[Finding, ...]


def carbon_series(
    results: pd.DataFrame,
    register: Register,
    rulebook: Rulebook,
    zone: ZoneInfo,
    factor_set: str = FACTOR_SET,
) -> CarbonSeries:
    """Emissions of buildings and organisations for each interval of their use.

    results
        Results of any one grain: columns subject, measure, start (UTC), value, coverage; what is no
        building or organisation, or no energy, is left out.
    zone
        Whose years those of organisations are (a grid factor is a year's); buildings have their site's.

    Coverage is the mean of that of the measures counted; quality is ``measured`` where it is full. An
    interval in which a measure without a factor was used has no figure; a finding says so.
    """
    energy = results[
        results["measure"].isin(list(SCOPES))
        & results["subject"].isin([*register.organisations, *register.buildings])
        & results["value"].notna()
    ]
    rows = _coded(energy, register, zone)
    factors: dict[tuple[int, int, int, int], float] = {}
    findings: list[Finding] = []
    columns = (rows.subject, rows.measure, rows.year, rows.piece)
    keys = list(zip(*(column.tolist() for column in columns), strict=True))
    for key in dict.fromkeys(keys):
        name, subject = rows.measures[key[1]], rows.subjects[key[0]]
        snapshot = rows.snapshots[key[3]]
        found = emission_factor(name, subject, key[2], [snapshot], rulebook, factor_set)
        if isinstance(found, Finding):
            findings.append(found)
        factors[key] = math.nan if isinstance(found, Finding) else found.factor.value
    amount, coverage = energy["value"].to_numpy(float), energy["coverage"].to_numpy(float)
    residual = {year: _residual(year, rulebook) for year in {key[2] for key in keys}}
    powered = [rows.measures[key[1]] == ELECTRICITY for key in keys]
    market = [residual[k[2]] if own else factors[k] for k, own in zip(keys, powered, strict=True)]
    tables = []
    for name, each in (
        ("carbon_kgco2", [factors[k] for k in keys]),
        ("carbon_market_kgco2", market),
    ):
        # Nothing used is nothing emitted, whatever the factor.
        emitted = np.where(amount == 0, 0.0, amount * np.array(each))
        tables.append(_summed(rows, name, emitted, coverage))
    return CarbonSeries(pa.concat_tables(tables), tuple(findings))


def _residual(year: int, rulebook: Rulebook) -> float:
    """kgCO2/kWh of the country's residual mix; NaN where none is known."""
    try:
        return rulebook.grid_factor(RESIDUAL, year).kgco2_per_kwh
    except NotFoundError:
        return math.nan


class _Rows(NamedTuple):
    """Rows of use with their keys as numbers: indices into the lists of the same meaning."""

    subject: NDArray[np.intp]
    measure: NDArray[np.intp]
    start: NDArray[np.intp]
    year: NDArray[np.int64]
    piece: NDArray[np.intp]
    subjects: list[str]
    measures: list[str]
    starts: pd.DatetimeIndex
    snapshots: list[Register]


def _coded(energy: pd.DataFrame, register: Register, zone: ZoneInfo) -> _Rows:
    subject, subjects = pd.factorize(energy["subject"])
    measure, measures = pd.factorize(energy["measure"])
    start, instants = pd.factorize(energy["start"])
    starts = pd.DatetimeIndex(instants)
    zones = np.array([str(zone_of(str(s), register, zone)) for s in subjects], dtype=object)
    pieces = _pieces(starts, register)
    edges = np.array([p.first for p in pieces[1:]], dtype="datetime64[D]")
    year = np.zeros(len(energy), dtype=np.int64)
    piece = np.zeros(len(energy), dtype=np.intp)
    for name in dict.fromkeys(zones):
        mine = (zones == name)[subject]
        local = starts.tz_convert(name).tz_localize(None)
        year[mine] = local.year.to_numpy()[start[mine]]
        days = local.to_numpy().astype("datetime64[D]")
        piece[mine] = np.searchsorted(edges, days, side="right")[start[mine]]
    return _Rows(
        subject,
        measure,
        start,
        year,
        piece,
        [str(s) for s in subjects],
        [str(m) for m in measures],
        starts,
        [p.register for p in pieces],
    )


def _pieces(starts: pd.DatetimeIndex, register: Register) -> tuple[Segment, ...]:
    """The local days of all starts, whatever the zone, cut where the register changes."""
    if not len(starts):
        return ()
    first, last = starts.min().date(), starts.max().date()
    return segments(books(register), first - DAY, last + 2 * DAY)


def _summed(
    rows: _Rows, name: str, emitted: NDArray[np.float64], coverage: NDArray[np.float64]
) -> pa.Table:
    """Emissions by subject and start; what holds an unknown (NaN) has no row."""
    width = max(len(rows.starts), 1)
    groups, group = np.unique(rows.subject * width + rows.start, return_inverse=True)
    value = np.bincount(group, weights=emitted, minlength=len(groups))
    mean = np.bincount(group, weights=coverage, minlength=len(groups)) / np.bincount(group)
    known = ~np.isnan(value)
    groups, value, mean = groups[known], value[known], mean[known]
    quality = np.where(mean >= 1, Quality.MEASURED.value, Quality.ESTIMATED.value)
    return pa.Table.from_pydict(
        {
            "subject": [rows.subjects[g // width] for g in groups],
            "measure": [name] * len(groups),
            "start": pa.array(rows.starts[groups % width].as_unit("us")),
            "value": value,
            "quality": quality.tolist(),
            "coverage": mean,
            "revision": [0] * len(groups),
            "withdrawn": [False] * len(groups),
        },
        schema=RESULTS,
    ).sort_by([("subject", "ascending"), ("start", "ascending")])
