"""The stores that collectors write to, read from outside: apart from the code that wrote them.

A store can also be stopped for a while. InfluxDB is killed and started again on its folder. DuckDB has no
server to kill: what can stop an embedded collector from outside is the record store, whose SQLite file
another process locks.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb
import httpx
import msgspec

from quotawatt.quantities import QUANTITIES
from tests.servers import Server, free_port, run_influxdb

DATABASE = "bench"
_TIMEOUT_S = 120.0


class Row(NamedTuple):
    """A reading of one device as the store holds it; the instant in microseconds since 1970."""

    quantity: str
    time_us: int
    value: float


class OutsideStore(Protocol):
    """A series store seen from outside."""

    @property
    def settings(self) -> Mapping[str, object]:
        """What a collector must be told to write to it."""

    def stop(self) -> None:
        """From now on it takes no writes."""

    def resume(self) -> None:
        """It takes writes again, and has what it had."""

    def count(self) -> int:
        """How many readings it holds. DuckDB's file must not be open in another process."""

    def rows(self, device: str) -> list[Row]:
        """All readings of a device, doubles included."""

    def close(self) -> None:
        """Release it."""


class DuckDbFile:
    """The DuckDB and SQLite files of an embedded collector's home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock: sqlite3.Connection | None = None

    @property
    def settings(self) -> Mapping[str, object]:
        """The defaults."""
        return {}

    def stop(self) -> None:
        """Take the record store's write lock."""
        self._lock = sqlite3.connect(self._home / "records.sqlite", timeout=30)
        self._lock.isolation_level = None
        self._lock.execute("BEGIN IMMEDIATE")

    def resume(self) -> None:
        """Give the lock back."""
        self.close()

    def count(self) -> int:
        """See OutsideStore."""
        return int(self._query("SELECT count(*) FROM readings")[0][0])

    def rows(self, device: str) -> list[Row]:
        """See OutsideStore."""
        statement = (
            "SELECT quantity, epoch_us(time), value FROM readings"
            " JOIN readings_series USING (series) WHERE device = ?"
        )
        return [Row(*row) for row in self._query(statement, [device])]

    def close(self) -> None:
        """See OutsideStore."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _query(self, statement: str, parameters: list[object] | None = None) -> list[Any]:
        with duckdb.connect(str(self._home / "series.duckdb"), read_only=True) as connection:
            return connection.execute(statement, parameters or []).fetchall()


class Restartable:
    """A throw-away server that can be killed and started again on its folder and port.

    run
        One of ``tests.servers``, its folder and port given.
    """

    def __init__(self, run: Any) -> None:
        self._run = run
        self._stack = ExitStack()
        self.server: Server = self._stack.enter_context(run())

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.server.process.kill()
        self.server.process.wait()
        self._stack.close()

    def start(self) -> None:
        """Start it again; it answers on return."""
        self.server = self._stack.enter_context(self._run())

    def close(self) -> None:
        """End it."""
        self._stack.close()


class InfluxServer:
    """An InfluxDB 1.x of our own, with one database."""

    def __init__(self, folder: Path) -> None:
        self._server = Restartable(partial(run_influxdb, folder, free_port()))
        self._http = httpx.Client(
            base_url=self._server.server.http_url, timeout=_TIMEOUT_S, trust_env=False
        )
        self._http.post("/query", data={"q": f"CREATE DATABASE {DATABASE}"}).raise_for_status()

    @property
    def server(self) -> Server:
        """The server that runs."""
        return self._server.server

    @property
    def settings(self) -> Mapping[str, object]:
        """See OutsideStore."""
        return {"series_url": f"influx+{self.server.http_url}", "influx_bucket": DATABASE}

    def stop(self) -> None:
        """Kill it."""
        self._server.kill()

    def resume(self) -> None:
        """Start it again."""
        self._server.start()

    def count(self, field: str = "*") -> int:
        """How many readings it holds; with ``field`` how many of that quantity."""
        found = self._query(f"SELECT COUNT({field}) FROM readings")
        return sum(
            count
            for series in found
            for row in series["values"]
            for column, count in zip(series["columns"], row, strict=True)
            if column == "count" or _quantity(column.removeprefix("count_"))
        )

    def rows(self, device: str) -> list[Row]:
        """See OutsideStore."""
        statement = f"SELECT * FROM readings WHERE device = '{device}'"
        return [
            Row(quantity, row[0], value)
            for series in self._query(statement)
            for row in series["values"]
            for column, value in zip(series["columns"], row, strict=True)
            if value is not None and (quantity := _quantity(column))
        ]

    def close(self) -> None:
        """See OutsideStore."""
        self._http.close()
        self._server.close()

    def _query(self, statement: str) -> Iterator[dict[str, Any]]:
        parameters = {"db": DATABASE, "q": statement, "epoch": "u"}
        reply = self._http.get("/query", params=parameters).raise_for_status()
        for result in msgspec.json.decode(reply.content)["results"]:
            yield from result.get("series", ())


def _quantity(field: str) -> str:
    """The quantity whose value a field of a point holds, suspect or not; empty for any other field."""
    name = field.removesuffix("_suspect")
    return name if name in QUANTITIES else ""
