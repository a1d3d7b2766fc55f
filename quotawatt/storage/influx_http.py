"""Talking to InfluxDB: writes by the server's own interface (1.x or 2.x and later), reads by InfluxQL."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import httpx
import urllib3
from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS, WriteApi
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

from quotawatt.errors import StoreError
from quotawatt.storage.frames import EARLIEST, micros
from quotawatt.storage.influx_answers import (
    answered_series,
    major_version,
    refusal,
    shown_url,
    version_text,
)
from quotawatt.storage.influx_lines import create_database, identifier
from quotawatt.storage.influx_retry import BusyError, persistently

TIMEOUT_S = 60.0
# Removing years of readings takes the server a while.
_REMOVAL_TIMEOUT_S = 1800.0


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
    sleep
        How a write waits before it is tried again; see ``influx_retry``.
    """

    def __init__(
        self,
        url: str,
        token: str,
        org: str,
        bucket: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._shown = shown_url(self._url)
        self._token = token
        self._org = org
        self._bucket = bucket
        self._sleep = sleep
        headers = {"Authorization": f"Token {token}"} if token else {}
        self._http = httpx.Client(base_url=self._url, headers=headers, timeout=TIMEOUT_S)
        self._lock = Lock()
        self._major = 0
        self._client: InfluxDBClient | None = None
        self._writer: WriteApi | None = None

    def write(self, lines: bytes) -> None:
        """Write lines (UTF-8) whose times are microseconds, in one call. Durable on return.

        Tried again for some seconds where the server is busy or away for a moment.
        """
        persistently(lambda: self._write(lines), self._sleep)

    def query(self, statement: str) -> Iterator[Series]:
        """The series that answer one or several InfluxQL statements."""
        self._prepare()
        parameters = {"db": self._bucket, "q": statement, "epoch": "u"}
        reply = self._request("GET", "/query", params=parameters)
        for series in answered_series(self._shown, reply.status_code, reply.content):
            yield Series(series.tags, series.columns, series.values)

    def remove(self, measurement: str, before: datetime) -> None:
        """Remove the points of a measurement before an instant, for good.

        Raises StoreError with what to do on 3.x, which removes by the retention of a database only.
        """
        major = self._prepare()
        if major == 1:
            statement = f"DELETE FROM {identifier(measurement)} WHERE time < {micros(before)}u"
            content = {"db": self._bucket, "q": statement}
            reply = self._request("POST", "/query", data=content, timeout=_REMOVAL_TIMEOUT_S)
            answered_series(self._shown, reply.status_code, reply.content)
        elif major == 2:
            self._remove_v2(measurement, before)
        else:
            raise StoreError(
                f"readings and results must be removable to be kept for a time only, {self._shown} is "
                f"InfluxDB {major}, which removes by retention alone: set the retention period of its "
                f"database {self._bucket!r}, and keep_readings_days, keep_hourly_days and "
                "keep_daily_days to 0"
            )

    def close(self) -> None:
        """Release the connections. Closing twice is harmless."""
        self._http.close()
        if self._client is not None:
            self._client.close()

    def _write(self, lines: bytes) -> None:
        self._prepare()
        if self._writer is not None:
            with self._failures():
                self._writer.write(
                    self._bucket, self._org, lines, write_precision=WritePrecision.US
                )
        else:
            # 1.x says "u" for microseconds; "us" it takes, without a word, for nanoseconds.
            parameters = {"db": self._bucket, "precision": "u"}
            self._request("POST", "/write", params=parameters, content=lines)

    def _prepare(self) -> int:
        """Find out, once, which interface the server has; a 1.x server needs its database created.

        Returns the first number of its version.
        """
        with self._lock:
            if self._major:
                return self._major
            ping = self._request("GET", "/ping")
            major = major_version(version_text(ping.headers, ping.content))
            if major == 1:
                self._sign_in_v1()
                self._create_database()
            else:
                self._client = InfluxDBClient(
                    url=self._url, token=self._token, org=self._org, timeout=int(TIMEOUT_S * 1000)
                )
                self._writer = self._client.write_api(write_options=SYNCHRONOUS)
            self._major = major
            return major

    def _sign_in_v1(self) -> None:
        """Before 1.8 a server knows a user and password by Basic authentication only."""
        user, colon, password = self._token.partition(":")
        if colon:
            self._http.headers.pop("Authorization", None)
            self._http.auth = httpx.BasicAuth(user, password)

    def _create_database(self) -> None:
        """Make the database where it is missing; only an administrator may, so it is looked for first."""
        shown = self._request("GET", "/query", params={"q": "SHOW DATABASES"})
        listed = answered_series(self._shown, shown.status_code, shown.content)
        names = {row[0] for series in listed for row in series.values}
        if self._bucket not in names:
            reply = self._request("POST", "/query", data={"q": create_database(self._bucket)})
            answered_series(self._shown, reply.status_code, reply.content)

    def _remove_v2(self, measurement: str, before: datetime) -> None:
        # The end is included.
        last = before - timedelta(microseconds=1)
        self._request(
            "POST",
            "/api/v2/delete",
            params={"org": self._org, "bucket": self._bucket},
            json={
                "start": EARLIEST.isoformat(),
                "stop": last.isoformat(),
                "predicate": f'_measurement="{measurement}"',
            },
            timeout=_REMOVAL_TIMEOUT_S,
        )

    def _request(self, method: str, path: str, **content: Any) -> httpx.Response:
        with self._failures():
            reply = self._http.request(method, path, **content)
        if not reply.is_success:
            raise refusal(
                self._shown, reply.status_code, reply.text, reply.headers.get("Retry-After")
            )
        return reply

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise what the libraries raise as StoreError; where another try may help, as BusyError."""
        try:
            yield
        except ApiException as error:
            after = (error.headers or {}).get("Retry-After")
            raise refusal(self._shown, error.status, str(error.body), after) from error
        except (httpx.TimeoutException, urllib3.exceptions.TimeoutError) as error:
            raise StoreError(self._silence(error)) from error
        except (httpx.HTTPError, urllib3.exceptions.HTTPError, OSError) as error:
            raise BusyError(self._silence(error)) from error

    def _silence(self, error: Exception) -> str:
        return f"InfluxDB must answer, {self._shown} does not: {type(error).__name__}: {error}"
