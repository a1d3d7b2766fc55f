"""Put the folder, the data source and the boards into a running Grafana, over its HTTP API.

Everything goes by a stable UID, so publishing again changes what differs and nothing else. Where the
files of ``grafana/provisioning`` are mounted, Grafana reads them itself and this is not needed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from grafana_client import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException

from grafana.build import build
from grafana.panels import DATA_SOURCE_TYPE, DATA_SOURCE_UID
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings

FOLDER_UID = "quotawatt"
FOLDER_TITLE = "Quotawatt"
_SERIES_SCHEMES = ("influx+http", "influx+https")
_NOT_FOUND = 404
# Grafana numbers these itself: they say nothing about a board's content.
_GRAFANA_KEYS = ("id", "version")


def publish(url: str, token: str, settings: Settings) -> list[str]:
    """Publish the folder, the data source that ``settings`` name, and every board.

    url, token
        Grafana's address and the token of a service account with the role Admin.

    Returns what was done, a line for each thing (``dashboard quotawatt-overview-zh: created``).
    Raises InputError for an address, token or series store that cannot serve boards, StoreError where
    Grafana does not answer or refuses. Neither shows the token.
    """
    _require_http(url)
    if not token:
        raise InputError("publishing must have a Grafana token, got none")
    wanted = data_source(settings)
    api = GrafanaApi.from_url(url, credential=token)
    with _store_errors(url):
        return [
            f"folder {FOLDER_UID}: {_put_folder(api)}",
            f"data source {DATA_SOURCE_UID}: {_put_data_source(api, wanted)}",
            *(_put_board(api, json.loads(text)) for text in build(settings.timezone).values()),
        ]


def data_source(settings: Settings) -> dict[str, object]:
    """Grafana's data source over the InfluxDB that ``settings.series_url`` names, asked in InfluxQL.

    InfluxDB 2.x maps a database of the bucket's name to the bucket by itself. Raises InputError where
    the series store is not an InfluxDB: Grafana cannot read the embedded store.
    """
    scheme, _, address = settings.series_url.partition("://")
    if scheme not in _SERIES_SCHEMES or not address:
        raise InputError(
            "boards must have an InfluxDB (QUOTAWATT_SERIES_URL influx+http://HOST:PORT), "
            f"got {settings.series_url!r}"
        )
    options = {
        "version": "InfluxQL",
        "dbName": settings.influx_bucket,
        # Lists of many subjects would not fit into an address.
        "httpMode": "POST",
    }
    body: dict[str, object] = {
        "uid": DATA_SOURCE_UID,
        "name": FOLDER_TITLE,
        "type": DATA_SOURCE_TYPE,
        "access": "proxy",
        "url": f"{scheme.removeprefix('influx+')}://{address}",
        "jsonData": options,
    }
    token = settings.influx_token.get_secret_value()
    if token:
        options["httpHeaderName1"] = "Authorization"
        body["secureJsonData"] = {"httpHeaderValue1": f"Token {token}"}
    return body


def _put_folder(api: GrafanaApi) -> str:
    if _existing(api.folder.get_folder, FOLDER_UID) is not None:
        return "unchanged"
    api.folder.create_folder(FOLDER_TITLE, FOLDER_UID)
    return "created"


def _put_data_source(api: GrafanaApi, wanted: dict[str, object]) -> str:
    existing = _existing(api.datasource.get_datasource_by_uid, DATA_SOURCE_UID)
    if existing is None:
        api.datasource.create_datasource(wanted)
        return "created"
    if existing.get("readOnly"):
        # Provisioned from a file, which alone may change it.
        return "unchanged"
    # Its token cannot be read back for a comparison, so it is set anew each time.
    api.datasource.update_datasource_by_uid(DATA_SOURCE_UID, wanted)
    return "updated"


def _put_board(api: GrafanaApi, board: dict[str, object]) -> str:
    name = f"dashboard {board['uid']}"
    existing = _existing(api.dashboard.get_dashboard, str(board["uid"]))
    if existing is not None and _content(existing["dashboard"]) == _content(board):
        return f"{name}: unchanged"
    body = {"dashboard": board, "folderUid": FOLDER_UID, "overwrite": True}
    api.dashboard.update_dashboard(body)
    return f"{name}: " + ("created" if existing is None else "updated")


def _content(board: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in board.items() if key not in _GRAFANA_KEYS}


def _existing(get: Callable[[str], dict[str, Any]], uid: str) -> dict[str, Any] | None:
    """What Grafana has under ``uid``; None where there is nothing."""
    try:
        return get(uid)
    except GrafanaClientError as error:
        if error.status_code == _NOT_FOUND:
            return None
        raise


def _require_http(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"Grafana's address must be http(s)://HOST:PORT, got {url!r}")


@contextmanager
def _store_errors(url: str) -> Iterator[None]:
    """Grafana's and the connection's failures as StoreError, without what is secret in the address."""
    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    try:
        yield
    except GrafanaException as error:
        raise StoreError(
            f"Grafana at {shown} must accept the boards, got: {error.message}"
        ) from error
    except OSError as error:
        # What the client's HTTP library raises when nobody answers, or not in JSON.
        raise StoreError(f"Grafana at {shown} must answer, got {type(error).__name__}") from error
