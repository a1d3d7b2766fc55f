"""Stores of each kind for the contract."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from tests.quotawatt.storage.contract import StoreFactory
from tests.quotawatt.storage.given import GivenServer, given_server
from tests.servers import Server

_numbers = count(1)


@pytest.fixture(scope="session")
def given() -> Iterator[GivenServer | None]:
    """The InfluxDB that the environment names, if any: it takes the place of the one started here."""
    server = given_server()
    yield server
    if server is not None:
        server.close()


@pytest.fixture
def new_influx(
    given: GivenServer | None, request: pytest.FixtureRequest
) -> Callable[[], SeriesStore]:
    """Opens an empty store on InfluxDB, as often as it is called."""
    if given is not None:
        return given.fresh
    server: Server = request.getfixturevalue("influxdb_server")
    return lambda: InfluxSeriesStore(server.http_url, "", "quotawatt", f"contract_{next(_numbers)}")


@pytest.fixture(params=["memory", "duckdb", pytest.param("influx", marks=pytest.mark.influx)])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreFactory]:
    """Opens an empty store of each kind, as often as it is called."""
    opened: list[SeriesStore] = []
    kinds: dict[str, Callable[[], SeriesStore]] = {
        "memory": MemorySeriesStore,
        "duckdb": lambda: DuckDbSeriesStore(tmp_path / f"{next(_numbers)}.duckdb"),
    }
    if request.param == "influx":
        kinds["influx"] = request.getfixturevalue("new_influx")

    def open_store() -> SeriesStore:
        store = kinds[request.param]()
        opened.append(store)
        return store

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(new_store: StoreFactory) -> SeriesStore:
    """An empty store of each kind."""
    return new_store()


@pytest.fixture
def removes(request: pytest.FixtureRequest, given: GivenServer | None) -> bool:
    """Whether the store can remove what is old: InfluxDB 3 cannot."""
    parameters = request.node.callspec.params
    return parameters["new_store"] != "influx" or given is None or given.major < 3
