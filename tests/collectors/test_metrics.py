"""What Prometheus reads is what was published: through the real collector and a real broker."""

import itertools
import json
import time
from datetime import UTC, datetime

import pytest
from paho.mqtt.client import Client, MQTTProtocolVersion
from paho.mqtt.enums import CallbackAPIVersion
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from collectors.collector import Collector
from collectors.metrics import CollectorMetrics, Committed, PlainRegistry
from quotawatt.clock import system_clock
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings
from quotawatt.storage.memory import MemorySeriesStore
from tests.servers import Server
from tests.waiting import until

_numbers = itertools.count(1)


def samples(registry: CollectorRegistry) -> dict[str, float]:
    """Every sample that is shown, by its name and labels; those of histogram buckets left out."""
    found = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        assert family.documentation, family.name
        for sample in family.samples:
            labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))
            if not sample.name.endswith(("_bucket", "_created")):
                found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def publish(settings: Settings, messages: list[tuple[str, bytes]]) -> None:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect(settings.mqtt_host, settings.mqtt_port)
    client.loop_start()
    for info in [client.publish(topic, payload, qos=1) for topic, payload in messages]:
        info.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


@pytest.mark.broker
def test_metrics_are_what_was_published(mosquitto: Server, records: Engine) -> None:
    number = next(_numbers)
    meter, stranger = f"metrics-{number}", f"metrics-{number}-x"
    topics = (f"quotawatt/{meter}/#", f"quotawatt/{stranger}/#", f"tele/{meter}/#", f"odd/{meter}")
    settings = Settings(
        mqtt_host=mosquitto.host,
        mqtt_port=mosquitto.port,
        mqtt_client_id=meter,
        mqtt_topics=topics,
        batch_age_s=0.05,
    )
    register = Register(bindings=[Binding(meter, "MTR", datetime(2020, 1, 1, tzinfo=UTC))])
    registry = CollectorRegistry()
    metrics = CollectorMetrics(registry)
    collector = Collector(
        settings, MemorySeriesStore(), records, lambda: register, system_clock, metrics
    )
    metrics.watch(collector)
    now = int(time.time())

    def native(device: str, at: int, value: float) -> tuple[str, bytes]:
        body = {"time": at, "values": {"electricity_import_kwh": value, "voltage_v": 230}}
        return f"quotawatt/{device}/readings", json.dumps(body).encode()

    good = [native(meter, now - 60 * n, 1000.0 - n) for n in range(20)]
    messages = [
        *good,
        good[3],  # again: two duplicates
        native(meter, now - 7200, -1.0),  # a counter below zero
        native(stranger, now, 5.0),
        (f"quotawatt/{meter}/readings", b"not json"),
        (f"odd/{meter}", b"\xff\xfe"),
        (f"tele/{meter}/LWT", b"Online"),
    ]
    assert samples(registry)["quotawatt_broker_up"] == 0
    collector.start()
    try:
        until(lambda: samples(registry)["quotawatt_broker_up"] == 1)
        publish(settings, messages)
        until(lambda: samples(registry)["quotawatt_messages_acknowledged_total"] == len(messages))
        found = samples(registry)
    finally:
        collector.stop()
    expected = {
        "quotawatt_messages_received_total{profile=native}": 24,
        "quotawatt_messages_decoded_total{profile=native}": 23,
        "quotawatt_messages_rejected_total{profile=native,reason=not_json}": 1,
        "quotawatt_messages_kept_total": 1,
        "quotawatt_messages_decoded_total{profile=tasmota}": 1,
        "quotawatt_readings_written_total": 43,
        "quotawatt_readings_duplicate_total": 2,
        "quotawatt_reading_conflicts_total": 0,
        "quotawatt_readings_suspect_total{reason=counter_below_zero}": 1,
        "quotawatt_flood_dropped_total": 0,
        "quotawatt_deliveries_total": len(messages),
        "quotawatt_received_bytes_total": sum(len(payload) for _, payload in messages),
        "quotawatt_reconnects_total": 0,
        "quotawatt_messages_unacknowledged": 0,
        "quotawatt_oldest_unacknowledged_seconds": 0,
        "quotawatt_messages_queued": 0,
        "quotawatt_store_up": 1,
        "quotawatt_batch_messages_sum": len(messages),
    }
    assert {name: found.get(name) for name in expected} == expected
    received = {k: v for k, v in found.items() if k.startswith("quotawatt_messages_received_total")}
    assert sum(received.values()) == len(messages)
    rejected = [v for k, v in found.items() if k.startswith("quotawatt_messages_rejected_total")]
    assert sum(rejected) == 2
    assert found["quotawatt_batch_commit_seconds_count"] >= 1
    assert not any(meter in name for name in found), "no device may be a label"


def test_messages_without_a_profile_are_counted_under_none() -> None:
    registry = CollectorRegistry()
    counts = {
        "messages_received": 2,
        "readings_written": 3,
        "suspect:clock_ahead": 2,
        "a_total_of_no_metric": 9,
    }
    batch = Committed(counts, {"": 2}, {}, {("", "no_profile"): 2}, 0.25)
    metrics = CollectorMetrics(registry)
    metrics.batch_committed(batch)
    metrics.batch_committed(batch)
    found = samples(registry)
    assert found["quotawatt_messages_received_total{profile=none}"] == 4
    assert found["quotawatt_messages_rejected_total{profile=none,reason=no_profile}"] == 4
    assert found["quotawatt_readings_suspect_total{reason=clock_ahead}"] == 4
    assert found["quotawatt_readings_written_total"] == 6
    assert found["quotawatt_batch_commit_seconds_sum"] == 0.5


def test_totals_are_there_before_the_first_message_and_no_instants_beside_them() -> None:
    registry = PlainRegistry()
    CollectorMetrics(registry)
    shown = generate_latest(registry).decode()
    assert "_created" not in shown
    found = samples(registry)
    totals = {name.partition("{")[0] for name in found if "_total" in name}
    assert totals == {f"{f.name}_total" for f in registry.collect() if f.type == "counter"}
    assert set(found.values()) == {0}
    assert "quotawatt_messages_rejected_total{profile=none,reason=no_profile}" in found
    assert "quotawatt_readings_suspect_total{reason=clock_ahead}" in found


def test_a_batch_taken_in_again_counts_only_what_it_wrote() -> None:
    registry = CollectorRegistry()
    counts = {"messages_replayed": 4, "readings_written": 3}
    again = Committed(counts, {"native": 4}, {"native": 4}, {("native", "bad_value"): 1}, 0.25)
    CollectorMetrics(registry).batch_committed(again)
    found = {name: value for name, value in samples(registry).items() if value}
    assert found == {
        "quotawatt_messages_replayed_total": 4,
        "quotawatt_readings_written_total": 3,
        "quotawatt_batch_commit_seconds_count": 1,
        "quotawatt_batch_commit_seconds_sum": 0.25,
    }
