"""How much a request may send: more is refused before it is read."""

import re
import sys

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.local import is_local
from quotawatt.hand.documents import MOST_BYTES

UPLOADS = (
    "/api/v1/register/import",
    "/register/import",
    "/api/v1/hand/import",
    "/api/v1/hand/documents",
)
"""Paths that take files."""

EVIDENCE = re.compile(
    r"/api/v1/(cases/\d+/evidence|explanations/\d+/document)"
    r"|/cases/\d+/(acknowledge|measure|propose|comment|evidence)"
)
"""Paths that take one document, or words with one."""

EVIDENCE_BYTES = MOST_BYTES + 65_536
"""The largest document with what a form puts around it."""

MOVES = ("/api/v1/readings/import", "/api/v1/results/import")
"""Paths that take files too, of any size from whoever holds the home folder."""

BODY_BYTES = 4_194_304
"""Of any other request."""


class BodyLimit:
    """ASGI middleware that answers 413 where a body is larger than its path takes."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what reads its body is told when there is too much of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        declared = Headers(scope=scope).get("content-length", "0")
        taken = 0

        async def receive_within() -> Message:
            nonlocal taken
            if declared.isdigit() and int(declared) > limit:
                raise _too_large(limit, f"{declared} announced")
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _too_large(limit, "more")
            return message

        await self._app(scope, receive_within, send)

    def _limit(self, scope: Scope) -> int:
        if scope["path"] in MOVES and is_local(HTTPConnection(scope)):
            return sys.maxsize
        if EVIDENCE.fullmatch(scope["path"]):
            return EVIDENCE_BYTES
        return self._upload_bytes if scope["path"] in (*UPLOADS, *MOVES) else BODY_BYTES


def _too_large(limit: int, got: str) -> HTTPException:
    return HTTPException(413, f"a request must have at most {limit} bytes, got {got}")
