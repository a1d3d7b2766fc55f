"""A backup of everything of a home folder and its stores, while they are in use.

The order makes it consistent without stopping anybody. First the record store, as of one instant; then the
results; then the readings. So every reading that a result rests on is there, and so is every reading that
was acknowledged before the beginning. A reading that came later may be there without its mark: a restore
marks what arrived from an hour before the beginning on, and the next analysis computes it. Where somebody
changed the register, entered or imported readings or approved rules meanwhile, results may rest on what is
not there: then the manifest has all of them computed anew.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, select

from quotawatt.errors import StateError, StoreError
from quotawatt.keeping.archive import Archive, written
from quotawatt.keeping.chunks import EVER, reading_chunks, result_chunks
from quotawatt.keeping.importing import IMPORT_STEPS
from quotawatt.keeping.standing import gone
from quotawatt.keeping.tables_out import dump_tables
from quotawatt.ledger import Ledger
from quotawatt.ledger.chain import read_head
from quotawatt.readings import READINGS, RESULTS, Grain
from quotawatt.storage.horizon import frozen_before
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import reading_as_one
from quotawatt.storage.tables import counters, ledger
from quotawatt.storage.versions import revision_of

RECORDS, SERIES, HOME = "records", "series", "home"
"""Folders of a backup."""

READINGS_FILE = "readings.parquet"

_WORK = ".backup-"
_LOCK = ".backup.lock"
# What a home folder holds beside what is copied: the stores themselves, sockets, what is on its way.
_LEFT_OUT = (
    "records.sqlite",
    "series.duckdb",
    ".upload-",
    ".writable-",
    _WORK,
    _LOCK,
    "quotawatt.sock",
)
_NO_PART = (".part", ".tar.zst", ".tar.gz")  # of backups
# What these do changes no figure.
_HARMLESS = (
    "alert_", "backup_", "dead_letters_", "finding_", "grant_", "keeping_asked", "ledger_", "password_",
    "pool_", "readings_exported", "register_checked", "register_exported", "results_exported", "session_",
    "settings_", "sign_in_", "token_", "user_",
)  # fmt: skip

Advance = Callable[[str, int], None]
"""Told what is copied (``results`` or ``readings``) and how many rows are done."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up, who wants it, and by which clock."""

    home: Path
    series: SeriesStore
    records: Engine
    actor: str
    clock: Callable[[], datetime]
    advance: Advance = lambda what, rows: None


@dataclass(frozen=True, slots=True)
class _Moment:
    """What shows whether something went on that a backup cannot see."""

    ledger_seq: int
    import_steps: int
    gone: tuple[datetime | None, ...]


def write_backup(source: Source, target: IO[bytes], packing: str) -> dict[str, Any]:
    """Write a backup into ``target``; returns its manifest.

    packing
        ``zst`` or ``gz``.

    Raises StateError where another one is made of this home folder, or readings were let go of meanwhile,
    StoreError where a store or the disk fails.
    """
    with _work_folder(source.home) as folder:
        began = source.clock()
        manifest = _copy_stores(source, folder, began)
        try:
            with written(target, packing) as archive:
                for part in (RECORDS, SERIES):
                    _add_folder(archive, folder / part, part)
                _add_home(archive, source.home)
                archive.close(manifest)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"a backup must be writable, it is not: {error}") from error
        files = archive.files
    _tell(source, manifest, len(files))
    return {**manifest, "files": files}


def _copy_stores(source: Source, folder: Path, began: datetime) -> dict[str, Any]:
    (folder / RECORDS).mkdir()
    (folder / SERIES).mkdir()
    with reading_as_one(source.records) as conn:
        before = _moment(conn)
        head = read_head(conn)
        revision, frozen = revision_of(conn), frozen_before(conn)
        rows = dump_tables(conn, folder / RECORDS)
    counts = _copy_series(source, folder / SERIES)
    with source.records.connect() as conn:
        after = _moment(conn)
        if after.gone != before.gone:
            raise StateError(
                "nothing may be let go of while a backup is made, got readings or results that went "
                "meanwhile: make it again"
            )
        anew = before.import_steps != after.import_steps or _figures_changed(conn, before)
    return {
        "made_at": began.isoformat(),
        "records_revision": revision,
        "ledger": {"seq": head.seq, "hash": head.hash},
        "rows": rows,
        "series": counts,
        "frozen_before": None if frozen is None else frozen.isoformat(),
        "compute_anew": anew,
    }


def _copy_series(source: Source, folder: Path) -> dict[str, int]:
    counts = {}
    for grain in Grain:
        tables = result_chunks(source.series, grain, EVER)
        counts[grain.value] = _write(source, folder / f"results_{grain}.parquet", RESULTS, tables)
    series = source.series.known_series()
    tables = reading_chunks(source.series, series, EVER)
    counts["readings"] = _write(source, folder / READINGS_FILE, READINGS, tables)
    return counts


def _write(source: Source, path: Path, schema: pa.Schema, tables: Iterator[pa.Table]) -> int:
    what = "readings" if schema is READINGS else "results"
    rows = 0
    try:
        with pq.ParquetWriter(path, schema, compression="zstd") as file:
            for table in tables:
                file.write_table(table)
                rows += len(table)
                source.advance(what, rows)
    except OSError as error:
        raise StoreError(f"the home folder must have room for a backup: {error}") from error
    return rows


def _moment(conn: Connection) -> _Moment:
    steps = conn.execute(select(counters.c.total).where(counters.c.name == IMPORT_STEPS)).scalar()
    went = tuple(gone(conn, what) for what in ("readings", Grain.HOUR, Grain.DAY))
    return _Moment(read_head(conn).seq, int(steps or 0), went)


def _figures_changed(conn: Connection, before: _Moment) -> bool:
    query = select(ledger.c.action).where(ledger.c.seq > before.ledger_seq)
    return any(not action.startswith(_HARMLESS) for action in conn.execute(query).scalars())


def _add_folder(archive: Archive, folder: Path, name: str) -> None:
    for path in sorted(folder.iterdir()):
        archive.add(path, f"{name}/{path.name}")
        path.unlink()


def _add_home(archive: Archive, home: Path) -> None:
    """The other files of the home folder, with their modes. Links and sockets are left out."""
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        left_out = inside.parts[0].startswith(_LEFT_OUT) or path.name.endswith(_NO_PART)
        if path.is_file() and not path.is_symlink() and not left_out:
            archive.add(path, f"{HOME}/{inside.as_posix()}")


def _tell(source: Source, manifest: Mapping[str, Any], files: int) -> None:
    with source.records.begin() as conn:
        Ledger(source.records).append(
            conn,
            at=source.clock(),
            actor=source.actor,
            action="backup_made",
            subject="backup",
            detail={
                "began": manifest["made_at"],
                "files": files,
                "readings": manifest["series"]["readings"],
                "ledger_seq": manifest["ledger"]["seq"],
            },
        )


@contextmanager
def _work_folder(home: Path) -> Iterator[Path]:
    """A folder in the home folder, gone at the end. What one that was killed has left goes, too."""
    with (home / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateError(
                f"one backup of a home folder is made at a time, got another of {home}"
            ) from None
        for left in home.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(dir=home, prefix=_WORK) as folder:
            yield Path(folder)
