"""The way of a batch: decode, bind, check, mark, write, count.

Once ``Pipeline.commit`` returns, every message of the batch is durable: its readings in the series store,
or itself as a dead letter. Only then may it be acknowledged. Where a store fails, commit raises
StoreError and may be called again with the same batch; a reading written twice is one reading.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from collectors.batch import Batch, CheckedBatch
from collectors.check import CLOCK_FROM
from collectors.deadletters import DROPPED, add_letters
from collectors.decode import Decoder
from collectors.decoded import Message, Problem
from quotawatt.errors import DecodeError
from quotawatt.findings import Finding
from quotawatt.quantities import quantity
from quotawatt.readings import Quality
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore, WriteReport
from quotawatt.storage.records import bump_counters, upsert
from quotawatt.storage.tables import findings, seen_devices
from quotawatt.storage.touched import confirm, mark

log = logging.getLogger(__name__)


class Intake:
    """Messages of one batch, decoded as they come. ``counter`` is the name they are counted under."""

    def __init__(self, decoder: Decoder, counter: str = "messages_received") -> None:
        self.counter = counter
        self.batch = Batch()
        self.letters: list[tuple[Message, Problem]] = []
        self.messages = 0
        self.ignored = 0
        self.report: WriteReport | None = None
        self._decoder = decoder

    def add(self, message: Message) -> None:
        """Decode a message. Whatever it is, it ends among the readings, the letters or the ignored.

        One that is partly readable is both: its good readings count, and the whole can be tried again.
        """
        self.messages += 1
        try:
            decoded = self._decoder.decode(*message)
        except DecodeError as error:
            self.letters.append((message, Problem(error.reason, str(error))))
            return
        except Exception as error:
            # A mistake of ours must not stop everybody's readings; the message waits for its repair.
            log.exception("decoding failed: topic %r", message.topic)
            self.letters.append((message, Problem("internal_error", repr(error))))
            return
        self.batch.add(message.topic, decoded)
        if decoded.problems:
            self.letters.append((message, decoded.problems[0]))
        elif not decoded.blocks:
            self.ignored += 1


class Pipeline:
    """Writes batches of messages to the stores.

    register_source
        Returns the present register; asked once a batch.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        decoder: Decoder,
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._decoder = decoder
        self._settings = settings

    def begin(self, counter: str = "messages_received") -> Intake:
        """An empty batch."""
        return Intake(self._decoder, counter)

    def process(self, messages: Iterable[Message]) -> WriteReport:
        """Take messages as one batch through to the stores."""
        intake = self.begin()
        for message in messages:
            intake.add(message)
        return self.commit(intake)

    def commit(self, intake: Intake) -> WriteReport:
        """Make a batch durable. Raises StoreError where a store fails; safe to repeat."""
        checked = intake.batch.checked(self._settings.clock_ahead_limit_s)
        register = self._register_source()
        generation = self._mark(checked)
        # Kept, so that a repeated commit does not count its own readings as duplicates.
        intake.report = intake.report or self._write(checked)
        with self._records.begin() as conn:
            confirm(conn, checked.touched, generation)
            _note_unknown(conn, intake.batch, register)
            _note_conflicts(conn, intake.batch, intake.report.conflicts)
            if checked.suspect:
                limit_s = self._settings.clock_ahead_limit_s
                _note_suspects(conn, intake.batch, checked.readings, limit_s)
            limits = self._settings.dead_letters_limit, self._settings.payload_limit_bytes
            dropped = add_letters(conn, intake.letters, *limits)
            counts = _counts(intake, checked.suspect, intake.report)
            bump_counters(conn, {**counts, DROPPED: dropped})
        return intake.report

    def _mark(self, checked: CheckedBatch) -> int:
        if not checked.touched:
            return 0
        with self._records.begin() as conn:
            return mark(conn, checked.touched)

    def _write(self, checked: CheckedBatch) -> WriteReport:
        if not len(checked.readings):
            return WriteReport(0, 0)
        return self._series.write_readings(checked.readings)


def _note_unknown(conn: Connection, batch: Batch, register: Register) -> None:
    """List the devices that no binding names."""
    rows = [
        {
            "device": device,
            "channel": channel,
            "profile": seen.profile,
            "topic": seen.topic,
            "first_seen": seen.first,
            "last_seen": seen.last,
            "messages": seen.messages,
        }
        for (device, channel), seen in batch.seen.items()
        if not register.knows(device, channel)
    ]
    keys, latest = ["device", "channel"], ["profile", "topic", "last_seen"]
    upsert(conn, seen_devices, rows, keys=keys, update=latest, add=["messages"])


def _note_conflicts(conn: Connection, batch: Batch, conflicts: Sequence[Finding]) -> None:
    """List the readings of which a device sent two different values."""
    if not conflicts:
        return
    _note(conn, batch, {(f.subject, str(f.detail.get("time", ""))): f for f in conflicts})


def _note_suspects(
    conn: Connection, batch: Batch, readings: pa.Table, clock_ahead_limit_s: float
) -> None:
    """List which series sent suspect readings, and for what reason: each with the last one and how many."""
    suspect = readings.filter(pc.equal(readings["quality"], pa.scalar(Quality.SUSPECT.value)))
    named = ["device", "channel", "quantity", "reason"]
    # Only one thread keeps the order of arrival, which "last" goes by.
    groups = suspect.group_by(named, use_threads=False).aggregate(
        [("value", "last"), ("time", "last"), ("value", "count")]
    )
    found = {}
    for row in groups.to_pylist():
        subject = f"{row['device']}/{row['channel']}/{row['quantity']}"
        detail = {
            "rule": _rule(row["reason"], row["quantity"], clock_ahead_limit_s),
            "value": row["value_last"],
            "time": row["time_last"].isoformat(),
            "count": row["value_count"],
        }
        found[subject, row["reason"]] = Finding("reading_suspect", subject, detail)
    _note(conn, batch, found)


def _rule(reason: str, name: str, clock_ahead_limit_s: float) -> str:
    """What a reading suspect for ``reason`` breaks, in plain words."""
    if reason == "out_of_range":
        line = quantity(name)
        return f"{name} must lie within {line.low:.15g} to {line.high:.15g}"
    return {
        "clock_before_2010": f"a clock must not be before {CLOCK_FROM.date()}",
        "clock_ahead": f"a clock must not be more than {clock_ahead_limit_s:.15g} s ahead of arrival",
        "counter_below_zero": "a counter must not be below zero",
    }[reason]


def _note(conn: Connection, batch: Batch, found: Mapping[tuple[str, str], Finding]) -> None:
    """List findings by subject and key; one that is listed already was seen again."""
    now = max(seen.last for seen in batch.seen.values())
    rows = [
        {
            "code": finding.code,
            "subject": subject,
            "key": key,
            "detail": dict(finding.detail),
            "first_seen": now,
            "last_seen": now,
        }
        for (subject, key), finding in found.items()
    ]
    keys, latest = ["code", "subject", "key"], ["detail", "last_seen"]
    upsert(conn, findings, rows, keys=keys, update=latest)


def _counts(intake: Intake, suspect: Mapping[str, int], report: WriteReport) -> dict[str, int]:
    """What a batch adds to the totals since installation."""
    rejected = Counter(problem.reason for _, problem in intake.letters)
    return {
        intake.counter: intake.messages,
        "messages_ignored": intake.ignored,
        "readings_written": report.written,
        "readings_duplicate": report.duplicates,
        "reading_conflicts": len(report.conflicts),
        **{f"rejected:{reason}": count for reason, count in rejected.items()},
        **{f"suspect:{reason}": count for reason, count in suspect.items()},
    }
