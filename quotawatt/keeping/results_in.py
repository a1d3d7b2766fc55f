"""Taking results in that no readings stand for any more, from the store that they were computed in."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine

from quotawatt.errors import InputError
from quotawatt.keeping.outgoing import FROZEN_RESULTS, HORIZON_KEY
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain
from quotawatt.storage.horizon import announce_horizon, freeze_results
from quotawatt.storage.port import SeriesStore

_ROWS = 100_000


def import_results(
    path: Path, store: SeriesStore, records: Engine, actor: str, at: datetime
) -> tuple[int, datetime]:
    """Write the results of a Parquet file, and freeze what lies before their horizon.

    The file is read through before anything is written. Safe to repeat. Returns how many results there were
    and the horizon. Raises InputError where it is no such file, StoreError where a store fails.
    """
    try:
        with pq.ParquetFile(path) as file:
            horizon = _horizon(file.schema_arrow)
            for batch in file.iter_batches(_ROWS):
                _require_frozen(pa.Table.from_batches([batch]), horizon)
            count = 0
            for batch in file.iter_batches(_ROWS):
                count += _write(store, pa.Table.from_batches([batch]))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"a file of results must be whole and Parquet, got: {error}") from None
    with records.begin() as conn:
        announce_horizon(conn, horizon)
        freeze_results(conn, horizon)
        Ledger(records).append(
            conn,
            at=at,
            actor=actor,
            action="results_imported",
            subject="readings",
            detail={"results": count, "before": horizon.isoformat()},
        )
    return count, horizon


def _horizon(schema: pa.Schema) -> datetime:
    said = (schema.metadata or {}).get(HORIZON_KEY, b"")
    if schema.names != FROZEN_RESULTS.names or not said:
        raise InputError(
            "a file of results must be one that 'readings export --results' wrote, got the columns "
            f"{', '.join(schema.names)[:500]}"
        )
    return datetime.fromisoformat(said.decode()).astimezone(UTC)


def _require_frozen(table: pa.Table, horizon: datetime) -> None:
    last = pc.max(table["start"]).as_py()
    known = set(table["grain"].to_pylist()) <= set(Grain)
    if not known or (last is not None and last >= horizon):
        raise InputError(
            f"results must be hour, day or month before {horizon.isoformat()}, got one of {last}"
        )


def _write(store: SeriesStore, table: pa.Table) -> int:
    for grain in Grain:
        mine = table.filter(pc.equal(table["grain"], pa.scalar(grain.value)))
        if len(mine):
            store.write_results(grain, mine.select(RESULTS.names))
    return len(table)
