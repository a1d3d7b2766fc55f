"""Publishing to a real broker, and commands."""

import io
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from quotawatt.errors import InputError, StoreError
from simulators.connection import Publisher
from simulators.demo import YEAR_START, demo_messages
from simulators.dialects import Message
from simulators.load import load_messages
from simulators.load import main as load_main
from simulators.playback import Playback, obey, parse_instant
from simulators.publisher import at_rate, main, publish
from tests.servers import Server, free_port


class Listener:
    """Counts what arrives under a topic."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.subscribed = threading.Event()
        self._arrived = threading.Condition()

    def on_message(self, client: mqtt.Client, userdata: object, message: mqtt.MQTTMessage) -> None:
        with self._arrived:
            self.messages.append((message.topic, message.payload))
            self._arrived.notify_all()

    def wait_for(self, count: int) -> list[tuple[str, bytes]]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=30)
        return self.messages


@contextmanager
def listening(server: Server, topic: str) -> Iterator[Listener]:
    listener = Listener()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = listener.on_message
    client.on_subscribe = lambda *_: listener.subscribed.set()
    client.connect(server.host, server.port)
    client.subscribe(topic, qos=1)
    client.loop_start()
    assert listener.subscribed.wait(10)
    try:
        yield listener
    finally:
        client.disconnect()
        client.loop_stop()


class Recorder:
    """A stand-in for a connection, where the test is about commands and time only."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.flushes = 0

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def flush(self) -> None:
        self.flushes += 1


def every_minute() -> Iterator[Message]:
    """A message with two readings each minute from the year's start, without end."""
    at = YEAR_START
    while True:
        yield Message(at, "t", b"{}", 2)
        at += timedelta(minutes=1)


def commands(*lines: str | None) -> "queue.SimpleQueue[str | None]":
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    for line in lines:
        waiting.put(line)
    return waiting


def obeyed(*lines: str | None) -> tuple[Recorder, list[Mapping[str, object]]]:
    recorder, answers = Recorder(), []
    playback = Playback(every_minute(), recorder, YEAR_START)  # type: ignore[arg-type]
    obey(playback, commands(*lines), answers.append)
    return recorder, answers


@pytest.mark.broker
def test_everything_arrives_in_order_and_is_counted(own_broker: Server) -> None:
    messages = list(load_messages(3000, 120, devices=3))
    progress = []
    with listening(own_broker, "quotawatt/+/readings") as listener:
        sent = publish(messages, own_broker.host, own_broker.port, progress.append)
        arrived = listener.wait_for(3000)
    assert [(m.topic, m.payload) for m in messages] == arrived
    assert sent.messages == 3000
    assert sent.readings == sum(m.readings for m in messages)
    assert [p.messages for p in progress] == [1000, 2000, 3000, 3000]


@pytest.mark.broker
def test_the_process_steps_the_clock(own_broker: Server) -> None:
    first = YEAR_START + timedelta(hours=1)
    second = YEAR_START + timedelta(hours=2, minutes=1)
    expected = list(demo_messages(YEAR_START, second))
    early = [m for m in expected if m.time < first]
    command = [sys.executable, "-m", "simulators.publisher", "--port", str(own_broker.port)]
    with (
        listening(own_broker, "#") as listener,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        answers = []
        for line in (f"until {first.isoformat()}", f"until {second.isoformat()}", "jump"):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(30) == 0
        arrived = listener.wait_for(len(expected))
    assert arrived == [(m.topic, m.payload) for m in expected]
    assert answers[0] == {
        "done": first.isoformat(),
        "messages": len(early),
        "readings": sum(m.readings for m in early),
    }
    assert answers[1]["messages"] == len(expected) - len(early)
    assert "error" in answers[2]


@pytest.mark.broker
def test_until_an_instant_without_commands(
    own_broker: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    until = YEAR_START + timedelta(minutes=2)
    options = ["--port", str(own_broker.port), "--until", until.isoformat(), "--rate", "5000"]
    assert main(options) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["done"] == until.isoformat()
    assert answer["messages"] == len(list(demo_messages(YEAR_START, until))) > 30


@pytest.mark.broker
def test_the_load_generator_reports(own_broker: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_main(["--port", str(own_broker.port), "--messages", "200"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["messages"] == 200
    assert report["messages_per_s"] > 0


def test_no_broker_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with pytest.raises(StoreError, match=rf"the broker must answer, got .* from 127.0.0.1:{port}"):
        Publisher("127.0.0.1", port)
    assert main(["--port", str(port)], io.StringIO("")) == 1
    assert "the broker must answer" in capsys.readouterr().err


def test_until_sends_what_is_before_and_counts_since_the_last_answer() -> None:
    edge = YEAR_START + timedelta(minutes=3)
    later = edge + timedelta(minutes=2)
    recorder, answers = obeyed(f"until {edge.isoformat()}", f"until {later.isoformat()}", None)
    assert [m.time for m in recorder.sent] == [YEAR_START + timedelta(minutes=n) for n in range(5)]
    assert answers == [
        {"done": edge.isoformat(), "messages": 3, "readings": 6},
        {"done": later.isoformat(), "messages": 2, "readings": 4},
    ]
    assert recorder.flushes == 2


def test_live_ends_at_the_next_command() -> None:
    edge = YEAR_START + timedelta(minutes=3)
    recorder, answers = obeyed("live 0.001", f"until {edge.isoformat()}", None)
    assert answers[0] == {"live": 0.001}
    assert answers[1]["done"] == edge.isoformat()
    assert len(recorder.sent) == 3


def test_live_plays_at_its_speed() -> None:
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    class StopsAfterTen(Recorder):
        def send(self, message: Message) -> None:
            super().send(message)
            if len(self.sent) == 10:
                waiting.put(None)

    recorder = StopsAfterTen()
    playback = Playback(every_minute(), recorder, YEAR_START)  # type: ignore[arg-type]
    # At 60,000 times real time a minute passes in a millisecond.
    assert playback.live(60_000, waiting) is None
    assert len(recorder.sent) >= 10


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("jump", "a command must be 'until INSTANT' or 'live SPEED', got 'jump'"),
        ("until tomorrow", "an instant must be ISO 8601 with a zone, got 'tomorrow'"),
        ("until 2023-01-01T00:00", "instant must carry a time zone, got 2023-01-01T00:00:00"),
        ("live fast", "a speed must be a finite number above 0, got 'fast'"),
        ("live 0", "a speed must be a finite number above 0, got '0'"),
        ("live inf", "a speed must be a finite number above 0, got 'inf'"),
    ],
)
def test_what_is_no_command_is_answered_and_stops_nothing(line: str, message: str) -> None:
    edge = YEAR_START + timedelta(minutes=1)
    _, answers = obeyed(line, f"until {edge.isoformat()}", None)
    assert answers[0] == {"error": message}
    assert answers[1]["messages"] == 1


def test_instants_are_taken_in_any_zone() -> None:
    assert parse_instant("2023-01-01T08:00:00+08:00") == datetime(2023, 1, 1, tzinfo=UTC)


def test_a_rate_must_let_something_through() -> None:
    with pytest.raises(InputError, match="a rate must be above 0 messages a second, got 0"):
        at_rate(0)
