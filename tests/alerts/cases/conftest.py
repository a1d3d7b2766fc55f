"""A desk with an empty record store, copied from one that was made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotawatt.storage.records import open_records
from tests.alerts.cases.scene import Desk


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty record store."""
    home = tmp_path_factory.mktemp("empty")
    records = open_records("sqlite", home)
    records.dispose()
    return home / "records.sqlite"


@pytest.fixture
def desk(empty_store: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(empty_store, tmp_path / "records.sqlite")
    records = open_records("sqlite", tmp_path)
    yield Desk(records)
    records.dispose()
