"""Whether a collector's memory stays where it is while it takes very many messages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from threading import Event, Thread

from benchmarks.collectors_rates import lost_of, work_folder
from benchmarks.collectors_rig import (
    CollectorProcess,
    Progress,
    bind_devices,
    collector_settings,
    make_session,
    running,
    until,
)
from benchmarks.collectors_stores import DuckDbFile
from simulators.dialects import Message
from simulators.load import meter_messages
from simulators.publisher import publish
from simulators.wire import WirePublisher
from tests.servers import Server, run_mosquitto

_NAME = "memory"
_SAMPLE_S = 0.1
# Messages published but not yet taken: enough to keep it busy, too few to fill the broker's memory.
_AHEAD = 20_000
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MiB.

    second_quarter, last_quarter
        Medians while those quarters of the messages were taken.
    """

    greatest: float
    second_quarter: float
    last_quarter: float
    messages_per_s: float
    lost: int

    @property
    def growth(self) -> float:
        """The last quarter's over the second's: 1 where memory is flat."""
        return self.last_quarter / self.second_quarter


def memory_over(messages: int) -> Memory:
    """Publish so many messages past one embedded collector, and watch its memory."""
    with work_folder() as folder, run_mosquitto(folder / "broker") as broker:
        make_session(broker, _NAME)
        settings = collector_settings(folder / _NAME, broker, _NAME)
        bind_devices(settings)
        collector = CollectorProcess(settings)
        with Progress(settings) as progress, running(collector):
            publish(meter_messages(1), broker.host, broker.port, connect=WirePublisher)
            until(lambda: progress.total() > 0, "the first message must be taken in")
            began = time.monotonic()
            with _watched(collector, progress) as samples:
                _publish_ahead(broker, progress, messages)
                until(lambda: progress.total() >= messages, "all messages must be taken in")
            seconds = time.monotonic() - began
        lost = lost_of(messages, DuckDbFile(settings.home).count())
    return Memory(
        greatest=max(rss for _, rss in samples),
        second_quarter=_median_between(samples, messages / 4, messages / 2),
        last_quarter=_median_between(samples, messages * 3 / 4, messages),
        messages_per_s=messages / seconds,
        lost=lost,
    )


def _publish_ahead(broker: Server, progress: Progress, messages: int) -> None:
    """Publish all, never too far ahead of what has been taken."""

    def wait_for_it(published: int) -> None:
        if published % _CHUNK == 0:
            until(lambda: progress.total() > published - _AHEAD, "messages must be taken in")

    def paced() -> Iterator[Message]:
        for number, message in enumerate(meter_messages(messages - 1, first=1)):
            wait_for_it(number)
            yield message

    publish(paced(), broker.host, broker.port, connect=WirePublisher)


@contextmanager
def _watched(collector: CollectorProcess, progress: Progress) -> Iterator[list[tuple[int, float]]]:
    """Samples of (messages taken, memory), until the body ends."""
    samples: list[tuple[int, float]] = []
    done = Event()

    def watch() -> None:
        while not done.wait(_SAMPLE_S):
            samples.append((progress.total(), collector.rss_mb()))

    watcher = Thread(target=watch, name="memory", daemon=True)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()


def _median_between(samples: list[tuple[int, float]], low: float, high: float) -> float:
    """The median of the samples taken between two counts of messages, or of the nearest one."""
    inside = [rss for count, rss in samples if low <= count <= high]
    return median(inside or [min(samples, key=lambda s: abs(s[0] - (low + high) / 2))[1]])
