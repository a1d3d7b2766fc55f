"""Packets written to the socket: the broker takes them all, and a lost connection loses nothing."""

import json
from itertools import islice
from pathlib import Path

import pytest

from quotawatt.errors import StoreError
from simulators import wire
from simulators.load import load_device, main, meter_messages, meter_values
from simulators.publisher import publish
from simulators.wire import WirePublisher
from tests.servers import Server, free_port, run_mosquitto
from tests.simulators.test_publisher import listening

pytestmark = pytest.mark.broker


def test_every_message_arrives_as_it_was_in_order(tmp_path: Path) -> None:
    messages = list(meter_messages(6000, devices=7))
    # A broker of its own: other tests' devices speak on the same topics.
    with run_mosquitto(tmp_path) as broker, listening(broker, "quotawatt/+/readings") as listener:
        sent = publish(messages, broker.host, broker.port, connect=WirePublisher)
        found = listener.wait_for(len(messages))
    assert (sent.messages, sent.readings) == (6000, 30_000)
    assert found == [(m.topic, m.payload) for m in messages]


@pytest.mark.parametrize("size", [0, 1, 100, 127, 128, 16_383, 16_384, 200_000])
def test_lengths_of_one_to_three_bytes(mosquitto: Server, size: int) -> None:
    message = next(meter_messages(1))._replace(topic="wire/length", payload=b"x" * size)
    with listening(mosquitto, "wire/length") as listener:
        publish([message], mosquitto.host, mosquitto.port, connect=WirePublisher)
        assert listener.wait_for(1) == [("wire/length", b"x" * size)]


def test_a_killed_broker_gets_again_what_it_may_have_forgotten(tmp_path: Path) -> None:
    port, messages = free_port(), meter_messages(3000)
    with run_mosquitto(tmp_path, port) as broker:
        publisher = WirePublisher(broker.host, port, keep_s=60)
        for message in islice(messages, 1000):
            publisher.send(message)
        publisher.flush()
        assert publisher.acknowledged == 1000
        broker.process.kill()
    with run_mosquitto(tmp_path, port) as broker, listening(broker, "quotawatt/#") as listener:
        for message in messages:
            publisher.send(message)
        publisher.flush()
        publisher.close()
        listener.wait_for(3000)
        arrived = [(topic, payload) for topic, payload in listener.messages]
    assert publisher.sent_again >= 1000
    assert set(arrived) == {(m.topic, m.payload) for m in meter_messages(3000)}


def test_without_keeping_only_what_was_not_acknowledged_goes_again(tmp_path: Path) -> None:
    port = free_port()
    with run_mosquitto(tmp_path, port) as broker:
        publisher = WirePublisher(broker.host, port)
        for message in meter_messages(1000):
            publisher.send(message)
        publisher.flush()
        broker.process.kill()
    with run_mosquitto(tmp_path, port):
        for message in meter_messages(10, first=1000):
            publisher.send(message)
        publisher.flush()
        publisher.close()
    assert publisher.sent_again <= 10


def test_a_broker_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_LIMIT_S", 0.1)
    port = free_port()
    with pytest.raises(StoreError, match=rf"the broker must answer within .* 127.0.0.1:{port}"):
        WirePublisher("127.0.0.1", port)


def test_meters_send_five_values_in_about_250_bytes() -> None:
    messages = list(meter_messages(250, devices=100))
    assert all(230 <= len(m.payload) <= 270 and m.readings == 5 for m in messages)
    last = json.loads(messages[-1].payload)
    assert messages[-1].topic == f"quotawatt/{load_device(49)}/readings"
    assert last["values"] == meter_values(49, 2)
    values = [v for m in messages for v in json.loads(m.payload)["values"].items()]
    assert len(values) == len(set(values)) == 1250


def test_the_command_line_publishes_meters(
    mosquitto: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    port = str(mosquitto.port)
    assert main(["--port", port, "--messages", "500", "--meters", "--wire"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["messages"], report["readings"]) == (500, 2500)
