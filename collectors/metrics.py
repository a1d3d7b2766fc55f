"""What a collector counts for Prometheus: counters by batch, gauges at the moment of asking.

Nothing is done for a single message here: a batch reports once, when it is durable. Labels are profiles
and reason codes, never devices or topics, so the number of series is bounded by the program.
Names and units follow Prometheus's conventions: ``_total`` for what only grows, seconds and bytes as units.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as Source

from collectors.acl import NATIVE
from collectors.decode import REASONS
from quotawatt.plausibility import REASONS as SUSPECT_REASONS

_BATCH_MESSAGES = (1, 10, 100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_COMMIT_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_RECEIVED = "messages_received"
_NO_PROFILE = "none"
"""Label of messages that fit no profile."""

# Names of the totals that a batch adds to (see ``pipeline``), and the counters that show them.
_PLAIN = {
    "messages_ignored": ("messages_ignored", "Messages that are known to hold no reading."),
    "messages_replayed": ("messages_replayed", "Kept messages and dead letters taken in again."),
    "messages_kept": ("messages_kept", "Messages of devices that no binding names, kept."),
    "messages_flood_dropped": ("flood_dropped", "Messages of flooding devices, dropped."),
    "kept_messages_dropped": ("kept_dropped", "Oldest kept messages beyond the limits."),
    "dead_letters_dropped": ("dead_letters_dropped", "Oldest dead letters beyond the limit."),
    "readings_written": ("readings_written", "Readings that became durable."),
    "readings_duplicate": ("readings_duplicate", "Readings that the store had already."),
    "positions_exempt": (
        "positions_exempt",
        "Positions of vehicles exempt from tracking, not kept.",
    ),
    "reading_conflicts": ("reading_conflicts", "Readings of which a device sent two values."),
}


@dataclass(frozen=True, slots=True)
class Committed:
    """A batch that became durable.

    counts
        What it added to the totals since installation, by their names.
    received, decoded
        Messages by profile, ``""`` where none fits; decoded: those that became readings.
    rejected
        Messages refused, whole or in part, by (profile, reason).
    seconds
        How long the successful commit took.
    """

    counts: Mapping[str, int]
    received: Mapping[str, int]
    decoded: Mapping[str, int]
    rejected: Mapping[tuple[str, str], int]
    seconds: float


class BatchObserver(Protocol):
    """Whoever wants to know of batches."""

    def batch_committed(self, batch: Committed) -> None:
        """Take note of a batch that became durable; called once for each."""


class NoObserver:
    """Takes no note."""

    def batch_committed(self, batch: Committed) -> None:
        """Do nothing."""


class Watched(Protocol):
    """What is asked of a collector when somebody looks at the metrics."""

    def healthy(self) -> Mapping[str, Any]:
        """State of broker, store and lag."""

    def stats(self) -> Mapping[str, float]:
        """Totals since the start of the process."""


class PlainRegistry(CollectorRegistry):
    """A registry without the instants at which each series was made: they double what is read.

    The library's own switch for them holds for the whole process.
    """

    def collect(self) -> Iterator[Metric]:
        """All metrics, without samples ``..._created``."""
        for family in super().collect():
            made = f"{family.name}_created"
            family.samples = [sample for sample in family.samples if sample.name != made]
            yield family


class CollectorMetrics:
    """The metrics of one collector, on a registry of its process.

    Series of messages without a profile and of native ones are there from the start, at zero, so that
    every total exists and a rate sees the first message. Other profiles come with their first message.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"quotawatt_{name}", words, labels, registry=registry)

        def histogram(name: str, words: str, buckets: Iterable[float]) -> Histogram:
            return Histogram(f"quotawatt_{name}", words, buckets=tuple(buckets), registry=registry)

        self._registry = registry
        self._received = counter("messages_received", "Messages taken in.", "profile")
        self._decoded = counter("messages_decoded", "Messages that became readings.", "profile")
        self._rejected = counter(
            "messages_rejected",
            "Messages that became dead letters, whole or in part.",
            *("profile", "reason"),
        )
        self._suspect = counter("readings_suspect", "Implausible readings.", "reason")
        self._plain = {key: counter(name, words) for key, (name, words) in _PLAIN.items()}
        for profile in (_NO_PROFILE, NATIVE):
            self._received.labels(profile)
            self._decoded.labels(profile)
            for reason in REASONS:
                self._rejected.labels(profile, reason)
        for reason in filter(None, SUSPECT_REASONS):
            self._suspect.labels(reason)
        self._messages = histogram("batch_messages", "Messages in a batch.", _BATCH_MESSAGES)
        self._seconds = histogram(
            "batch_commit_seconds", "Time until a batch was durable.", _COMMIT_SECONDS
        )

    def batch_committed(self, batch: Committed) -> None:
        """Count a batch. Of one taken in again only the totals: its messages were counted before."""
        if _RECEIVED in batch.counts:
            self._count_messages(batch)
        for name, count in batch.counts.items():
            if name in self._plain:
                self._plain[name].inc(count)
            elif name.startswith("suspect:"):
                self._suspect.labels(name.removeprefix("suspect:")).inc(count)
        self._seconds.observe(batch.seconds)

    def _count_messages(self, batch: Committed) -> None:
        for profile, count in batch.received.items():
            self._received.labels(profile or _NO_PROFILE).inc(count)
        for profile, count in batch.decoded.items():
            self._decoded.labels(profile or _NO_PROFILE).inc(count)
        for (profile, reason), count in batch.rejected.items():
            self._rejected.labels(profile or _NO_PROFILE, reason).inc(count)
        self._messages.observe(sum(batch.received.values()))

    def watch(self, collector: Watched) -> None:
        """From now on show this collector's gauges too."""
        self._registry.register(_Gauges(collector))


class _Gauges(Source):
    """A collector's own state, asked for when somebody looks."""

    def __init__(self, collector: Watched) -> None:
        self._collector = collector

    def collect(self) -> Iterator[Metric]:
        """One sample each; nothing is kept between two looks."""
        state, stats = self._collector.healthy(), self._collector.stats()
        gauges = {
            "broker_up": ("Whether the collector is subscribed.", float(state["subscribed"])),
            "store_up": ("Whether the last write succeeded.", float(not state["store_problem"])),
            "messages_unacknowledged": (
                "Messages taken in and not acknowledged.",
                state["unacknowledged"],
            ),
            "oldest_unacknowledged_seconds": (
                "Age of the oldest message that is not acknowledged; 0: none waits.",
                state["oldest_unacknowledged_s"],
            ),
            "messages_queued": ("Messages that wait for a batch.", state["queued"]),
        }
        for name, (words, value) in gauges.items():
            yield GaugeMetricFamily(f"quotawatt_{name}", words, float(value))
        totals = {
            "received_bytes": ("Payload bytes received.", "bytes"),
            "deliveries": ("Messages delivered by the broker, repeated ones too.", "received"),
            "messages_acknowledged": ("Messages acknowledged.", "acknowledged"),
            "reconnects": ("Connections to the broker after the first.", "reconnects"),
        }
        for name, (words, key) in totals.items():
            yield CounterMetricFamily(f"quotawatt_{name}", words, float(stats[key]))

    def describe(self) -> Iterable[Metric]:
        """Nothing: the names are known only when somebody looks."""
        return ()
