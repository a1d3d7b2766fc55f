"""One record store for the tests of trying, which reads only."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from quotawatt.storage.records import open_records


@pytest.fixture(scope="package")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """SQLite, open; what a test writes there, another one sees."""
    engine = open_records("sqlite", tmp_path_factory.mktemp("records"))
    yield engine
    engine.dispose()
