"""Jobs: work that another role does, to be asked for and asked after."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.auth import Actor
from api.intake_schemas import JobState, RetryRequest
from api.params import Given
from quotawatt.storage.jobs import RETRY, add_job, read_job

router = APIRouter(tags=["jobs"])


@router.get("/jobs/{job_id}", response_model=JobState)
def show_job(services: Given, job_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> dict[str, Any]:
    """How far a job is: waiting, running, done or failed."""
    with services.records.connect() as conn:
        return asdict(read_job(conn, job_id))


@router.post("/deadletters/retry", status_code=202, response_model=JobState)
def retry_dead_letters(services: Given, actor: Actor, body: RetryRequest) -> dict[str, Any]:
    """Have a collector decode the dead letters again, as after a profile was mended.

    What is readable now becomes readings; the rest stays, with its new reason.
    """
    with services.records.begin() as conn:
        number = add_job(conn, RETRY, body.model_dump(), actor, services.wall_clock())
        return asdict(read_job(conn, number))
