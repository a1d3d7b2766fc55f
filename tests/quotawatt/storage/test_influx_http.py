"""Talking to InfluxDB: both write interfaces, what the server refuses, what is not shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from quotawatt.errors import StoreError
from quotawatt.readings import Grain
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.influx_answers import answered_series, shown_url
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_retry import PAUSES_S
from tests.conftest import InfluxDatabase
from tests.quotawatt.storage.influx_stub import Stub, run_stub
from tests.servers import Server, free_port, run_influxdb

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


@pytest.mark.influx
def test_a_1x_server_that_was_signed_in_to_by_a_wrong_password_says_so(tmp_path: Path) -> None:
    with run_influxdb(tmp_path, signed_in=True) as running:
        server = InfluxServer(running.http_url, "admin:s3cret", "", "b")
        with pytest.raises(StoreError, match=r"says 40[13]") as caught:
            server.write(LINE)
        server.close()
    assert "s3cret" not in str(caught.value)


def test_a_2x_server_removes_what_is_before_an_instant() -> None:
    with run_stub(Stub()) as stub:
        server = InfluxServer(stub.url, "good", "quotawatt", "b")
        server.remove("readings", datetime(2026, 1, 1, tzinfo=UTC))
        server.close()
    # The API reference of 2.x: what lies at ``stop`` is deleted too.
    assert stub.deletions == [
        {
            "org": "quotawatt",
            "bucket": "b",
            "start": "1678-01-01T00:00:00+00:00",
            "stop": "2025-12-31T23:59:59.999999+00:00",
            "predicate": '_measurement="readings"',
        }
    ]


def test_a_3x_server_is_said_to_remove_by_retention_alone() -> None:
    with run_stub(Stub(version="3.1.0")) as stub:
        store = InfluxSeriesStore(stub.url, "good", "quotawatt", "b")
        for remove in (store.drop_readings, partial(store.drop_results, Grain.DAY)):
            with pytest.raises(
                StoreError, match=r"InfluxDB 3.*retention period of its database 'b'"
            ):
                remove(datetime(2026, 1, 1, tzinfo=UTC))
        store.close()


def test_an_answer_that_is_no_json_is_a_store_error() -> None:
    for body in (b"<!doctype html><title>Proxy</title>", b"[]", b'{"results": 5}', b"\xff"):
        with pytest.raises(StoreError, match="no answer of InfluxQL"):
            answered_series("http://h", 200, body)


def test_an_address_is_shown_without_its_password() -> None:
    assert shown_url("http://u:p@h:8086/x@y") == "http://h:8086/x@y"
    assert shown_url("https://h") == "https://h"
    server = InfluxServer(f"http://u:s3cret@127.0.0.1:{free_port()}", "", "", "b", lambda _: None)
    with pytest.raises(StoreError) as caught:
        server.write(LINE)
    server.close()
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_and_asked_again_later() -> None:
    port = free_port()
    slept: list[float] = []
    server = InfluxServer(f"http://127.0.0.1:{port}", "s3cret", "org", "bucket", slept.append)
    for _ in range(2):
        with pytest.raises(StoreError, match=f"must answer, http://127.0.0.1:{port} does not"):
            server.write(LINE)
    assert slept == [*PAUSES_S, *PAUSES_S]
    with pytest.raises(StoreError, match="must answer"):
        list(server.query("SHOW MEASUREMENTS"))
    assert len(slept) == 2 * len(PAUSES_S)
    server.close()
