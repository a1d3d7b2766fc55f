"""The readings and results that the entries of an evidence pack are about, as CSV."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from pyarrow import csv

from quotawatt.ledger.pack import READINGS, Members, Shown
from quotawatt.ledger.selection import Selection
from quotawatt.measures import MEASURES
from quotawatt.quantities import QUANTITIES
from quotawatt.readings import Grain, SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

ROWS_LIMIT = 500_000
"""Rows of results, and as many of readings; the manifest says where they were cut."""

ASSETS_LIMIT = 50
_AT_ONCE = timedelta(days=31)


class Evidence:
    """Hourly results and raw readings, those by hand too, of the assets that entries are about."""

    def __init__(
        self, series: SeriesStore, register: Register, rows_limit: int = ROWS_LIMIT
    ) -> None:
        self._series = series
        self._register = register
        self._rows_limit = rows_limit

    def write(self, members: Members, shown: Shown, wanted: Selection) -> dict[str, Any]:
        """Both files, and what the manifest says of them. Without an asset or a time there are none."""
        assets = assets_of(shown, wanted, self._register)
        span = _span(shown, wanted)
        if not assets or span is None:
            return {"assets": []}
        taken = assets[:ASSETS_LIMIT]
        results = self._write(members, "results-hour.csv", self._results(taken, span))
        readings = self._write(members, "readings.csv", self._readings(taken, span))
        return {
            "assets": taken,
            "assets_left_out": len(assets) - len(taken),
            "from": span.start.isoformat(),
            "until": span.end.isoformat(),
            "results": results,
            "readings": readings,
        }

    def _write(self, members: Members, name: str, tables: Iterator[pa.Table]) -> dict[str, Any]:
        """How many rows were written, and whether more were left out."""
        rows, cut, writer = 0, False, None
        with members.adding(READINGS + name) as member:
            for table in tables:
                part = table.slice(0, self._rows_limit - rows)
                writer = writer or csv.CSVWriter(member, part.schema)
                writer.write_table(part)
                rows += part.num_rows
                cut = part.num_rows < table.num_rows
                if cut:
                    break
            if writer is not None:
                writer.close()
        return {"rows": rows, "cut": cut}

    def _results(self, assets: list[str], span: Span) -> Iterator[pa.Table]:
        for asset in assets:
            for part in _parts(span):
                yield self._series.read_results(Grain.HOUR, [asset], list(MEASURES), part)

    def _readings(self, assets: list[str], span: Span) -> Iterator[pa.Table]:
        for asset in assets:
            for part in _parts(span):
                yield self._series.read_readings(_keys(f"asset:{asset}", "", ""), part)
            for binding in self._register.bindings_of(asset):
                for part in _parts(span):
                    within = _while_bound(part, binding)
                    if within is not None:
                        keys = _keys(binding.device, binding.channel, binding.quantity)
                        yield self._series.read_readings(keys, within)


def assets_of(shown: Shown, wanted: Selection, register: Register) -> list[str]:
    """Codes of the register that the entries are about: of all subjects, or of the one asked for."""
    subjects = [wanted.subject] if wanted.subject else list(shown.subjects)
    codes = dict.fromkeys(code_in(subject) for subject in subjects)
    return [code for code in codes if code in register.assets]


def code_in(subject: str) -> str:
    """The code in a subject: ``CODE``, ``CODE/...``, ``rule:CODE`` or ``rule:CODE/...``."""
    return subject.rpartition(":")[2].partition("/")[0]


def _span(shown: Shown, wanted: Selection) -> Span | None:
    """The time asked for; where it is open, that of the entries."""
    start: datetime | None = wanted.start or (shown.first.at if shown.first else None)
    end = wanted.end or shown.last_at
    return Span(start, end) if start is not None and end is not None and start < end else None


def _parts(span: Span) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        end = min(start + _AT_ONCE, span.end)
        yield Span(start, end)
        start = end


def _while_bound(span: Span, binding: Binding) -> Span | None:
    start = max(span.start, binding.valid_from)
    end = min(span.end, binding.valid_until or span.end)
    return Span(start, end) if start < end else None


def _keys(device: str, channel: str, quantity: str) -> list[SeriesKey]:
    names = [quantity] if quantity else list(QUANTITIES)
    return [SeriesKey(device, channel, name) for name in names]
