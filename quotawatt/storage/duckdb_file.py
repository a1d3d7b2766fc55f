"""The DuckDB file of the embedded series store: its connections, transactions and failures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import duckdb

from quotawatt.errors import StoreError
from quotawatt.storage.duckdb_layout import QUALITIES
from quotawatt.storage.duckdb_table import SeriesTable

THREADS = 2


class DuckDbFile:
    """One file with some tables. Threads may share it, processes may not.

    One connection writes, under a lock, one commit a call; every read has a connection of its own and
    sees the last commit.
    """

    def __init__(self, path: Path, memory_limit_mb: int, tables: Sequence[SeriesTable]) -> None:
        """Open the file, or create it. Raises StoreError where it is in use or cannot be written."""
        self._path = path
        self._memory_limit_mb = memory_limit_mb
        self._tables = tables
        self._lock = Lock()
        self._given_up = False
        with self._failures():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that sees the last commit."""
        with self._failures():
            if self._given_up:
                with self._lock:
                    self._open_again()
            connection = self._database.cursor()
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def writing(self, table: SeriesTable) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction. Where it fails, what is known of its series is read again before the next."""
        with self._lock, self._failures():
            self._open_again()
            if table.stale:
                table.load(self.writer)
            self.writer.begin()
            try:
                yield self.writer
                self.writer.commit()
            except BaseException:
                table.stale = True
                # A commit that failed, on a full disk, has ended its transaction by itself.
                with suppress(duckdb.Error):
                    self.writer.rollback()
                raise

    def close(self) -> None:
        """Release the file. Closing twice is harmless."""
        with self._lock:
            self.writer.close()
            self._database.close()

    def _open(self) -> None:
        self._database = duckdb.connect(
            str(self._path),
            config={
                "memory_limit": f"{self._memory_limit_mb}MB",
                # What is not yet in the file is in memory as well.
                "checkpoint_threshold": "4MB",
                "threads": THREADS,
            },
        )
        self.writer = self._database.cursor()
        self.writer.execute(f"CREATE TYPE IF NOT EXISTS quality AS ENUM ({QUALITIES})")
        for table in self._tables:
            table.load(self.writer)
        self._given_up = False

    def _open_again(self) -> None:
        """Under the lock: open the file anew where DuckDB has given it up, as after a failed checkpoint."""
        if self._given_up:
            self.writer.close()
            self._database.close()
            self._open()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise what DuckDB and the file system raise as StoreError."""
        try:
            yield
        except (duckdb.Error, OSError) as error:
            self._given_up = self._given_up or isinstance(error, duckdb.FatalException)
            rule = "the series store must take reads and writes"
            if "set lock on file" in str(error):
                rule = "the series store's file must not be in use by another process"
            raise StoreError(f"{rule}, {self._path} says: {error}") from error
