"""The collector on a real broker: nothing lost, nothing twice, acknowledged only when durable."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event

import pyarrow as pa
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import Engine, select

from collectors.collector import Collector
from collectors.deadletters import count_letters
from quotawatt.clock import system_clock
from quotawatt.errors import SettingError, StoreError
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import WriteReport
from quotawatt.storage.tables import counters, dead_letters, findings, seen_devices
from tests.servers import Server, free_port, run_mosquitto
from tests.waiting import until

pytestmark = pytest.mark.broker

METERS = ("-m", "-flood")
START = datetime(2023, 1, 1, tzinfo=UTC)
ALL = Span(START, START + timedelta(days=3650))
LIMIT_S = 60.0
_numbers = count(1)


class Store(MemorySeriesStore):
    """The memory store, which may be off, and says that it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.off = False
        self.refused = Event()
        self.off_after: int | None = None
        self.rows = 0

    def write_readings(self, readings: pa.Table) -> WriteReport:
        if self.off_after is not None and self.rows >= self.off_after:
            self.off, self.off_after = True, None
        if self.off:
            self.refused.set()
            raise StoreError("the store must answer, it is off")
        report = super().write_readings(readings)
        self.rows += report.written
        return report


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def settings(mosquitto: Server) -> Settings:
    return settings_for(mosquitto)


def settings_for(broker: Server, **others: object) -> Settings:
    number = next(_numbers)
    return Settings(
        mqtt_host=broker.host,
        mqtt_port=broker.port,
        mqtt_client_id=f"collector-{number}",
        mqtt_topics=(
            *(f"quotawatt/t{number}{end}/readings" for end in (*METERS, "-x")),
            f"quotawatt/t{number}/#",
            f"odd/t{number}/#",
        ),
        batch_readings=200,
        batch_age_s=0.05,
        **others,  # type: ignore[arg-type]
    )


def prefix(settings: Settings) -> str:
    """What the topics of one test begin with: the broker is that of all tests."""
    return settings.mqtt_topics[-1].split("/")[1]


def make(settings: Settings, store: Store, records: Engine) -> Collector:
    """A collector that knows the meters of the test by its register."""
    name = settings.mqtt_topics[-1].split("/")[1]
    bindings = tuple(Binding(f"{name}{end}", f"M{end}", START) for end in METERS)
    return Collector(settings, store, records, lambda: Register(bindings=bindings), system_clock)


@contextmanager
def running(settings: Settings, store: Store, records: Engine) -> Iterator[Collector]:
    collector = make(settings, store, records)
    collector.start()
    try:
        until(lambda: collector.healthy()["subscribed"] is True)
        yield collector
    finally:
        collector.stop()


def publish(
    broker: Server | Settings, messages: Iterable[tuple[str, bytes]], retain: bool = False
) -> None:
    """Publish and wait until the broker has taken responsibility for all."""
    port = broker.port if isinstance(broker, Server) else broker.mqtt_port
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.max_inflight_messages_set(100)
    client.connect("127.0.0.1", port)
    client.loop_start()
    infos = [client.publish(topic, payload, 1, retain) for topic, payload in messages]
    for info in infos:
        info.wait_for_publish(LIMIT_S)
    client.disconnect()
    client.loop_stop()


def reading(settings: Settings, number: int) -> tuple[str, bytes]:
    """Message ``number`` of one meter: a minute later and one more than the one before."""
    moment = (START + timedelta(minutes=number)).timestamp()
    body = {"time": moment, "values": {"electricity_import_kwh": float(number)}}
    return f"quotawatt/{prefix(settings)}-m/readings", json.dumps(body).encode()


def values(settings: Settings, store: Store) -> list[float]:
    key = SeriesKey(f"{prefix(settings)}-m", "", "electricity_import_kwh")
    found: list[float] = store.read_readings([key], ALL)["value"].to_pylist()
    return found


def written(records: Engine) -> int:
    with records.connect() as conn:
        query = select(counters.c.total).where(counters.c.name == "readings_written")
        return int(conn.execute(query).scalar() or 0)


def subscribe_only(settings: Settings, store: Store, records: Engine) -> None:
    """Leave a session behind at the broker, which keeps messages for it from now on."""
    with running(settings, store, records) as collector:
        publish(settings, [(f"quotawatt/{prefix(settings)}/none", b"")])
        until(lambda: collector.processed == 1)


def test_two_thousand_messages_through_a_store_that_fails_in_the_middle(
    settings: Settings, store: Store, records: Engine
) -> None:
    total = 2000
    store.off_after = 700
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, i) for i in range(total)])
        assert store.refused.wait(LIMIT_S)
        until(lambda: collector.healthy()["store_problem"] != "")
        health = collector.healthy()
        assert health["ok"] is False
        assert collector.processed < total
        assert health["oldest_unacknowledged_s"] > 0  # type: ignore[operator]
        store.off = False
        until(lambda: collector.processed == total)
        assert collector.healthy()["ok"] is True
    assert values(settings, store) == [float(i) for i in range(total)]
    assert written(records) == total


def test_what_was_not_written_is_not_acknowledged_and_comes_again(
    settings: Settings, store: Store, records: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.collector.DRAIN_LIMIT_S", 0.1)
    store.off = True
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, i) for i in range(50)])
        assert store.refused.wait(LIMIT_S)
    assert collector.processed == 0
    store.off = False
    with running(settings, store, records) as collector:
        until(lambda: collector.processed == 50)
    assert values(settings, store) == [float(i) for i in range(50)]


def test_what_was_acknowledged_does_not_come_again(
    settings: Settings, store: Store, records: Engine
) -> None:
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, i) for i in range(300)])
        until(lambda: collector.processed == 300)
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, 300)])
        until(lambda: 300.0 in values(settings, store))
    assert collector.processed == 1


def test_messages_sent_while_the_collector_is_away_arrive(
    settings: Settings, store: Store, records: Engine
) -> None:
    subscribe_only(settings, store, records)
    publish(settings, [reading(settings, i) for i in range(1500)])
    with running(settings, store, records) as collector:
        until(lambda: collector.processed == 1500)
    assert values(settings, store) == [float(i) for i in range(1500)]


def test_stopping_finishes_what_is_here(settings: Settings, store: Store, records: Engine) -> None:
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, i) for i in range(400)])
        until(lambda: collector.processed > 0)
    done = collector.processed
    assert values(settings, store) == [float(i) for i in range(done)]
    assert collector.healthy()["queued"] == 0
    with running(settings, store, records) as again:
        until(lambda: done + again.processed == 400)
    assert len(values(settings, store)) == 400


def test_poison_is_kept_as_dead_letter_and_unknown_devices_are_seen(
    settings: Settings, store: Store, records: Engine
) -> None:
    topic, _ = reading(settings, 0)
    poison = [
        (topic, b"\xff"),
        (topic, b""),
        (topic, b"[" * 50_000),
        (f"odd/{prefix(settings)}/x", b"1"),
    ]
    too_large = (topic, b"x" * (settings.payload_limit_bytes + 1))
    unknown = (topic.replace("-m/", "-x/"), reading(settings, 0)[1])
    with running(settings, store, records) as collector:
        publish(settings, [*poison, too_large, unknown, reading(settings, 1)])
        until(lambda: collector.processed == 7)
        assert collector.healthy()["ok"] is True
    assert values(settings, store) == [1.0]
    with records.connect() as conn:
        assert count_letters(conn) == {"no_profile": 1, "not_json": 2, "too_large": 1}
        assert conn.execute(select(seen_devices.c.device)).scalars().all() == [
            f"{prefix(settings)}-x"
        ]


def test_ten_megabytes_become_a_dead_letter_that_says_so(
    settings: Settings, store: Store, records: Engine
) -> None:
    topic, _ = reading(settings, 0)
    with running(settings, store, records) as collector:
        publish(
            settings,
            [reading(settings, 0), (topic, b"x" * 10_000_000), reading(settings, 1)],
        )
        until(lambda: collector.processed == 3)
    assert values(settings, store) == [0.0, 1.0]
    with records.connect() as conn:
        (letter,) = conn.execute(select(dead_letters)).all()
    assert letter.reason == "too_large"
    assert letter.message.endswith("bytes, got 10000000")
    assert len(letter.payload) <= settings.payload_limit_bytes


def test_a_device_that_floods_is_limited_and_the_others_are_not(
    mosquitto: Server, store: Store, records: Engine
) -> None:
    settings = settings_for(mosquitto, device_rate_per_s=1, device_burst=100)
    calm = [reading(settings, i) for i in range(100)]
    flood = [
        (topic.replace("-m/", "-flood/"), payload)
        for topic, payload in (reading(settings, i) for i in range(3000))
    ]
    mixed = [m for i in range(100) for m in (*flood[30 * i : 30 * i + 30], calm[i])]
    with running(settings, store, records) as collector:
        publish(settings, mixed)
        until(lambda: collector.processed == len(mixed))
        dropped = collector.stats()["flood_dropped"]
        assert collector.stats()["acknowledged"] == len(mixed)
    key = SeriesKey(f"{prefix(settings)}-flood", "", "electricity_import_kwh")
    kept = store.read_readings([key], ALL)["value"].to_pylist()
    assert len(kept) + dropped == 3000
    assert kept[:100] == [float(i) for i in range(100)]
    assert kept[-1] == 2999.0
    assert dropped > 1000
    assert values(settings, store) == [float(i) for i in range(100)]
    with records.connect() as conn:
        found = conn.execute(select(findings).where(findings.c.code == "device_flooding")).all()
    assert [row.subject for row in found] == [f"{prefix(settings)}-flood"]


def test_a_batch_is_bounded_by_bytes_too(mosquitto: Server, store: Store, records: Engine) -> None:
    settings = settings_for(mosquitto, batch_bytes=50_000)
    subscribe_only(settings, store, records)
    time_s = int(START.timestamp())
    topic, _ = reading(settings, 0)
    large = [
        json.dumps(
            {"time": time_s + i, "values": {"electricity_import_kwh": i}, "x": "x" * 20_000}
        ).encode()
        for i in range(60)
    ]
    publish(settings, [(topic, payload) for payload in large])
    with running(settings, store, records) as collector:
        until(lambda: collector.processed == 60)
        # A batch ends with the read that fills it, and a read brings at most 64 KiB more.
        assert collector.stats()["batches"] >= 60 * 20_000 // (50_000 + 2 * 65_536)
        assert collector.stats()["bytes"] == sum(map(len, large))
    assert len(values(settings, store)) == 60


def test_mqtt_3_1_1_loses_nothing_while_the_store_fails_and_the_broker_is_killed(
    tmp_path: Path, store: Store, records: Engine
) -> None:
    folder, port = tmp_path / "broker", free_port()
    with run_mosquitto(folder, port) as broker:
        settings = settings_for(broker, mqtt_version="3.1.1")
        store.off_after = 100
        with running(settings, store, records) as collector:
            publish(broker, [reading(settings, i) for i in range(500)])
            assert store.refused.wait(LIMIT_S)
            published_at = time.time()
            # The broker saves its sessions each second; what it had then survives.
            until(lambda: _saved_at(folder) > published_at)
            broker.process.kill()
            until(lambda: collector.healthy()["connected"] is False)
            store.off = False
            with run_mosquitto(folder, port):
                until(lambda: len(values(settings, store)) == 500)
                until(lambda: collector.healthy()["unacknowledged"] == 0)
                until(lambda: collector.stats()["reconnects"] == 1)
    assert values(settings, store) == [float(i) for i in range(500)]


def _saved_at(folder: Path) -> float:
    """When the broker last wrote its sessions, seconds since 1970; 0: never."""
    file = folder / "mosquitto.db"
    return file.stat().st_mtime if file.exists() else 0.0


def test_broker_store_and_lag_are_told_apart(
    settings: Settings, store: Store, records: Engine
) -> None:
    with running(settings, store, records) as collector:
        assert collector.healthy()["unacknowledged"] == 0
        store.off = True
        publish(settings, [reading(settings, 0)])
        until(lambda: collector.healthy()["store_problem"] != "")
        health = collector.healthy()
        assert (health["subscribed"], health["broker_problem"]) == (True, "")
        assert (health["unacknowledged"], health["queued"]) == (1, 0)
        assert collector.stats()["acknowledged"] == 0
        store.off = False
        until(lambda: collector.stats()["acknowledged"] == 1)
        assert collector.healthy()["oldest_unacknowledged_s"] == 0.0


def test_the_session_survives_a_broker_that_is_killed(
    tmp_path: Path, store: Store, records: Engine, request: pytest.FixtureRequest
) -> None:
    folder, port = tmp_path / "broker", free_port()
    store.off = True
    with run_mosquitto(folder, port) as broker:
        settings = settings_for(broker)
        collector = make(settings, store, records)
        request.addfinalizer(collector.stop)
        collector.start()
        until(lambda: collector.healthy()["subscribed"] is True)
        publish(broker, [reading(settings, i) for i in range(500)])
        assert store.refused.wait(LIMIT_S)
    until(lambda: collector.healthy()["connected"] is False)
    store.off = False  # acknowledgements of the lost connection go nowhere
    until(lambda: collector.processed > 0)
    with run_mosquitto(folder, port) as broker:
        until(lambda: collector.healthy()["subscribed"] is True)
        publish(broker, [reading(settings, i) for i in range(500, 600)])
        until(lambda: len(values(settings, store)) == 600)
        collector.stop()
    assert values(settings, store) == [float(i) for i in range(600)]
    assert written(records) == 600


def test_two_collectors_share_a_subscription(
    mosquitto: Server, store: Store, records: Engine
) -> None:
    one = settings_for(mosquitto, mqtt_share_group="pair")
    two = one.model_copy(update={"mqtt_client_id": f"{one.mqtt_client_id}-b"})
    with running(one, store, records) as first, running(two, store, records) as second:
        publish(one, [(f"quotawatt/{prefix(one)}/none", b"")] * 2)
        until(lambda: first.processed + second.processed == 2)
        publish(one, [reading(one, i) for i in range(600)])
        until(lambda: first.processed + second.processed == 602)
        assert min(first.processed, second.processed) > 100
    assert values(one, store) == [float(i) for i in range(600)]


def test_a_broker_that_does_not_answer_is_said_and_stopping_still_works(
    store: Store, records: Engine
) -> None:
    collector = make(Settings(mqtt_port=free_port(), mqtt_topics=("a/b",)), store, records)
    collector.start()
    until(lambda: collector.healthy()["broker_problem"] != "")
    assert "127.0.0.1" in str(collector.healthy()["broker_problem"])
    assert collector.healthy()["ok"] is False
    collector.stop()


def test_a_retained_message_comes_once_and_not_with_every_connection(
    settings: Settings, store: Store, records: Engine
) -> None:
    topic, payload = reading(settings, 0)
    publish(settings, [(topic, payload)], retain=True)
    with running(settings, store, records) as collector:
        until(lambda: collector.processed == 1)
    with running(settings, store, records) as collector:
        publish(settings, [reading(settings, 1)])
        until(lambda: 1.0 in values(settings, store))
    assert collector.processed == 1


@pytest.mark.parametrize("topic", ["a/#/b", "a+/b", "", "x" * 70_000])
def test_a_wrong_topic_setting_is_refused_at_once(
    topic: str, store: Store, records: Engine
) -> None:
    with pytest.raises(SettingError, match="topic"):
        make(Settings(mqtt_topics=(topic, "a/b")), store, records)


def test_a_mistake_of_ours_does_not_end_the_worker(
    settings: Settings,
    store: Store,
    records: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("collectors.collector.RETRY_LAST_S", 0.2)
    with running(settings, store, records) as collector, monkeypatch.context() as broken:
        chores, flood = collector._chores, collector._flood
        broken.setattr(chores, "step", lambda: 1 / 0)
        publish(settings, [reading(settings, 1)])
        until(lambda: collector.processed == 1)
        broken.setattr(flood, "end_batch", lambda: 1 / 0)
        publish(settings, [reading(settings, 2)])
        until(lambda: "ZeroDivisionError" in str(collector.healthy()["store_problem"]))
        assert collector.healthy()["ok"] is False
        broken.undo()
        until(lambda: collector.processed == 2)
        until(lambda: collector.healthy()["ok"] is True)
    assert values(settings, store) == [1, 2]
    assert "a chore failed" in caplog.text


def test_a_store_that_hangs_does_not_hold_the_process(
    settings: Settings, store: Store, records: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.collector.DRAIN_LIMIT_S", 0.1)
    monkeypatch.setattr("collectors.collector.LAST_WRITE_S", 0.1)
    entered, release = Event(), Event()

    def hang(readings: pa.Table) -> WriteReport:
        entered.set()
        release.wait(LIMIT_S)
        raise StoreError("it hung")

    collector = make(settings, store, records)
    monkeypatch.setattr(store, "write_readings", hang)
    collector.start()
    until(lambda: collector.healthy()["subscribed"] is True)
    publish(settings, [reading(settings, 1)])
    assert entered.wait(LIMIT_S)
    collector.stop()
    assert not release.is_set()
    assert (collector.processed, collector.stats()["acknowledged"]) == (0, 0)
    release.set()
    monkeypatch.undo()
    with running(settings, store, records) as again:
        until(lambda: again.processed == 1)
    assert values(settings, store) == [1]


def test_stopping_before_starting_is_harmless(store: Store, records: Engine) -> None:
    collector = make(Settings(mqtt_topics=("a/b",)), store, records)
    collector.stop()
    assert collector.processed == 0
