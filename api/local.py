"""Requests of whoever holds the home folder: over its own socket, or within the process.

Only the composition root marks them, by the listener that they came through: nothing that a request over
the network carries can.
"""

from typing import IO

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACTOR_HEADER = "X-Quotawatt-Actor"
"""The name of who uses the command line; it is believed of local requests only."""

_MARK = "quotawatt.local"


def locally(app: ASGIApp) -> ASGIApp:
    """The application as the home folder's holder sees it."""

    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, _MARK: True}, receive, send)

    return marked


def is_local(request: HTTPConnection) -> bool:
    """Whether the request came from the home folder's holder."""
    return request.scope.get(_MARK) is True


def into_file(app: ASGIApp, target: IO[bytes]) -> ASGIApp:
    """The application such that what it answers well goes into ``target`` as it comes, and is not kept."""

    async def writing(scope: Scope, receive: Receive, send: Send) -> None:
        good = False

        async def sent(message: Message) -> None:
            nonlocal good
            if message["type"] == "http.response.start":
                good = 200 <= message["status"] < 300
            elif good and message["type"] == "http.response.body":
                target.write(message.get("body", b""))
                message = {**message, "body": b""}
            await send(message)

        await app(scope, receive, sent)

    return writing
