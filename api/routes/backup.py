"""A backup of the whole home folder, for whoever holds it."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from api.access import Permit, needs
from api.local import is_local
from api.params import Given
from quotawatt.access.roles import Permission
from quotawatt.errors import StateError
from quotawatt.keeping.backup import Source, write_backup

router = APIRouter(tags=["keeping"])

_PIECE_BYTES = 1 << 18


@router.get(
    "/backup",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A packed tar",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def backup(
    request: Request,
    services: Given,
    permit: Annotated[Permit, needs(Permission.SYSTEM_READ)],
    packing: Annotated[Literal["zst", "gz"], Query()] = "zst",
) -> StreamingResponse:
    """Everything of the home folder and its stores, keys and hashes of passwords included.

    Only over the home folder's own socket: who may use that can read all of it already.
    """
    permit.require_everywhere()
    if not is_local(request):
        raise StateError(
            "a backup must be asked for by the command line on the system's own machine, got a request "
            "over the network"
        )
    source = Source(
        services.settings.home,
        services.series,
        services.records,
        permit.actor,
        services.wall_clock,
    )
    return StreamingResponse(_pieces(source, packing), media_type="application/octet-stream")


def _pieces(source: Source, packing: str) -> Iterator[bytes]:
    """The backup as it is written. What fails on the way breaks the answer off."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as target:
            write_backup(source, target, packing)

    with ThreadPoolExecutor(1, "backup") as pool:
        done = pool.submit(write)
        with os.fdopen(reading, "rb") as pieces:
            while piece := pieces.read(_PIECE_BYTES):
                yield piece
        done.result()
