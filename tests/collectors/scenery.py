"""A pipeline over small stores, for tests of what a collector does beside the live messages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.pipeline import Pipeline
from quotawatt.readings import SeriesKey
from quotawatt.register.model import (
    Binding,
    Building,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.register.repository import load_register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)
ALWAYS = Span(datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))


def register(*bindings: Binding) -> Register:
    """An office with two meters, bound so."""
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院区", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG")],
        meters=[
            Meter("MTR-1", "水表一", "Meter 1", "BLD", "water"),
            Meter("MTR-2", "水表二", "Meter 2", "BLD", "water"),
        ],
        bindings=bindings,
    )


def bound(device: str, asset: str = "MTR-1", channel: str = "") -> Binding:
    """A binding that holds since 2020."""
    return Binding(device, asset, datetime(2020, 1, 1, tzinfo=UTC), channel=channel)


def reading(device: str, minute: int, value: object = None, channel: str = "") -> Message:
    """A reading of water by the minute after ``NOW``; the value is the minute where none is given."""
    at = NOW + timedelta(minutes=minute)
    values = {"water_m3": minute if value is None else value}
    document = {"time": at.isoformat(), "channel": channel, "values": values}
    return Message(f"quotawatt/{device}/readings", json.dumps(document).encode(), at)


@dataclass(frozen=True)
class Stage:
    """The stores, and a pipeline that goes by the register as it is stored."""

    series: MemorySeriesStore
    records: Engine
    pipeline: Pipeline

    def values(self, device: str, channel: str = "") -> list[float]:
        """The stored readings of a device, by time."""
        table = self.series.read_readings([SeriesKey(device, channel, "water_m3")], ALWAYS)
        found: list[float] = table["value"].to_pylist()
        return found

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a table of the record store, by its first column."""
        with self.records.connect() as conn:
            found = conn.execute(select(table).order_by(next(iter(table.c))))
            return [dict(row) for row in found.mappings()]

    def total(self, name: str) -> int:
        """One of the totals since installation; 0 where it never counted."""
        from quotawatt.storage.tables import counters

        return {row["name"]: row["total"] for row in self.rows(counters)}.get(name, 0)


@contextmanager
def stage(home: Path, decoder: Decoder, url: str, **settings: Any) -> Iterator[Stage]:
    """Fresh series in memory, and the record store of ``url``, under ``home``."""
    records = open_records(url, home)
    series = MemorySeriesStore()
    pipeline = Pipeline(
        series, records, lambda: load_register(records), decoder, Settings(**settings)
    )
    yield Stage(series, records, pipeline)
    records.dispose()
