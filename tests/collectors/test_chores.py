"""What a collector does beside the live messages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from collectors.chores import POLL_S, Chores
from collectors.deadletters import Refused, add_letters, list_letters
from collectors.decode import Decoder
from collectors.decoded import Message, Problem
from collectors.intake import Intake
from quotawatt.errors import StoreError
from quotawatt.register.repository import load_register, save_register
from quotawatt.settings import Settings
from quotawatt.storage.jobs import LEASE, RETRY, Job, add_job, claim_job, read_job
from quotawatt.storage.port import WriteReport
from quotawatt.storage.tables import dead_letters, jobs, kept_messages
from tests.collectors.scenery import NOW, Stage, bound, reading, register, stage


@pytest.fixture
def here(records_url: str, tmp_path: Path, decoder: Decoder) -> Iterator[Stage]:
    with stage(tmp_path, decoder, records_url) as made:
        yield made


class Bench:
    """Chores with clocks that stand still until they are moved."""

    def __init__(self, here: Stage, worker: str = "one") -> None:
        self.seconds = 0.0
        self.now = NOW
        self.chores = Chores(
            here.records, here.pipeline, worker, lambda: self.now, lambda: self.seconds
        )

    def finish(self) -> int:
        """Steps until there is nothing to do."""
        steps = 0
        while self.chores.step():
            steps += 1
        self.seconds += POLL_S
        return steps


def asked(here: Stage, kind: str, **arguments: str) -> int:
    with here.records.begin() as conn:
        return add_job(conn, kind, arguments, "somebody", NOW)


def found(here: Stage, number: int) -> Job:
    with here.records.connect() as conn:
        return read_job(conn, number)


def poison(here: Stage, device: str = "known") -> None:
    letter = Message(f"quotawatt/{device}/readings", reading(device, 0).payload, NOW)
    with here.records.begin() as conn:
        refused = Refused(letter, Problem("internal_error", "x"), len(letter.payload))
        add_letters(conn, [refused], Settings())


def test_nothing_to_do_is_asked_after_seldom(here: Stage) -> None:
    bench = Bench(here)
    assert bench.chores.step() is False
    number = asked(here, RETRY)
    assert bench.chores.step() is False
    bench.seconds += POLL_S
    assert bench.finish() > 0
    assert found(here, number).state == "done"


def test_binding_a_device_replays_what_was_kept(here: Stage) -> None:
    here.pipeline.process([reading("new", minute) for minute in range(3)])
    bench = Bench(here)
    assert bench.finish() == 0
    save_register(here.records, register(bound("new")), "officer", NOW)
    bench.finish()
    assert here.values("new") == [0, 1, 2]
    (job,) = here.rows(jobs)
    assert (job["state"], job["requested_by"]) == ("done", "officer")
    assert job["result"] == {"replayed": 3, "readings": 3, "refused": 0}


def test_what_was_kept_by_the_register_before_is_replayed_too(here: Stage) -> None:
    intake = here.pipeline.begin()
    intake.add(reading("new", 0))
    save_register(here.records, register(bound("new")), "officer", NOW)
    bench = Bench(here)
    bench.finish()
    here.pipeline.commit(intake)  # sorted before the device was bound
    assert len(here.rows(kept_messages)) == 1
    here.pipeline.begin()
    bench.finish()
    assert here.values("new") == [0]


def test_retrying_goes_by_the_arguments(here: Stage) -> None:
    save_register(here.records, register(bound("known")), "officer", NOW)
    poison(here)
    number = asked(here, RETRY, reason="not_json")
    Bench(here).finish()
    assert found(here, number).result == {}
    number = asked(here, RETRY, reason="internal_error", profile="native")
    Bench(here).finish()
    assert found(here, number).result == {"tried": 1, "recovered": 1, "cut": 0}
    assert here.values("known") == [0]


def test_a_job_of_a_dead_worker_is_done_by_another(here: Stage) -> None:
    number = asked(here, RETRY)
    with here.records.begin() as conn:
        assert claim_job(conn, [RETRY], "dead", NOW)
    bench = Bench(here)
    assert bench.finish() == 0
    bench.now = NOW + LEASE
    assert bench.finish() > 0
    assert (found(here, number).state, found(here, number).worker) == ("done", "one")


def test_a_failing_store_puts_the_job_off(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    save_register(here.records, register(bound("known")), "officer", NOW)
    poison(here)
    number = asked(here, RETRY)
    bench = Bench(here)

    def fail(*_: object) -> None:
        raise StoreError("the store must answer, it is off")

    monkeypatch.setattr(here.series, "write_readings", fail)
    assert bench.finish() == 1
    assert found(here, number).state == "running"
    monkeypatch.undo()
    bench.finish()
    assert found(here, number).state == "done"
    assert here.values("known") == [0]


def test_a_mistake_of_ours_fails_the_job_and_no_more(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(here)
    number = asked(here, RETRY)
    bench = Bench(here)
    monkeypatch.setattr(here.pipeline, "commit", lambda intake: 1 / 0)
    bench.finish()
    assert found(here, number).state == "failed"
    assert "ZeroDivisionError" in found(here, number).error
    with here.records.connect() as conn:
        assert len(list_letters(conn)) == 1
    assert load_register(here.records).bindings == ()


def test_a_job_with_arguments_that_nobody_knows_fails_and_no_more(here: Stage) -> None:
    number = asked(here, RETRY, colour="red")
    Bench(here).finish()
    assert found(here, number).state == "failed"
    assert "colour" in found(here, number).error


def test_letters_that_come_while_others_are_tried_are_left(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(here)
    number = asked(here, RETRY)
    commit = here.pipeline.commit

    def commit_and_more_comes(intake: Intake) -> WriteReport:
        poison(here)
        return commit(intake)

    monkeypatch.setattr(here.pipeline, "commit", commit_and_more_comes)
    Bench(here).finish()
    assert found(here, number).result["tried"] == 1
    assert len(here.rows(dead_letters)) == 1


@pytest.mark.postgres
def test_two_collectors_that_compete_take_everything_in_once(
    tmp_path: Path, decoder: Decoder, postgres: str
) -> None:
    with stage(tmp_path, decoder, postgres) as one, stage(tmp_path, decoder, postgres) as two:
        shared = replace(two, series=one.series)
        shared.pipeline._series = one.series
        one.pipeline.process([reading("new", minute) for minute in range(1000)])
        save_register(one.records, register(bound("new")), "officer", NOW)
        asked(one, RETRY)
        benches = [Bench(one, "one"), Bench(shared, "two")]

        def work(bench: Bench) -> None:
            bench.finish()
            bench.finish()

        threads = [Thread(target=work, args=[bench]) for bench in benches]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.values("new") == list(range(1000))
        assert one.rows(kept_messages) == []
        assert {row["state"] for row in one.rows(jobs)} == {"done"}
        assert one.total("messages_replayed") == 1000
        assert one.total("readings_duplicate") == 0
