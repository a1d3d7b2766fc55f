"""Asking an InfluxDB whether it can hold the series: one question after another, up to the first that fails.

A probe is written into a measurement of its own, ``quotawatt_check``, one point a day, and read back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from quotawatt.clock import Clock
from quotawatt.spans import DAY
from quotawatt.storage.checking import influx_verdicts as verdicts
from quotawatt.storage.checking.connections import failure_cause
from quotawatt.storage.checking.influx_verdicts import Answer
from quotawatt.storage.checking.verdicts import Verdict, wrong
from quotawatt.storage.frames import micros
from quotawatt.storage.influx_answers import major_version, shown_url, version_text
from quotawatt.storage.influx_lines import identifier

PROBE = "quotawatt_check"
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class InfluxTarget:
    """Where the series are kept, as the settings say: see ``InfluxServer``.

    removing
        Whether the settings want anything removed after a time.
    """

    url: str
    token: str = field(repr=False)
    org: str
    bucket: str
    removing: bool = False


class InfluxProbe:
    """Asks a server. Every method raises httpx.HTTPError where it does not answer."""

    def __init__(self, target: InfluxTarget) -> None:
        """Nothing is sent yet. Raises httpx.InvalidURL where the address is none."""
        self.target = target
        self._http = httpx.Client(base_url=target.url.rstrip("/"), timeout=TIMEOUT_S)
        self._http.headers.update(_credentials(target.token))

    def ping(self) -> Answer:
        """Who is there."""
        return self._ask("GET", "/ping")

    def as_major(self, major: int) -> None:
        """From now on sign in as this version wants it."""
        user, colon, password = self.target.token.partition(":")
        if major == 1 and colon:
            self._http.headers.pop("Authorization", None)
            self._http.auth = httpx.BasicAuth(user, password)

    def query(self, statement: str, **parameters: str) -> Answer:
        """An InfluxQL statement that changes nothing."""
        return self._ask("GET", "/query", params={"q": statement, **parameters})

    def order(self, statement: str) -> Answer:
        """An InfluxQL statement that changes something (1.x)."""
        return self._ask("POST", "/query", data={"q": statement})

    def make_database(self, name: str) -> Answer:
        """Create a database of 3.x."""
        return self._ask("POST", "/api/v3/configure/database", json={"db": name})

    def get(self, path: str, **parameters: str) -> Answer:
        """What the API of 2.x says."""
        return self._ask("GET", path, params=parameters)

    def write(self, major: int, line: str) -> Answer:
        """Write a line whose time is in microseconds."""
        target = self.target
        if major == 1:
            path, parameters = "/write", {"db": target.bucket, "precision": "u"}
        else:
            path = "/api/v2/write"
            parameters = {"org": target.org, "bucket": target.bucket, "precision": "us"}
        return self._ask("POST", path, params=parameters, content=line.encode())

    def close(self) -> None:
        """Release the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **content: Any) -> Answer:
        reply = self._http.request(method, path, **content)
        return Answer(reply.status_code, reply.content, reply.headers)


def check_influx(target: InfluxTarget, clock: Clock) -> Iterator[Verdict]:
    """What is right, and the first thing that is not, of an InfluxDB."""
    try:
        probe = InfluxProbe(target)
    except httpx.InvalidURL:
        yield wrong("address", "no_address", url=shown_url(target.url))
        return
    try:
        for verdict in _verdicts(probe, clock):
            yield verdict
            if not verdict.ok:
                return
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        yield wrong("address", failure_cause(error), url=shown_url(target.url))
    finally:
        probe.close()


def _verdicts(probe: InfluxProbe, clock: Clock) -> Iterator[Verdict]:
    target = probe.target
    ping = probe.ping()
    yield verdicts.address(ping, shown_url(target.url))
    yield verdicts.version(ping)
    if agreed := verdicts.clock(ping, clock()):
        yield agreed
    major = major_version(version_text(ping.headers, ping.body))
    probe.as_major(major)
    if major == 1:
        yield from _database(probe)
    elif major == 2:
        yield from _bucket(probe)
    else:
        yield verdicts.token(probe.query("SHOW DATABASES"), major, target.token)
        yield verdicts.removal(major, target.removing)
    yield from _written_and_read(probe, major, clock())


def _database(probe: InfluxProbe) -> Iterator[Verdict]:
    target = probe.target
    listed = probe.query("SHOW DATABASES")
    yield verdicts.token(listed, 1, target.token)
    yield verdicts.database(listed, target.bucket)
    statement = f"SHOW RETENTION POLICIES ON {identifier(target.bucket)}"
    if kept := verdicts.policy(probe.query(statement, db=target.bucket)):
        yield kept


def _bucket(probe: InfluxProbe) -> Iterator[Verdict]:
    target = probe.target
    listed = probe.get("/api/v2/buckets", org=target.org, name=target.bucket)
    yield verdicts.token(listed, 2, target.token)
    there, held = verdicts.bucket(listed, target.bucket)
    yield there
    yield verdicts.bucket_retention(held)
    listed = probe.get("/api/v2/dbrps", org=target.org, db=target.bucket)
    if mapped := verdicts.mapping(listed, target.bucket, str(held.get("id", ""))):
        yield mapped


def _written_and_read(probe: InfluxProbe, major: int, now: datetime) -> Iterator[Verdict]:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    at, value = micros(day), (now - day) / DAY
    name = probe.target.bucket
    yield verdicts.write(probe.write(major, f"{PROBE} value={value!r} {at}"), name)
    statement = f"SELECT value FROM {PROBE} WHERE time = {at}u"
    yield verdicts.read_back(probe.query(statement, db=name), major, name, value)


def _credentials(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Token {token}"} if token else {}
