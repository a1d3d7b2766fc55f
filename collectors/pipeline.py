"""The way of a batch: decode, sort, check, mark, write, count.

Once ``Pipeline.commit`` returns, every message of the batch is durable: its readings in the series store,
or itself as a kept message of an unknown device, or as a dead letter. Only then may it be acknowledged.
Where a store fails, commit raises StoreError and may be called again with the same batch; a reading written
twice is one reading.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from collectors.announcements import write_announcements
from collectors.batch import CheckedBatch
from collectors.deadletters import add_letters
from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.exempt import COUNTER as EXEMPT
from collectors.exempt import Exempt
from collectors.families import DeviceFamilies
from collectors.intake import Intake
from collectors.metrics import BatchObserver, Committed, NoObserver
from collectors.notes import conflicts, floods, suspects, write_notes
from collectors.unknown import list_sightings
from quotawatt.errors import InputError, StoreError
from quotawatt.register.exempt import Stretch, exempt_devices
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.horizon import raw_horizon
from quotawatt.storage.marker import Marker
from quotawatt.storage.port import SeriesStore, WriteReport
from quotawatt.storage.records import bump_counters

log = logging.getLogger(__name__)


class Outside(NamedTuple):
    """What changes beside the messages.

    take_in_announcements
        Takes in what other collectors stored of what devices announced. Raises StoreError.
    remake_decoder
        Returns a decoder by the profiles as they are now, None where they are as they were. Raises
        InputError where a profile is wrong.
    """

    take_in_announcements: Callable[[], None]
    remake_decoder: Callable[[], Decoder | None]


NOTHING_OUTSIDE = Outside(lambda: None, lambda: None)


class Pipeline:
    """Writes batches of messages to the stores.

    register_source
        Returns the present register; asked once a batch. Raises StoreError where there is none yet.
    observer
        Told of every batch that became durable.
    outside
        What ``refresh`` looks after.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        decoder: Decoder,
        settings: Settings,
        observer: BatchObserver = NoObserver(),
        outside: Outside = NOTHING_OUTSIDE,
    ) -> None:
        self._observer = observer
        self._outside = outside
        self._series = series
        self._records = records
        self._register_source = register_source
        self._decoder = decoder
        self._settings = settings
        self._marker = Marker(records)
        self._families = DeviceFamilies()
        self._horizon: datetime | None = None
        self._exempt: tuple[Register, Mapping[str, Sequence[Stretch]]] | None = None
        # Messages of flooding devices dropped since the start, by device.
        self._flooded: Counter[str] = Counter()
        self.register = register_source()
        """The register that the latest batch is sorted by."""
        self.profile_problem = ""
        """What is wrong with the profiles since they changed; decoding goes on by those before."""

    def begin(self, counter: str = "messages_received", register: Register | None = None) -> Intake:
        """An empty batch, sorted by ``register``; default: the present one.

        While the record store fails the present register, and the raw horizon, are those of the batch before.
        """
        try:
            self.register = register or self._register_source()
            with self._records.connect() as conn:
                self._horizon = raw_horizon(conn)
        except StoreError as error:
            log.warning("the register stays as it was: %s", error)
        exempt = Exempt(self.exempt_devices(), self._settings)
        return Intake(self._decoder, self.register, self._settings, counter, self._horizon, exempt)

    def exempt_devices(self) -> Mapping[str, Sequence[Stretch]]:
        """Those that are, or were, in a vehicle exempt from tracking, by the register of the latest batch."""
        if self._exempt is None or self._exempt[0] is not self.register:
            zone = ZoneInfo(self._settings.timezone)
            self._exempt = self.register, exempt_devices(self.register, zone)
        return self._exempt[1]

    def refresh(self) -> None:
        """Go by the profiles as they are now, and know what devices announced to other collectors.

        Where a profile is wrong the ones before stay. Raises StoreError where a store fails.
        """
        self._outside.take_in_announcements()
        try:
            decoder = self._outside.remake_decoder()
        except InputError as error:
            self.profile_problem = str(error)
            log.warning("the profiles stay as they were: %s", error)
            return
        if decoder is not None:
            self._decoder, self.profile_problem = decoder, ""
            log.info("profiles have changed and are read anew")

    def profile_of(self, topic: str) -> str:
        """Which profile a topic belongs to; empty where none fits."""
        return self._decoder.profile_of(topic)

    def device_of(self, topic: str) -> str:
        """Which device a topic belongs to, as far as the topic says it."""
        return self._decoder.device_of(topic)

    def process(self, messages: Iterable[Message]) -> WriteReport:
        """Take messages as one batch through to the stores."""
        intake = self.begin()
        for message in messages:
            intake.add(message)
        return self.commit(intake)

    def commit(self, intake: Intake) -> WriteReport:
        """Make a batch durable. Raises StoreError where a store fails; safe to repeat."""
        began = time.monotonic()
        checked = intake.batch.checked(
            self._settings.clock_ahead_limit_s, self._settings.clock_from
        )
        generation = self._marker.mark(checked.touched)
        # Kept, so that a repeated commit does not count its own readings as duplicates.
        intake.report = intake.report or self._write(checked)
        # Kept as well: what was announced in this batch, should this not be the last try.
        intake.announced += self._decoder.announced.take_changes()
        news = self._families.news(intake.families)
        with self._records.begin() as conn:
            self._marker.confirm(conn, checked.touched, generation)
            self._families.write(conn, news)
            counts = self._record(conn, intake, checked, intake.report)
        self._families.written(news)
        self._flooded.update(intake.dropped)
        seconds = time.monotonic() - began
        self._observer.batch_committed(
            Committed(counts, intake.received, intake.decoded, intake.rejected, seconds)
        )
        return intake.report

    def _write(self, checked: CheckedBatch) -> WriteReport:
        if not len(checked.readings):
            return WriteReport(0, 0)
        return self._series.write_readings(checked.readings)

    def _record(
        self, conn: Connection, intake: Intake, checked: CheckedBatch, report: WriteReport
    ) -> dict[str, int]:
        """All of the batch that is no reading; returns what it adds to the totals."""
        write_announcements(conn, intake.announced, self.register.bound_channels)
        gone = list_sightings(conn, intake.sightings, self._settings)
        found = conflicts(report.conflicts) | floods(intake.dropped, self._flooded)
        if checked.suspect:
            found |= suspects(checked.readings, self._settings)
        if found:
            write_notes(conn, found, intake.latest)
        gone |= add_letters(conn, intake.letters, self._settings)
        counts = {**_counts(intake, checked.suspect, report), **gone}
        bump_counters(conn, counts)
        return counts


def _counts(intake: Intake, suspect: Mapping[str, int], report: WriteReport) -> dict[str, int]:
    """What a batch adds to the totals since installation."""
    rejected = Counter(letter.problem.reason for letter in intake.letters)
    return {
        intake.counter: intake.messages,
        "messages_ignored": intake.ignored,
        "messages_kept": intake.sightings.kept,
        "messages_flood_dropped": intake.dropped.total(),
        "readings_written": report.written,
        "readings_duplicate": report.duplicates,
        "reading_conflicts": len(report.conflicts),
        EXEMPT: intake.exempt.count,
        **{f"rejected:{reason}": count for reason, count in rejected.items()},
        **{f"suspect:{reason}": count for reason, count in suspect.items()},
    }
