"""Yearly accounts as results: figures of many accounts by measure become one table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from analytics.grid import micros_of
from analytics.yearly.projection import Matrix
from quotawatt.clock import require_utc
from quotawatt.readings import RESULTS, TIME, Quality


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Figures of one account by measure; None: not known, so what was said before is withdrawn."""

    subject: str
    figures: Mapping[str, float | None]
    coverage: float


def account_results(rows: Iterable[AccountRow], day_start: datetime) -> pa.Table:
    """Accounts as a table of schema RESULTS, see ``figures_table``."""
    alike: dict[tuple[str, ...], list[AccountRow]] = {}
    for row in rows:
        alike.setdefault(tuple(row.figures), []).append(row)
    tables = [
        figures_table(
            [row.subject for row in group],
            {n: np.array([row.figures[n] for row in group], dtype=np.float64) for n in names},
            np.array([row.coverage for row in group]),
            day_start,
        )
        for names, group in alike.items()
    ]
    return pa.concat_tables([RESULTS.empty_table(), *tables])


def figures_table(
    subjects: Sequence[str],
    figures: Mapping[str, Matrix],
    coverage: Matrix,
    day_start: datetime,
) -> pa.Table:
    """Figures as a table of schema RESULTS, all starting at ``day_start``.

    figures
        By measure one entry a subject; NaN: not known, so what was said before is withdrawn.

    Quality is ``measured`` for figures that rest wholly on measurements, ``estimated`` for others and
    for projections, ``missing`` for those withdrawn. Raises InputError where ``day_start`` is naive.
    """
    start = require_utc(day_start, "day_start")
    count = len(subjects) * len(figures)
    subject = pa.array(subjects, pa.string())
    values = np.concatenate(list(figures.values()) or [np.empty(0)])
    unknown = np.isnan(values)
    projected = np.repeat(["projected" in name for name in figures], len(subjects))
    complete = np.tile(coverage, len(figures))
    quality = np.where(unknown, 2, np.where(projected | (complete < 1), 1, 0)).astype(np.int32)
    names = pa.array(figures, pa.string())
    measure = np.repeat(np.arange(len(figures), dtype=np.int32), len(subjects))
    qualities = pa.array([q.value for q in (Quality.MEASURED, Quality.ESTIMATED, Quality.MISSING)])
    columns = [
        subject.take(np.tile(np.arange(len(subjects)), len(figures))),
        names.take(measure),
        pa.array(np.full(count, micros_of(start))).cast(TIME),
        pa.array(values, mask=unknown),
        qualities.take(quality),
        pa.array(complete),
        pa.array(np.zeros(count, dtype=np.int32)),
        pa.array(unknown),
    ]
    return pa.Table.from_arrays(columns, schema=RESULTS)
