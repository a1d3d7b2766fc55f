"""An InfluxDB that is given by its address: the contract runs on it as on the one that the tests start.

``QUOTAWATT_TEST_INFLUX_URL``, and where it asks for them ``QUOTAWATT_TEST_INFLUX_TOKEN`` and
``QUOTAWATT_TEST_INFLUX_ORG``. The token must be able to make and delete databases (1.x, 3.x) or buckets
(2.x): each test has a fresh one, named ``quotawatt_contract_...``, and no two stand at once, since InfluxDB 3
Core holds few.
"""

import os
from uuid import uuid4

import httpx
from influxdb_client import InfluxDBClient

from quotawatt.storage.checking.influx_probe import InfluxTarget
from quotawatt.storage.checking.influx_setup import set_up_influx
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.influx_answers import major_version, version_text


class GivenServer:
    """A server, and the store that stands on it at the moment."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = os.environ.get("QUOTAWATT_TEST_INFLUX_TOKEN", "")
        self._org = os.environ.get("QUOTAWATT_TEST_INFLUX_ORG", "quotawatt")
        headers = {"Authorization": f"Token {self._token}"} if self._token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=60)
        ping = self._http.get("/ping").raise_for_status()
        self.major = major_version(version_text(ping.headers, ping.content))
        user, colon, password = self._token.partition(":")
        if self.major == 1 and colon:
            self._http.auth = httpx.BasicAuth(user, password)
        self._bucket = ""
        self._store: InfluxSeriesStore | None = None

    def fresh(self) -> InfluxSeriesStore:
        """An empty store; the one before goes."""
        self.remove()
        self._bucket = f"quotawatt_contract_{uuid4().hex[:12]}"
        list(set_up_influx(InfluxTarget(self._url, self._token, self._org, self._bucket)))
        self._store = InfluxSeriesStore(self._url, self._token, self._org, self._bucket)
        return self._store

    def remove(self) -> None:
        """Remove what the last store stood on."""
        if self._store is None:
            return
        self._store.close()
        self._store = None
        if self.major == 1:
            order = {"q": f'DROP DATABASE "{self._bucket}"'}
            self._http.post("/query", data=order).raise_for_status()
        elif self.major == 2:
            with InfluxDBClient(url=self._url, token=self._token, org=self._org) as client:
                buckets = client.buckets_api()
                buckets.delete_bucket(buckets.find_bucket_by_name(self._bucket))
        else:
            path = "/api/v3/configure/database"
            self._http.delete(path, params={"db": self._bucket}).raise_for_status()

    def close(self) -> None:
        """Release the connections."""
        self.remove()
        self._http.close()


def given_server() -> GivenServer | None:
    """The server that the environment names."""
    url = os.environ.get("QUOTAWATT_TEST_INFLUX_URL", "")
    return GivenServer(url.rstrip("/")) if url else None
