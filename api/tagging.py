"""Entity tags (RFC 9110): an answer that has not changed is not sent again, a change names its version."""

from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.register_keys import etag_of, matches

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `etag` of the version that is changed; `*`: whichever it is",
        examples=["*"],
    ),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="The `etag` of the version at hand")
]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What `If-None-Match` names is still so"}
}


def tagged(content: Any, if_none_match: str | None, etag: str = "") -> Response:
    """Plain JSON with its entity tag, by default that of the whole; 304 where the request names it."""
    etag = etag or etag_of(content)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and matches(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    return JSONResponse(content, headers=headers)


def require_if_match(given: str | None) -> str:
    """The header of a change; answers 428 where it is missing."""
    if given is None:
        raise HTTPException(428, "a change must name the version that it is of, got no If-Match")
    return given
