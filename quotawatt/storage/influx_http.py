"""Talking to InfluxDB: writes by the server's own interface (1.x or 2.x and later), reads by InfluxQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx
import msgspec
import urllib3
from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS, WriteApi
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

from quotawatt.errors import StoreError

TIMEOUT_S = 60.0
_BODY_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a query's answer: its tags, its columns' names, its rows. Times are microseconds."""

    tags: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]


class InfluxServer:
    """One database (1.x) or bucket (2.x, 3.x). Connects when first used; threads may share it.

    token
        API token; for 1.x ``user:password``; empty where the server asks for none. Never shown.
    """

    def __init__(self, url: str, token: str, org: str, bucket: str) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._org = org
        self._bucket = bucket
        headers = {"Authorization": f"Token {token}"} if token else {}
        self._http = httpx.Client(base_url=self._url, headers=headers, timeout=TIMEOUT_S)
        self._lock = Lock()
        self._ready = False
        self._client: InfluxDBClient | None = None
        self._writer: WriteApi | None = None

    def write(self, lines: bytes) -> None:
        """Write lines (UTF-8) whose times are microseconds, in one call. Durable on return."""
        self._prepare()
        if self._writer is not None:
            self._write_v2(self._writer, lines)
        else:
            # 1.x says "u" for microseconds; "us" it takes, without a word, for nanoseconds.
            parameters = {"db": self._bucket, "precision": "u"}
            self._request("POST", "/write", params=parameters, content=lines)

    def query(self, statement: str) -> Iterator[Series]:
        """The series that answer one or several InfluxQL statements."""
        self._prepare()
        parameters = {"db": self._bucket, "q": statement, "epoch": "u"}
        reply = self._request("GET", "/query", params=parameters)
        for result in _results(reply, self._url):
            for series in result.get("series", ()):
                yield Series(series.get("tags", {}), series["columns"], series.get("values", []))

    def close(self) -> None:
        """Release the connections. Closing twice is harmless."""
        self._http.close()
        if self._client is not None:
            self._client.close()

    def _prepare(self) -> None:
        """Find out, once, which interface the server has; a 1.x server needs its database created."""
        with self._lock:
            if self._ready:
                return
            version = self._request("GET", "/ping").headers.get("X-Influxdb-Version", "")
            if version.startswith("1."):
                name = self._bucket.replace("\\", "\\\\").replace('"', '\\"')
                reply = self._request("POST", "/query", data={"q": f'CREATE DATABASE "{name}"'})
                _results(reply, self._url)
            else:
                self._client = InfluxDBClient(
                    url=self._url, token=self._token, org=self._org, timeout=int(TIMEOUT_S * 1000)
                )
                self._writer = self._client.write_api(write_options=SYNCHRONOUS)
            self._ready = True

    def _write_v2(self, writer: WriteApi, lines: bytes) -> None:
        with self._failures():
            writer.write(self._bucket, self._org, lines, write_precision=WritePrecision.US)

    def _request(self, method: str, path: str, **content: Any) -> httpx.Response:
        with self._failures():
            reply = self._http.request(method, path, **content)
        if not reply.is_success:
            raise _refusal(self._url, reply.status_code, reply.text)
        return reply

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except ApiException as error:
            raise _refusal(self._url, error.status, str(error.body)) from error
        except (httpx.HTTPError, urllib3.exceptions.HTTPError, OSError) as error:
            kind = type(error).__name__
            raise StoreError(
                f"InfluxDB must answer, {self._url} does not: {kind}: {error}"
            ) from error


def _results(reply: httpx.Response, url: str) -> Sequence[dict[str, Any]]:
    """The results of a query's answer; a statement that failed does so with status 200."""
    answer = msgspec.json.decode(reply.content)
    problems = [part["error"] for part in (answer, *answer.get("results", ())) if "error" in part]
    if problems:
        raise _refusal(url, reply.status_code, "; ".join(problems))
    results: Sequence[dict[str, Any]] = answer.get("results", [])
    return results


def _refusal(url: str, status: int, body: str) -> StoreError:
    return StoreError(
        f"InfluxDB must accept what it is sent, {url} says {status}: {body[:_BODY_SHOWN]}"
    )
