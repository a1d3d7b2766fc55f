"""PUBLISH packets of MQTT, taken straight out of the bytes read from the network.

Pure. Only what a collector receives by the thousand is read here: PUBLISH of QoS 0 and 1. Everything else
is left to the MQTT library. Layout: OASIS MQTT 3.1.1 and 5.0, sections 2.1 and 3.3.
"""

from datetime import datetime

from collectors.decoded import Message

# A packet holds, beside the payload, a topic (at most 64 KiB) and properties. Where both together take
# more than this, what is kept of the payload is shorter.
HEAD_LIMIT_BYTES = 131_072
_PUBLISH = 0x30
# The four bits of the packet type, and the upper one of the two bits of the QoS.
_TYPE_AND_QOS_2 = 0xF4
_QOS_1 = 0x02
_PUBACK = b"\x40\x02"
# Topics are remembered as text, the ordinary ones: so many, and no longer than this.
_TOPICS_LIMIT = 20_000
_TOPIC_BYTES_LIMIT = 512
_LENGTH_BYTES = 4


class MalformedPacketError(Exception):
    """Bytes that MQTT does not allow. The connection has to be closed."""


class PublishReader:
    """Reads PUBLISH packets of MQTT 5 (``v5``) or 3.1.1."""

    def __init__(self, v5: bool) -> None:
        self._v5 = v5
        self._topics: dict[bytes, str] = {}

    def take(
        self, data: bytes, start: int, arrived: datetime, messages: list[Message], acks: list[bytes]
    ) -> int:
        """Append the messages of all complete packets from ``start`` on, and their acknowledgements.

        Each PUBACK (reason: success) is a packet of four bytes; QoS 0 has none. Returns where the first
        packet begins that is of another kind or not complete. Raises MalformedPacketError.
        """
        end, v5, topics = len(data), self._v5, self._topics
        while end - start >= 2:
            head, length, at = data[start], data[start + 1], start + 2
            if head & _TYPE_AND_QOS_2 != _PUBLISH:
                break
            if length > 127:
                length, at = packet_length(data, start)
            if at + length > end:
                break
            start = at + length
            topic_end = payload_at = (
                at + 2 + (data[at] << 8) + data[at + 1] if length > 1 else end + 1
            )
            if head & _QOS_1:
                payload_at += 2
            if v5:
                payload_at = _after_properties(data, payload_at, start)
            if payload_at > start:
                raise MalformedPacketError("a packet must hold its topic and properties")
            if head & _QOS_1:
                acks.append(_PUBACK + data[topic_end : topic_end + 2])
            name = data[at + 2 : topic_end]
            topic = topics.get(name)
            if topic is None:
                topic = self._topic(name)
            messages.append(Message(topic, data[payload_at:start], arrived))
        return start

    def cut(
        self, data: bytes, start: int, arrived: datetime, kept_bytes: int
    ) -> tuple[Message, bytes, int]:
        """The first packet from ``start`` on, of which only ``kept_bytes`` are there.

        Returns the message with as much of its payload, its acknowledgement (empty for QoS 0), and how
        many bytes of the packet with its payload are not there.
        """
        length, at = packet_length(data, start)
        end = start + kept_bytes
        topic_end = payload_at = at + 2 + (data[at] << 8) + data[at + 1]
        ack = b""
        if data[start] & _QOS_1:
            payload_at += 2
            ack = _PUBACK + data[topic_end:payload_at]
        if self._v5:
            payload_at = min(end, _after_properties(data, payload_at, end))
        message = Message(self._topic(data[at + 2 : topic_end]), data[payload_at:end], arrived)
        return message, ack, at + length - end

    def _topic(self, name: bytes) -> str:
        """A topic as text; empty where it is no UTF-8, so that no profile fits it."""
        try:
            topic = name.decode()
        except UnicodeDecodeError:
            topic = ""
        if len(name) <= _TOPIC_BYTES_LIMIT:
            if len(self._topics) >= _TOPICS_LIMIT:
                self._topics.clear()
            self._topics[name] = topic
        return topic


def is_publish(data: bytes, start: int) -> bool:
    """Whether the packet that begins there is one of those that are read here."""
    return data[start] & _TYPE_AND_QOS_2 == _PUBLISH


def packet_length(data: bytes, start: int) -> tuple[int, int]:
    """(bytes after the fixed header, where they begin) of the packet that begins at ``start``.

    Where the header is not complete the beginning lies beyond the end of ``data``. Raises
    MalformedPacketError where the length has more than four bytes.
    """
    return _variable_integer(data, start + 1)


def _after_properties(data: bytes, at: int, end: int) -> int:
    """Where the properties end whose length is written at ``at``; beyond ``end`` where they do not fit."""
    if at >= end:
        return end + 1
    length, at = (data[at], at + 1) if data[at] < 128 else _variable_integer(data, at)
    return at + length


def _variable_integer(data: bytes, at: int) -> tuple[int, int]:
    """(value, where it ends) of an integer of one to four bytes of seven bits, the lowest first."""
    value = 0
    for shift, byte in enumerate(data[at : at + _LENGTH_BYTES]):
        value |= (byte & 127) << 7 * shift
        if byte < 128:
            return value, at + shift + 1
    if len(data) >= at + _LENGTH_BYTES:
        raise MalformedPacketError("a length must have at most four bytes")
    return 0, len(data) + 1
