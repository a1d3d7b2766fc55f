"""The real data sets as counter readings of meters, on their way through the whole system."""

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from simulators.dialects import Message

VARIABLE = "QUOTAWATT_REAL_DATA"
HOUR = timedelta(hours=1)


def real_data(folder: str) -> Path:
    """The folder of a data set; skips, saying why, where the variable does not point to any."""
    root = os.environ.get(VARIABLE)
    if not root:
        pytest.skip(f"{VARIABLE} is not set: it must point to the folder of the real data sets")
    path = Path(root) / folder
    assert path.is_dir(), f"{VARIABLE} must hold the folder {folder}, got {root}"
    return path


@dataclass(frozen=True)
class HourlyUse:
    """Hours of one year, UTC, of several meters: use by (building, quantity), NaN where unknown."""

    start: datetime
    use: Mapping[tuple[str, str], np.ndarray]

    @property
    def hours(self) -> int:
        return len(next(iter(self.use.values())))


def read_hours(path: Path, column: str, year: int, quantity: str) -> HourlyUse:
    """One year of a wide file; its clock is taken at a fixed offset, so that every hour exists."""
    with gzip.open(path) as file:
        frame = pd.read_csv(file, parse_dates=[column], index_col=column)
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    frame = frame.reindex(hours)
    use = {(name, quantity): frame[name].to_numpy(dtype=float) for name in frame.columns}
    known = {key: values for key, values in use.items() if np.isfinite(values).any()}
    return HourlyUse(datetime(year, 1, 1, tzinfo=UTC), known)


def device(building: str, quantity: str) -> str:
    return f"{building}.{quantity}"


def meter(building: str, quantity: str) -> str:
    return f"MTR-{building}-{quantity}"


def register_of(data: HourlyUse) -> Register:
    """One organisation and site, a building and its meters for each column."""
    carriers = {"electricity_import_kwh": "electricity", "gas_kwh": "gas"}
    names = sorted({building for building, _ in data.use})
    return Register(
        organisations=[Organisation("ORG", "机构", "Organisation", "party_government", "city")],
        sites=[Site("SITE", "场所", "Site", "UTC", "shandong", "B")],
        buildings=[Building(f"BLD-{n}", n, n, "SITE", "ORG") for n in names],
        meters=[
            Meter(meter(b, q), f"{b} {q}", f"{b} {q}", f"BLD-{b}", carriers[q]) for b, q in data.use
        ],
        bindings=[Binding(device(b, q), meter(b, q), data.start) for b, q in data.use],
    )


def counter_messages(data: HourlyUse) -> Iterator[Message]:
    """A message a meter and day: the counter at each full hour; none where the hour before is unknown.

    What an unknown hour used is zero in the source's sum, and so in the counter.
    """
    for (building, quantity), use in data.use.items():
        counter = np.concatenate([[0.0], np.cumsum(np.nan_to_num(use))])
        known = np.concatenate([[True], np.isfinite(use)])
        for first in range(0, data.hours + 1, 24):
            rows = [i for i in range(first, min(first + 24, data.hours + 1)) if known[i]]
            if rows:
                yield _message(data, building, quantity, rows, counter)


def _message(
    data: HourlyUse, building: str, quantity: str, rows: list[int], counter: np.ndarray
) -> Message:
    times = [(data.start + i * HOUR).timestamp() for i in rows]
    body = {"times": times, "values": {quantity: [float(counter[i]) for i in rows]}}
    topic = f"quotawatt/{device(building, quantity)}/readings"
    at = data.start + rows[-1] * HOUR
    return Message(at, topic, json.dumps(body).encode(), len(rows))
