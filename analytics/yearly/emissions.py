"""Emissions: use times factor, location-based (the shape of JS/T 303-2026, see its pack).

Purchased electricity counts by the factor of the province's grid in the year; heat, gas and fuels by a
factor set. PV used on the spot emits nothing and stands as a memo; charging of vehicles is inside the
building's electricity.
"""

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analytics.totals.segments import Segment, books, segments
from analytics.yearly.accounts import held_buildings
from analytics.yearly.dailyuse import zone_of
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.readings import RESULTS, Quality
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Factor, GridFactor, Rulebook
from quotawatt.spans import DAY

FACTOR_SET = "jst303-2026"
"""The factor set of emissions that no target asks for, such as the series by interval."""

ELECTRICITY = "electricity_import_kwh"


class Scope(StrEnum):
    """Where an emission arises."""

    DIRECT = "direct"
    """What the institution burns: boilers, kitchens, generators, vehicles."""
    PURCHASED = "purchased"
    """Electricity, heat and cooling that others make for it."""


SCOPES: Mapping[str, Scope] = {
    ELECTRICITY: Scope.PURCHASED,
    "heat_gj": Scope.PURCHASED,
    "cooling_gj": Scope.PURCHASED,
    "steam_t": Scope.PURCHASED,
    "gas_m3": Scope.DIRECT,
    "gas_kwh": Scope.DIRECT,
    "coal_kg": Scope.DIRECT,
    "lpg_kg": Scope.DIRECT,
    "petrol_l": Scope.DIRECT,
    "diesel_l": Scope.DIRECT,
}
"""Measures whose use is an emission."""

MEMOS = ("pv_generation_kwh",)
"""Measures shown beside, of which nothing is emitted."""


class EmissionFactor(NamedTuple):
    """kgCO2 for one unit of a measure; ``grid`` is the grid's factor where it is electricity."""

    factor: Factor
    grid: GridFactor | None = None


class CarbonSeries(NamedTuple):
    """Emissions by interval (schema RESULTS, measure ``carbon_kgco2``), and what could not be counted."""

    results: pa.Table
    findings: tuple[Finding, ...]


def grid_region(asset: str, snapshots: Iterable[Register]) -> str | None:
    """The province whose grid feeds the asset; None where its buildings lie in none or in several.

    ``snapshots`` of the register are those of the days that are asked for.
    """
    provinces = {
        register.sites[building.site].province
        for register in snapshots
        for building in held_buildings(asset, register)
        if building.site in register.sites
    }
    return provinces.pop() if len(provinces) == 1 else None


def emission_factor(
    name: str,
    asset: str,
    year: int,
    snapshots: Iterable[Register],
    rulebook: Rulebook,
    factor_set: str,
) -> EmissionFactor | Finding:
    """The factor of a measure of ``SCOPES`` at an organisation or building in a calendar year.

    A finding where there is none: ``factor_missing``, ``grid_region_ambiguous`` or
    ``grid_factor_missing``. Where the grid's factor of the year is not published the latest earlier one
    stands in, as its ``year`` tells. ``snapshots`` of the register are those of the days counted. Raises
    NotFoundError for a factor set that does not exist.
    """
    if name == ELECTRICITY:
        return _grid_factor(asset, year, snapshots, rulebook)
    if factor_set not in rulebook.factor_sets:
        raise NotFoundError(f"a factor set must be one of the rulebook, got {factor_set!r}")
    factor = rulebook.factor_sets[factor_set].carbon.get(name)
    if factor is None:
        return Finding("factor_missing", asset, {"factor_set": factor_set, "measures": name})
    return EmissionFactor(factor)


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
    amount = energy["value"].to_numpy(float)
    # Nothing used is nothing emitted, whatever the factor.
    emitted = np.where(amount == 0, 0.0, amount * np.array([factors[key] for key in keys]))
    return CarbonSeries(_summed(rows, emitted, energy["coverage"].to_numpy(float)), tuple(findings))


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


def _summed(rows: _Rows, emitted: NDArray[np.float64], coverage: NDArray[np.float64]) -> pa.Table:
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
            "measure": ["carbon_kgco2"] * len(groups),
            "start": pa.array(rows.starts[groups % width].as_unit("us")),
            "value": value,
            "quality": quality.tolist(),
            "coverage": mean,
            "revision": [0] * len(groups),
            "withdrawn": [False] * len(groups),
        },
        schema=RESULTS,
    ).sort_by([("subject", "ascending"), ("start", "ascending")])


def _grid_factor(
    asset: str, year: int, snapshots: Iterable[Register], rulebook: Rulebook
) -> EmissionFactor | Finding:
    region = grid_region(asset, snapshots)
    if region is None:
        return Finding("grid_region_ambiguous", asset, {"year": year})
    try:
        grid = rulebook.grid_factor(region, year)
    except NotFoundError:
        return Finding("grid_factor_missing", asset, {"region": region, "year": year})
    return EmissionFactor(Factor(grid.kgco2_per_kwh, "kgCO2/kWh", grid.trust), grid)
