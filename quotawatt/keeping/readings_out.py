"""An export of readings, with its entry in the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Engine

from quotawatt.keeping.chunks import EVER, count_readings, reading_chunks
from quotawatt.keeping.outgoing import Wanted, frozen_results, require_frozen, wanted_series
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.storage.horizon import frozen_before
from quotawatt.storage.port import SeriesStore


@dataclass(frozen=True, slots=True)
class Export:
    """Tables in order of time, and how many rows they have, suspect readings left out (None: not known)."""

    tables: Iterator[pa.Table]
    count: int | None = None


def begin_export(
    stores: tuple[SeriesStore, Engine], register: Register, wanted: Wanted, actor: str, at: datetime
) -> Export:
    """The wanted readings; the ledger has noted who takes them.

    Raises InputError for an unknown quantity, NotFoundError for an unknown asset.
    """
    store, records = stores
    series = wanted_series(store, register, wanted)
    count = count_readings(store, frozenset(series), wanted.span)
    everything = wanted.span == EVER
    detail = {
        "from": None if everything else wanted.span.start.isoformat(),
        "until": None if everything else wanted.span.end.isoformat(),
        "devices": sorted(wanted.devices),
        "assets": sorted(wanted.assets),
        "quantities": sorted(wanted.quantities),
        "without": sorted(wanted.without),
        "readings": count,
        "series": len(series),
    }
    _tell(records, actor, at, "readings_exported", detail)
    return Export(reading_chunks(store, series, wanted.span), count)


def begin_results(
    stores: tuple[SeriesStore, Engine], actor: str, at: datetime
) -> tuple[datetime, Export]:
    """The frozen results and their horizon. Raises StateError where nothing is frozen."""
    store, records = stores
    with records.connect() as conn:
        frozen = require_frozen(frozen_before(conn))
    _tell(records, actor, at, "results_exported", {"before": frozen.isoformat()})
    return frozen, Export(frozen_results(store, frozen))


def _tell(
    records: Engine, actor: str, at: datetime, action: str, detail: Mapping[str, object]
) -> None:
    with records.begin() as conn:
        Ledger(records).append(
            conn, at=at, actor=actor, action=action, subject="readings", detail=detail
        )
