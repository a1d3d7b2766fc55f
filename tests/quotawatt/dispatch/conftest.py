"""One record store for the tests of dispatch; each takes back what it wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from quotawatt.storage.records import open_records
from tests.quotawatt.dispatch.world import undone


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("dispatch")
    engine = open_records("sqlite", folder)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A transaction with the drivers, taken back at the end."""
    with undone(engine) as conn:
        yield conn
