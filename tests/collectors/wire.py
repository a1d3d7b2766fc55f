"""MQTT packets as bytes, written independently of the code under test."""


def publish(
    topic: bytes, payload: bytes, mid: int | None = None, properties: bytes | None = None
) -> bytes:
    """A PUBLISH of QoS 1 (QoS 0 where ``mid`` is None), of MQTT 5 where there are properties, even b""."""
    body = len(topic).to_bytes(2) + topic
    if mid is not None:
        body += mid.to_bytes(2)
    if properties is not None:
        body += varint(len(properties)) + properties
    body += payload
    return bytes([0x30 if mid is None else 0x32]) + varint(len(body)) + body


def puback(mid: int) -> bytes:
    """The PUBACK of a message."""
    return b"\x40\x02" + mid.to_bytes(2)


def varint(value: int) -> bytes:
    """A variable byte integer."""
    found = b""
    while True:
        value, low = divmod(value, 128)
        found += bytes([low | (128 if value else 0)])
        if not value:
            return found
