"""A publishing connection for load: MQTT 3.1.1 packets, QoS 1, written to the socket many at a time.

A library for MQTT makes an object of each message, which costs more than the message itself. This one
speaks the four packets that a publisher needs (CONNECT, PUBLISH, PUBACK, DISCONNECT; OASIS MQTT 3.1.1,
sections 3.1, 3.3, 3.4, 3.14) and offers what ``simulators.connection.Publisher`` offers.
"""

import select
import socket
import time
from collections import deque
from itertools import chain
from typing import NamedTuple

from quotawatt.errors import StoreError
from simulators.dialects import Message

WINDOW = 5000
"""Messages in flight at most. Their acknowledgements fit into a socket's buffer."""

CHUNK_BYTES = 65_536
CHUNK_MESSAGES = 200
KEPT_LIMIT = 50_000
"""Acknowledged messages kept at most: with those in flight fewer than there are packet identifiers."""

ANSWER_LIMIT_S = 60.0
_RECONNECT_S = 0.2
_PACKET_IDS = 65_535
_CONNECT, _PUBLISH_QOS1, _DISCONNECT = 0x10, 0x32, b"\xe0\x00"
_PUBACK = b"\x40\x02"
_PUBACK_BYTES = 4
_CONNACK_BYTES = 4


class _Kept(NamedTuple):
    """A message on its way: its place in the order of sending, and the packet about its identifier."""

    number: int
    before: bytes
    after: bytes


class WirePublisher:
    """A connection to a broker; not for several threads.

    keep_s
        As a gateway with a buffer does, what the broker acknowledged within so many seconds before a
        connection was lost is sent again after it, in order, with what was not acknowledged. A broker
        that saves its queues each second forgets the last one where it is killed.

    Lost connections come back by themselves. Methods raise StoreError where the broker does not answer
    for a minute.
    """

    def __init__(
        self, host: str, port: int, client_id: str = "quotawatt-load", keep_s: float = 0.0
    ) -> None:
        self._host, self._port, self._client_id, self._keep_s = host, port, client_id, keep_s
        self._out = bytearray()
        self._out_messages = 0
        self._in = b""
        self._next_id = 0
        self._numbers = 0
        self._open: dict[int, _Kept] = {}
        self._recent: deque[tuple[float, _Kept]] = deque(maxlen=KEPT_LIMIT)
        self.acknowledged = 0
        self.sent_again = 0
        self._socket = self._connect()

    def send(self, message: Message) -> None:
        """Hand one message over; waits while the window is full."""
        self._numbers += 1
        self._put(_Kept(self._numbers, *_publish_packet(message)))
        if len(self._out) >= CHUNK_BYTES or self._out_messages >= CHUNK_MESSAGES:
            self._exchange(WINDOW)

    def flush(self) -> None:
        """Wait until the broker has acknowledged everything."""
        self._exchange(1)

    def close(self) -> None:
        """Disconnect."""
        try:
            self._socket.sendall(_DISCONNECT)
        except OSError:
            pass  # the broker is gone, and so is the connection
        finally:
            self._socket.close()

    def _put(self, kept: _Kept) -> None:
        self._next_id = self._next_id % _PACKET_IDS + 1
        self._open[self._next_id] = kept
        self._out += kept.before
        self._out += self._next_id.to_bytes(2, "big")
        self._out += kept.after
        self._out_messages += 1

    def _exchange(self, limit: int) -> None:
        """Send what is ready, then read acknowledgements until fewer than ``limit`` are missing."""
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while self._out or len(self._open) >= limit:
            try:
                self._write()
                self._read(wait=len(self._open) >= limit)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise self._no_answer(error) from error
                self._reconnect()

    def _write(self) -> None:
        if self._out:
            self._socket.sendall(self._out)
            self._out.clear()
            self._out_messages = 0

    def _read(self, wait: bool) -> None:
        """Take in acknowledgements: those that are here, or, where asked, wait for some."""
        if not wait and not select.select([self._socket], [], [], 0)[0]:
            return
        found = self._socket.recv(CHUNK_BYTES)
        if not found:
            raise ConnectionResetError("the broker closed the connection")
        data = self._in + found
        whole = len(data) - len(data) % _PUBACK_BYTES
        self._in = data[whole:]
        now = time.monotonic()
        for at in range(0, whole, _PUBACK_BYTES):
            if data[at : at + 2] != _PUBACK:
                raise ConnectionResetError("the broker sent what is no PUBACK")
            kept = self._open.pop(int.from_bytes(data[at + 2 : at + 4], "big"))
            self._recent.append((now, kept))
        self.acknowledged += whole // _PUBACK_BYTES
        while self._recent and self._recent[0][0] <= now - self._keep_s:
            self._recent.popleft()

    def _reconnect(self) -> None:
        """Connect anew, with all that must go again at the head of what is to be sent."""
        self._socket.close()
        time.sleep(_RECONNECT_S)
        again = sorted(chain(self._open.values(), (kept for _, kept in self._recent)))
        self._socket = self._connect()
        self._in = b""
        self._out.clear()
        self._open.clear()
        self._recent.clear()
        for kept in again:
            self._put(kept)
        self.sent_again += len(again)

    def _connect(self) -> socket.socket:
        """A connection that the broker has accepted."""
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while True:
            try:
                return self._try_connect()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise self._no_answer(error) from error
                time.sleep(_RECONNECT_S)

    def _try_connect(self) -> socket.socket:
        connection = socket.create_connection((self._host, self._port), ANSWER_LIMIT_S)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(_connect_packet(self._client_id))
            answer = connection.recv(_CONNACK_BYTES, socket.MSG_WAITALL)
            if len(answer) < _CONNACK_BYTES or answer[3] != 0:
                raise ConnectionRefusedError(f"the broker must let us in, it says {answer.hex()}")
        except OSError:
            connection.close()
            raise
        return connection

    def _no_answer(self, error: OSError) -> StoreError:
        return StoreError(
            f"the broker must answer within {ANSWER_LIMIT_S:.0f} s,"
            f" got {error} from {self._host}:{self._port}"
        )


def _connect_packet(client_id: str) -> bytes:
    """Protocol level 4, a clean session, no keep-alive."""
    name = client_id.encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
    return bytes([_CONNECT]) + _length(len(body)) + body


def _publish_packet(message: Message) -> tuple[bytes, bytes]:
    """The packet in two parts: what comes before its identifier, and what after."""
    topic = message.topic.encode()
    length = _length(2 + len(topic) + 2 + len(message.payload))
    head = bytes([_PUBLISH_QOS1]) + length + len(topic).to_bytes(2, "big") + topic
    return head, message.payload


def _length(value: int) -> bytes:
    """A remaining length: seven bits a byte, the lowest first (section 2.2.3)."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
