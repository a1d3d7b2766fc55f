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
    if (server := influx_url(settings)) is not None:
        from quotawatt.storage.influx import InfluxSeriesStore

        return InfluxSeriesStore(
            server,
            settings.influx_token.get_secret_value(),
            settings.influx_org,
            settings.influx_bucket,
            shared=bool(settings.mqtt_share_group),
        )
    raise no_such_series(settings)


def no_such_series(settings: Settings) -> SettingError:
    """That the settings name no store; what follows the scheme is not shown, it may hold a password."""
    return SettingError(
        "series_url must be duckdb, memory or influx+http://HOST:PORT, "
        f"got {settings.series_url.partition('://')[0]!r}"
    )


def influx_url(settings: Settings) -> str | None:
    """The server's own address where the settings name an InfluxDB."""
    url = settings.series_url
    if url.startswith((f"{_INFLUX}http://", f"{_INFLUX}https://")):
        return url.removeprefix(_INFLUX)
    return None
