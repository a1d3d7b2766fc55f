"""Which store the settings name."""

from pathlib import Path

import pytest

from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.factory import open_series
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.memory import MemorySeriesStore


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("duckdb", DuckDbSeriesStore),
        ("memory", MemorySeriesStore),
        ("influx+http://127.0.0.1:8086", InfluxSeriesStore),
        ("influx+https://influx.example", InfluxSeriesStore),
    ],
)
def test_each_address_opens_its_store(url: str, kind: type, tmp_path: Path) -> None:
    store = open_series(Settings(home=tmp_path, series_url=url))
    assert isinstance(store, kind)
    store.close()


def test_the_duckdb_file_lies_in_the_home_folder(tmp_path: Path) -> None:
    open_series(Settings(home=tmp_path / "var")).close()
    assert (tmp_path / "var" / "series.duckdb").is_file()


@pytest.mark.parametrize("url", ["", "sqlite", "influx+ftp://u:s3cret@h", "http://u:s3cret@h"])
def test_any_other_address_is_refused_without_showing_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="series_url must be duckdb, memory or influx") as caught:
        open_series(Settings(home=tmp_path, series_url=url))
    assert "s3cret" not in str(caught.value)
