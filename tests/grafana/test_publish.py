"""Publishing against a real HTTP server that keeps what it is given, as Grafana's API does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from grafana.build import build
from grafana.publish import data_source, publish
from quotawatt.errors import InputError, StoreError
from quotawatt.settings import Settings
from tests.servers import HOST, free_port

TOKEN = "glsa-not-to-be-shown"
INFLUX = Settings(
    series_url="influx+http://influxdb:8086", influx_token="influx-secret", influx_bucket="energy"
)
UIDS = ("quotawatt-overview-zh", "quotawatt-overview-en")


class FakeGrafana(ThreadingHTTPServer):
    """Folders, data sources and dashboards by UID, and every request in order."""

    def __init__(self) -> None:
        super().__init__((HOST, 0), Handler)
        self.requests: list[tuple[str, str]] = []
        self.tokens: set[str | None] = set()
        self.kept: dict[str, dict[str, Any]] = {}
        self.refuse_with = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def writes(self) -> list[tuple[str, str]]:
        """Requests that change something, since the last call."""
        made = [r for r in self.requests if r[0] != "GET"]
        self.requests.clear()
        return made


class Handler(BaseHTTPRequestHandler):
    """Answers the few calls that publishing makes."""

    server: FakeGrafana

    def do_GET(self) -> None:
        kept = self.server.kept.get(self.path)
        self._answer(404, {"message": "not found"}) if kept is None else self._answer(200, kept)

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/api/dashboards/db":
            uid = body["dashboard"]["uid"]
            earlier = self.server.kept.get(f"/api/dashboards/uid/{uid}", {"dashboard": {}})
            version = earlier["dashboard"].get("version", 0) + 1
            kept = {**body["dashboard"], "id": 7, "version": version}
            self._keep(f"/api/dashboards/uid/{uid}", {"dashboard": kept, "meta": {}})
        elif self.path == "/api/folders":
            self._keep(f"/api/folders/{body['uid']}", body)
        else:
            self._keep(f"/api/datasources/uid/{body['uid']}", body)

    def do_PUT(self) -> None:
        self._keep(self.path, self._body())

    def log_message(self, *_: object) -> None:
        """Nothing: the requests are kept."""

    def _body(self) -> dict[str, Any]:
        length = int(self.headers["Content-Length"])
        return dict(json.loads(self.rfile.read(length)))

    def _keep(self, path: str, value: dict[str, Any]) -> None:
        if not self.server.refuse_with:
            self.server.kept[path] = value
        self._answer(200, {"status": "success"})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.server.requests.append((self.command, self.path))
        self.server.tokens.add(self.headers["Authorization"])
        if self.server.refuse_with:
            status, body = self.server.refuse_with, {"message": "invalid API key"}
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    """Grafana's API on a free port."""
    with FakeGrafana() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_everything_is_created_then_left_as_it_is(server: FakeGrafana) -> None:
    assert publish(server.url, TOKEN, INFLUX) == [
        "folder quotawatt: created",
        "data source quotawatt-influx: created",
        *(f"dashboard {uid}: created" for uid in UIDS),
    ]
    assert server.writes() == [
        ("POST", "/api/folders"),
        ("POST", "/api/datasources"),
        ("POST", "/api/dashboards/db"),
        ("POST", "/api/dashboards/db"),
    ]
    before = dict(server.kept)
    assert publish(server.url, TOKEN, INFLUX) == [
        "folder quotawatt: unchanged",
        "data source quotawatt-influx: updated",
        *(f"dashboard {uid}: unchanged" for uid in UIDS),
    ]
    # The data source's token cannot be read back, so it is written again: the same body.
    assert server.writes() == [("PUT", "/api/datasources/uid/quotawatt-influx")]
    assert server.kept == before
    assert server.tokens == {f"Bearer {TOKEN}"}


def test_the_boards_arrive_whole(server: FakeGrafana) -> None:
    publish(server.url, TOKEN, INFLUX)
    for text in build().values():
        board = json.loads(text)
        kept = server.kept[f"/api/dashboards/uid/{board['uid']}"]["dashboard"]
        assert {k: v for k, v in kept.items() if k not in ("id", "version")} == board


def test_a_board_changed_by_hand_is_put_right(server: FakeGrafana) -> None:
    publish(server.url, TOKEN, INFLUX)
    path = f"/api/dashboards/uid/{UIDS[1]}"
    server.kept[path]["dashboard"]["title"] = "Mine"
    assert f"dashboard {UIDS[1]}: updated" in publish(server.url, TOKEN, INFLUX)
    assert server.kept[path]["dashboard"]["title"] == "Quotawatt overview"


def test_a_provisioned_data_source_is_left_alone(server: FakeGrafana) -> None:
    server.kept["/api/datasources/uid/quotawatt-influx"] = {"readOnly": True}
    assert "data source quotawatt-influx: unchanged" in publish(server.url, TOKEN, INFLUX)
    assert not [path for verb, path in server.writes() if "datasources" in path]


def test_boards_keep_the_zone_of_the_settings(server: FakeGrafana) -> None:
    publish(server.url, TOKEN, INFLUX.model_copy(update={"timezone": "Asia/Urumqi"}))
    kept = server.kept[f"/api/dashboards/uid/{UIDS[0]}"]["dashboard"]
    assert kept["timezone"] == "Asia/Urumqi"


def test_data_source_is_asked_in_influxql_with_the_token_kept_secret() -> None:
    body = data_source(INFLUX)
    assert body["url"] == "http://influxdb:8086"
    assert body["jsonData"] == {
        "version": "InfluxQL",
        "dbName": "energy",
        "httpMode": "POST",
        "httpHeaderName1": "Authorization",
    }
    assert body["secureJsonData"] == {"httpHeaderValue1": "Token influx-secret"}


def test_data_source_of_a_server_without_tokens_sends_no_header() -> None:
    body = data_source(Settings(series_url="influx+https://influx.example:8086"))
    assert body["url"] == "https://influx.example:8086"
    assert "secureJsonData" not in body
    assert "httpHeaderName1" not in dict(body["jsonData"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "series_url", ["duckdb", "memory", "influx+http://", "http://influxdb:8086"]
)
def test_an_embedded_store_cannot_feed_boards(series_url: str) -> None:
    with pytest.raises(InputError, match="must have an InfluxDB") as refused:
        data_source(Settings(series_url=series_url))
    assert str(refused.value).endswith(f"got {series_url!r}")


@pytest.mark.parametrize("url", ["", "grafana:3000", "ftp://grafana", "http://"])
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="address must be http"):
        publish(url, TOKEN, INFLUX)


def test_a_missing_token_is_refused(server: FakeGrafana) -> None:
    with pytest.raises(InputError, match="must have a Grafana token, got none"):
        publish(server.url, "", INFLUX)
    assert server.requests == []


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_refusal_says_who_and_why_without_the_token(server: FakeGrafana, status: int) -> None:
    server.refuse_with = status
    with pytest.raises(StoreError) as refused:
        publish(server.url, TOKEN, INFLUX)
    assert f"Grafana at {server.url} must accept the boards, got" in str(refused.value)
    assert TOKEN not in str(refused.value)
    assert "influx-secret" not in str(refused.value)
    assert server.kept == {}


def test_nobody_at_the_address_is_a_store_error() -> None:
    port = free_port()
    with pytest.raises(StoreError, match=f"Grafana at http://{HOST}:{port} must answer"):
        publish(f"http://someone:hidden@{HOST}:{port}", TOKEN, INFLUX)
