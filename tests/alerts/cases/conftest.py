"""A desk with an empty record store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quotawatt.storage.records import open_records
from tests.alerts.cases.scene import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    records = open_records("sqlite", tmp_path)
    yield Desk(records)
    records.dispose()
