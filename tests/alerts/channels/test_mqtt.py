"""Against a real broker."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from alerts.channels.mqtt import Broker, MqttChannel
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import delivery
from tests.servers import Server


@contextmanager
def _listening(server: Server, topic: str) -> Iterator[list[MQTTMessage]]:
    got: list[MQTTMessage] = []
    ready = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_subscribe = lambda *_: ready.set()

    def heard(_client: Client, _data: Any, message: MQTTMessage) -> None:
        got.append(message)
        ready.set()

    client.on_message = heard
    client.connect(server.host, server.port)
    client.subscribe(topic, qos=1)
    client.loop_start()
    assert ready.wait(5)
    ready.clear()
    try:
        yield got
        assert ready.wait(5)
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.broker
def test_a_message_is_json_on_the_topic_and_not_retained(mosquitto: Server) -> None:
    with _listening(mosquitto, "test-channels/alerts") as got:
        broker = Broker(mosquitto.host, mosquitto.port)
        MqttChannel(broker, "test-channels/alerts").send(delivery(None))
    (message,) = got
    found = json.loads(message.payload)
    assert found["key"] == "k-1"
    assert found["sent_at"] == "2023-06-01T00:00:00+00:00"
    assert found["cases"] == [{"number": 7}]
    assert (message.qos, message.retain) == (1, False)


def test_a_broker_that_is_away_may_come_back() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = MqttChannel(Broker("127.0.0.1", taken.getsockname()[1]), "t")
        with pytest.raises(ChannelError, match="ConnectionRefusedError") as caught:
            channel.send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)


def test_a_broker_that_never_answers_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = MqttChannel(Broker("127.0.0.1", silent.getsockname()[1]), "t", timeout_s=0.1)
        with pytest.raises(ChannelError, match="no answer") as caught:
            channel.send(delivery())
    assert caught.value.retryable
