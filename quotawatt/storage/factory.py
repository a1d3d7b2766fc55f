"""Opening the series store that the settings name. Only what that one needs is loaded."""

from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore

_INFLUX = "influx+"


def open_series(settings: Settings) -> SeriesStore:
    """The store of ``settings.series_url``: ``duckdb`` (``series.duckdb`` under home), ``memory``, or
    ``influx+http://HOST:PORT``.

    Raises SettingError where it is none of them, StoreError where the file cannot be opened. InfluxDB is
    not asked before the first read or write.
    """
    url = settings.series_url
    if url == "duckdb":
        from quotawatt.storage.duckdb import DuckDbSeriesStore

        return DuckDbSeriesStore(settings.home / "series.duckdb", settings.duckdb_memory_mb)
    if url == "memory":
        from quotawatt.storage.memory import MemorySeriesStore

        return MemorySeriesStore()
    if url.startswith((f"{_INFLUX}http://", f"{_INFLUX}https://")):
        from quotawatt.storage.influx import InfluxSeriesStore

        return InfluxSeriesStore(
            url.removeprefix(_INFLUX),
            settings.influx_token.get_secret_value(),
            settings.influx_org,
            settings.influx_bucket,
        )
    # What follows the scheme may hold a password.
    raise SettingError(
        "series_url must be duckdb, memory or influx+http://HOST:PORT, "
        f"got {url.partition('://')[0]!r}"
    )
