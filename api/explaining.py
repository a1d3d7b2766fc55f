"""Why results are what they are, from the stores to rows: hours explained, books closed over a time."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics.consumption.amounts import Amount
from analytics.consumption.audit import audit
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.explain import explain_hours
from analytics.consumption.points import Wiring
from analytics.grid import Bools, Grid, Key, hour_starts, instant_of
from analytics.jobs.amounts import all_amounts
from analytics.jobs.hand import own_points
from analytics.jobs.loading import load, read_sources
from analytics.totals.tree import Tree
from api.services import Services
from quotawatt.readings import Grain, Quality
from quotawatt.spans import Span
from quotawatt.storage.horizon import require_raw

Row = dict[str, Any]


class Explainer:
    """Explains one series of results over full UTC hours, by the present register.

    ``sees`` says whether an asset's code may be shown; of other parts of a total the figures alone are.
    """

    def __init__(
        self, services: Services, key: Key, hours: Span, zone: ZoneInfo, sees: Callable[[str], bool]
    ) -> None:
        self._services = services
        self._key = key
        self._hours = hours
        self._sees = sees
        self._wiring = Wiring(services.register_source())
        with services.records.connect() as conn:
            own = own_points(conn)
        self._tree = Tree(self._wiring, zone, own)
        self._parts = self._tree.parts(key, hours)

    def hours(self) -> list[Row]:
        """Each hour as it is stored, with the steps of a point or the parts of a total that make it.

        Raises StateError where the readings are gone.
        """
        rows = self._of_total() if self._parts else self._of_point()
        stored = self._stored((self._key,))
        for column, row in enumerate(rows):
            row["stored"] = _figures(stored, 0, column)
        return rows

    def books(self) -> Row:
        """What the sources of a point, or the parts of a total, say over the span, against its stored hours.

        Raises StateError where the readings are gone.
        """
        stored = self._stored((self._key,))
        sections, parts = [], []
        if self._parts:
            parts = self._summed_parts()
            total = sum(part["use"] for part in parts)
        else:
            found = audit(*self._readings(), self._hours, self._amounts())
            sections, total = [asdict(section) for section in found.sections], found.total
        hours_total = float(np.nansum(stored.value))
        return {
            "sections": sections,
            "parts": parts,
            "total": total,
            "hours": int(stored.known().sum()),
            "hours_total": hours_total,
            "difference": total - hours_total,
        }

    def _of_point(self) -> list[Row]:
        explained = explain_hours(*self._readings(), self._hours, self._amounts())
        return [
            {
                "start": hour.start,
                "value": hour.value,
                "coverage": hour.coverage,
                "quality": hour.quality,
                "steps": [asdict(step) for step in hour.steps],
                "left_out": [asdict(reading) for reading in hour.left_out],
                "parts": [],
            }
            for hour in explained
        ]

    def _of_total(self) -> list[Row]:
        starts, parts = hour_starts(self._hours), self._stored(self._parts)
        weights = np.array([self._tree.weights(self._key, part, starts) for part in parts.keys])
        use, shown = parts.value * weights, self._shown(parts)
        found = []
        for column, start_us in enumerate(starts.tolist()):
            rows = np.flatnonzero((weights[:, column] != 0) & shown[:, column]).tolist()
            known = [row for row in rows if not np.isnan(use[row, column])]
            some = [self._part(parts.keys[row], weights[row, column]) for row in rows]
            figures = [_figures(parts, row, column) for row in rows]
            total = float(np.sum(use[known, column])) if known else None
            found.append(
                {
                    "start": instant_of(start_us),
                    "value": total,
                    "coverage": None,
                    "quality": _quality(total, bool(parts.estimated[known, column].any())),
                    "steps": [],
                    "left_out": [],
                    "parts": [{**a, **b} for a, b in zip(some, figures, strict=True)],
                }
            )
        return found

    def _summed_parts(self) -> list[Row]:
        """The parts of a total with what each gave to it over the span."""
        starts, parts = hour_starts(self._hours), self._stored(self._parts)
        shown, found = self._shown(parts), []
        for row, key in enumerate(parts.keys):
            if not shown[row].any():
                continue
            weights = self._tree.weights(self._key, key, starts)
            use = float(np.nansum(parts.value[row] * weights))
            hours = int((parts.known()[row] & (weights != 0)).sum())
            found.append({**self._part(key, None), "hours": hours, "use": use})
        return found

    def _shown(self, parts: Grid) -> Bools:
        """The hours in which a part has a result, or should have one: a water meter has no electricity."""
        known = parts.known()
        expected = [self._tree.expected(key, parts.starts) for key in parts.keys]
        return np.asarray(known | np.array(expected).reshape(known.shape))

    def _part(self, key: Key, weight: float | None) -> Row:
        code = key.subject.partition("/")[0]
        named = {"subject": key.subject if self._sees(code) else None, "measure": key.measure}
        return named if weight is None else {**named, "weight": float(weight)}

    def _stored(self, keys: tuple[Key, ...]) -> Grid:
        return load(self._services.series, Grain.HOUR, keys, hour_starts(self._hours))

    def _readings(self) -> tuple[CleanReadings, Wiring, Key]:
        """What the analyser would read of the point."""
        services, now = self._services, self._services.clock()
        with services.records.connect() as conn:
            require_raw(conn, self._hours.start, "what is explained")
        readings, _ = read_sources(services.series, self._wiring, [self._key], self._hours, now)
        return readings, self._wiring, self._key

    def _amounts(self) -> list[Amount]:
        with self._services.records.connect() as conn:
            return all_amounts(conn, [self._key], self._hours)


def _figures(grid: Grid, row: int, column: int) -> Row:
    """A stored result: value (None: there is none), quality and coverage."""
    value = None if np.isnan(grid.value[row, column]) else float(grid.value[row, column])
    return {
        "value": value,
        "quality": _quality(value, bool(grid.estimated[row, column])),
        "coverage": float(grid.coverage[row, column]),
    }


def _quality(value: float | None, estimated: bool) -> Quality:
    if value is None:
        return Quality.MISSING
    return Quality.ESTIMATED if estimated else Quality.MEASURED
