"""A paho client that reads from the network, and acknowledges, in large pieces.

Paho reads each packet by several calls to ``recv`` and waits for the socket before each; under load that
is most of its time. Here ``recv`` is served from a buffer, and packets are handled until it is empty.
It also sends each acknowledgement by a call of its own, and wakes its thread for it; here a batch of them
is sent at once.
"""

import socket
import struct
from collections.abc import Sequence

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

READ_BYTES = 65_536
_PUBACK = 0x40


class BufferedSocket(socket.socket):
    """A connected socket whose ``recv`` reads ahead."""

    def __init__(self, connected: socket.socket) -> None:
        timeout = connected.gettimeout()
        super().__init__(fileno=connected.detach())
        self.settimeout(timeout)
        self._buffer = b""
        self._position = 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """At most ``bufsize`` bytes; empty where the other side has closed. ``flags`` must be 0."""
        if self._position >= len(self._buffer):
            self._buffer = super().recv(READ_BYTES, flags)
            self._position = 0
        start = self._position
        piece = self._buffer[start : start + bufsize]
        self._position = start + len(piece)
        return piece

    def pending(self) -> int:
        """Bytes read ahead. Paho asks for it before it waits for the socket."""
        return len(self._buffer) - self._position


class BufferedClient(Client):
    """``paho.mqtt.client.Client`` on a ``BufferedSocket``."""

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Send a PUBACK (reason: success) for each of these packet identifiers, in their order."""
        if mids:
            packets = b"".join(struct.pack("!BBH", _PUBACK, 2, mid) for mid in mids)
            self._packet_queue(_PUBACK, packets, mids[-1], qos=1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle packets until nothing is read ahead any more."""
        result = super().loop_read(max_packets)
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and self._read_ahead():
            result = super().loop_read(max_packets)
        return result

    def _read_ahead(self) -> int:
        connection = self.socket()
        return connection.pending() if isinstance(connection, BufferedSocket) else 0

    def _create_socket_connection(self) -> socket.socket:
        return BufferedSocket(super()._create_socket_connection())
