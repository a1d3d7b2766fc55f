"""A device that floods is limited, without harm to the others.

Each device has a bucket of tokens: it holds ``burst`` and fills by ``rate_per_s``. A message takes one. A
device whose bucket is empty keeps, of each of its topics and in each batch, its newest message only; the
older ones are dropped undecoded, and counted. It is the only loss that the collector permits.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from collectors.decoded import Message

DEVICES_LIMIT = 20_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at_s: float


class FloodLimit:
    """Limits each device to ``rate_per_s`` messages, after a burst of ``burst``.

    device_of
        The device of a topic. Topics of one device share a bucket.
    """

    def __init__(self, rate_per_s: float, burst: int, device_of: Callable[[str], str]) -> None:
        self._rate_per_s = rate_per_s
        self._burst = float(burst)
        self._device_of = device_of
        self._buckets: dict[str, _Bucket] = {}
        self._held: dict[str, Message] = {}
        self.dropped: Counter[str] = Counter()
        """Messages of the present batch that were dropped, by device."""

    def admit(self, messages: list[Message], now_s: float) -> list[Message]:
        """Those of ``messages``, in their order, that are to be processed at once.

        The others are held until ``end_batch``, or dropped. ``now_s`` is that of any clock that does not
        go back.
        """
        counts = Counter([message.topic for message in messages])
        limited = [topic for topic, count in counts.items() if not self._take(topic, count, now_s)]
        if not limited:
            return messages
        spare = {topic: self._take_some(topic, now_s) for topic in limited}
        admitted = []
        for message in messages:
            if message.topic not in spare:
                admitted.append(message)
            elif spare[message.topic]:
                spare[message.topic] -= 1
                admitted.append(message)
            else:
                self._hold(message)
        return admitted

    def end_batch(self) -> tuple[list[Message], Counter[str]]:
        """The newest message of each topic that was held, and how many were dropped by device."""
        held, dropped = list(self._held.values()), self.dropped
        self._held, self.dropped = {}, Counter()
        return held, dropped

    def _hold(self, message: Message) -> None:
        if self._held.pop(message.topic, None) is not None:
            self.dropped[self._device_of(message.topic)] += 1
        self._held[message.topic] = message

    def _take(self, topic: str, count: int, now_s: float) -> bool:
        """Take ``count`` tokens. False, and none taken, where there are less or the topic is held."""
        bucket = self._bucket(self._device_of(topic), now_s)
        gained = (now_s - bucket.filled_at_s) * self._rate_per_s
        bucket.tokens = min(self._burst, bucket.tokens + gained)
        bucket.filled_at_s = now_s
        if topic in self._held or bucket.tokens < count:
            return False
        bucket.tokens -= count
        return True

    def _take_some(self, topic: str, now_s: float) -> int:
        """Take all whole tokens that are left; none where the topic is held."""
        if topic in self._held:
            return 0
        bucket = self._bucket(self._device_of(topic), now_s)
        whole = int(bucket.tokens)
        bucket.tokens -= whole
        return whole

    def _bucket(self, device: str, now_s: float) -> _Bucket:
        bucket = self._buckets.get(device)
        if bucket is None:
            if len(self._buckets) >= DEVICES_LIMIT:
                self._forget(now_s)
            bucket = self._buckets[device] = _Bucket(self._burst, now_s)
        return bucket

    def _forget(self, now_s: float) -> None:
        """Forget the half of the devices with the fullest buckets: theirs were hardly used."""

        def filled(bucket: _Bucket) -> float:
            gained = (now_s - bucket.filled_at_s) * self._rate_per_s
            return min(self._burst, bucket.tokens + gained)

        emptiest = sorted(self._buckets.items(), key=lambda item: filled(item[1]))
        self._buckets = dict(emptiest[: DEVICES_LIMIT // 2])
