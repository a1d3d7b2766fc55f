"""Who asks: an account's session or token, or the installation's token.

The installation's token, ``QUOTAWATT_API_TOKEN`` or the home folder's ``api-token``, opens everything from
the home folder: over its own socket and within the process. Over the network it does so only until there is
a security administrator; from then on everybody has an account.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from sqlalchemy import Engine, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.local import ACTOR_HEADER, is_local
from quotawatt.access.grants import Grants, chiefs, grants_of
from quotawatt.access.limits import Limits
from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Principal
from quotawatt.access.scope import Reaches
from quotawatt.access.sessions import Session, Sessions
from quotawatt.access.signin import INSTALLATION, SignIns
from quotawatt.access.tokens import Tokens
from quotawatt.access.users import Users
from quotawatt.clock import Clock
from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from quotawatt.storage.access_tables import users

COOKIE = "quotawatt_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD"})
API_PREFIX = "/api/"

# It documents the scheme in OpenAPI; ``authenticate`` reads the header itself.
_bearer_scheme = HTTPBearer(auto_error=False, description="A token, see docs/access.md")


def same_secret(given: str, expected: str) -> bool:
    """Compare in constant time, whatever the lengths."""
    return hmac.compare_digest(_digest(given), _digest(expected))


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()


class Gate:
    """Accounts, tokens and sessions of one installation, and who a request is from.

    Raises SettingError where no token is set: it is what the first account is made with.
    """

    def __init__(
        self, records: Engine, settings: Settings, wall_clock: Clock, passwords: Passwords
    ) -> None:
        self._token = settings.api_token.get_secret_value()
        if not self._token:
            raise SettingError("setting QUOTAWATT_API_TOKEN must be set for the api, got ''")
        self._records = records
        self._longest_s = settings.session_longest_s
        self.clock = wall_clock
        self.limits = Limits(settings)
        self.users = Users(records, passwords)
        self.grants = Grants(records)
        self.tokens = Tokens(records)
        self.sessions = Sessions(
            records,
            timedelta(seconds=settings.session_idle_s),
            timedelta(seconds=settings.session_longest_s),
            self._token,
        )
        may_record: Callable[[], bool] = self.limits.may_record
        self.sign_ins = SignIns(records, self.sessions, passwords, may_record)
        self.reaches = Reaches()

    def token_ok(self, given: str) -> bool:
        """Whether it is the installation's token."""
        return same_secret(given, self._token)

    def token_opens(self) -> bool:
        """Whether the installation's token opens anything over the network: nobody gives rights yet."""
        with self._records.connect() as conn:
            return not chiefs(conn)

    def by_bearer(self, given: str, request: Request) -> Principal | None:
        """Who carries this token; None where it opens nothing."""
        if not self.token_ok(given):
            return self.tokens.principal(given, self.clock())
        if is_local(request):
            return Principal(
                f"cli:{_printable(request.headers.get(ACTOR_HEADER, ''))}", unrestricted=True
            )
        if not self.token_opens():
            raise HTTPException(
                401,
                "over the network a request must carry a token of an account once there is a security "
                "administrator, got the installation's token",
                {"WWW-Authenticate": "Bearer"},
            )
        return Principal("api", unrestricted=True)

    def by_session(self, secret: str) -> Principal | None:
        """Whose session it is; None where it has ended."""
        session = self.sessions.find(secret, self.clock()) if secret else None
        if session is None:
            return None
        if session.user:
            return self._of_account(session)
        if not self.token_opens():
            return None
        return Principal(INSTALLATION, unrestricted=True, session=session.id)

    def _of_account(self, session: Session) -> Principal | None:
        with self._records.connect() as conn:
            account = conn.execute(select(users).where(users.c.name == session.user)).one()
            held = grants_of(conn, session.user)
        if account.blocked:
            return None
        return Principal(
            account.name,
            held,
            user=account.name,
            session=session.id,
            must_change_password=account.must_change_password,
        )

    def csrf_token(self, secret: str) -> str:
        """What a form of this session must send along to change anything."""
        return sha256(f"quotawatt csrf\0{secret}".encode()).hexdigest()

    def csrf_ok(self, secret: str, given: str) -> bool:
        """Whether the form was drawn for this very session."""
        return same_secret(given, self.csrf_token(secret))

    def set_cookie(self, response: Response, secret: str, *, secure: bool) -> None:
        """Let the browser keep the session; it is never sent along from another site."""
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(self._longest_s),
            httponly=True,
            samesite="strict",
            secure=secure,
        )


def gate_of(request: Request) -> Gate:
    """The application's gate."""
    gate: Gate = request.app.state.gate
    return gate


GateParam = Annotated[Gate, Depends(gate_of)]


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy that the settings trust, as it says."""
    return request.client.host if request.client else "local"


def authenticate(
    request: Request, _: Annotated[object, Depends(_bearer_scheme)] = None
) -> Principal:
    """Who asks. Answers 401 where nobody is known, 429 where there were too many requests.

    In a session the API changes things only with the session's CSRF token in the header; the console's
    forms carry it in a field, which ``signed_form`` checks.
    """
    gate = gate_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = request.cookies.get(COOKIE, "")
    if scheme:
        principal = gate.by_bearer(token.strip(), request) if scheme.lower() == "bearer" else None
    else:
        principal = gate.by_session(secret)
    _require_rate(gate, principal, request)
    if principal is None:
        raise HTTPException(
            401,
            "a request must carry the token as 'Authorization: Bearer TOKEN', "
            + ("got one that is not valid" if scheme else "got none"),
            {"WWW-Authenticate": "Bearer"},
        )
    in_api = request.url.path.startswith(API_PREFIX)
    if principal.session is not None and in_api and request.method not in SAFE_METHODS:
        require_csrf(request, request.headers.get(CSRF_HEADER, ""))
    return principal


def require_csrf(request: Request, given: str) -> None:
    """Answer 403 where a change does not come from a page of this session."""
    if not gate_of(request).csrf_ok(request.cookies.get(COOKIE, ""), given):
        raise HTTPException(
            403, "a change from the console must carry its page's token, got another or none"
        )


def too_many(wait_s: int) -> HTTPException:
    """The answer to what comes too often."""
    return HTTPException(
        429,
        f"requests must stay within the limit, got one too many; try again in {wait_s} s",
        {"Retry-After": str(wait_s)},
    )


def require_public_rate(request: Request) -> None:
    """Count a request that nobody needs to be known for; answers 429 where its address makes too many."""
    _require_rate(gate_of(request), None, request)


def _require_rate(gate: Gate, principal: Principal | None, request: Request) -> None:
    if is_local(request):
        return
    who = f"address {address_of(request)}" if principal is None else principal.name
    wait_s = gate.limits.request_wait_s(who)
    if wait_s is not None:
        raise too_many(wait_s)


def is_still(request: Request, principal: Principal) -> bool:
    """Whether who asked once is still let in, with the same rights; asking does not keep a session alive.

    The roles of an account change none of its sessions: they end them.
    """
    gate = gate_of(request)
    if principal.session is not None:
        return gate.sessions.is_open(principal.session, gate.clock())
    _, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        return gate.by_bearer(token.strip(), request) == principal
    except HTTPException:
        return False


def _printable(name: str) -> str:
    """A name as the ledger can hold it."""
    return "".join(sign for sign in name if sign.isprintable())[:64] or "unknown"


Known = Annotated[Principal, Depends(authenticate)]
"""Whoever asks, known."""
