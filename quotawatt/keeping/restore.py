"""Putting a backup back: into an empty home folder and empty stores, all of it verified, or nothing."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, func, select

from quotawatt.errors import InputError, StateError
from quotawatt.keeping.archive import packing_of, unpack
from quotawatt.keeping.backup import HOME, READINGS_FILE, RECORDS, SERIES
from quotawatt.keeping.chunks import EVER, count_readings, count_results
from quotawatt.keeping.doubt import Doubt
from quotawatt.keeping.importing import request_from, under_way
from quotawatt.keeping.tables_out import empty_tables, load_tables
from quotawatt.ledger import Ledger
from quotawatt.ledger.chain import read_head
from quotawatt.readings import Grain, Quality
from quotawatt.settings import Settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger, touched
from quotawatt.storage.touched import mark
from quotawatt.storage.versions import revision_of

_ROWS = 100_000
_UNPACKED = "unpacked"

Advance = Callable[[str, int], None]
"""Told the step (``write``) and how many rows are done."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the manifest, and how many hours of series are to be computed."""

    manifest: Mapping[str, Any]
    marks: int


def restore(
    file: Path,
    settings: Settings,
    actor: str,
    now: datetime,
    advance: Advance = lambda step, rows: None,
) -> Restored:
    """Put a backup back into ``settings.home`` and the stores of the settings.

    The stores need not be of the kinds that the backup was made of. Every file is verified, every row is
    counted, and the ledger's chain is walked. Where anything fails nothing is left behind.

    Raises InputError where the file is no whole backup, StateError where the home folder or a store is not
    empty or the backup is of another version, StoreError where a store fails.
    """
    if settings.home.exists() and (not settings.home.is_dir() or any(settings.home.iterdir())):
        raise StateError(f"a backup must be restored into an empty folder, got {settings.home}")
    with _staging(settings.home) as staging:
        manifest = unpack(file, staging / _UNPACKED, packing_of(file))
        staged = settings.model_copy(update={"home": staging})
        for name, said in manifest["files"].items():
            if name.startswith(f"{HOME}/"):
                _move(staging / _UNPACKED / name, staging / name.removeprefix(f"{HOME}/"), said)
        with _empty_stores(staged) as stores:
            marks = _fill(stores, manifest, staging / _UNPACKED, now, advance)
            _verify(stores, manifest)
            _tell(stores[1], manifest, actor, now)
        shutil.rmtree(staging / _UNPACKED)
    return Restored(manifest, marks)


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """A folder beside the home folder that takes its place at the end, or goes where something fails."""
    home = home.absolute()
    home.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(mkdtemp(dir=home.parent, prefix=f".{home.name}.restore-"))
    try:
        yield staging
        if home.exists():
            home.rmdir()
        staging.rename(home)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _move(source: Path, target: Path, said: Mapping[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    target.chmod(int(said["mode"]))


@contextmanager
def _empty_stores(settings: Settings) -> Iterator[tuple[SeriesStore, Engine]]:
    """The stores, empty; emptied again where something fails."""
    records = open_records(settings.records_url, settings.home)
    try:
        series = open_series(settings)
        try:
            _require_empty(series, records)
            try:
                yield series, records
            except BaseException:
                _empty(series, records)
                raise
        finally:
            series.close()
    finally:
        records.dispose()


def _require_empty(series: SeriesStore, records: Engine) -> None:
    with records.connect() as conn:
        entries = conn.execute(select(func.count()).select_from(ledger)).scalar_one()
    held = series.known_series()
    if entries or held:
        raise StateError(
            "a backup must be restored into empty stores, got "
            f"{entries} ledger entries and {len(held)} series of readings"
        )


def _empty(series: SeriesStore, records: Engine) -> None:
    series.drop_readings(EVER.end)
    for grain in Grain:
        series.drop_results(grain, EVER.end)
    with records.begin() as conn:
        empty_tables(conn)


def _fill(
    stores: tuple[SeriesStore, Engine],
    manifest: Mapping[str, Any],
    folder: Path,
    now: datetime,
    advance: Advance,
) -> int:
    """Write all of it; returns how many hours of series are marked by then."""
    series, records = stores
    with records.connect() as conn:
        _require_revision(conn, manifest)
    for grain in Grain:
        for table in _tables(folder / SERIES / f"results_{grain}.parquet"):
            series.write_results(grain, table)
    doubt = _fill_readings(series, manifest, folder / SERIES / READINGS_FILE, advance)
    with records.begin() as conn:
        rows = load_tables(conn, folder / RECORDS)
        if rows != manifest["rows"]:
            raise InputError("the tables of a backup must have the rows of its manifest")
        mark(conn, doubt.marks)
        _ask_anew(conn, series, manifest, doubt.reach(series), now)
        return int(conn.execute(select(func.count()).select_from(touched)).scalar_one())


def _fill_readings(
    series: SeriesStore, manifest: Mapping[str, Any], path: Path, advance: Advance
) -> Doubt:
    """Write the readings; returns what those touch that may have come without a mark."""
    doubt = Doubt(datetime.fromisoformat(manifest["made_at"]))
    written = sound = 0
    for table in _tables(path):
        written += series.write_readings(table).written
        sound += len(table) - table["quality"].to_pylist().count(Quality.SUSPECT)
        doubt.add(table)
        advance("write", written)
    held = count_readings(series, frozenset(series.known_series()), EVER)
    if written != manifest["series"]["readings"] or held != sound:
        raise InputError(
            f"a series store must take all {manifest['series']['readings']} readings of a backup, "
            f"got {written} written, {held} of {sound} there"
        )
    return doubt


def _require_revision(conn: Connection, manifest: Mapping[str, Any]) -> None:
    revision = revision_of(conn)
    if manifest["records_revision"] != revision:
        raise StateError(
            "a backup must be restored by the version that made it (upgrade afterwards), of revision "
            f"{manifest['records_revision']}, got revision {revision}"
        )


def _ask_anew(
    conn: Connection,
    series: SeriesStore,
    manifest: Mapping[str, Any],
    doubtful: datetime | None,
    now: datetime,
) -> None:
    """Have computed what the results of the backup may not rest on. ``doubtful``: from then on."""
    starts: list[Any] = [start for start in (doubtful, under_way(conn)) if start is not None]
    if manifest["compute_anew"]:
        starts = series.activity(EVER)["first"].to_pylist()
    request_from(conn, min(starts, default=None), now)


def _tables(path: Path) -> Iterator[pa.Table]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"a file of a backup must be Parquet, got {path.name}: {error}") from None


def _verify(stores: tuple[SeriesStore, Engine], manifest: Mapping[str, Any]) -> None:
    """Raise InputError where the stores do not hold what the manifest says."""
    series, records = stores
    found = Ledger(records).verify()
    with records.connect() as conn:
        head = read_head(conn)
    if found or {"seq": head.seq, "hash": head.hash} != manifest["ledger"]:
        raise InputError(
            f"the ledger of a backup must hold, up to entry {manifest['ledger']['seq']}, got "
            f"{found[0] if found else f'entry {head.seq}'}"
        )
    for grain in Grain:
        held = count_results(series, grain, EVER)
        if held != manifest["series"][grain.value]:
            raise InputError(
                f"a series store must take all {manifest['series'][grain.value]} {grain.value} results "
                f"of a backup, got {held}"
            )


def _tell(records: Engine, manifest: Mapping[str, Any], actor: str, now: datetime) -> None:
    with records.begin() as conn:
        Ledger(records).append(
            conn,
            at=now,
            actor=actor,
            action="backup_restored",
            subject="backup",
            detail={"made_at": manifest["made_at"], "ledger_seq": manifest["ledger"]["seq"]},
        )
