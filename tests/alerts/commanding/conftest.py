"""A scene over a fresh record store."""

from pathlib import Path

import pytest

from quotawatt.devicecommands import Catalogue
from quotawatt.storage.records import open_records
from tests.alerts.commanding.scene import Scene, shipped_commands


@pytest.fixture(scope="session")
def known() -> Catalogue:
    """What the shipped profiles know."""
    return shipped_commands()


@pytest.fixture
def scene(tmp_path: Path, known: Catalogue) -> Scene:
    """Over SQLite."""
    return Scene(open_records("sqlite", tmp_path), known)
