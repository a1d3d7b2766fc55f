"""A scene over a record store that was set up once and is copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotawatt.devicecommands import Catalogue
from quotawatt.storage.records import open_records
from tests.alerts.commanding.scene import Scene, shipped_commands

FILE = "records.sqlite"


@pytest.fixture(scope="session")
def known() -> Catalogue:
    """What the shipped profiles know."""
    return shipped_commands()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a record store without rows."""
    folder = tmp_path_factory.mktemp("empty")
    open_records("sqlite", folder).dispose()
    return folder / FILE


@pytest.fixture
def scene(tmp_path: Path, empty_store: Path, known: Catalogue) -> Iterator[Scene]:
    """Over SQLite."""
    shutil.copy(empty_store, tmp_path / FILE)
    records = open_records("sqlite", tmp_path)
    yield Scene(records, known)
    records.dispose()
