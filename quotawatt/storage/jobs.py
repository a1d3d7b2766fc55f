"""Jobs: work that one role asks of another, as rows of the record store.

A job waits until a worker claims it. The claim is a lease: whoever works on it renews it, and a job whose
lease has run out (its worker died) is claimed again and done from its beginning, so the work must be safe
to repeat. A worker that starts again under its own name gets its own job back at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from quotawatt.errors import NotFoundError
from quotawatt.storage.tables import jobs

REPLAY, RETRY, COMMAND = "replay", "retry_dead_letters", "command"
REFIT = "refit_baseline"
"""Kinds of jobs: taking kept messages in, trying dead letters again, sending a command to a device, learning
a baseline anew."""

LEASE = timedelta(seconds=60)
"""How long a claim holds without being renewed."""

ENDED_KEPT = 1_000
"""So many jobs that have ended can be asked after; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    state
        ``waiting``, ``running``, ``done`` or ``failed``.
    result
        How far it is, and at the end what came of it; empty before it runs.
    error
        Why it failed; empty where it did not.
    """

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: str
    requested_by: str
    requested_at: datetime
    worker: str
    lease_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    result: Mapping[str, Any]
    error: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will be done about it."""
        return self.state in {"done", "failed"}


def add_job(
    conn: Connection, kind: str, arguments: Mapping[str, Any], actor: str, at: datetime
) -> int:
    """Ask for a job; returns its number. One alike that still waits serves both."""
    alike = select(jobs.c.id, jobs.c.arguments).where(
        jobs.c.state == "waiting", jobs.c.kind == kind
    )
    for number, wanted in conn.execute(alike):
        if wanted == dict(arguments):
            return int(number)
    row = {
        "kind": kind,
        "arguments": dict(arguments),
        "state": "waiting",
        "requested_by": actor,
        "requested_at": at,
        "result": {},
    }
    inserted = conn.execute(insert(jobs).returning(jobs.c.id), row)
    return int(inserted.scalar_one())


def read_job(conn: Connection, number: int) -> Job:
    """The job. Raises NotFoundError where there is none of this number."""
    row = conn.execute(select(jobs).where(jobs.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"a job must exist by its number, got {number}")
    return Job(**row._mapping)


def claim_job(conn: Connection, kinds: Collection[str], worker: str, now: datetime) -> Job | None:
    """The oldest job of these kinds that is free, now held by ``worker``; None where there is none.

    Free is one that waits, that ``worker`` held before, or whose lease has run out.
    """
    running = and_(
        jobs.c.state == "running", or_(jobs.c.worker == worker, jobs.c.lease_until <= now)
    )
    free = and_(jobs.c.kind.in_(kinds), or_(jobs.c.state == "waiting", running))
    # Locked, so that of several workers one gets it and the others look on for the next.
    oldest = select(jobs.c.id).where(free).order_by(jobs.c.id).limit(1)
    number = conn.execute(oldest.with_for_update(skip_locked=True)).scalar_one_or_none()
    if number is None:
        return None
    held = {"state": "running", "worker": worker, "lease_until": now + LEASE, "started_at": now}
    conn.execute(update(jobs).where(jobs.c.id == number).values(held))
    return read_job(conn, number)


def renew_job(conn: Connection, job: Job, now: datetime, result: Mapping[str, Any]) -> bool:
    """Say how far the job is and hold it further. False where another worker has it by now."""
    values = {"lease_until": now + LEASE, "result": dict(result)}
    return _change(conn, job, values)


def end_job(
    conn: Connection, job: Job, now: datetime, result: Mapping[str, Any], error: str = ""
) -> bool:
    """Say what came of the job, and why it failed where it did. False where another worker has it.

    Of the jobs that have ended the newest ``ENDED_KEPT`` stay.
    """
    state = "failed" if error else "done"
    values = {"state": state, "finished_at": now, "result": dict(result), "error": error}
    changed = _change(conn, job, values)
    ended = jobs.c.state.in_(("done", "failed"))
    too_old = select(jobs.c.id).where(ended).order_by(jobs.c.id.desc()).offset(ENDED_KEPT).limit(1)
    conn.execute(delete(jobs).where(ended, jobs.c.id <= too_old.scalar_subquery()))
    return changed


def withdraw_job(conn: Connection, number: int, at: datetime, why: str) -> bool:
    """Have a job not done. False where a worker has it already, or had it."""
    waiting = and_(jobs.c.id == number, jobs.c.state == "waiting")
    values = {"state": "failed", "finished_at": at, "error": why}
    return conn.execute(update(jobs).where(waiting).values(values)).rowcount == 1


def _change(conn: Connection, job: Job, values: Mapping[str, Any]) -> bool:
    mine = and_(jobs.c.id == job.id, jobs.c.worker == job.worker, jobs.c.state == "running")
    return conn.execute(update(jobs).where(mine).values(values)).rowcount == 1
