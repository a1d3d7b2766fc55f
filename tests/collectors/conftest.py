"""What tests of the collectors share."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from collectors.decode import Decoder
from collectors.profile import load_profiles
from quotawatt.storage.records import open_records


@pytest.fixture(scope="session")
def decoder() -> Decoder:
    """The shipped profiles, for devices in Shandong."""
    return Decoder(load_profiles(), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """An empty record store on SQLite; what is tried on PostgreSQL too has a fixture of its own."""
    engine = open_records("sqlite", tmp_path)
    yield engine
    engine.dispose()
