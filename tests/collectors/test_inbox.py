"""The queue between the threads: in order, bounded, and nothing waits for ever."""

from datetime import UTC, datetime, timedelta
from threading import Thread

from collectors.decoded import Message
from collectors.inbox import Inbox
from collectors.session import Delivery

NOW = datetime(2023, 7, 1, tzinfo=UTC)


def delivery(*payloads: bytes, arrived: datetime = NOW) -> Delivery:
    return Delivery(1, [Message("t", payload, arrived) for payload in payloads], [], 0)


def test_what_is_put_is_taken_in_order_and_counted() -> None:
    inbox = Inbox(10, 1000)
    first, second = delivery(b"1", b"22"), delivery(b"333", arrived=NOW + timedelta(minutes=1))
    inbox.put(first)
    inbox.put(second)
    assert (len(inbox), inbox.received, inbox.received_bytes) == (3, 3, 6)
    assert inbox.oldest() == NOW
    assert inbox.take(0) is first
    assert inbox.oldest() == NOW + timedelta(minutes=1)
    assert inbox.take(0) is second
    assert (len(inbox), inbox.oldest(), inbox.take(0)) == (0, None, None)
    assert (inbox.received, inbox.received_bytes) == (3, 6)


def test_it_is_full_by_messages_or_by_bytes_and_takes_what_is_put_all_the_same() -> None:
    inbox = Inbox(2, 100)
    inbox.put(delivery(b"1"))
    assert inbox.has_room()
    inbox.put(delivery(b"2", b"3"))
    assert (inbox.has_room(), len(inbox)) == (False, 3)
    inbox.take(0)
    inbox.take(0)
    inbox.put(delivery(b"x" * 100))
    assert not inbox.has_room()
    inbox.take(0)
    assert inbox.has_room()


def test_closed_it_takes_nothing_in_and_gives_what_is_there() -> None:
    inbox = Inbox(10, 1000)
    inbox.put(delivery(b"1"))
    inbox.close()
    inbox.put(delivery(b"2"))
    assert not inbox.has_room()
    assert inbox.take(60) is not None
    assert inbox.take(60) is None  # at once: closed


def test_who_waits_is_woken() -> None:
    inbox = Inbox(10, 1000)
    found: list[Delivery | None] = []
    waiter = Thread(target=lambda: found.append(inbox.take(60)))
    waiter.start()
    sent = delivery(b"1")
    inbox.put(sent)
    waiter.join(30)
    assert found == [sent]
