"""Fixtures that tests of several folders share: real servers, one of each for a session."""

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import hypothesis
import pytest
from sqlalchemy import Connection, Engine, event

from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from tests.recordstores import PostgresStores, from_a_ready_file
from tests.servers import (
    Server,
    create_postgres_database,
    drop_postgres_database,
    run_influxdb,
    run_mosquitto,
    run_postgres,
    run_victoria_metrics,
)

_numbers = itertools.count(1)

# What is imported stays: to look for rubbish in it over and over takes a sixth of the time.
gc.disable()

# No timed assertions: how long an example takes says more of the machine than of the code.
# A landing is judged by the same examples each time; at the desk every run tries new ones.
hypothesis.settings.register_profile(
    "quotawatt", deadline=None, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("quotawatt")


@dataclass(frozen=True, slots=True)
class InfluxDatabase:
    """An empty database of a real InfluxDB 1.x; ``url`` is the server's."""

    url: str
    name: str


_engines: set[Engine] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: a worker takes a file at a time, and none shall end alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """From here on only what tests make is looked through for rubbish, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)
    gc.enable()


@event.listens_for(Engine, "engine_connect")
def _note_engine(connection: Connection) -> None:
    _engines.add(connection.engine)


@pytest.fixture(autouse=True)
def _connections_are_closed() -> Iterator[None]:
    """Close what engines keep open: Python 3.13 warns of connections left to the garbage collector."""
    yield
    _close_connections()


def _close_connections() -> None:
    while _engines:
        _engines.pop().dispose()


@pytest.fixture(scope="session", autouse=True)
def _files_are_copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A record store in a new file is a copy of one that was made at the start."""
    bring = from_a_ready_file(tmp_path_factory.mktemp("ready"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quotawatt.storage.records.bring_to_newest", bring)
        yield


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real broker (``host``, ``port``), one for the session: use topics and client ids of your own."""
    with run_mosquitto(tmp_path_factory.mktemp("mosquitto")) as server:
        yield server


@pytest.fixture(scope="session")
def influxdb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real InfluxDB 1.x, one for the session."""
    with run_influxdb(tmp_path_factory.mktemp("influxdb")) as server:
        yield server


@pytest.fixture
def influxdb(influxdb_server: Server) -> Iterator[InfluxDatabase]:
    """A fresh, empty database on the session's InfluxDB; dropped afterwards."""
    database = InfluxDatabase(influxdb_server.http_url, f"test_{next(_numbers)}")
    _influx(database, "CREATE DATABASE")
    yield database
    _influx(database, "DROP DATABASE")


@pytest.fixture(params=["memory", "duckdb", pytest.param("influx", marks=pytest.mark.influx)])
def empty_series(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeriesStore]:
    """An empty series store of each kind."""

    def influx() -> SeriesStore:
        database: InfluxDatabase = request.getfixturevalue("influxdb")
        return InfluxSeriesStore(database.url, "", "quotawatt", database.name)

    stores: dict[str, Callable[[], SeriesStore]] = {
        "memory": MemorySeriesStore,
        "duckdb": lambda: DuckDbSeriesStore(tmp_path / "series.duckdb"),
        "influx": influx,
    }
    store = stores[request.param]()
    yield store
    store.close()


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real VictoriaMetrics, which accepts InfluxDB v2 writes."""
    with run_victoria_metrics(tmp_path_factory.mktemp("victoria")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL, one for the session."""
    with run_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[str]:
    """SQLAlchemy address of a fresh, empty database, ``postgresql+psycopg://...``; dropped afterwards."""
    name = f"test_{next(_numbers)}"
    yield create_postgres_database(postgres_server, name)
    _close_connections()
    drop_postgres_database(postgres_server, name)


@pytest.fixture(scope="session")
def postgres_stores(
    postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> PostgresStores:
    """Empty record stores on the session's PostgreSQL."""
    return PostgresStores(postgres_server, tmp_path_factory.mktemp("stores"))


RECORD_STORES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
"""The kinds of record stores, for fixtures that are parametrised over them."""


@pytest.fixture(params=RECORD_STORES)
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh record store of each kind: what uses one is tried on both."""
    with fresh_records(request, tmp_path) as url:
        yield url


@contextmanager
def fresh_records(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Address of a fresh record store of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'records.sqlite'}"
        return
    stores: PostgresStores = request.getfixturevalue("postgres_stores")
    name = stores.take()
    yield stores.url(name)
    _close_connections()
    stores.give_back(name)


@pytest.fixture
def records(records_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A fresh record store of each kind, open."""
    engine = open_records(records_url, tmp_path)
    yield engine
    engine.dispose()


def _influx(database: InfluxDatabase, verb: str) -> None:
    query = {"q": f'{verb} "{database.name}"'}
    httpx.post(f"{database.url}/query", data=query, trust_env=False).raise_for_status()
