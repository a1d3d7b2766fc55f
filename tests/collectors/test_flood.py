"""The flood limit: who keeps to the rate loses nothing, of a flood the newest stay, others feel nothing."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from collectors.decoded import Message
from collectors.flood import DEVICES_LIMIT, FloodLimit

NOW = datetime(2023, 7, 1, tzinfo=UTC)


def device_of(topic: str) -> str:
    return topic.partition("/")[0]


def message(topic: str, number: int) -> Message:
    return Message(topic, b"%d" % number, NOW)


def numbers(messages: list[Message], topic: str) -> list[int]:
    return [int(m.payload) for m in messages if m.topic == topic]


@given(st.lists(st.tuples(st.floats(0.0, 5.0), st.integers(0, 30)), max_size=40))
def test_who_keeps_to_rate_and_burst_loses_nothing(steps: list[tuple[float, int]]) -> None:
    rate, burst = 10.0, 50
    limit = FloodLimit(rate, burst, device_of)
    now, tokens = 0.0, float(burst)
    for pause, count in steps:
        now, tokens = now + pause, min(burst, tokens + pause * rate)
        count = min(count, int(tokens - 1e-6)) if tokens >= 1 else 0
        tokens -= count
        sent = [message("a/x", number) for number in range(count)]
        assert limit.admit(sent, now) == sent
    assert limit.end_batch() == ([], Counter())


@given(
    st.lists(st.lists(st.sampled_from(["flood/1", "flood/2", "calm/1"]), max_size=60), max_size=12),
    st.integers(1, 40),
)
def test_of_a_flood_the_newest_of_each_topic_stays_and_all_are_accounted_for(
    reads: list[list[str]], burst: int
) -> None:
    # The calm device has tokens enough: its topics are those of another bucket.
    limit = FloodLimit(0.001, burst, device_of)
    calm = FloodLimit(0.001, 1000, device_of)
    sent: list[Message] = []
    taken: list[Message] = []
    for number, read in enumerate(reads):
        batch = [message(topic, 100 * number + i) for i, topic in enumerate(read)]
        own = [m for m in batch if m.topic.startswith("flood")]
        sent += own
        taken += limit.admit(own, float(number))
        others = [m for m in batch if m.topic.startswith("calm")]
        assert calm.admit(others, float(number)) == others
    held, dropped = limit.end_batch()
    taken += held
    assert len(taken) + dropped.total() == len(sent)
    assert len(taken) - len(held) >= min(len(sent), burst - 1) or not sent
    for topic in ("flood/1", "flood/2"):
        own_sent, own_taken = numbers(sent, topic), numbers(taken, topic)
        assert own_taken == sorted(own_taken)
        assert own_taken[-1:] == own_sent[-1:]


def test_another_device_is_untouched_by_a_flood_in_the_same_read() -> None:
    limit = FloodLimit(1.0, 5, device_of)
    read = [message("flood/x" if i % 10 else "calm/x", i) for i in range(50)]
    admitted = limit.admit(read, 0.0)
    assert numbers(admitted, "calm/x") == [0, 10, 20, 30, 40]
    assert numbers(admitted, "flood/x") == [1, 2, 3, 4, 5]
    held, dropped = limit.end_batch()
    assert numbers(held, "flood/x") == [49]
    assert dropped == {"flood": 45 - 5 - 1}


def test_what_is_held_is_not_overtaken_within_its_batch() -> None:
    limit = FloodLimit(100.0, 1, device_of)
    assert limit.admit([message("a/x", n) for n in range(3)], 0.0) == [message("a/x", 0)]
    # Tokens are there again, but an older message of the topic waits for the end of the batch.
    assert limit.admit([message("a/x", 3)], 1.0) == []
    assert limit.end_batch() == ([message("a/x", 3)], Counter({"a": 2}))
    assert limit.admit([message("a/x", 4)], 2.0) == [message("a/x", 4)]


def test_topics_of_a_device_share_its_rate() -> None:
    limit = FloodLimit(1.0, 10, device_of)
    read = [message(f"a/{n}", n) for n in range(30)]
    assert len(limit.admit(read, 0.0)) == 10
    held, dropped = limit.end_batch()
    assert (len(held), dropped.total()) == (20, 0)


def test_ten_thousands_of_devices_do_not_free_one_that_floods() -> None:
    limit = FloodLimit(1.0, 10, device_of)
    limit.admit([message("flood/x", n) for n in range(10)], 0.0)
    for number in range(DEVICES_LIMIT + 100):
        limit.admit([message(f"d{number}/x", 0)], 0.0)
    assert limit.admit([message("flood/x", n) for n in range(3)], 0.0) == []
