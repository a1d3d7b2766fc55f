"""Talking to InfluxDB: both write interfaces, what the server refuses, what is not shown."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from quotawatt.errors import StoreError
from quotawatt.storage.influx_http import InfluxServer
from tests.conftest import InfluxDatabase
from tests.servers import Server, free_port

LINE = b"readings,device=m value=1.5 1672531200000000"


class _Strict(HTTPServer):
    """Says that it is InfluxDB 2 and refuses every write; keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _StrictHandler)
        self.asked: list[tuple[str, str | None]] = []


class _StrictHandler(BaseHTTPRequestHandler):
    server: _Strict

    def do_GET(self) -> None:
        self._answer(204, b"", {"X-Influxdb-Version": "v2.7.1"})

    def do_POST(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(401, json.dumps({"code": "unauthorized"}).encode() + b"." * 5000, {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_arguments: object) -> None:
        """Tests read no log."""


@pytest.fixture
def strict() -> Iterator[_Strict]:
    with _Strict() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.influx
def test_a_1x_server_gets_its_database_and_keeps_instants(influxdb: InfluxDatabase) -> None:
    server = InfluxServer(influxdb.url, "", "quotawatt", 'new "one"')
    server.write(LINE + b"\n" + LINE.replace(b"=m", b"=n"))
    (series,) = server.query("SELECT value FROM readings WHERE device = 'm'")
    assert series.rows == [[1672531200000000, 1.5]]
    assert list(server.query("SELECT value FROM nothing; SELECT value FROM nothing")) == []
    server.close()


@pytest.mark.influx
def test_what_a_1x_server_refuses_is_a_store_error(influxdb: InfluxDatabase) -> None:
    server = InfluxServer(influxdb.url, "", "quotawatt", influxdb.name)
    with pytest.raises(StoreError, match=r"says 400: .*unable to parse"):
        server.write(b"no line at all")
    with pytest.raises(StoreError, match=r"says 400: .*error parsing query"):
        list(server.query("SELEKT"))
    with pytest.raises(StoreError, match=r"says 200: .*database not found"):
        list(server.query('SHOW TAG KEYS ON "nowhere"'))
    server.close()


def test_the_v2_write_arrives_at_a_real_server(victoria_metrics: Server) -> None:
    server = InfluxServer(victoria_metrics.http_url, "secret", "quotawatt", "bucket")
    other = r"readings,device=电表\ 1 value=2.5,arrived=7i,quality=t 1672531201000000"
    server.write(LINE + b"\n" + other.encode())
    base = victoria_metrics.http_url
    httpx.get(f"{base}/internal/force_flush", trust_env=False).raise_for_status()
    export = {"match[]": '{__name__="readings_value"}', "start": "2022-12-31T00:00:00Z"}
    reply = httpx.get(f"{base}/api/v1/export", params=export, trust_env=False)
    found = [json.loads(line) for line in reply.text.splitlines()]
    points = {one["metric"]["device"]: (one["values"], one["timestamps"]) for one in found}
    assert points == {"m": ([1.5], [1672531200000]), "电表 1": ([2.5], [1672531201000])}
    server.close()


def test_a_2x_server_is_written_by_its_own_interface(strict: _Strict) -> None:
    server = InfluxServer(f"http://127.0.0.1:{strict.server_port}/", "s3cret", "org", "bucket")
    with pytest.raises(StoreError, match=r"must accept .* says 401: .*unauthorized") as caught:
        server.write(LINE)
    server.close()
    ((path, authorization),) = strict.asked
    assert urlsplit(path).path == "/api/v2/write"
    assert parse_qs(urlsplit(path).query) == {
        "org": ["org"],
        "bucket": ["bucket"],
        "precision": ["us"],
    }
    assert authorization == "Token s3cret"
    assert "s3cret" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_server_that_is_not_there_is_named_and_asked_again_later() -> None:
    port = free_port()
    server = InfluxServer(f"http://127.0.0.1:{port}", "s3cret", "org", "bucket")
    for _ in range(2):
        with pytest.raises(StoreError, match=f"must answer, http://127.0.0.1:{port} does not"):
            server.write(LINE)
    server.close()
