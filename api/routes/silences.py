"""Silences and maintenance windows: added, listed, looked at before, and ended."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from alerts.people.silences import Silence, add_silence, end_silence, list_silences, read_silence
from api.access import Permit, needs
from api.params import Given, LimitParam, OffsetParam
from api.services import Services
from api.silence_schemas import PreviewOut, SilenceDetail, SilenceIn, SilenceOut, SilencePage
from api.silences import drafted, is_shown, preview_item, require_reach, silence_item
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger

router = APIRouter(prefix="/silences", tags=["silences"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.SILENCES_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the silence")]


@router.get("", response_model=SilencePage)
def read_silences(
    services: Given,
    permit: Reader,
    over: Annotated[bool, Query(description="Also those that are over")] = False,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Silences and maintenance windows that hold or will, the newest first."""
    now = services.clock()
    with services.records.connect() as conn:
        found = [s for s in list_silences(conn, now, over=over) if is_shown(s, permit)]
    page = found[offset : offset + limit]
    return {"total": len(found), "items": [silence_item(s, permit, now) for s in page]}


@router.post("", response_model=SilenceOut, status_code=201)
def write_silence(services: Given, permit: Writer, body: SilenceIn) -> dict[str, Any]:
    """Keep people from being told for a time; rules are judged and cases kept all the same."""
    now = services.clock()
    silence = drafted(body, services, permit, now)
    with services.records.begin() as conn:
        stored = add_silence(conn, Ledger(services.records), silence)
    return silence_item(stored, permit, now)


@router.post("/preview", response_model=PreviewOut)
def preview_silence(services: Given, permit: Writer, body: SilenceIn) -> dict[str, Any]:
    """What such a silence would do: its next windows, and the open cases that it matches. Writes nothing."""
    now = services.clock()
    return preview_item(drafted(body, services, permit, now), services, permit, now)


@router.get("/{number}", response_model=SilenceDetail)
def read_one(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """A silence, its next windows and the open cases that it matches."""
    now = services.clock()
    silence = _shown(services, permit, number)
    item = silence_item(silence, permit, now)
    return {**item, "preview": preview_item(silence, services, permit, now)}


@router.post("/{number}/end", response_model=SilenceOut)
def end_one(services: Given, permit: Writer, number: Number) -> dict[str, Any]:
    """End it before its time; what it held is told where it is still open and unanswered."""
    now = services.clock()
    silence = _shown(services, permit, number)
    require_reach(permit, silence.matchers, services.register_source())
    with services.records.begin() as conn:
        ended = end_silence(conn, Ledger(services.records), number, permit.actor, now)
    return silence_item(ended, permit, now)


def _shown(services: Services, permit: Permit, number: int) -> Silence:
    """The silence of this number. Raises NotFoundError where there is none within reach."""
    with services.records.connect() as conn:
        silence = read_silence(conn, number)
    if not is_shown(silence, permit):
        raise NotFoundError(f"a silence must exist by its number, got {number}")
    return silence
