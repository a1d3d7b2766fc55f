"""The client on a broker that is a script: every byte it sends is chosen here."""

import inspect
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

import paho.mqtt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paho.mqtt.client import Client

from collectors.buffered import READ_BYTES, BufferedClient, ReadAhead, Received
from collectors.packets import HEAD_LIMIT_BYTES
from tests.collectors.wire import puback, publish
from tests.waiting import until

LIMIT_S = 30.0
LIMIT_BYTES = 10_000
NOW = datetime(2023, 7, 1, tzinfo=UTC)
CONNACK = b"\x20\x02\x00\x00"


class Scripted:
    """A broker of MQTT 3.1.1 for one client at a time; ``heard`` is all that came after CONNECT."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections: list[socket.socket] = []
        self.heard = b""
        self.ended = Event()
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.recv(1000)
            connection.sendall(CONNACK)
            self.connections.append(connection)
            Thread(target=self._listen, args=(connection,), daemon=True).start()

    def _listen(self, connection: socket.socket) -> None:
        try:
            while data := connection.recv(65_536):
                self.heard += data
        except OSError:
            pass
        self.ended.set()

    def send(self, data: bytes) -> None:
        self.connections[-1].sendall(data)

    def close(self) -> None:
        self._listener.close()
        for connection in self.connections:
            connection.close()


class Side:
    """The client under test and what it received."""

    def __init__(self, broker: Scripted) -> None:
        self.received: list[Received] = []
        self.open = True
        self.client = BufferedClient(
            "tester", False, self.received.append, lambda: self.open, lambda: NOW, LIMIT_BYTES
        )
        self.client.reconnect_delay_set(1, 1)
        self.client.connect_async("127.0.0.1", broker.port, keepalive=60)
        self.client.loop_start()

    def messages(self) -> list[tuple[str, bytes]]:
        return [(m.topic, m.payload) for r in self.received for m in r.messages]


@contextmanager
def connected() -> Iterator[tuple[Scripted, Side]]:
    broker = Scripted()
    side = Side(broker)
    try:
        until(side.client.is_connected)
        yield broker, side
    finally:
        side.client.disconnect()
        side.client.loop_stop()
        broker.close()


@pytest.fixture
def pair() -> Iterator[tuple[Scripted, Side]]:
    with connected() as both:
        yield both


def test_paho_is_the_one_whose_inside_is_used_here() -> None:
    """The version is fixed in pyproject.toml; with another one look at every name below again."""
    assert paho.mqtt.__version__.startswith("2.2.")
    methods = [
        "_loop",
        "_packet_read",
        "_packet_queue",
        "_loop_rc_handle",
        "loop_misc",
        "loop_write",
    ]
    assert all(inspect.isfunction(getattr(Client, name)) for name in methods)
    for name in ("loop_read", "_loop", "_create_socket_connection"):
        ours, theirs = (inspect.signature(getattr(c, name)) for c in (BufferedClient, Client))
        assert list(ours.parameters) == list(theirs.parameters)
    used = (
        "_sock",
        "_in_packet",
        "_last_bytes_received",
        "_msgtime_mutex",
        "_ping_t",
        "_sockpairR",
    )
    inside = inspect.getsource(Client)
    assert all(f"self.{name}" in inside for name in used)
    assert 'self._in_packet["command"]' in inside.replace("'", '"')
    assert "self._sock.pending()" in inside


def test_messages_and_acknowledgements(pair: tuple[Scripted, Side]) -> None:
    broker, side = pair
    broker.send(publish(b"a", b"1", 1) + publish(b"b", b"2") + publish(b"a", b"3", 65_535))
    until(lambda: len(side.messages()) == 3)
    assert side.messages() == [("a", b"1"), ("b", b"2"), ("a", b"3")]
    acks = [ack for received in side.received for ack in received.acks]
    assert acks == [puback(1), puback(65_535)]
    side.client.acknowledge(acks)
    until(lambda: len(broker.heard) == 8)
    assert broker.heard == puback(1) + puback(65_535)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_packets_of_others_between_them_in_any_pieces(sizes: list[int], random: object) -> None:
    # PINGRESP, a PUBACK that nobody asked for, and QoS 2 in two steps are for paho.
    others = [b"\xd0\x00", b"\x40\x02\x00\x05", b"\x34\x06\x00\x01q\x00\x09!", b"\x62\x02\x00\x09"]
    stream = b"".join(
        publish(b"t/%d" % number, b"x" * size, number + 1) + others[number % 4]
        for number, size in enumerate(sizes)
    )
    with connected() as (broker, side):
        rest = stream
        while rest:
            cut = random.randint(1, max(1, len(stream) // 4))  # type: ignore[attr-defined]
            broker.send(rest[:cut])
            rest = rest[cut:]
        wanted = [(f"t/{n}", b"x" * size) for n, size in enumerate(sizes)]
        until(lambda: len([m for m in side.messages() if m[0] != "q"]) == len(wanted))
        assert [m for m in side.messages() if m[0] != "q"] == wanted
        assert side.client.is_connected()


def test_qos_2_is_acknowledged_by_its_own_packets(pair: tuple[Scripted, Side]) -> None:
    broker, side = pair
    broker.send(b"\x34\x06\x00\x01q\x00\x09!")
    until(lambda: broker.heard == b"\x50\x02\x00\x09")
    broker.send(b"\x62\x02\x00\x09")
    until(lambda: side.messages() == [("q", b"!")])
    side.client.acknowledge(side.received[0].acks)
    until(lambda: broker.heard.endswith(b"\x70\x02\x00\x09"))


def test_a_message_larger_than_a_read(pair: tuple[Scripted, Side]) -> None:
    broker, side = pair
    payload = bytes(range(256)) * (READ_BYTES // 128)
    broker.send(publish(b"large", payload, 1) + publish(b"small", b"1", 2))
    until(lambda: len(side.messages()) == 2)
    assert side.messages() == [("large", payload), ("small", b"1")]


def test_of_ten_megabytes_only_the_beginning_is_kept(pair: tuple[Scripted, Side]) -> None:
    broker, side = pair
    payload = b"0123456789" * 1_000_000
    broker.send(publish(b"a", b"1", 1) + publish(b"huge", payload, 2) + publish(b"a", b"3", 3))
    until(lambda: len(side.messages()) == 3)
    assert [m.topic for r in side.received for m in r.messages] == ["a", "huge", "a"]
    (huge,) = [r for r in side.received if r.size]
    assert (huge.size, huge.acks) == (len(payload), [puback(2)])
    kept = huge.messages[0].payload
    assert LIMIT_BYTES < len(kept) <= LIMIT_BYTES + HEAD_LIMIT_BYTES + READ_BYTES
    assert payload.startswith(kept)


@pytest.mark.parametrize("garbage", [b"\x30\x00", b"\x32\x04\x00\x01t\x00", b"\xff" * 6])
def test_garbage_ends_the_connection_and_another_follows(
    pair: tuple[Scripted, Side], garbage: bytes
) -> None:
    broker, side = pair
    broker.send(publish(b"a", b"1", 1) + garbage)
    assert broker.ended.wait(LIMIT_S)
    until(lambda: len(broker.connections) == 2 and side.client.is_connected())
    broker.send(publish(b"a", b"2", 1))
    until(lambda: len(side.messages()) == 2)


def test_a_connection_that_breaks_within_a_message_leaves_nothing_behind(
    pair: tuple[Scripted, Side],
) -> None:
    broker, side = pair
    halves = publish(b"a", b"x" * 9000, 1), publish(b"huge", b"x" * 1_000_000, 2)
    for connections, packet in enumerate(halves, 2):
        broker.send(packet[: len(packet) // 2])
        broker.connections[-1].shutdown(socket.SHUT_RDWR)
        until(lambda: len(broker.connections) == connections and side.client.is_connected())  # noqa: B023
    broker.send(publish(b"a", b"whole", 1))
    until(lambda: bool(side.messages()))
    assert side.messages() == [("a", b"whole")]


def test_while_it_must_not_read_acknowledgements_and_pings_go_out(
    pair: tuple[Scripted, Side],
) -> None:
    broker, side = pair
    side.open = False
    side.client._keepalive = 1
    broker.send(publish(b"a", b"1", 1) * 3)
    side.client.acknowledge([puback(7)])
    until(lambda: broker.heard.count(b"\xc0\x00") >= 2)
    assert broker.heard.startswith(puback(7))
    assert side.messages() == []
    assert side.client.is_connected()
    side.open = True
    until(lambda: len(side.messages()) == 3)


def test_a_mistake_in_the_receiver_does_not_end_the_thread(pair: tuple[Scripted, Side]) -> None:
    broker, side = pair
    taken = side.client._received

    def fails_once(_received: Received) -> None:
        side.client._received = taken
        raise RuntimeError("no room")

    side.client._received = fails_once
    broker.send(publish(b"a", b"1", 1))
    until(lambda: len(broker.connections) == 2 and side.client.is_connected())
    broker.send(publish(b"a", b"1", 1))
    until(lambda: side.messages() == [("a", b"1")])


def test_a_host_name_that_cannot_be_one_is_a_failed_connection() -> None:
    side = BufferedClient("tester", True, print, lambda: True, lambda: NOW, LIMIT_BYTES)
    failed = Event()
    side.on_connect_fail = lambda _client, _data: failed.set()
    side.connect_async("x" * 70 + ".example", 1883)
    side.loop_start()
    assert failed.wait(LIMIT_S)
    assert side.last_error is not None
    side.disconnect()
    side.loop_stop()


def test_what_is_read_ahead_is_served_in_order() -> None:
    near, far = socket.socketpair()
    with near, far:
        ahead = ReadAhead(near)
        far.sendall(bytes(range(200)))
        pieces = [ahead.recv(1), ahead.recv(1), ahead.recv(98), ahead.recv(1000)]
        assert [len(piece) for piece in pieces] == [1, 1, 98, 100]
        assert b"".join(pieces) == bytes(range(200))
        far.shutdown(socket.SHUT_WR)
        assert ahead.recv(1) == b""
