"""The demo's year in weeks: devices, collector, analysis and alerts go forward together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analytics.jobs.baselining import SETTLED
from collectors.collector import Collector
from quotawatt.app.console import stderr
from quotawatt.app.demo_clock import DemoClock
from quotawatt.app.demo_fleet import FleetOffice
from quotawatt.app.publisher import Published, PublisherProcess
from quotawatt.app.system import System
from quotawatt.app.texts import text
from quotawatt.errors import StoreError
from quotawatt.spans import DAY, Span, local_date

STEP = timedelta(days=7)
# A running system learns baselines each month and scores every day. The replay does it every second month and
# every second week, and weekly at last: events come out the same, since the last five weeks are judged anew.
LEARNING_MONTHS, SCORING_STEPS, LAST_STEPS = 2, 2, 4
# A running system follows vehicles all the time. Trips come out the same whenever they are computed: the
# replay does it a fortnight before its end and at its end, so that not all that is found is of one day.
FLEET_LEFT = frozenset({2, 0})
# What is sampled up to an instant is sent within this time.
SENDING = timedelta(minutes=5)
_COLLECT_TIMEOUT_S = 120


def _steps(span: Span) -> list[datetime]:
    """Ends of the weeks of the span, the last one cut."""
    ends = []
    end = span.start
    while end < span.end:
        end = min(end + STEP, span.end)
        ends.append(end)
    return ends


@dataclass(frozen=True)
class Replay:
    """Publishes, collects and analyses a span week by week, and judges it day by day of the demo's clock.

    ``seconds`` sums up the driver's time by stage. Publishing and collecting go on meanwhile for the
    week ahead, so ``waiting`` is only what the analysis could not hide.
    """

    system: System
    clock: DemoClock
    ingest_clock: DemoClock
    publisher: PublisherProcess
    collector: Collector
    fleet: FleetOffice
    seconds: dict[str, float]

    def run(self, span: Span, language: str) -> Published:
        """Replay the span; what was published."""
        ends = _steps(span)
        published = Published(0, 0)
        with _progress(language) as progress:
            sent = progress.add_task(text("publishing", language), total=round(span.hours / 24))
            done = progress.add_task(text("analysing", language), total=round(span.hours / 24))
            self._begin(ends[0])
            day = week = span.start
            for index, end in enumerate(ends):
                with self._stage("waiting"):
                    published = self.publisher.finished()
                    _await_collected(self.collector, published.messages)
                progress.update(sent, completed=round((end - span.start) / DAY))
                if index + 1 < len(ends):
                    self._begin(ends[index + 1])
                with self._stage("analysis"):
                    self.system.analyser.run(end)
                with self._stage("vehicles"):
                    self._drive(Span(week, end), left=len(ends) - 1 - index)
                with self._stage("anomalies"):
                    self._look(end, left=len(ends) - 1 - index)
                week = end
                while day < end:
                    day = min(day + DAY, end)
                    self._judge(day)
                    progress.advance(done)
        return published

    def _drive(self, week: Span, left: int) -> None:
        """Hand in what was noted down, and bring vehicles up to date where the demo does."""
        self.fleet.hand_in(week)
        if left in FLEET_LEFT:
            self.system.parts.fleet.run(week.end)

    def _look(self, end: datetime, left: int) -> None:
        """Learn and score where the demo does; ``left``: how many steps come after this one."""
        # At a month's very beginning the one before is still to be learnt.
        month = local_date(end - SETTLED, ZoneInfo(self.system.settings.timezone)).month
        if month % LEARNING_MONTHS == 0:
            self.system.parts.baseliner.run(end)
        if left % SCORING_STEPS == 0 or left < LAST_STEPS:
            self.system.parts.scorer.run(end)

    def _begin(self, end: datetime) -> None:
        """Let the devices send what they sample up to ``end``, the last of it a little later."""
        self.ingest_clock.set(end + SENDING)
        self.publisher.begin(end + SENDING)

    def _judge(self, now: datetime) -> None:
        """The alerts of one day, from the results up to it.

        The week was analysed as a whole: what an outage hid is spread over its days already where it
        ends within the week, as a late reading would have it. A running system does not see ahead.
        """
        self.clock.set(now)
        with self._stage("alerts"):
            self.system.alerts.evaluate(now)
            self.system.alerts.plan(now)
            self.system.alerts.deliver(now)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] += time.monotonic() - began


def _await_collected(collector: Collector, messages: int) -> None:
    deadline = time.monotonic() + _COLLECT_TIMEOUT_S
    while collector.processed < messages:
        if time.monotonic() > deadline:
            raise StoreError(
                f"the collector must take in all messages, got {collector.processed} of {messages} "
                f"after {_COLLECT_TIMEOUT_S} s"
            )
        time.sleep(0.01)


def _progress(language: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(text("days", language)),
        TimeElapsedColumn(),
        console=stderr,
    )
