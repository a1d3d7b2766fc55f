"""How roles tell of themselves: heartbeats, silence, health that tells broker, store and lag apart."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import Engine, select

from quotawatt.app.monitor import Heartbeat, RoleMetrics, collector_state, read_states
from quotawatt.app.monitor_server import MonitorServer
from quotawatt.app.roles import Role, RunningRoles, make_heartbeat, make_server
from quotawatt.app.system import open_system
from quotawatt.clock import system_clock
from quotawatt.errors import StoreError
from quotawatt.settings import Settings
from quotawatt.storage.tables import role_states
from tests.servers import free_port, run_influxdb, run_mosquitto
from tests.waiting import silent, until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WELL = {
    "ok": True,
    "connected": True,
    "subscribed": True,
    "broker_problem": "",
    "store_problem": "",
    "oldest_unacknowledged_s": 0.25,
    "processed": 7,
}


@pytest.mark.parametrize(
    ("change", "not_ok"),
    [
        ({}, set()),
        ({"subscribed": False, "ok": False}, {"broker"}),
        ({"connected": False, "ok": False, "broker_problem": "gone"}, {"broker"}),
        ({"store_problem": "disk full", "ok": False}, {"store"}),
        ({"oldest_unacknowledged_s": 60.5}, {"lag"}),
    ],
)
def test_broker_store_and_lag_are_told_apart(change: dict[str, Any], not_ok: set[str]) -> None:
    state = collector_state(WELL | change, "", 60)
    assert {name for name in ("broker", "store", "lag") if not state[name]["ok"]} == not_ok
    assert state["ok"] is (not not_ok)
    assert all(state[name]["problem"] for name in not_ok - {"lag"})


def test_a_store_that_only_the_last_look_missed_is_told_too() -> None:
    state = collector_state(WELL, "no answer", 60)
    assert (state["ok"], state["store"]) == (False, {"ok": False, "problem": "no answer"})


def test_a_dead_worker_is_not_well() -> None:
    assert collector_state(WELL | {"ok": False}, "", 60)["ok"] is False


def beat(records: Engine, name: str, states: Callable[[], Any], every_s: float = 600) -> Heartbeat:
    return Heartbeat(records, states, name, every_s, lambda: NOW)


def test_a_heartbeat_is_there_at_once_follows_a_change_and_goes_with_its_process(
    records: Engine,
) -> None:
    state: dict[str, Any] = {"ok": True, "broker": {"ok": True}}
    heart = beat(records, "one", lambda: {"collect": state})
    other = beat(records, "one", lambda: {"alert": {"ok": True}})
    for each in (heart, other):
        each.start()
    found = lambda: read_states(records, Role, NOW)  # noqa: E731
    until(lambda: found()["collect"]["ok"] and found()["alert"]["ok"])
    # The next is due in ten minutes; a change is told before.
    state["broker"] = {"ok": False}
    until(lambda: found()["collect"]["instances"]["one"]["broker"] == {"ok": False})
    heart.stop()
    assert found()["collect"] == {"ok": False, "instances": {}}
    assert found()["alert"]["ok"] is True
    other.stop()
    assert not any(role["instances"] for role in found().values())


def test_who_does_not_write_for_three_periods_is_silent(records: Engine) -> None:
    heart = beat(records, "one", lambda: {"analyse": {"ok": True, "error": ""}}, every_s=5)
    heart.start()
    until(lambda: read_states(records, ["analyse"], NOW)["analyse"]["ok"])
    for age_s, is_silent in ((15, False), (15.001, True)):
        role = read_states(records, ["analyse"], NOW + timedelta(seconds=age_s))["analyse"]
        assert role["ok"] is not is_silent
        assert role["instances"]["one"] == {
            "ok": not is_silent,
            "silent": is_silent,
            "error": "",
            "at": NOW.isoformat(),
        }
    heart.stop()


def test_one_instance_that_is_not_well_makes_its_role_not_well(records: Engine) -> None:
    hearts = [
        beat(records, "one", lambda: {"collect": {"ok": True}}),
        beat(records, "two", lambda: {"collect": {"ok": False}}),
    ]
    for heart in hearts:
        heart.start()
    until(lambda: len(read_states(records, Role, NOW)["collect"]["instances"]) == 2)
    assert read_states(records, Role, NOW)["collect"]["ok"] is False
    registry = CollectorRegistry()
    registry.register(RoleMetrics(records, lambda: NOW + timedelta(seconds=4)))
    shown = {
        (s.name, s.labels["role"], s.labels["instance"]): s.value
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        for s in family.samples
    }
    assert shown == {
        ("quotawatt_role_up", "collect", "one"): 1,
        ("quotawatt_role_up", "collect", "two"): 0,
        ("quotawatt_role_heartbeat_age_seconds", "collect", "one"): 4,
        ("quotawatt_role_heartbeat_age_seconds", "collect", "two"): 4,
    }
    for heart in hearts:
        heart.stop()


def test_the_other_metrics_are_shown_while_the_record_store_is_silent(records: Engine) -> None:
    registry = CollectorRegistry()
    Counter("things", "Things.", registry=registry).inc(3)
    registry.register(RoleMetrics(records, lambda: NOW))
    with silent(records):
        shown = generate_latest(registry).decode()
    assert "things_total 3.0" in shown
    assert "quotawatt_role_up" not in shown


def test_a_heartbeat_that_hangs_does_not_hold_the_process(
    records: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotawatt.app.monitor.STOP_LIMIT_S", 0.1)
    entered, release = threading.Event(), threading.Event()

    def hang() -> dict[str, Any]:
        entered.set()
        release.wait(60)
        return {}

    heart = beat(records, "one", hang)
    heart.start()
    assert entered.wait(60)
    heart.stop()
    assert not release.is_set()
    release.set()
    # What was left ends now, and with it the connection that it holds.
    monkeypatch.setattr("quotawatt.app.monitor.STOP_LIMIT_S", 30)
    heart.stop()


def test_a_store_that_hangs_is_told_and_does_not_hold_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotawatt.app.roles.STOP_LIMIT_S", 0.1)
    release = threading.Event()
    monkeypatch.setattr("quotawatt.app.roles.probe_stores", lambda *_: release.wait(60))
    system = open_system(Settings(home=tmp_path, heartbeat_every_s=0.02), system_clock)
    roles = RunningRoles(system, {Role.API})
    assert roles.health()["api"] == {"ok": True, "error": ""}
    roles.start()
    until(lambda: not roles.health()["api"]["ok"])
    assert "must answer within 0.06 s" in str(roles.health()["api"]["error"])
    roles.stop()
    assert not release.is_set()
    release.set()
    # What was left ends now, and with it the connections that it holds.
    monkeypatch.setattr("quotawatt.app.roles.STOP_LIMIT_S", 30)
    roles.stop()
    system.close()


def test_rows_of_a_week_ago_are_forgotten(records: Engine) -> None:
    with records.begin() as conn:
        old = {"role": "alert", "instance": "old", "ok": True, "detail": {"every_s": 5}}
        conn.execute(role_states.insert(), {**old, "at": NOW - timedelta(days=8)})
    heart = beat(records, "new", lambda: {"alert": {"ok": True}})
    heart.start()
    until(lambda: set(read_states(records, (), NOW)["alert"]["instances"]) == {"new"})
    heart.stop()


def test_a_store_that_fails_for_a_while_does_not_end_the_heartbeat(records: Engine) -> None:
    fails = threading.Event()
    fails.set()

    def states() -> dict[str, Any]:
        if fails.is_set():
            raise StoreError("no answer")
        return {"alert": {"ok": True}}

    heart = beat(records, "one", states)
    heart.start()
    time.sleep(0.1)
    with records.connect() as conn:
        assert conn.execute(select(role_states)).all() == []
    fails.clear()
    until(lambda: read_states(records, ["alert"], NOW)["alert"]["ok"])
    heart.stop()


@pytest.fixture
def states() -> dict[str, Any]:
    return {"collect": {"ok": True}}


@pytest.fixture
def monitor(states: dict[str, Any]) -> Iterator[httpx.Client]:
    registry = CollectorRegistry()
    Counter("things", "Things.", registry=registry).inc(3)
    server = MonitorServer("127.0.0.1", 0, registry, lambda: states)
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
        yield client
    server.stop()


def test_the_monitor_shows_metrics_and_health(
    monitor: httpx.Client, states: dict[str, Any]
) -> None:
    assert "things_total 3.0" in monitor.get("/metrics").text
    well = monitor.get("/health")
    assert (well.status_code, well.json()) == (200, {"status": "ok", "parts": states})
    states["collect"] = {"ok": False}
    ill = monitor.get("/health")
    assert (ill.status_code, ill.json()["status"]) == (503, "degraded")
    assert monitor.get("/").status_code == 404
    assert monitor.post("/health").status_code == 404
    assert monitor.post("/metrics").status_code == 405


def test_beside_the_api_the_monitors_port_is_said_not_to_be_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path, monitor_port=9464, api_token=SecretStr("t" * 40))
    system = open_system(settings, system_clock)
    try:
        with caplog.at_level("INFO", "quotawatt.app.roles"):
            server = make_server(system, RunningRoles(system, {Role.API}))
    finally:
        system.close()
    assert not isinstance(server, MonitorServer)
    assert "QUOTAWATT_MONITOR_PORT is not used beside the API" in caplog.text


def test_the_monitors_port_must_be_free(monitor: httpx.Client) -> None:
    port = monitor.base_url.port
    assert port is not None
    second = MonitorServer("127.0.0.1", port, CollectorRegistry(), dict)
    with pytest.raises(StoreError, match="QUOTAWATT_MONITOR_PORT"):
        second.start()
    second.stop()


# --- a real collector, broker and store -------------------------------------------------------------


@contextmanager
def served(settings: Settings) -> Iterator[Callable[[], dict[str, Any]]]:
    """The collect role with its monitor; gives what its health says."""
    system = open_system(settings, system_clock)
    running = RunningRoles(system, {Role.COLLECT})
    server, heart = make_server(system, running), make_heartbeat(system, running)
    assert isinstance(server, MonitorServer)
    server.start()
    running.start()
    heart.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
            yield lambda: json.loads(client.get("/health").text)["parts"]["collect"]
    finally:
        running.stop()
        heart.stop()
        server.stop()
        system.close()


@pytest.mark.broker
@pytest.mark.influx
def test_a_broker_and_a_store_that_go_are_told_apart(tmp_path: Path) -> None:
    broker_port, influx_port = free_port(), free_port()
    with ExitStack() as stack:
        broker = stack.enter_context(run_mosquitto(tmp_path / "broker", broker_port))
        influx = stack.enter_context(run_influxdb(tmp_path / "influx", influx_port))
        httpx.post(f"{influx.http_url}/query", data={"q": "CREATE DATABASE q"}, trust_env=False)
        settings = Settings(
            home=tmp_path / "home",
            series_url=f"influx+{influx.http_url}",
            influx_bucket="q",
            mqtt_port=broker_port,
            mqtt_topics=("quotawatt/+/readings",),
            heartbeat_every_s=0.2,
            batch_age_s=0.05,
            lag_limit_s=0.5,
            monitor_port=free_port(),
        )
        health = stack.enter_context(served(settings))
        until(lambda: health()["ok"])

        influx.process.kill()
        until(lambda: not health()["store"]["ok"])
        found = health()
        assert found["broker"]["ok"]
        assert found["store"]["problem"]
        stack.enter_context(run_influxdb(tmp_path / "influx", influx_port))
        until(lambda: health()["ok"])

        broker.process.kill()
        until(lambda: not health()["broker"]["ok"])
        found = health()
        assert found["store"]["ok"]
        assert found["broker"]["problem"]
        assert not found["ok"]
        stack.enter_context(run_mosquitto(tmp_path / "broker", broker_port))
        until(lambda: health()["ok"])
