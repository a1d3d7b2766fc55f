"""When a write is tried again, on the shapes of 2.x, on a real 1.x that is away, and by the rule itself."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import numpy as np
import pytest

from quotawatt.errors import StoreError
from quotawatt.readings import Reading, readings_table
from quotawatt.storage.influx_answers import refusal
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_points import reading_lines
from quotawatt.storage.influx_retry import (
    LONGEST_PAUSE_S,
    PAUSES_S,
    BusyError,
    persistently,
    retry_after_s,
)
from tests.quotawatt.storage.influx_stub import Stub, run_stub
from tests.servers import free_port, run_influxdb, run_victoria_metrics

LINE = b"readings,device=m value=1.5 1672531200000000"


def _failing(*errors: StoreError | None) -> Callable[[], str]:
    """Raises each error in turn, then returns."""
    left = list(errors)

    def send() -> str:
        if left and (error := left.pop(0)) is not None:
            raise error
        return "taken"

    return send


def test_a_busy_server_is_asked_again_after_growing_pauses() -> None:
    slept: list[float] = []
    busy = [BusyError("busy")] * len(PAUSES_S)
    assert persistently(_failing(*busy), slept.append) == "taken"
    assert slept == list(PAUSES_S) == sorted(PAUSES_S)
    with pytest.raises(BusyError):
        persistently(_failing(*busy, BusyError("busy")), slept.append)


def test_what_would_come_again_is_not_tried_again() -> None:
    slept: list[float] = []
    with pytest.raises(StoreError, match="no"):
        persistently(_failing(StoreError("no")), slept.append)
    with pytest.raises(BusyError):
        persistently(_failing(BusyError("later", LONGEST_PAUSE_S + 1)), slept.append)
    assert slept == []


def test_a_server_is_left_alone_as_long_as_it_asks() -> None:
    slept: list[float] = []
    persistently(_failing(BusyError("wait", 3.0), BusyError("wait", 0.0)), slept.append)
    assert slept == [3.0, PAUSES_S[1]]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("", None), (" 7 ", 7), ("-1", None), ("Sun, 01 Mar 2026 12:00:00 GMT", None)],
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


@pytest.mark.parametrize("status", range(400, 600))
def test_which_statuses_are_worth_another_try(status: int) -> None:
    busy = status in {429, 500, 502, 503, 504}
    assert isinstance(refusal("http://h", status, "said"), BusyError) == busy


@pytest.fixture
def stub() -> Iterator[Stub]:
    with run_stub(Stub()) as running:
        running.add_bucket("b")
        yield running


def _server(stub: Stub, slept: list[float]) -> InfluxServer:
    return InfluxServer(stub.url, "good", "quotawatt", "b", slept.append)


@pytest.mark.parametrize("failures", [[503], [429, 503, 500], [0], [0, 504, 0]])
def test_a_2x_write_arrives_though_the_server_is_busy_or_hangs_up(
    stub: Stub, failures: list[int]
) -> None:
    slept: list[float] = []
    stub.failures = list(failures)
    server = _server(stub, slept)
    server.write(LINE)
    server.close()
    assert stub.points == {"1672531200000000": 1.5}
    assert slept == list(PAUSES_S[: len(failures)])


def test_a_2x_write_that_is_never_taken_is_a_store_error(stub: Stub) -> None:
    slept: list[float] = []
    stub.failures = [503] * 99
    server = _server(stub, slept)
    with pytest.raises(StoreError, match="says 503"):
        server.write(LINE)
    assert len(slept) == len(PAUSES_S)
    stub.failures.clear()
    server.write(LINE)
    server.close()
    assert len(stub.points) == 1


def test_a_2x_server_that_asks_for_minutes_gets_them_from_the_caller(stub: Stub) -> None:
    slept: list[float] = []
    stub.failures, stub.retry_after = [429], "120"
    server = _server(stub, slept)
    with pytest.raises(StoreError, match="says 429"):
        server.write(LINE)
    server.close()
    assert slept == []


def test_a_refusal_of_a_2x_server_is_final(stub: Stub) -> None:
    slept: list[float] = []
    stub.may_write = False
    server = _server(stub, slept)
    with pytest.raises(StoreError, match="says 403"):
        server.write(LINE)
    server.close()
    assert (slept, stub.writes) == ([], 1)


def test_a_batch_arrives_at_a_real_v2_server_that_is_away_for_a_moment(tmp_path: Path) -> None:
    port = free_port()
    starting = run_victoria_metrics(tmp_path, port)
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        """The server is up after the second pause."""
        pauses.append(seconds)
        if len(pauses) == 2:
            starting.__enter__()

    at = datetime(2026, 1, 1, tzinfo=UTC)
    batch = [
        Reading(f"car-{n}", "", quantity, at, n + 0.5, at)
        for n in range(3)
        for quantity in ("speed_kmh", "odometer_km")
    ]
    url = f"http://127.0.0.1:{port}"
    server = InfluxServer(url, "secret", "quotawatt", "bucket", wait)
    server.write(reading_lines(readings_table(batch), np.zeros(len(batch), dtype=np.bool_)))
    try:
        assert len(pauses) == 2
        httpx.get(f"{url}/internal/force_flush", trust_env=False).raise_for_status()
        query = {"match[]": '{__name__=~"readings_(speed_kmh|odometer_km)"}'}
        reply = httpx.get(f"{url}/api/v1/export", params=query, trust_env=False)
        found = [json.loads(line) for line in reply.text.splitlines()]
        assert sorted(
            (one["metric"]["device"], one["metric"]["__name__"], *one["values"]) for one in found
        ) == sorted((r.device, f"readings_{r.quantity}", r.value) for r in batch)
        assert {one["timestamps"][0] for one in found} == {int(at.timestamp() * 1000)}
    finally:
        server.close()
        starting.__exit__(None, None, None)


@pytest.mark.influx
def test_a_1x_server_that_is_away_for_a_moment_gets_the_write(tmp_path: Path) -> None:
    port = free_port()
    run = partial(run_influxdb, tmp_path, port)
    with run() as running:
        url = running.http_url
        server = InfluxServer(url, "", "", "b")
        server.write(LINE)
    running_again = run()
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        """The server comes back during the second pause."""
        pauses.append(seconds)
        if len(pauses) == 2:
            running_again.__enter__()

    server._sleep = wait
    server.write(LINE.replace(b"=m", b"=n"))
    try:
        assert len(pauses) == 2
        reply = httpx.get(
            f"{url}/query", params={"db": "b", "q": "SHOW TAG VALUES WITH KEY = device"}
        )
        values = reply.json()["results"][0]["series"][0]["values"]
        assert values == [["device", "m"], ["device", "n"]]
    finally:
        server.close()
        running_again.__exit__(None, None, None)
