"""One table of the DuckDB store: a dictionary of series and the rows that name them by number.

There is no primary key: it would make a row cost several times as much and ten times the space. Instead
the store keeps, for each series, the span of the times that it holds; only a row inside that span can be
there already and is looked up, within the range of times of such rows. What arrives in order is appended
without looking, so a row costs the same however long the history is.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast

import duckdb
import numpy as np
import pyarrow as pa

from quotawatt.storage.duckdb_layout import CHOSEN, IN_SPAN, SOUND, Layout
from quotawatt.storage.frames import Ints, Mask, distinct, integers

Key = tuple[str, ...]

_NEVER = np.iinfo(np.int64)
_INSTANT = pa.timestamp("us")
# The range lets whole blocks of history be skipped unread.
_WITHIN = "held.time BETWEEN make_timestamp(?) AND make_timestamp(?)"


class SeriesTable:
    """Rows of many series. Whoever writes holds the store's lock; reading needs none.

    ``stale`` is set where a write failed: what is known of the series has to be loaded again.
    """

    def __init__(self, layout: Layout) -> None:
        self.stale = False
        self._layout = layout
        self._ids: dict[Key, int] = {}
        self._keys: list[Key] = []
        self._unsaved: list[int] = []
        self._first = np.empty(0, dtype=np.int64)
        self._last = np.empty(0, dtype=np.int64)

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the tables where missing, and read which series there are and what they span."""
        name, keys = self._layout.name, self._layout.keys
        columns = ", ".join(f"{column} {kind}" for column, kind in self._layout.columns)
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {name}_series"
            f" (series INTEGER, {', '.join(f'{key} VARCHAR' for key in keys)})"
        )
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {name} (series INTEGER, time TIMESTAMP, {columns})"
        )
        connection.execute(f"SELECT {', '.join(keys)} FROM {name}_series ORDER BY series")
        self._keys = connection.fetchall()
        self._ids = {key: number for number, key in enumerate(self._keys)}
        self._unsaved = []
        self._first = np.full(len(self._keys), _NEVER.max)
        self._last = np.full(len(self._keys), _NEVER.min)
        spans = fetch(
            connection,
            f"SELECT series, min(time) AS first, max(time) AS last FROM {name} GROUP BY series",
        )
        series = integers(spans["series"])
        self._first[series], self._last[series] = integers(spans["first"]), integers(spans["last"])
        self.stale = False

    def number(self, table: pa.Table) -> Ints:
        """The series of each row of ``table`` by number; new series get one."""
        keys, place = distinct(table, self._layout.keys)
        return np.array([self._number(key) for key in keys], dtype=np.int64)[place]

    def find(self, keys: Collection[Key]) -> list[int]:
        """The numbers of those of ``keys`` that the table knows."""
        return [self._ids[key] for key in set(keys) if key in self._ids]

    def places(self, keys: Sequence[Key]) -> Ints:
        """For each series that the table knows, by number, its place in ``keys``; -1: not there."""
        found = np.full(len(self._keys), -1, dtype=np.int64)
        for place, key in enumerate(keys):
            if key in self._ids:
                found[self._ids[key]] = place
        return found

    def known(self) -> list[Key]:
        """Every series; its place in the list is its number."""
        return list(self._keys)

    def key(self, number: int) -> Key:
        """The series of that number."""
        return self._keys[number]

    def reaches(self, number: int, edge_us: int, before: bool) -> bool:
        """Whether the series may have rows before the instant (else: at or after it)."""
        return bool(self._first[number] < edge_us if before else self._last[number] >= edge_us)

    def held_us(self, numbers: Sequence[int]) -> tuple[int, int]:
        """The times of the first and the last row that any of these series (one at least) may have."""
        return int(self._first[numbers].min()), int(self._last[numbers].max())

    def doubtful(self, series: Ints, time_us: Ints) -> Mask:
        """Which of the rows may be in the table already."""
        return (time_us >= self._first[series]) & (time_us <= self._last[series])

    def stored(
        self, connection: duckdb.DuckDBPyConnection, series: Ints, time_us: Ints
    ) -> pa.Table:
        """The rows, with all columns, that the table holds at these series and times (one at least)."""
        self._want(connection, series, time_us)
        return fetch(
            connection,
            f"SELECT held.* FROM {self._layout.name} AS held SEMI JOIN wanted"
            " ON held.series = wanted.series AND held.time = wanted.time"
            f" WHERE {_WITHIN}",
            _ends(time_us),
        )

    def remove(self, connection: duckdb.DuckDBPyConnection, series: Ints, time_us: Ints) -> None:
        """Delete the rows at these series and times (one at least)."""
        self._want(connection, series, time_us)
        connection.execute(
            f"DELETE FROM {self._layout.name} AS held USING wanted"
            " WHERE held.series = wanted.series AND held.time = wanted.time"
            f" AND {_WITHIN}",
            _ends(time_us),
        )

    def drop(self, connection: duckdb.DuckDBPyConnection, before_us: int) -> None:
        """Delete all rows before an instant; the series stay known."""
        connection.execute(
            f"DELETE FROM {self._layout.name} WHERE time < make_timestamp(?)", [before_us]
        )
        gone = self._last < before_us
        self._first = np.where(gone, _NEVER.max, np.maximum(self._first, before_us))
        self._last = np.where(gone, _NEVER.min, self._last)

    def thin(
        self,
        connection: duckdb.DuckDBPyConnection,
        series: Sequence[int],
        edges_us: tuple[int, int],
        every_us: int,
    ) -> None:
        """Delete all rows of these series from one edge to before the other but the first of each ``every``.

        Rows that are not suspect come first. Only for readings.
        """
        name = self._layout.name
        ranked = (
            "SELECT series, time, row_number() OVER (PARTITION BY series, epoch_us(time) // ?"
            f" ORDER BY NOT ({SOUND}), time) AS place FROM {name} WHERE {CHOSEN} AND {IN_SPAN}"
        )
        connection.execute(
            f"DELETE FROM {name} AS held USING ({ranked}) AS ranked WHERE ranked.place > 1"
            " AND held.series = ranked.series AND held.time = ranked.time"
            f" AND {_WITHIN}",
            [every_us, list(series), *edges_us, *edges_us],
        )

    def append(
        self, connection: duckdb.DuckDBPyConnection, series: Ints, time_us: Ints, rows: pa.Table
    ) -> None:
        """Add ``rows`` (only the columns beside series and time are taken)."""
        name = self._layout.name
        columns = [column for column, _ in self._layout.columns]
        batch = rows.select(columns)
        batch = batch.append_column("series", pa.array(series)).append_column(
            "time", pa.array(time_us).cast(_INSTANT)
        )
        self._save_series(connection)
        if len(series):
            connection.register("batch", batch)
            connection.execute(
                f"INSERT INTO {name} SELECT series, time, {', '.join(columns)} FROM batch"
            )
            connection.unregister("batch")
            np.minimum.at(self._first, series, time_us)
            np.maximum.at(self._last, series, time_us)

    def named(self, rows: pa.Table, schema: pa.Schema, time: str = "") -> pa.Table:
        """Rows by number as a table of ``schema``, sorted by key, then time.

        ``time`` is what the schema calls the rows' time, where not as the layout does.
        """
        series, time_us = integers(rows["series"]), integers(rows["time"])
        used, inverse = np.unique(series, return_inverse=True)
        keys = [self._keys[number] for number in used]
        rank = np.empty(len(keys), dtype=np.int64)
        rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        order = np.lexsort((time_us, rank[inverse]))
        rows = rows.take(order)
        for column, name in enumerate(self._layout.keys):
            names = pa.array([key[column] for key in keys], type=pa.string())
            rows = rows.append_column(name, names.take(inverse[order]))
        rows = rows.rename_columns(
            [time or self._layout.time if name == "time" else name for name in rows.schema.names]
        )
        return rows.select(schema.names).cast(schema)

    def _number(self, key: Key) -> int:
        if key not in self._ids:
            number = len(self._keys)
            self._keys.append(key)
            self._ids[key] = number
            self._unsaved.append(number)
            self._first = np.append(self._first, _NEVER.max)
            self._last = np.append(self._last, _NEVER.min)
        return self._ids[key]

    def _save_series(self, connection: duckdb.DuckDBPyConnection) -> None:
        if not self._unsaved:
            return
        columns: dict[str, Sequence[Any]] = {"series": self._unsaved}
        for place, name in enumerate(self._layout.keys):
            columns[name] = [self._keys[number][place] for number in self._unsaved]
        connection.register("fresh", pa.table(columns))
        connection.execute(f"INSERT INTO {self._layout.name}_series SELECT * FROM fresh")
        connection.unregister("fresh")
        self._unsaved = []

    def _want(self, connection: duckdb.DuckDBPyConnection, series: Ints, time_us: Ints) -> None:
        connection.register(
            "wanted",
            pa.table({"series": pa.array(series), "time": pa.array(time_us).cast(_INSTANT)}),
        )


def fetch(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] = ()
) -> pa.Table:
    """The rows of a query."""
    relation = connection.sql(query, params=list(parameters))
    return cast("pa.Table", relation.to_arrow_table())


def _ends(time_us: Ints) -> list[int]:
    return [int(time_us.min()), int(time_us.max())]
