"""What tests of the commands share."""

import pytest


@pytest.fixture
def both_stores(records_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands find a fresh record store, of each kind, by their settings; its address."""
    monkeypatch.setenv("QUOTAWATT_RECORDS_URL", records_url)
    return records_url
