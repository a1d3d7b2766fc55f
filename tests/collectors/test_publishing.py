"""Publishing one message to a real broker."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collectors.publishing import publish_once
from quotawatt.devicecommands import Telegram
from quotawatt.errors import StoreError
from quotawatt.settings import Settings
from tests.servers import Server, free_port, run_mosquitto
from tests.waiting import until

pytestmark = pytest.mark.broker


class Heard:
    """What a subscriber was sent."""

    def __init__(self) -> None:
        self.messages: list[mqtt.MQTTMessage] = []
        self.subscribed = threading.Event()


@contextmanager
def listening(server: Server, topic: str) -> Iterator[Heard]:
    heard = Heard()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _client, _data, message: heard.messages.append(message)
    client.on_subscribe = lambda *_: heard.subscribed.set()
    client.connect(server.host, server.port)
    client.subscribe(topic, qos=1)
    client.loop_start()
    assert heard.subscribed.wait(10)
    yield heard
    client.disconnect()
    client.loop_stop()


def settings(server: Server, **more: object) -> Settings:
    return Settings(
        mqtt_host=server.host,
        mqtt_port=server.port,
        mqtt_client_id="once",
        **more,  # type: ignore[arg-type]
    )


def test_it_arrives_not_retained_and_expires(mosquitto: Server) -> None:
    with listening(mosquitto, "cmnd/once/#") as heard:
        assert publish_once(settings(mosquitto), Telegram("cmnd/once/POWER", "OFF"), 90.5)
        until(lambda: heard.messages)
    (message,) = heard.messages
    assert (message.topic, message.payload, message.qos) == ("cmnd/once/POWER", b"OFF", 1)
    assert not message.retain
    assert message.properties is not None
    assert 0 < message.properties.MessageExpiryInterval <= 90
    with listening(mosquitto, "cmnd/once/#") as later:
        assert publish_once(settings(mosquitto), Telegram("cmnd/once/END", "x"), 1)
        until(lambda: later.messages)
    assert [message.topic for message in later.messages] == ["cmnd/once/END"]


def test_by_the_older_protocol_too(mosquitto: Server) -> None:
    with listening(mosquitto, "cmnd/old/#") as heard:
        old = settings(mosquitto, mqtt_version="3.1.1")
        assert publish_once(old, Telegram("cmnd/old/POWER", "ON"), 5)
        until(lambda: heard.messages)
    assert heard.messages[0].payload == b"ON"


def test_a_broker_that_is_away() -> None:
    away = Settings(mqtt_host="127.0.0.1", mqtt_port=free_port())
    with pytest.raises(StoreError, match="the broker must answer"):
        publish_once(away, Telegram("c/d", "x"), 5)


def test_a_broker_that_does_not_let_it_write_says_so(tmp_path: Path) -> None:
    rules = tmp_path / "acl"
    rules.write_text("topic read #\n", encoding="utf-8")
    rules.chmod(0o600)
    extra = f"acl_file {rules}\nallow_anonymous true\n"
    with (
        run_mosquitto(tmp_path / "broker", extra_config=extra) as server,
        pytest.raises(StoreError, match="the broker must take a command, got Not authorized"),
    ):
        publish_once(settings(server), Telegram("c/d", "x"), 5)


def test_a_broker_that_lets_nobody_in(tmp_path: Path) -> None:
    with (
        run_mosquitto(tmp_path, extra_config="allow_anonymous false\n") as server,
        pytest.raises(StoreError, match="the broker must take a command, got Not authorized"),
    ):
        publish_once(settings(server), Telegram("c/d", "x"), 5)
