"""Each building judged by parameters chosen without it: what fitting to these buildings would hide."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

from analytics.grid import Floats
from analytics.yearly.projection import SHAPE, Shape
from benchmarks.quotas_accuracy import main_figures
from benchmarks.quotas_cases import Case, all_cases
from benchmarks.quotas_data import BuildingYear
from benchmarks.report import Figure

STEPS = (2 / 3, 1.0, 1.5)
"""Candidates of each parameter: the shipped value, two thirds and one and a half times it."""

_PARAMETERS = ("wander_sd", "wander_days", "usual_sd", "widening")
_WANTED = 0.8

Chooser = Callable[[Floats, Floats], int]
"""Which candidate, by the CRPS and the coverage of each (row) on each of the other buildings (column)."""


def candidates() -> list[Shape]:
    """The shapes that are chosen from; the shipped one is among them."""
    return [
        SHAPE._replace(
            **{n: getattr(SHAPE, n) * step for n, step in zip(_PARAMETERS, steps, strict=True)}
        )
        for steps in product(STEPS, repeat=len(_PARAMETERS))
    ]


def left_out_figures(years: Sequence[BuildingYear]) -> Iterator[Figure]:
    """As the figures of all cases, where every building's shape was chosen on all the others.

    Once all by CRPS; and once by CRPS with the width, which CRPS hardly sees, by coverage.
    """
    judged = [all_cases(years, shape) for shape in candidates()]
    names = sorted({one.building for one in years})
    # Of each building relative to the shipped shape: each counts alike, and the score stays proper.
    crps = np.array([[_mean_crps(cases, name) for name in names] for cases in judged])
    crps /= crps[candidates().index(SHAPE)]
    inside = np.array([[_inside(cases, name) for name in names] for cases in judged])
    yield Figure("left out: buildings", len(names), "")
    for said, choose in (("all by CRPS", _by_crps), ("width by coverage", _width_by_coverage)):
        found = list[Case]()
        for column, name in enumerate(names):
            others = (np.delete(scores, column, axis=1) for scores in (crps, inside))
            found += [c for c in judged[choose(*others)] if c.of.building == name]
        yield from main_figures(f"left out, {said}: ", found)


def _by_crps(crps: Floats, inside: Floats) -> int:
    return int(crps.mean(axis=1).argmin())


def _width_by_coverage(crps: Floats, inside: Floats) -> int:
    """The best shape of the shipped width, at the width that comes nearest to 80 %."""
    widths = np.array([shape.widening for shape in candidates()])
    shipped = np.flatnonzero(widths == SHAPE.widening)
    best = candidates()[int(shipped[crps[shipped].mean(axis=1).argmin()])]
    same = [best._replace(widening=SHAPE.widening * step) for step in STEPS]
    at = np.array([candidates().index(shape) for shape in same])
    return int(at[np.abs(inside[at].mean(axis=1) - _WANTED).argmin()])


def _mean_crps(cases: Sequence[Case], building: str) -> float:
    """As a share of the year; where nothing was said nothing is counted."""
    mine = [c.crps / c.true for c in cases if c.of.building == building]
    return float(np.nanmean(mine))


def _inside(cases: Sequence[Case], building: str) -> float:
    mine = [c for c in cases if c.of.building == building and not np.isnan(c.median)]
    return float(np.mean([c.low <= c.true <= c.high for c in mine]))
