"""Jobs: work that another role does, to be asked for and asked after."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.access import Permit, needs
from api.intake_schemas import JobState, RetryRequest
from api.params import Given
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.storage.jobs import RETRY, add_job, read_job

router = APIRouter(tags=["jobs"])


@router.get("/jobs/{job_id}", response_model=JobState)
def show_job(
    services: Given,
    permit: Annotated[Permit, needs(Permission.JOBS_READ)],
    job_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> dict[str, Any]:
    """How far a job is: waiting, running, done or failed.

    Those of others are shown to whoever has the permission over the whole installation.
    """
    with services.records.connect() as conn:
        job = read_job(conn, job_id)
    if not permit.everywhere and job.requested_by != permit.actor:
        raise NotFoundError(f"a job must exist by its number, got {job_id}")
    return asdict(job)


@router.post("/deadletters/retry", status_code=202, response_model=JobState)
def retry_dead_letters(
    services: Given, permit: Annotated[Permit, needs(Permission.INTAKE_ACT)], body: RetryRequest
) -> dict[str, Any]:
    """Have a collector decode the dead letters again, as after a profile was mended.

    What is readable now becomes readings; the rest stays, with its new reason.
    """
    permit.require_everywhere()
    at = services.wall_clock()
    with services.records.begin() as conn:
        number = add_job(conn, RETRY, body.model_dump(), permit.actor, at)
        Ledger(services.records).append(
            conn,
            at=at,
            actor=permit.actor,
            action="dead_letters_retried",
            subject="deadletters",
            detail={"job": number, **body.model_dump()},
        )
        return asdict(read_job(conn, number))
