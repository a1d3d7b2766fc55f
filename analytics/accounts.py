"""What the yearly accounts of quotas and carbon share: the area, and accounts as results."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from quotawatt.clock import require_utc
from quotawatt.readings import RESULTS, Quality
from quotawatt.register.model import Register


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Figures of one account by measure; None: not known, so what was said before is withdrawn."""

    subject: str
    figures: Mapping[str, float | None]
    coverage: float


def account_results(rows: Iterable[AccountRow], day_start: datetime) -> pa.Table:
    """Accounts as a table of schema RESULTS, all starting at ``day_start``.

    Quality is ``measured`` for figures that rest wholly on measurements, ``estimated`` for others and
    for projections, ``missing`` for those withdrawn. Raises InputError where ``day_start`` is naive.
    """
    start = require_utc(day_start, "day_start")
    columns: dict[str, list[object]] = {name: [] for name in RESULTS.names}
    for row in rows:
        for name, value in row.figures.items():
            columns["subject"].append(row.subject)
            columns["measure"].append(name)
            columns["start"].append(start)
            columns["value"].append(value)
            columns["quality"].append(_quality(name, value, row.coverage).value)
            columns["coverage"].append(row.coverage)
            columns["revision"].append(0)
            columns["withdrawn"].append(value is None)
    return pa.Table.from_pydict(columns, schema=RESULTS)


def gross_area_m2(asset: str, register: Register) -> float | None:
    """Gross area of a building, or of all buildings of an organisation; None where any is unknown."""
    building = register.buildings.get(asset)
    buildings = register.buildings_of(asset) if building is None else (building,)
    areas = [b.gross_area_m2 for b in buildings]
    if not areas or any(area is None or area <= 0 for area in areas):
        return None
    return math.fsum(area for area in areas if area is not None)


def _quality(name: str, value: float | None, coverage: float) -> Quality:
    if value is None:
        return Quality.MISSING
    if coverage < 1 or "projected" in name:
        return Quality.ESTIMATED
    return Quality.MEASURED
