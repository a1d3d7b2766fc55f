"""A collector as users run it, to be measured: its home, its devices, its process, how far it is."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy import select

from quotawatt.clock import system_clock
from quotawatt.errors import StateError
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings, load_settings
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import counters
from simulators.load import DEVICES, load_device
from tests.servers import Server

TOPIC = "quotawatt/+/readings"
LIMIT_S = 600.0
_BOUND_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_SESSION_S = 86_400
_POLL_S = 0.01


def collector_settings(home: Path, broker: Server, client_id: str, **others: object) -> Settings:
    """Settings of a collector; ``others`` choose the stores, DuckDB and SQLite where they don't."""
    return load_settings(
        home=home,
        timezone="UTC",
        mqtt_host=broker.host,
        mqtt_port=broker.port,
        mqtt_client_id=client_id,
        mqtt_topics=(TOPIC,),
        **others,
    )


def bind_devices(settings: Settings, devices: int = DEVICES) -> None:
    """Write the load's devices into the register of the record store, each bound to a meter."""
    numbers = range(devices)
    register = Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院区", "Site", "UTC", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG", gross_area_m2=10_000)],
        meters=[Meter(f"M{n}", f"表{n}", f"Meter {n}", "BLD", "electricity") for n in numbers],
        bindings=[Binding(load_device(n), f"M{n}", _BOUND_FROM) for n in numbers],
    )
    engine = open_records(settings.records_url, settings.home)
    try:
        save_register(engine, register, "benchmark", system_clock())
    finally:
        engine.dispose()


class CollectorProcess:
    """``quotawatt serve --role collect`` with these settings; what it logs is kept in its home."""

    def __init__(self, settings: Settings) -> None:
        self._environment = os.environ | environment(settings)
        self._log = settings.home / "collector.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, once more if it has ended."""
        program = [sys.executable, "-m", "quotawatt.app.main", "serve", "--role", "collect"]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                program, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it with SIGKILL; harmless where it has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Let it finish what it has. Raises StateError where it ends otherwise than well."""
        if self._process is None:
            return
        self._process.terminate()
        code = self._process.wait(LIMIT_S)
        if code != 0:
            shown = self._log.read_text(errors="replace")[-2000:]
            raise StateError(f"a collector must end with status 0, got {code}:\n{shown}")

    @property
    def pid(self) -> int:
        """Its process identifier. Raises StateError before it was started."""
        if self._process is None:
            raise StateError("a collector must have been started, got one that was not")
        return self._process.pid

    def rss_mb(self) -> float:
        """Its resident memory, in MiB."""
        found: int = psutil.Process(self.pid).memory_info().rss
        return found / 2**20


@contextmanager
def running(*collectors: CollectorProcess) -> Iterator[None]:
    """Start all, stop all in the end; where the body fails they are killed."""
    try:
        for collector in collectors:
            collector.start()
        yield
        for collector in collectors:
            collector.stop()
    finally:
        for collector in collectors:
            collector.kill()


class Progress:
    """How far collectors are, read from the counters that they keep in the record store."""

    def __init__(self, settings: Settings) -> None:
        self._engine = open_records(settings.records_url, settings.home)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def total(self, name: str = "messages_received") -> int:
        """A counter; 0 where nothing was counted."""
        query = select(counters.c.total).where(counters.c.name == name)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)


def until(condition: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
    """Wait until it holds. Raises StateError where it does not in time."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise StateError(f"{what} within {limit_s:.0f} s, but it did not come about")
        time.sleep(_POLL_S)


def make_session(broker: Server, client_id: str, topic: str = TOPIC, version: int = 5) -> None:
    """Have the broker keep messages for a client that is away: connect, subscribe, disconnect."""
    client = _client(client_id, version)
    granted: list[int] = []
    client.on_subscribe = lambda *_: granted.append(1)
    _connect(client, broker, version)
    client.subscribe(topic, qos=1)
    client.loop_start()
    try:
        until(lambda: bool(granted), "the broker must grant the subscription", 30)
    finally:
        client.disconnect()
        client.loop_stop()


def wait_until_saved(broker: Server, client_id: str) -> None:
    """Wait until the broker has written a session to its disk, where a SIGKILL leaves it."""
    saved = broker.folder / "mosquitto.db"
    until(
        lambda: saved.is_file() and client_id.encode() in saved.read_bytes(),
        "the broker must save its sessions",
        30,
    )


def left_behind(broker: Server, client_id: str, quiet_s: float = 0.5) -> int:
    """How many messages the broker still holds for a client that is away. They are taken from it.

    quiet_s
        All are there once nothing has come for so long.
    """
    client = _client(client_id, 5)
    arrivals: list[float] = [time.monotonic()]
    client.on_message = lambda *_: arrivals.append(time.monotonic())
    _connect(client, broker, 5)
    client.loop_start()
    try:
        until(lambda: time.monotonic() > arrivals[-1] + quiet_s, "the queue must come to an end")
    finally:
        client.disconnect()
        client.loop_stop()
    return len(arrivals) - 1


def _client(client_id: str, version: int) -> Client:
    protocol = MQTTProtocolVersion.MQTTv5 if version == 5 else MQTTProtocolVersion.MQTTv311
    clean = None if version == 5 else False
    return Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=clean,
        protocol=protocol,
    )


def _connect(client: Client, broker: Server, version: int) -> None:
    """Connect to a session that outlives the connection."""
    if version != 5:
        client.connect(broker.host, broker.port)
        return
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = _SESSION_S
    client.connect(broker.host, broker.port, clean_start=False, properties=properties)


def environment(settings: Settings) -> dict[str, str]:
    """The settings that differ from the defaults, as a process is given them."""
    found = settings.model_dump(mode="json", exclude_defaults=True)
    return {
        f"QUOTAWATT_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in found.items()
    }
