"""PUBLISH packets: every one whole, in order, whatever the pieces; malformed ones refused."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.decoded import Message
from collectors.packets import (
    HEAD_LIMIT_BYTES,
    MalformedPacketError,
    PublishReader,
    is_publish,
    packet_length,
)
from tests.collectors.wire import puback, publish, varint

NOW = datetime(2023, 7, 1, tzinfo=UTC)
# A user property: identifier 0x26 and two strings.
USER_PROPERTY = b"\x26\x00\x01a\x00\x02bc"
topics = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
mids = st.none() | st.integers(1, 65_535)


def take(data: bytes, v5: bool) -> tuple[list[tuple[str, bytes]], list[bytes], int]:
    messages: list[Message] = []
    acks: list[bytes] = []
    position = PublishReader(v5).take(data, 0, NOW, messages, acks)
    assert all(message.arrived == NOW for message in messages)
    return [(m.topic, m.payload) for m in messages], acks, position


@given(
    st.lists(st.tuples(topics, st.binary(max_size=300), mids, st.integers(0, 60)), max_size=8),
    st.booleans(),
    st.data(),
)
def test_what_was_sent_comes_whole_and_in_order_in_any_pieces(
    sent: list[tuple[str, bytes, int | None, int]], v5: bool, data: st.DataObject
) -> None:
    stream = b"".join(
        publish(topic.encode(), payload, mid, USER_PROPERTY * count if v5 else None)
        for topic, payload, mid, count in sent
    )
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=5))
    reader, rest = PublishReader(v5), b""
    messages: list[Message] = []
    acks: list[bytes] = []
    edges = [0, *sorted(cuts), len(stream)]
    for start, end in pairwise(edges):
        rest += stream[start:end]
        rest = rest[reader.take(rest, 0, NOW, messages, acks) :]
    assert rest == b""
    assert [(m.topic, m.payload) for m in messages] == [(t, p) for t, p, _, _ in sent]
    assert acks == [puback(mid) for _, _, mid, _ in sent if mid is not None]


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, v5: bool) -> None:
    try:
        messages, _, position = take(data, v5)
    except MalformedPacketError:
        return
    assert 0 <= position <= len(data)
    assert sum(len(topic.encode()) + len(payload) for topic, payload in messages) <= position


@given(st.binary(max_size=60), st.booleans())
def test_any_body_of_a_publish_is_read_or_refused(body: bytes, v5: bool) -> None:
    packet = b"\x32" + varint(len(body)) + body
    follower = publish(b"t", b"1", 7, b"" if v5 else None)
    try:
        messages, acks, position = take(packet + follower, v5)
    except MalformedPacketError:
        return
    assert (len(messages), position) == (2, len(packet + follower))
    assert messages[1] == ("t", b"1")
    assert acks == [b"\x40\x02" + body[2 + (body[0] << 8) + body[1] :][:2], puback(7)]


@pytest.mark.parametrize("head", [0x20, 0x34, 0x36, 0x62, 0x90, 0xD0, 0xE0])
def test_packets_of_other_kinds_are_left(head: int) -> None:
    first = publish(b"t", b"1", 1)
    other = bytes([head]) + b"\x02\x00\x00"
    assert take(first + other + first, v5=False) == ([("t", b"1")], [puback(1)], len(first))
    assert not is_publish(other, 0)


@pytest.mark.parametrize(
    ("packet", "v5"),
    [
        (b"\x30\x00", False),  # no topic
        (b"\x30\x01\x00", False),
        (b"\x30\x02\x00\x01", False),  # a topic longer than the packet
        (b"\x32\x04\x00\x01t\x00", False),  # half a packet identifier
        (b"\x30\x03\x00\x01t", True),  # no properties
        (b"\x30\x04\x00\x01t\x05", True),  # properties longer than the packet
        (b"\x30\x07\x00\x01t\xff\xff\xff\xff", True),  # a length of five bytes
        (b"\x30\xff\xff\xff\xff\x01", False),
    ],
)
def test_malformed_packets_are_refused(packet: bytes, v5: bool) -> None:
    with pytest.raises(MalformedPacketError, match="must"):
        take(packet + b"\x00" * 300, v5)


def test_a_topic_that_is_not_utf_8_is_empty() -> None:
    assert take(publish(b"a/\xff", b"1"), v5=False)[0] == [("", b"1")]


def test_lengths() -> None:
    assert packet_length(b"\x30\x7f", 0) == (127, 2)
    assert packet_length(b"\x30\x80\x01", 0) == (128, 3)
    assert packet_length(b"\x30\xff\xff\xff\x7f", 0) == (268_435_455, 5)
    length, at = packet_length(b"\x30\x80", 0)
    assert (length, at > 2) == (0, True)


@pytest.mark.parametrize("v5", [True, False])
def test_of_a_large_packet_the_beginning_is_kept(v5: bool) -> None:
    payload = b"x" * 3 * HEAD_LIMIT_BYTES
    packet = publish(b"big", payload, 9, USER_PROPERTY if v5 else None)
    kept = 2 * HEAD_LIMIT_BYTES
    message, ack, missing = PublishReader(v5).cut(packet[:kept], 0, NOW, kept)
    assert (message.topic, ack) == ("big", puback(9))
    assert message.payload == payload[: len(message.payload)]
    assert len(message.payload) + missing == len(payload)


def test_properties_beyond_the_kept_beginning_leave_no_payload() -> None:
    packet = publish(b"big", b"x", None, USER_PROPERTY * 100)
    message, ack, missing = PublishReader(v5=True).cut(packet[:100], 0, NOW, 100)
    assert (message.topic, message.payload, ack) == ("big", b"", b"")
    assert missing == len(packet) - 100


def test_more_topics_than_are_remembered() -> None:
    data = b"".join(publish(b"t/%d" % number, b"") for number in range(20_100))
    messages, _, _ = take(data, v5=False)
    assert [topic for topic, _ in messages] == [f"t/{number}" for number in range(20_100)]
