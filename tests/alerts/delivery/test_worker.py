"""Threads: one channel that hangs delays no other, and all end when they are asked to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.base import Channel
from alerts.channels.http import Place
from alerts.channels.webhook import WebhookChannel
from alerts.delivery import worker
from alerts.delivery.worker import DeliveryWorkers
from quotawatt.errors import StoreError
from quotawatt.storage.records import open_records
from tests.alerts.channels.platform import Answer, Asked, run_platform
from tests.alerts.delivery.post import MINUTE, START, Recorder, passing, put, rows, sender
from tests.waiting import until


class Clock:
    """A clock that moves a minute each time it is asked: no pause is waited for."""

    def __init__(self) -> None:
        self.minutes = 0
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self.minutes += 1
            return START + self.minutes * MINUTE


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


@contextmanager
def working(store: Engine, **by_name: Channel) -> Iterator[DeliveryWorkers]:
    workers = DeliveryWorkers(sender(store, **by_name), Clock(), poll_s=0.01)
    workers.start()
    try:
        yield workers
    finally:
        workers.stop(10)


def _delivered(store: Engine) -> set[str]:
    return {row.key for row in rows(store) if row.delivered_at is not None}


def test_a_channel_that_hangs_delays_no_other(store: Engine) -> None:
    gate = threading.Event()
    put(store, "slow", channel="slow")
    put(store, "a", "b")
    with working(store, slow=Recorder(gate=gate), hook=Recorder()) as workers:
        until(lambda: _delivered(store) == {"a", "b"})
        assert workers.health()["ok"] is True
        gate.set()
        until(lambda: "slow" in _delivered(store))


def test_what_hangs_is_told(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "HANGS_AFTER_S", 0.05)
    gate = threading.Event()
    put(store, "slow", channel="slow")
    with working(store, slow=Recorder(gate=gate)) as workers:
        until(lambda: workers.health()["ok"] is False)
        assert "slow hangs longer" in str(workers.health()["error"])
        gate.set()
        until(lambda: workers.health()["ok"] is True)


def test_a_stop_lets_the_message_on_its_way_be_the_last(store: Engine) -> None:
    gate = threading.Event()
    hook = Recorder(gate=gate)
    put(store, *"abcd")
    workers = DeliveryWorkers(sender(store, hook=hook), lambda: START, poll_s=0.01)
    workers.start()
    until(lambda: hook.tried == ["a"])
    workers.ask_to_stop()
    gate.set()
    workers.stop(10)
    assert hook.keys == ["a"]
    assert _delivered(store) == {"a"}
    assert {row.claimed_by for row in rows(store)} == {""}
    assert sender(store, hook=hook).deliver(START) == 3


def test_a_channel_that_fails_is_told_without_the_process_being_unwell(store: Engine) -> None:
    put(store, "a")
    failing = Recorder([passing(whole_channel=True)] * 100_000)
    with working(store, hook=failing) as workers:
        until(lambda: bool(workers.health()["failing_channels"]))
        assert workers.health()["ok"] is True
        assert workers.health()["failing_channels"] == {"hook": str(passing())}


def test_a_record_store_that_fails_is_told_and_tried_again(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = sender(store, hook=Recorder())
    broken = threading.Event()
    broken.set()
    look = post.look

    def failing(now: datetime) -> object:
        if broken.is_set():
            raise StoreError("the record store must answer")
        return look(now)

    monkeypatch.setattr(post, "look", failing)
    put(store, "a")
    workers = DeliveryWorkers(post, Clock(), poll_s=0.01)
    workers.start()
    until(lambda: workers.health()["error"] == "the record store must answer")
    broken.clear()
    until(lambda: _delivered(store) == {"a"})
    workers.stop(10)


def test_a_receiver_that_fails_every_other_time_in_every_way_gets_all_of_it(store: Engine) -> None:
    """503, 429 with Retry-After, a closed connection, a redirect, silence: each message arrives."""
    troubles = [
        Answer(status=503),
        Answer(status=429, headers={"Retry-After": "60"}),
        Answer(hangs_up=True),
        Answer(status=307, headers={"Location": "http://127.0.0.1:9/"}),
    ]
    keys = [f"k{number:02}" for number in range(12)]
    taken: list[str] = []
    calls = iter(range(100_000))

    def answer(asked: Asked) -> Answer:
        number = next(calls)
        if number % 2 == 0:
            return troubles[number // 2 % len(troubles)]
        taken.append(asked.headers["idempotency-key"])
        return Answer(status=204)

    put(store, *keys)
    with (
        run_platform(answer) as platform,
        working(store, hook=WebhookChannel(Place(platform.url), timeout_s=2.0)),
    ):
        until(lambda: _delivered(store) == set(keys))
    assert taken == keys  # in order, each once
