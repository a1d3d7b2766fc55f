"""Sending commands: what was confirmed and nothing else, in time or never, also after a crash."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from collectors.commanding import Commander, ProfileCommands, catalogue
from collectors.profile import load_profiles
from quotawatt.devicecommands import Catalogue, Telegram
from quotawatt.errors import StoreError
from quotawatt.settings import Settings
from quotawatt.storage.jobs import COMMAND, Job, add_job, read_job
from quotawatt.storage.records import open_records

NOW = datetime(2023, 6, 5, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ORDER = {
    "number": 1,
    "family": "tasmota",
    "command": "switch_off",
    "device": "plug",
    "channel": "",
    "value": None,
    "topic": "cmnd/plug/POWER",
    "payload": "OFF",
    "expires_at": (NOW + 120 * SECOND).isoformat(),
    "answer_within_s": 30,
}


class Killed(BaseException):
    """The process dies."""


class Wire:
    """A broker's place: remembers what it is given, or fails."""

    def __init__(self) -> None:
        self.sent: list[tuple[Telegram, float]] = []
        self.fails: BaseException | None = None
        self.dies_after = False
        self.acknowledges = True

    def __call__(self, _settings: Settings, filled: Telegram, expires_s: float) -> bool:
        if self.fails is not None:
            raise self.fails
        self.sent.append((filled, expires_s))
        if self.dies_after:
            raise Killed
        return self.acknowledges


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue(load_profiles())


class Bench:
    """A record store with jobs, and a commander over it."""

    def __init__(self, records: Engine, known: Catalogue) -> None:
        self.records = records
        self.known = known
        self.wire = Wire()

    def order(self, **changes: Any) -> int:
        with self.records.begin() as conn:
            return add_job(conn, COMMAND, {**ORDER, **changes}, "boss", NOW)

    def run(self, at: datetime = NOW, worker: str = "one", enabled: bool = True) -> int:
        settings = Settings(commands_enabled=enabled)
        commander = Commander(self.records, settings, worker, lambda: self.known, self.wire)
        return commander.run(at)

    def job(self, number: int) -> Job:
        with self.records.connect() as conn:
            return read_job(conn, number)


@pytest.fixture
def bench(tmp_path: Path, known: Catalogue) -> Iterator[Bench]:
    records = open_records("sqlite", tmp_path)
    yield Bench(records, known)
    records.dispose()


def test_a_confirmed_command_is_sent_once(bench: Bench) -> None:
    number = bench.order()
    assert bench.run(NOW + 20 * SECOND) == 1
    assert bench.run(NOW + 21 * SECOND) == 0
    assert bench.wire.sent == [(Telegram("cmnd/plug/POWER", "OFF"), 100.0)]
    job = bench.job(number)
    sent_at = (NOW + 20 * SECOND).isoformat()
    assert (job.state, job.result) == ("done", {"sent_at": sent_at, "acknowledged": True})


def test_that_the_broker_has_not_acknowledged_is_said(bench: Bench) -> None:
    bench.wire.acknowledges = False
    number = bench.order()
    bench.run()
    assert bench.job(number).result["acknowledged"] is False


def test_nothing_is_sent_late(bench: Bench) -> None:
    number = bench.order()
    bench.run(NOW + 120 * SECOND)
    assert bench.wire.sent == []
    assert bench.job(number).result == {"expired": True}


def test_a_broker_that_is_away_fails_the_command_and_it_is_not_tried_again(bench: Bench) -> None:
    bench.wire.fails = StoreError("the broker must answer, got nothing")
    number = bench.order()
    bench.run()
    bench.wire.fails = None
    assert bench.run(NOW + SECOND) == 0
    assert bench.wire.sent == []
    assert bench.job(number).error == "the broker must answer, got nothing"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"payload": "ON"}, "must be sent as it was confirmed, got cmnd/plug/POWER OFF"),
        ({"topic": "cmnd/all/POWER"}, "must be sent as it was confirmed"),
        ({"family": "csv"}, "one of the device's profile, got switch_off of csv"),
        ({"command": "toggle"}, "one of the device's profile, got toggle"),
        ({"channel": "0"}, "a channel that switch_off reaches"),
        ({"expires_at": "soon"}, "a job must have the arguments of a command"),
    ],
)
def test_only_what_the_profile_says_is_sent(
    bench: Bench, changes: Mapping[str, Any], rule: str
) -> None:
    number = bench.order(**changes)
    bench.run()
    assert bench.wire.sent == []
    assert rule in bench.job(number).error


def test_nothing_is_sent_where_commands_are_not_enabled(bench: Bench) -> None:
    number = bench.order()
    bench.run(enabled=False)
    assert bench.wire.sent == []
    assert "QUOTAWATT_COMMANDS_ENABLED: must be true" in bench.job(number).error


def test_killed_after_publishing_it_publishes_again_in_time(bench: Bench) -> None:
    number = bench.order()
    bench.wire.dies_after = True
    with pytest.raises(Killed):
        bench.run()
    bench.wire.dies_after = False
    assert bench.run(NOW + SECOND) == 1
    assert [filled for filled, _ in bench.wire.sent] == [Telegram("cmnd/plug/POWER", "OFF")] * 2
    assert bench.job(number).result["sent_at"] == (NOW + SECOND).isoformat()


def test_killed_after_publishing_and_back_too_late_it_says_that_it_may_have_been_sent(
    bench: Bench,
) -> None:
    number = bench.order()
    bench.wire.dies_after = True
    with pytest.raises(Killed):
        bench.run(NOW + SECOND)
    bench.run(NOW + 300 * SECOND, worker="two")
    assert len(bench.wire.sent) == 1
    job = bench.job(number)
    assert (job.state, job.result) == ("done", {"sent_at": (NOW + SECOND).isoformat()})


def test_another_collector_waits_for_the_lease(bench: Bench) -> None:
    bench.order()
    bench.wire.dies_after = True
    with pytest.raises(Killed):
        bench.run()
    assert bench.run(NOW + 30 * SECOND, worker="two") == 0


def test_a_profile_of_ones_own_that_is_mended_counts_at_once(tmp_path: Path) -> None:
    head = "id: own\ntitle_zh: 自\ntitle_en: Own\n"
    messages = 'messages: [{topics: ["x/{device}"], format: any}]\n'
    file = tmp_path / "own.yaml"
    file.write_text(head + messages, encoding="utf-8")
    commands = ProfileCommands([tmp_path])
    assert "own" not in commands()
    pair = (
        "commands:\n"
        '  switch_off: {topic: "c/{device}", payload: "0"}\n'
        '  switch_on: {topic: "c/{device}", payload: "1"}\n'
    )
    file.write_text(head + pair + messages, encoding="utf-8")
    assert set(commands()["own"]) == {"switch_off", "switch_on"}
    assert commands() is commands()
