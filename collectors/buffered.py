"""A paho client that reads from the network, and acknowledges, in large pieces.

Paho reads each packet by several calls to ``recv``, waits for the socket before each, and makes several
objects of it; under load that is most of its time. Here all that has come is read at once, the PUBLISH
packets in it are taken by ``PublishReader``, and paho is shown the others only, in their places. Paho
also sends each acknowledgement by a call of its own, and wakes its thread for it; here a batch of them is
sent at once.

This goes by names that paho does not promise; ``tests/collectors/test_buffered.py`` lists them, and the
version of paho is fixed.
"""

import logging
import select
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from paho.mqtt.client import Client, MQTTMessage, time_func
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from collectors.decoded import Message
from collectors.packets import (
    HEAD_LIMIT_BYTES,
    MalformedPacketError,
    PublishReader,
    is_publish,
    packet_length,
)
from quotawatt.clock import Clock

log = logging.getLogger(__name__)

READ_BYTES = 65_536
# How often a client that must not read looks whether it may.
_PAUSE_S = 0.02
_PUBACK = 0x40
_PUBCOMP = b"\x70\x02"
_NOTHING_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Received(NamedTuple):
    """What one read brought: messages in their order, and the packets that acknowledge them.

    ``size`` is 0; or there is only one message, and its payload was cut from so many bytes.
    """

    messages: list[Message]
    acks: list[bytes]
    size: int = 0


class ReadAhead:
    """A connected socket, plain or encrypted, that reads ahead. Paho takes it for a socket.

    What was read and not yet used is ``data`` from ``position`` on. The next ``skip`` bytes that come are
    dropped.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.data = b""
        self.position = 0
        self.skip = 0
        self.send = connection.send
        self.close = connection.close
        self.fileno = connection.fileno
        self.setblocking = connection.setblocking

    def fill(self) -> bool:
        """Read what is there. False where the other side has closed; otherwise raises as ``recv``."""
        fresh = self._connection.recv(READ_BYTES)
        if not fresh:
            return False
        if self.skip:
            dropped = min(self.skip, len(fresh))
            self.skip -= dropped
            fresh = fresh[dropped:]
        self.data = self.data[self.position :] + fresh if self.left() else fresh
        self.position = 0
        return True

    def left(self) -> int:
        """Bytes that were read and not yet used."""
        return len(self.data) - self.position

    def recv(self, bufsize: int) -> bytes:
        """At most ``bufsize`` bytes; empty where the other side has closed."""
        if not self.left() and not self.fill():
            return b""
        piece = self.data[self.position : self.position + bufsize]
        self.position += len(piece)
        return piece

    def pending(self) -> int:
        """Bytes that are here though the operating system has none. Paho asks before it waits.

        An incomplete packet does not count: more has to come.
        """
        connection = self._connection
        return connection.pending() if isinstance(connection, ssl.SSLSocket) else 0


class BufferedClient(Client):
    """``paho.mqtt.client.Client`` with manual acknowledgement on a ``ReadAhead``.

    received
        Called in the network thread with what each read brought.
    may_read
        Asked before each read. While it says no, the broker has to wait; the connection is kept alive.
    payload_limit_bytes
        Of a message far beyond it only the beginning is kept.
    tls
        Context of the encryption; None: none.
    """

    def __init__(
        self,
        client_id: str,
        v5: bool,
        received: Callable[[Received], None],
        may_read: Callable[[], bool],
        clock: Clock,
        payload_limit_bytes: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._received = received
        self._may_read = may_read
        self._clock = clock
        self._packet_limit_bytes = payload_limit_bytes + HEAD_LIMIT_BYTES
        self._tls = tls
        self._reader = PublishReader(v5)
        self._oversize: Received | None = None
        self.last_error: Exception | None = None
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=None if v5 else False,
            protocol=MQTTProtocolVersion.MQTTv5 if v5 else MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        self.on_message = self._on_qos_2

    def acknowledge(self, acks: Sequence[bytes]) -> None:
        """Send these packets, in their order."""
        if acks:
            self._packet_queue(_PUBACK, b"".join(acks), 0, qos=1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read once, and handle all packets that are complete."""
        source: Any = self._sock
        if source is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        if not self._may_read():
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        try:
            if not source.fill():
                # Some brokers say nothing more where a second client comes under the same id.
                raise ConnectionResetError(
                    "the broker closed it; it does where it stops, or where another client has our id"
                )
            with self._msgtime_mutex:
                self._last_bytes_received = time_func()
            return self._handle(source)
        except _NOTHING_YET:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except MalformedPacketError as error:
            self.last_error = error
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_PROTOCOL)
        except OSError as error:
            self.last_error = error
        except Exception as error:
            # It would end the network thread. After a new connection the broker sends again.
            self.last_error = error
            log.exception("what was read could not be taken in")
        return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)

    def _handle(self, source: ReadAhead) -> MQTTErrorCode:
        """Use what was read, until nothing is left or a packet is not complete."""
        arrived = self._clock()
        if self._oversize is not None and not source.skip:
            received, self._oversize = self._oversize, None
            self._received(received)
        while source.left() and self._sock is source:
            if self._in_packet["command"] == 0:  # paho is not in the middle of a packet
                self._take(source, arrived)
                if not source.left():
                    break
                if is_publish(source.data, source.position):
                    self._cut_oversize(source, arrived)
                    break
            result = self._packet_read()
            if result == MQTTErrorCode.MQTT_ERR_AGAIN:
                break
            if result != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return self._loop_rc_handle(result)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _take(self, source: ReadAhead, arrived: datetime) -> None:
        messages: list[Message] = []
        acks: list[bytes] = []
        data, position = source.data, source.position
        try:
            source.position = self._reader.take(data, position, arrived, messages, acks)
        finally:
            if messages:
                self._received(Received(messages, acks))

    def _cut_oversize(self, source: ReadAhead, arrived: datetime) -> None:
        """Of a packet that will be too large keep the beginning. It is handed on once it has come."""
        length, _ = packet_length(source.data, source.position)
        if length <= self._packet_limit_bytes or source.left() < self._packet_limit_bytes:
            return
        kept = source.left()
        message, ack, missing = self._reader.cut(source.data, source.position, arrived, kept)
        size = len(message.payload) + missing
        self._oversize = Received([message], [ack] if ack else [], size)
        source.data, source.position, source.skip = b"", 0, missing

    def _loop(self, timeout: float = 1.0) -> MQTTErrorCode:
        if self._sock is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN  # paho would log that as an error
        return super()._loop(timeout) if self._may_read() else self._loop_without_reading()

    def _loop_without_reading(self) -> MQTTErrorCode:
        """Send what waits, acknowledgements and pings, and leave to the broker what it has to send."""
        if self._sock is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        wakers = [self._sockpairR] if self._sockpairR is not None else []
        writers: list[Any] = [self._sock] if self.want_write() else []
        awake, writable, _ = select.select(wakers, writers, [], _PAUSE_S)
        for waker in awake:
            waker.recv(10_000)
        if writable or awake:
            result = self.loop_write()
            if result != MQTTErrorCode.MQTT_ERR_SUCCESS or self._sock is None:
                return result
        # The silence is ours: neither it nor a ping's answer that is not read says that the broker is gone.
        with self._msgtime_mutex:
            self._last_bytes_received = time_func()
        self._ping_t = 0.0
        return self.loop_misc()

    def _create_socket_connection(self) -> Any:
        self._oversize = self.last_error = None
        try:
            plain = super()._create_socket_connection()
            return ReadAhead(plain if self._tls is None else self._encrypted(plain, self._tls))
        except (
            OSError,
            ValueError,
        ) as error:  # a name that cannot be one of a host is a ValueError
            self.last_error = error
            raise OSError(str(error)) from error

    def _encrypted(self, plain: socket.socket, tls: ssl.SSLContext) -> ssl.SSLSocket:
        try:
            return tls.wrap_socket(plain, server_hostname=self._host)
        except Exception:
            plain.close()
            raise

    def _on_qos_2(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        """Nobody asks for QoS 2 here; a subscription of an earlier program may bring it all the same."""
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        received = Message(topic, bytes(message.payload), self._clock())
        self._received(Received([received], [_PUBCOMP + message.mid.to_bytes(2)]))
