"""Daily totals of this year and the last in memory, so that a year's account need not be read daily."""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.grid import Grid, empty_grid, stack
from quotawatt.spans import Span


class DailyCache:
    """Daily results of buildings and organisations over a span; can be built anew from the store."""

    def __init__(self, span: Span, grids: Mapping[ZoneInfo, Grid]) -> None:
        """``grids`` holds, for each zone, the stored results of its days that start within ``span``."""
        self.span = span
        self._grids = dict(grids)

    def update(self, zone: ZoneInfo, newer: Grid) -> None:
        """Take over newer days; those outside the span are left out."""
        held = self._grids.get(zone)
        part = newer.between(self.span)
        if held is None or not len(part.starts):
            return
        missing = [key for key in part.keys if held.row(key) is None]
        self._grids[zone] = stack([held, empty_grid(missing, held.starts)]).overlay(part)

    def frame(self, subjects: Collection[str]) -> pd.DataFrame:
        """Days of some subjects, one row a known day.

        Columns subject, measure (categories), start (UTC), value, coverage.
        """
        wanted = frozenset(subjects)
        chosen = (
            grid.select(key for key in grid.keys if key.subject in wanted)
            for grid in self._grids.values()
        )
        return pd.concat([grid.frame() for grid in chosen], ignore_index=True)
