"""What a collector does beside the live messages: jobs that others ask for, step by step between batches."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Engine

from collectors.pipeline import Pipeline
from collectors.replay import known_with_kept, replay_kept
from collectors.retry import retry_letters
from quotawatt.clock import Clock
from quotawatt.errors import InputError, QuotawattError, StoreError
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from quotawatt.storage.jobs import REPLAY, RETRY, Job, add_job, claim_job, end_job, renew_job

log = logging.getLogger(__name__)

POLL_S = 1.0
"""How often it is asked whether there is a job."""

Progress = Mapping[str, int]


class Chores:
    """The jobs of one collector, for the thread that commits its batches.

    worker
        Name under which jobs are claimed; no other process may have it at the same time.
    """

    def __init__(
        self,
        records: Engine,
        pipeline: Pipeline,
        worker: str,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._records = records
        self._pipeline = pipeline
        self._worker = worker
        self._clock = clock
        self._monotonic = monotonic
        self._asked_at_s = float("-inf")
        self._register: Register | None = None
        self._job: Job | None = None
        self._work: Iterator[Progress] = iter(())
        self._progress: Progress = {}

    def step(self) -> bool:
        """Do a small piece of what there is to do. Whether there was anything; raises nothing.

        Where a store fails the job is put off, and begun again once it can be claimed again.
        """
        try:
            self._look_for_bound()
            if self._job is None:
                return self._claim()
            return self._advance(self._job)
        except StoreError as error:
            self._job = None
            log.warning("a job waits for the store: %s", error)
            return False

    def _look_for_bound(self) -> None:
        """With a new register, ask for the replay of what was kept of devices that it knows.

        Whoever binds a device asks for it too; but a batch that was sorted by the register before may have
        kept messages since.
        """
        register = self._pipeline.register
        if register is not self._register:
            if known_with_kept(self._records, register):
                with self._records.begin() as conn:
                    add_job(conn, REPLAY, {}, "collector", self._clock())
            self._register = register

    def _claim(self) -> bool:
        now_s = self._monotonic()
        if now_s - self._asked_at_s < POLL_S:
            return False
        self._asked_at_s = now_s
        self._pipeline.refresh()
        with self._records.begin() as conn:
            job = claim_job(conn, (REPLAY, RETRY), self._worker, self._clock())
        if job is None:
            return False
        self._job, self._work, self._progress = job, self._begin(job), {}
        return True

    def _begin(self, job: Job) -> Iterator[Progress]:
        """The job's steps; nothing of it is done, and nothing raised, before the first is asked for."""
        if job.kind == REPLAY:
            # As it is stored now: the pipeline's may be a second older than the job.
            yield from replay_kept(self._records, self._pipeline, load_register(self._records))
            return
        if self._pipeline.profile_problem:
            raise InputError(self._pipeline.profile_problem)
        yield from retry_letters(self._records, self._pipeline, **job.arguments)

    def _advance(self, job: Job) -> bool:
        error = ""
        try:
            progress = next(self._work, None)
        except StoreError:
            raise
        except QuotawattError as failure:
            progress, error = None, str(failure)
            log.warning("job %s failed: %s", job.id, failure)
        except Exception as failure:
            progress, error = None, f"{type(failure).__name__}: {failure}"
            log.exception("job %s failed", job.id)
        with self._records.begin() as conn:
            if progress is not None:
                mine = renew_job(conn, job, self._clock(), progress)
            else:
                end_job(conn, job, self._clock(), self._progress, error)
                mine = False
        self._progress = progress or self._progress
        if not mine:
            self._job = None
            self._asked_at_s = float("-inf")
        return True
