"""A stand-in for InfluxDB 2.x and 3.x, which no package brings: the shapes of their HTTP answers only.

It answers as the vendor's API references describe (docs.influxdata.com: "InfluxDB OSS v2 API", "InfluxDB 3
Core API"), keeps the points of one field that it is sent, and knows two kinds of query. What it shows is that
our requests and our reading of answers fit those shapes, and nothing about the servers themselves.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

_UNAUTHORISED = (401, {"code": "unauthorized", "message": "unauthorized access"})
_FORBIDDEN = (403, {"code": "forbidden", "message": "insufficient permissions for write"})
_Reply = tuple[int, Any]


@dataclass
class Stub:
    """How the stand-in is set up, and what it was asked.

    failures
        Statuses with which the next writes are answered, or 0: the connection is dropped.
    """

    version: str = "v2.7.11"
    token: str = "good"
    org: str = "quotawatt"
    buckets: dict[str, dict[str, Any]] = field(default_factory=dict)
    mappings: list[dict[str, Any]] = field(default_factory=list)
    may_write: bool = True
    failures: list[int] = field(default_factory=list)
    retry_after: str | None = None
    points: dict[str, float] = field(default_factory=dict)
    writes: int = 0
    deletions: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def add_bucket(self, name: str, every_s: int = 0, mapped: bool = True) -> None:
        """A bucket, with a mapping of its own name unless told."""
        number = f"{len(self.buckets) + 1:016x}"
        rules = [{"type": "expire", "everySeconds": every_s}]
        self.buckets[name] = {"id": number, "name": name, "retentionRules": rules}
        if mapped:
            self.map(name, number)

    def map(self, database: str, bucket_id: str, default: bool = True) -> None:
        """A mapping of a database's name to a bucket."""
        self.mappings.append(
            {
                "id": f"m{len(self.mappings)}",
                "database": database,
                "retention_policy": "autogen",
                "bucketID": bucket_id,
                "orgID": "o1",
                "default": default,
            }
        )


@contextmanager
def run_stub(stub: Stub) -> Iterator[Stub]:
    """The stand-in, listening at ``stub.url``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def do_GET(self) -> None:
        self._answer("GET", b"")

    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_PATCH(self) -> None:
        self._answer("PATCH", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *_arguments: object) -> None:
        """Tests read no log."""

    def _answer(self, method: str, body: bytes) -> None:
        parts = urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/api/v2/write" and self.stub.failures:
            status = self.stub.failures.pop(0)
            if not status:
                self.close_connection = True
                return
            self._send(status, {"code": "unavailable", "message": "wait"})
            return
        self._send(*self._reply(method, parts.path, parameters, body))

    def _reply(self, method: str, path: str, parameters: dict[str, str], body: bytes) -> _Reply:
        if path == "/ping":
            return 204, None
        if self.headers.get("Authorization") != f"Token {self.stub.token}":
            return _UNAUTHORISED
        answers = {
            ("GET", "/query"): lambda: self._query(parameters),
            ("POST", "/api/v2/write"): lambda: self._write(parameters, body),
            ("POST", "/api/v2/delete"): lambda: self._delete(parameters, body),
            ("GET", "/api/v2/buckets"): lambda: self._buckets(parameters),
            ("POST", "/api/v2/buckets"): lambda: self._make_bucket(json.loads(body)),
            ("GET", "/api/v2/orgs"): lambda: (200, {"orgs": [{"id": "o1", "name": self.stub.org}]}),
            ("GET", "/api/v2/dbrps"): lambda: (200, {"content": self._mapped(parameters["db"])}),
            ("POST", "/api/v2/dbrps"): lambda: self._make_mapping(json.loads(body)),
            ("POST", "/api/v3/configure/database"): lambda: self._make_database(json.loads(body)),
        }
        if method == "PATCH":
            return self._change_bucket(path.rpartition("/")[2], json.loads(body))
        found = answers.get((method, path))
        return found() if found else (404, {"code": "not found", "message": "path not found"})

    def _query(self, parameters: dict[str, str]) -> _Reply:
        name = parameters.get("db", "")
        if parameters["q"] == "SHOW DATABASES":
            rows = [[known] for known in self.stub.buckets]
            return 200, {"results": [{"series": [{"columns": ["name"], "values": rows}]}]}
        if self.stub.version.startswith("v2") and not self._mapped(name):
            return 200, {"results": [{"statement_id": 0, "error": f"database not found: {name}"}]}
        at = parameters["q"].rpartition(" ")[2].removesuffix("u")
        if at not in self.stub.points:
            return 200, {"results": [{"statement_id": 0}]}
        series = {"columns": ["time", "value"], "values": [[int(at), self.stub.points[at]]]}
        return 200, {"results": [{"statement_id": 0, "series": [series]}]}

    def _write(self, parameters: dict[str, str], body: bytes) -> _Reply:
        self.stub.writes += 1
        if not self.stub.may_write:
            return _FORBIDDEN
        if self.stub.version.startswith("v2") and parameters["bucket"] not in self.stub.buckets:
            return 404, {"code": "not found", "message": f"bucket {parameters['bucket']} not found"}
        for line in body.decode().splitlines():
            _, fields, at = line.rsplit(" ", 2)
            self.stub.points[at] = float(fields.rpartition("value=")[2])
        return 204, None

    def _delete(self, parameters: dict[str, str], body: bytes) -> _Reply:
        if not self.stub.version.startswith("v2"):
            return 404, {"code": "not found", "message": "path not found"}
        self.stub.deletions.append({**parameters, **json.loads(body)})
        return 204, None

    def _buckets(self, parameters: dict[str, str]) -> _Reply:
        if parameters.get("org", self.stub.org) != self.stub.org:
            message = f'organization name "{parameters["org"]}" not found'
            return 404, {"code": "not found", "message": message}
        found = self.stub.buckets.get(parameters["name"])
        return 200, {"buckets": [found] if found else []}

    def _change_bucket(self, number: str, order: dict[str, Any]) -> _Reply:
        (found,) = (one for one in self.stub.buckets.values() if one["id"] == number)
        found["retentionRules"] = order["retentionRules"]
        return 200, found

    def _make_bucket(self, order: dict[str, Any]) -> _Reply:
        self.stub.add_bucket(order["name"], mapped=False)
        self.stub.buckets[order["name"]]["retentionRules"] = order["retentionRules"]
        return 201, self.stub.buckets[order["name"]]

    def _make_mapping(self, order: dict[str, Any]) -> _Reply:
        self.stub.map(order["database"], order["bucketID"], order["default"])
        return 201, self.stub.mappings[-1]

    def _make_database(self, order: dict[str, Any]) -> _Reply:
        self.stub.add_bucket(order["db"])
        return 200, {}

    def _mapped(self, database: str) -> list[dict[str, Any]]:
        return [one for one in self.stub.mappings if one["database"] == database]

    def _send(self, status: int, content: Any) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("X-Influxdb-Version", self.stub.version)
        self.send_header("Content-Type", "application/json")
        if self.stub.retry_after is not None:
            self.send_header("Retry-After", self.stub.retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
