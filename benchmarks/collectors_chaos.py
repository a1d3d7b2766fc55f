"""Collector, broker and store are stopped the hard way while meters send; then every reading is looked up.

What must hold: each reading of each message that the broker acknowledged is in the store once, with the
value that was sent, and nothing else is there.

A broker that saves its queues each second (``autosave_interval 1``) has forgotten the last of what it
acknowledged when SIGKILL ends it. No subscriber can mend that. So the publisher does what a gateway with
a buffer does: after a lost connection it sends the last seconds again, also what was acknowledged.
``broker_forgets`` measures how much a broker forgets where nobody does.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.collectors_rig import (
    CollectorProcess,
    Progress,
    bind_devices,
    collector_settings,
    left_behind,
    make_session,
    until,
    wait_until_saved,
)
from benchmarks.collectors_stores import OutsideStore, Restartable, Row
from simulators.dialects import Message
from simulators.load import (
    DEVICES,
    METER_EVERY,
    METER_START,
    load_device,
    meter_messages,
    meter_values,
)
from simulators.publisher import at_rate, publish
from simulators.wire import WirePublisher
from tests.servers import free_port, run_mosquitto

VALUES_A_MESSAGE = 5
KEEP_S = 5.0
"""What the publisher sends again: several times what the broker saves in."""

CLIENT_ID = "chaos"
# Kills fall between these shares of the time in which messages are sent.
_FIRST_SHARE, _LAST_SHARE = 0.03, 0.97
_STORE_STOPS_SHARE = 0.35
_BROKER_DOWN_S = 0.3
_START_US = int(METER_START.timestamp()) * 1_000_000
_EVERY_US = int(METER_EVERY.total_seconds()) * 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent, at what rate, and what is stopped meanwhile, at moments that ``seed`` draws."""

    messages: int
    rate_per_s: float
    collector_kills: int
    broker_kills: int
    store_stopped_s: float
    seed: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What the store holds against what was sent, in readings; ``strange`` were never sent."""

    expected: int
    found: int
    missing: int
    twice: int
    wrong: int
    strange: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan.

    collector_kills, broker_kills
        How often each was killed while running.
    sent_again
        Messages that the publisher sent once more.
    duplicates
        Readings that came more than once, as the collector counted them.
    left
        Messages that the broker still held for the collector in the end.
    """

    audit: Audit
    seconds: float
    collector_kills: int
    broker_kills: int
    sent_again: int
    duplicates: int
    left: int


def run_chaos(plan: Plan, folder: Path, store: OutsideStore) -> Outcome:
    """Carry a plan out in an empty folder, over a store that holds nothing yet.

    folder
        Its sub-folder ``home`` becomes the collector's home, where a DuckDbFile must be.

    Raises StateError where messages are not taken in within ten minutes after the last was sent.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        broker = Restartable(partial(run_mosquitto, folder / "broker", free_port()))
        stack.callback(broker.close)
        settings = collector_settings(folder / "home", broker.server, CLIENT_ID, **store.settings)
        bind_devices(settings)
        make_session(broker.server, CLIENT_ID)
        wait_until_saved(broker.server, CLIENT_ID)
        collector = CollectorProcess(settings)
        stack.callback(collector.kill)
        progress = stack.enter_context(Progress(settings))
        havoc = _Havoc(plan, collector, broker, store)
        sent_again = _send_under(havoc, plan, broker)
        _drain(collector, broker, progress)
        duplicates = progress.total("readings_duplicate")
        left = left_behind(broker.server, CLIENT_ID)
        audit = audit_store(store, plan.messages)
    return Outcome(
        audit=audit,
        seconds=time.monotonic() - began,
        collector_kills=havoc.collector_kills,
        broker_kills=havoc.broker_kills,
        sent_again=sent_again,
        duplicates=duplicates,
        left=left,
    )


def broker_forgets(folder: Path, messages: int = 6000, rate_per_s: float = 2000) -> int:
    """Of so many messages that a broker acknowledged for an absent session, how many it forgets
    where SIGKILL ends it at once and it starts again."""
    broker = Restartable(partial(run_mosquitto, folder, free_port()))
    try:
        make_session(broker.server, CLIENT_ID)
        wait_until_saved(broker.server, CLIENT_ID)
        load, server = meter_messages(messages), broker.server
        publish(load, server.host, server.port, pause=at_rate(rate_per_s), connect=WirePublisher)
        broker.kill()
        broker.start()
        return messages - left_behind(broker.server, CLIENT_ID)
    finally:
        broker.close()


def audit_store(store: OutsideStore, messages: int) -> Audit:
    """Look every reading of the first ``messages`` messages up, value by value."""
    missing = twice = wrong = strange = found = 0
    for device in range(DEVICES):
        rows = store.rows(load_device(device))
        held = {(row.quantity, row.time_us): row.value for row in rows}
        sent = {(row.quantity, row.time_us): row.value for row in _sent(device, messages)}
        found += len(rows)
        twice += len(rows) - len(held)
        missing += len(sent.keys() - held.keys())
        strange += len(held.keys() - sent.keys())
        wrong += sum(held[key] != sent[key] for key in held.keys() & sent.keys())
    strange += store.count() - found
    return Audit(messages * VALUES_A_MESSAGE, found, missing, twice, wrong, strange)


def _sent(device: int, messages: int) -> Iterator[Row]:
    for step in range(len(range(device, messages, DEVICES))):
        for quantity, value in meter_values(device, step).items():
            yield Row(quantity, _START_US + step * _EVERY_US, value)


class _Havoc:
    """Stops things at their moments, and starts again what has to run."""

    def __init__(
        self, plan: Plan, collector: CollectorProcess, broker: Restartable, store: OutsideStore
    ) -> None:
        self._collector, self._broker, self._store = collector, broker, store
        self.collector_kills = 0
        self.broker_kills = 0
        sending_s = plan.messages / plan.rate_per_s
        draw = random.Random(plan.seed)
        stop_s = sending_s * _STORE_STOPS_SHARE
        self._agenda = sorted(
            [
                *((s, "collector") for s in _moments(draw, plan.collector_kills, sending_s)),
                *((s, "broker") for s in _moments(draw, plan.broker_kills, sending_s)),
                (stop_s, "store stops"),
                (stop_s + plan.store_stopped_s, "store resumes"),
            ]
        )

    def run(self) -> None:
        """Go through all moments; a collector that has ended is started again at once, as a service
        manager does."""
        began = time.monotonic()
        for at_s, what in self._agenda:
            while time.monotonic() < began + at_s:
                self._keep_running()
                time.sleep(0.02)
            self._strike(what)
        self._keep_running()

    def _keep_running(self) -> None:
        if not self._collector.alive:
            self._collector.start()

    def _strike(self, what: str) -> None:
        if what == "collector":
            self._keep_running()
            self._collector.kill()
            self.collector_kills += 1
        elif what == "broker":
            self._broker.kill()
            time.sleep(_BROKER_DOWN_S)
            self._broker.start()
            self.broker_kills += 1
        elif what == "store stops":
            self._store.stop()
        else:
            self._store.resume()


def _moments(draw: random.Random, count: int, sending_s: float) -> list[float]:
    return [draw.uniform(_FIRST_SHARE, _LAST_SHARE) * sending_s for _ in range(count)]


def _send_under(havoc: _Havoc, plan: Plan, broker: Restartable) -> int:
    """Send all messages while things are stopped; how many had to go again."""
    with ThreadPoolExecutor(1) as pool:
        sending: Future[int] = pool.submit(_send, plan, broker)
        havoc.run()
        return sending.result()


def _send(plan: Plan, broker: Restartable) -> int:
    publisher = WirePublisher(broker.server.host, broker.server.port, keep_s=KEEP_S)
    pause = at_rate(plan.rate_per_s)
    try:
        for message in meter_messages(plan.messages):
            pause(message)
            publisher.send(message)
        publisher.flush()
    finally:
        publisher.close()
    return publisher.sent_again


def _drain(collector: CollectorProcess, broker: Restartable, progress: Progress) -> None:
    """Wait until all was taken in, then end the collector.

    A message that is no JSON is sent last: once it is counted, all before it are durable, for a session
    keeps its order and a batch is written before it is counted.
    """

    def at_the_end() -> bool:
        if not collector.alive:
            collector.start()
        return progress.total("rejected:not_json") > 0

    last = Message(METER_START, f"quotawatt/{load_device(0)}/readings", b"the end", 0)
    publish([last], broker.server.host, broker.server.port, connect=WirePublisher)
    until(at_the_end, "the last message must be taken in")
    collector.stop()
