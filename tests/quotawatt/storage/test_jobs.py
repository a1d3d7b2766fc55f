"""Jobs: asked for once, done by one, taken over from the dead."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select

from quotawatt.errors import NotFoundError
from quotawatt.storage.jobs import (
    ENDED_KEPT,
    LEASE,
    REPLAY,
    RETRY,
    Job,
    add_job,
    claim_job,
    end_job,
    read_job,
    renew_job,
    withdraw_job,
)
from quotawatt.storage.tables import jobs

NOW = datetime(2023, 7, 1, tzinfo=UTC)
KINDS = (REPLAY, RETRY)


def add(records: Engine, kind: str = REPLAY, **arguments: str) -> int:
    with records.begin() as conn:
        return add_job(conn, kind, arguments, "officer", NOW)


def claim(records: Engine, worker: str, now: datetime = NOW) -> Job | None:
    with records.begin() as conn:
        return claim_job(conn, KINDS, worker, now)


def test_one_alike_that_waits_serves_both(records: Engine) -> None:
    first = add(records, RETRY, reason="x")
    assert add(records, RETRY, reason="x") == first
    assert add(records, RETRY, reason="y") != first
    claim(records, "one")
    assert add(records, RETRY, reason="x") not in {first, first + 1}


def test_the_oldest_is_claimed_and_by_one_only(records: Engine) -> None:
    numbers = [add(records), add(records, RETRY)]
    one, two, none = claim(records, "one"), claim(records, "two"), claim(records, "three")
    assert one
    assert two
    assert ([one.id, two.id], none) == (numbers, None)
    assert (one.state, one.worker, one.started_at) == ("running", "one", NOW)


def test_a_worker_that_starts_again_gets_its_own(records: Engine) -> None:
    number = add(records)
    claim(records, "one")
    again = claim(records, "one")
    assert again
    assert again.id == number


def test_a_lease_holds_until_it_runs_out(records: Engine) -> None:
    add(records)
    first = claim(records, "one")
    assert first
    later = NOW + LEASE
    with records.begin() as conn:
        assert renew_job(conn, first, NOW + timedelta(seconds=30), {"tried": 1})
    assert claim(records, "two", later) is None
    second = claim(records, "two", later + timedelta(seconds=30))
    assert second
    with records.begin() as conn:
        assert not renew_job(conn, first, later, {"tried": 2})
        assert not end_job(conn, first, later, {})
        assert end_job(conn, second, later, {"tried": 3})
        done = read_job(conn, second.id)
    assert (done.state, done.ended, dict(done.result)) == ("done", True, {"tried": 3})


def test_a_failed_job_says_why_and_is_not_claimed_again(records: Engine) -> None:
    add(records)
    job = claim(records, "one")
    assert job
    with records.begin() as conn:
        end_job(conn, job, NOW, {}, "it broke")
        assert (read_job(conn, job.id).state, read_job(conn, job.id).error) == (
            "failed",
            "it broke",
        )
    assert claim(records, "one", NOW + 2 * LEASE) is None


def test_only_a_job_that_nobody_has_taken_is_called_off(records: Engine) -> None:
    taken, waiting = add(records), add(records, RETRY)
    assert claim(records, "one")
    with records.begin() as conn:
        assert not withdraw_job(conn, taken, NOW, "no more")
        assert withdraw_job(conn, waiting, NOW, "no more")
        assert not withdraw_job(conn, waiting, NOW, "no more")
        assert (read_job(conn, waiting).state, read_job(conn, waiting).error) == (
            "failed",
            "no more",
        )
    assert claim(records, "two") is None


def test_a_number_nobody_gave_is_not_found(records: Engine) -> None:
    with records.connect() as conn, pytest.raises(NotFoundError, match="got 7"):
        read_job(conn, 7)


def test_workers_at_once_share_the_jobs_out(records: Engine) -> None:
    for number in range(8):
        add(records, RETRY, reason=str(number))
    got: list[int] = []

    def work(name: str) -> None:
        for _ in range(4):
            job = claim(records, name)
            if job is None:
                return
            got.append(job.id)
            with records.begin() as conn:
                end_job(conn, job, NOW, {})

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(set(got))
    assert len(got) == 8


def test_ended_jobs_do_not_pile_up(records: Engine) -> None:
    waiting = add(records, RETRY, reason="still to do")
    with records.begin() as conn:
        rows = [
            {"kind": REPLAY, "arguments": {}, "state": "done", "requested_by": "officer"}
            | {"requested_at": NOW, "result": {}}
        ] * ENDED_KEPT
        conn.execute(insert(jobs), rows)
    job = claim(records, "one")
    assert job is not None
    last = add(records, RETRY, reason="the last")
    for number in (waiting, last):
        job = job if number == waiting else claim(records, "one")
        assert job is not None
        with records.begin() as conn:
            assert end_job(conn, job, NOW, {"tried": 1})
    with records.connect() as conn:
        assert conn.execute(select(func.count()).select_from(jobs)).scalar_one() == ENDED_KEPT
        assert read_job(conn, last).state == "done"
        with pytest.raises(NotFoundError):
            read_job(conn, waiting)
