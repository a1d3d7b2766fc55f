"""What happens to cases, as it happens: a stream of server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.access import Permit, needs
from api.auth import is_still
from api.case_schemas import CaseNews
from api.cases import is_within_reach
from api.casestream import LOOK_EVERY_S, CaseStream, News
from quotawatt.access.roles import Permission

router = APIRouter(tags=["cases"])

RETRY_MS = 3000
"""When a browser whose connection broke is to come back."""

CHECK_EVERY = 5
"""So seldom it is asked whether the one who listens is still signed in: every so many looks."""

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


def stream_of(request: Request) -> CaseStream:
    """The application's stream."""
    stream: CaseStream = request.app.state.case_stream
    return stream


def _listening(request: Request, permit: Reader) -> Iterator[CaseStream]:
    """The stream, for somebody who may read and is counted as long as the answer goes on."""
    stream = stream_of(request)
    with stream.listening():
        yield stream


Listening = Annotated[CaseStream, Depends(_listening)]


@router.get("/events", response_class=EventSourceResponse)
async def follow_cases(
    request: Request,
    permit: Reader,
    stream: Listening,
    after: Annotated[
        int | None,
        Query(
            ge=0, le=2**63 - 1, description="Number of the last step at hand; default the newest"
        ),
    ] = None,
    case: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of this case only")] = None,
    follow: Annotated[bool, Query(description="false: ends after what there is")] = True,
    last_event_id: Annotated[
        str | None,
        Header(max_length=32, description="Sent by browsers that come back; goes before `after`"),
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Steps of cases within reach, each an event by the name of `step`.

    `id` is the step's number: whoever comes back with it in `Last-Event-ID` misses nothing and gets
    nothing twice. Comments keep the connection alive. It ends when the session or token does.
    """
    begin = _begin(last_event_id, after)
    position = await run_in_threadpool(stream.newest) if begin is None else begin
    # Whoever comes back before anything happened says from where.
    yield ServerSentEvent(id=str(position), retry=RETRY_MS)
    looks = 0
    while not stream.closed:
        news, position = await run_in_threadpool(stream.after, position, case)
        for one in news:
            if is_within_reach(permit, one.organisation, one.asset):
                yield _event(one)
        looks += 1
        if looks % CHECK_EVERY == 0 and not await run_in_threadpool(
            is_still, request, permit.principal
        ):
            return
        if not news:
            if not follow:
                return
            await asyncio.sleep(LOOK_EVERY_S)


def _begin(last_event_id: str | None, after: int | None) -> int | None:
    """From where on; a header that is no number is as if not sent."""
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdecimal():
        return min(int(last_event_id), 2**63 - 1)
    return after


def _event(one: News) -> ServerSentEvent:
    data = CaseNews(
        case=one.case,
        event=one.event,
        at=one.at,
        rule=one.rule,
        asset=one.asset,
        organisation=one.organisation,
        severity=one.severity,
        state=one.state,
    )
    return ServerSentEvent(id=str(one.id), event="step", data=data)
