"""Who may ask: the bearer token, or the session that the console opened with it.

One token, ``QUOTAWATT_API_TOKEN``, stands for the whole installation. A session is a signed cookie,
so any replica can check it and there is nothing to store; a new token ends all sessions.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.responses import Response

from quotawatt.clock import Clock
from quotawatt.errors import SettingError

COOKIE = "quotawatt_session"
CSRF_HEADER = "X-CSRF-Token"
SESSION_S = 12 * 3600

# It documents the scheme in OpenAPI; ``authenticate`` reads the header itself.
_bearer_scheme = HTTPBearer(auto_error=False, description="QUOTAWATT_API_TOKEN")


def same_secret(given: str, expected: str) -> bool:
    """Compare in constant time, whatever the lengths."""
    return hmac.compare_digest(sha256(given.encode()).digest(), sha256(expected.encode()).digest())


class Gate:
    """Checks tokens, and opens and checks sessions.

    Raises SettingError where no token is set: an api without one would be open to everybody.
    """

    def __init__(self, token: str, wall_clock: Clock) -> None:
        if not token:
            raise SettingError("setting QUOTAWATT_API_TOKEN must be set for the api, got ''")
        self._token = token
        self._key = sha256(b"quotawatt session key\0" + token.encode()).digest()
        self._clock = wall_clock

    def token_ok(self, given: str) -> bool:
        """Whether it is the installation's token."""
        return same_secret(given, self._token)

    def open_session(self) -> str:
        """The value of a new session's cookie: expiry, nonce, signature."""
        body = f"{int(self._clock().timestamp()) + SESSION_S}.{secrets.token_urlsafe(18)}"
        return f"{body}.{self._sign('session', body)}"

    def session_ok(self, cookie: str) -> bool:
        """Whether the cookie is one of ours and has not expired."""
        body, _, signature = cookie.rpartition(".")
        if not same_secret(signature, self._sign("session", body)):
            return False
        return int(body.partition(".")[0]) > self._clock().timestamp()

    def csrf_token(self, cookie: str) -> str:
        """What a form of this session must send along to change anything."""
        return self._sign("csrf", cookie)

    def csrf_ok(self, cookie: str, given: str) -> bool:
        """Whether the form was drawn for this very session."""
        return same_secret(given, self.csrf_token(cookie))

    def set_cookie(self, response: Response, *, secure: bool) -> None:
        """Open a session on the response."""
        response.set_cookie(
            COOKIE,
            self.open_session(),
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            secure=secure,
        )

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), sha256).hexdigest()


def gate_of(request: Request) -> Gate:
    """The application's gate."""
    gate: Gate = request.app.state.gate
    return gate


def session_of(request: Request) -> str | None:
    """The cookie of a valid session, or None."""
    cookie = request.cookies.get(COOKIE, "")
    return cookie if cookie and gate_of(request).session_ok(cookie) else None


def authenticate(request: Request, _: Annotated[object, Depends(_bearer_scheme)] = None) -> str:
    """The actor as the ledger names it: ``api`` (bearer token) or ``console`` (session).

    Answers 401 without either. A session may change things only with its CSRF token in the header.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and gate_of(request).token_ok(token.strip()):
        return "api"
    session = None if scheme else session_of(request)
    if session is None:
        raise HTTPException(
            401,
            "a request must carry the token as 'Authorization: Bearer TOKEN', "
            + ("got one that is not valid" if scheme else "got none"),
            {"WWW-Authenticate": "Bearer"},
        )
    if request.method not in {"GET", "HEAD"}:
        require_csrf(request, session, request.headers.get(CSRF_HEADER, ""))
    return "console"


def require_csrf(request: Request, session: str, given: str) -> None:
    """Answer 403 where a change does not come from a page of this session."""
    if not gate_of(request).csrf_ok(session, given):
        raise HTTPException(
            403, "a change from the console must carry its page's token, got another or none"
        )


Actor = Annotated[str, Depends(authenticate)]
