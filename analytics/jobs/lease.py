"""Of several processes with the same role one does a job at a time, and notes the day it is done for."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from quotawatt.storage.facts import lock_fact, put_fact, read_fact

LENGTH = timedelta(minutes=10)
"""Whoever has not gone on for so long has died over it."""


class Lease:
    """The right to do a job, kept as a fact by the job's name.

    worker
        By what this process goes among those with the same role.
    """

    def __init__(self, records: Engine, job: str, worker: str) -> None:
        self._records = records
        self._job = job
        self._worker = worker

    def day_done(self, conn: Connection) -> str | None:
        """The day for which the job was done last, in ISO 8601; None: for none yet."""
        day: str | None = read_fact(conn, self._job, {}).get("day")
        return day

    def take(self, now: datetime) -> bool:
        """Whether this process may go on: no other one has done so of late."""
        with self._records.begin() as conn:
            kept = lock_fact(conn, self._job, {})
            held = kept.get("worker") not in (None, self._worker)
            if held and now < datetime.fromisoformat(kept["until"]):
                return False
            self.hold(conn, now)
        return True

    def hold(self, conn: Connection, now: datetime) -> None:
        """Go on being the one that does it."""
        kept = lock_fact(conn, self._job, {})
        held = {"worker": self._worker, "until": (now + LENGTH).isoformat()}
        put_fact(conn, self._job, {**kept, **held})

    def note_done(self, conn: Connection, day: str) -> None:
        """The job is all done for a day."""
        put_fact(conn, self._job, {**lock_fact(conn, self._job, {}), "day": day})

    def give(self, day: str | None = None) -> None:
        """Let others go on; ``day``: it is all done for this day."""
        with self._records.begin() as conn:
            kept = lock_fact(conn, self._job, {})
            if kept.get("worker") == self._worker:
                put_fact(conn, self._job, {"day": day or kept.get("day")})
