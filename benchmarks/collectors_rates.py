"""How many messages a second: collectors and what they are measured against.

All alike: a broker of its own, a session of the subscriber, which is away while all messages are
published; then it starts and works the queue off. So the publisher takes no time from what is measured,
and starting up does not count: the rate is that of the last nine tenths.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from benchmarks.collectors_pace import Pace, pace_of_rest
from benchmarks.collectors_rig import (
    LIMIT_S,
    TOPIC,
    CollectorProcess,
    Progress,
    bind_devices,
    collector_settings,
    left_behind,
    make_session,
    running,
)
from benchmarks.collectors_stores import DuckDbFile, InfluxServer
from quotawatt.errors import StateError
from simulators.load import meter_messages
from simulators.publisher import publish
from simulators.wire import WirePublisher
from tests.servers import (
    Server,
    create_postgres_database,
    run_mosquitto,
    run_postgres,
    run_victoria_metrics,
)

READINGS_A_MESSAGE = 5
_GROUP = "pair"
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement: the rate, how many messages were published but are not in the store or not
    acknowledged in the end, and the processor cores that each kind of process used."""

    messages_per_s: float
    lost: int
    unacknowledged: int = 0
    cores: Mapping[str, float] = field(default_factory=dict)


def bare_subscriber(messages: int) -> Run:
    """paho as it comes, msgspec, acknowledgements, no store."""
    with (
        work_folder() as folder,
        loaded_broker(folder, messages, {"bare": TOPIC}, version=4) as broker,
    ):
        return Run(_peer("bare", broker, messages), 0)


def collector_into_duckdb(messages: int) -> Run:
    """One embedded collector, as ``quotawatt serve --role collect`` starts it."""
    with work_folder() as folder, loaded_broker(folder, messages, {"embedded": TOPIC}) as broker:
        pace = _collect(folder, broker, messages, ["embedded"], {}, {})
        lost = lost_of(messages, DuckDbFile(folder / "embedded").count())
        return _run(pace, lost, left_behind(broker, "embedded"))


def collector_into_influx(messages: int) -> Run:
    """One collector into InfluxDB, its records in SQLite."""
    with (
        work_folder() as folder,
        fresh_influx(folder) as store,
        loaded_broker(folder, messages, {"served": TOPIC}) as broker,
    ):
        others = {"InfluxDB": store.server}
        pace = _collect(folder, broker, messages, ["served"], store.settings, others)
        return _run(pace, lost_of(messages, store.count()), left_behind(broker, "served"))


def collectors_on_a_share(messages: int, collectors: int) -> Run:
    """So many collectors on one shared subscription, into InfluxDB and PostgreSQL."""
    names = [f"shared-{number}" for number in range(collectors)]
    sessions = dict.fromkeys(names, f"$share/{_GROUP}/{TOPIC}")
    with (
        work_folder() as folder,
        fresh_influx(folder) as store,
        run_postgres() as postgres,
        loaded_broker(folder, messages, sessions) as broker,
    ):
        records = create_postgres_database(postgres, "bench")
        settings = {**store.settings, "records_url": records, "mqtt_share_group": _GROUP}
        others = {"InfluxDB": store.server, "PostgreSQL": postgres}
        pace = _collect(folder, broker, messages, names, settings, others)
        left = sum(left_behind(broker, name) for name in names)
        return _run(pace, lost_of(messages, store.count()), left)


def script_into_victoria_metrics(messages: int) -> Run:
    """paho and influxdb-client, one synchronous write a message; VictoriaMetrics takes the writes."""
    with (
        work_folder() as folder,
        run_victoria_metrics(folder / "victoria") as server,
        loaded_broker(folder, messages, {"script": TOPIC}, version=4) as broker,
    ):
        rate = _peer("script", broker, messages, "--url", server.http_url)
        return Run(rate, lost_of(messages, _victoria_count(server)))


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for one measurement."""
    with tempfile.TemporaryDirectory(prefix="quotawatt-bench-") as folder:
        yield Path(folder)


@contextmanager
def fresh_influx(folder: Path) -> Iterator[InfluxServer]:
    """An empty InfluxDB for one measurement."""
    store = InfluxServer(folder / "influx")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def loaded_broker(
    folder: Path, messages: int, sessions: Mapping[str, str], version: int = 5
) -> Iterator[Server]:
    """A broker that holds messages for absent clients.

    sessions
        Their client identifiers, each with the topic that it subscribed to.
    version
        Of MQTT: 5 or 4 (3.1.1), as the clients speak it.
    """
    with run_mosquitto(folder / "broker") as broker:
        for client_id, topic in sessions.items():
            make_session(broker, client_id, topic, version)
        publish(meter_messages(messages), broker.host, broker.port, connect=WirePublisher)
        yield broker


def lost_of(messages: int, readings: int) -> int:
    """How many messages' worth of readings are not there. Raises StateError where there are more."""
    if readings > messages * READINGS_A_MESSAGE:
        sent = messages * READINGS_A_MESSAGE
        raise StateError(f"a store must hold each reading once, got {readings} of {sent}")
    return messages - readings // READINGS_A_MESSAGE


def _run(pace: Pace, lost: int, left: int) -> Run:
    return Run(pace.messages_per_s, lost, left, pace.cores)


def _collect(
    folder: Path,
    broker: Server,
    messages: int,
    names: Sequence[str],
    others: Mapping[str, object],
    servers: Mapping[str, Server],
) -> Pace:
    """Have collectors of these names, each with a home of its own, work their sessions off.

    others
        What their settings say beside the broker.
    servers
        Whose use of the processor is to be known too.
    """
    settings = [collector_settings(folder / name, broker, name, **others) for name in names]
    for one in settings:
        bind_devices(one)
    collectors = [CollectorProcess(one) for one in settings]
    with Progress(settings[0]) as progress, running(*collectors):
        processes = {
            "collectors": [collector.pid for collector in collectors],
            "mosquitto": [broker.process.pid],
            **{name: [server.process.pid] for name, server in servers.items()},
        }
        return pace_of_rest(progress.total, messages, _POLL_S, processes)


def _peer(kind: str, broker: Server, messages: int, *more: str) -> float:
    command = [sys.executable, "-m", "benchmarks.collectors_peers", kind, "--client-id", kind]
    command += ["--port", str(broker.port), "--messages", str(messages), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=LIMIT_S)
    rate: float = json.loads(done.stdout)["messages_per_s"]
    return rate


def _victoria_count(server: Server) -> int:
    """How many values VictoriaMetrics holds, once it shows them."""
    httpx.get(f"{server.http_url}/internal/force_flush", trust_env=False).raise_for_status()
    query = {"match[]": '{__name__=~"readings_.*"}'}
    reply = httpx.get(f"{server.http_url}/api/v1/export", params=query, trust_env=False)
    lines = reply.raise_for_status().content.splitlines()
    return sum(len(msgspec.json.decode(line)["values"]) for line in lines)
