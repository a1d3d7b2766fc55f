"""The bounded queue between the network thread, which puts, and the worker, which takes."""

from collections import deque
from datetime import datetime
from threading import Event

from collectors.session import Delivery


class Inbox:
    """Deliveries in their order, with totals since the start.

    ``received`` and ``received_bytes`` count messages and their payloads. Beyond ``limit_messages`` or
    ``limit_bytes`` it is full: what is put all the same is taken, so that nothing is lost.
    """

    def __init__(self, limit_messages: int, limit_bytes: int) -> None:
        self._limit_messages = limit_messages
        self._limit_bytes = limit_bytes
        self._queue: deque[Delivery] = deque()
        self._filled = Event()
        self.closed = False
        # Each total is written by one thread only, so they need no lock.
        self.received = self.received_bytes = 0
        self._taken = self._taken_bytes = 0

    def __len__(self) -> int:
        """Messages that wait."""
        return self.received - self._taken

    def has_room(self) -> bool:
        """Whether more should be put: it is neither full nor closed."""
        return (
            not self.closed
            and len(self) < self._limit_messages
            and self.received_bytes - self._taken_bytes < self._limit_bytes
        )

    def put(self, delivery: Delivery) -> None:
        """Append; nothing is taken any more once it is closed: unacknowledged, it comes again."""
        if not self.closed:
            self.received += len(delivery.messages)
            self.received_bytes += payload_bytes(delivery)
            self._queue.append(delivery)
            if not self._filled.is_set():
                self._filled.set()

    def take(self, timeout_s: float) -> Delivery | None:
        """The oldest; None where nothing came in time, or it is closed and empty."""
        if not self._queue:
            self._filled.clear()
            # Something may have come between these two lines.
            if not self._queue and not self.closed:
                self._filled.wait(timeout_s)
        try:
            delivery = self._queue.popleft()
        except IndexError:
            return None
        self._taken += len(delivery.messages)
        self._taken_bytes += payload_bytes(delivery)
        return delivery

    def close(self) -> None:
        """Take no more in, and wake whoever waits."""
        self.closed = True
        self._filled.set()

    def oldest(self) -> datetime | None:
        """When the oldest message that waits arrived."""
        try:
            return self._queue[0].messages[0].arrived
        except IndexError:
            return None


def payload_bytes(delivery: Delivery) -> int:
    """Bytes of payload that a delivery holds."""
    return sum([len(message.payload) for message in delivery.messages])
