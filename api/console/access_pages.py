"""The pages of accounts, roles, tokens and sessions, each part for the role that it is the part of."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.access_schemas import NewGrant, NewPassword, NewUser, UserChange
from api.auth import GateParam, gate_of
from api.console.access_view import accounts_page, user_page
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, filled, refusal_of
from api.params import Given, services_of
from api.routes import grants as grants_desk
from api.routes import sessions as sessions_desk
from api.routes import tokens as tokens_desk
from api.routes import users as users_desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/access")

Reader = Annotated[Permit, needs(Permission.ACCESS_READ)]
Maker = Annotated[Permit, needs(Permission.ACCOUNTS_WRITE)]
Giver = Annotated[Permit, needs(Permission.GRANTS_WRITE)]
UserPath = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", response_model=None)
def show_accounts(request: Request, permit: Reader) -> Response:
    """All accounts with their roles."""
    return _draw_accounts(request, permit)


@router.post("/users", response_model=None)
def add_user(request: Request, gate: GateParam, permit: Maker, form: SignedForm) -> Response:
    """Make an account without any right."""
    permit.require_everywhere()
    fields = {name: form.get(name, "").strip() for name in ("name", "display_name")}
    try:
        body = filled(NewUser, {"name": "", **fields, "password": form.get("password", "")})
        made = users_desk.add_user(gate, permit, body)
    except REFUSALS as error:
        return _draw_accounts(request, permit, _refusal(request, error))
    return RedirectResponse(_address(made["name"]), 303)


@router.get("/users/{name}", response_model=None)
def show_user(request: Request, permit: Reader, name: UserPath) -> Response:
    """One account: its roles, and where the reader may see them its tokens and sessions."""
    return _draw_user(request, permit, name)


@router.post("/users/{name}/rename", response_model=None)
def rename(
    request: Request, gate: GateParam, permit: Maker, name: UserPath, form: SignedForm
) -> Response:
    """Change the name that people read."""
    fields = {"display_name": form.get("display_name", "").strip()}
    return _do(
        request,
        permit,
        name,
        lambda: users_desk.change_user(gate, permit, name, filled(UserChange, fields)),
    )


@router.post("/users/{name}/block", response_model=None)
def block(
    request: Request, gate: GateParam, permit: Maker, name: UserPath, form: SignedForm
) -> Response:
    """Block an account, or open it again."""
    body = UserChange(blocked=form.get("blocked") == "yes")
    return _do(request, permit, name, lambda: users_desk.change_user(gate, permit, name, body))


@router.post("/users/{name}/password", response_model=None)
def set_password(
    request: Request, gate: GateParam, permit: Maker, name: UserPath, form: SignedForm
) -> Response:
    """Give an account a password, which its owner must change at once."""
    body = NewPassword.model_validate({"password": form.get("password", "")})
    return _do(request, permit, name, lambda: users_desk.set_password(gate, permit, name, body))


@router.post("/users/{name}/grants", response_model=None)
def add_grant(
    request: Request,
    services: Given,
    gate: GateParam,
    permit: Giver,
    name: UserPath,
    form: SignedForm,
) -> Response:
    """Give an account a role."""
    fields = {key: form.get(key, "") for key in ("role", "organisation", "tree")}
    return _do(
        request,
        permit,
        name,
        lambda: grants_desk.add_grant(
            services, gate, permit, filled(NewGrant, {"user": name, **fields})
        ),
    )


@router.post("/grants/{grant_id}/remove", response_model=None)
def remove_grant(
    request: Request, gate: GateParam, permit: Giver, grant_id: Number, form: SignedForm
) -> Response:
    """Take a role away."""
    user = gate.grants.read(grant_id).user
    return _do(request, permit, user, lambda: grants_desk.remove_grant(gate, permit, grant_id))


@router.get("/tokens", response_model=None)
def show_tokens(request: Request, gate: GateParam, permit: Reader) -> Response:
    """Everybody's tokens."""
    found = tokens_desk.list_tokens(gate, permit)
    return _draw(request, permit, "access_tokens.html", tokens=found["items"], now=gate.clock())


@router.post("/tokens/{token_id}/revoke", response_model=None)
def revoke_token(gate: GateParam, permit: Giver, token_id: Number, form: SignedForm) -> Response:
    """Revoke anybody's token."""
    tokens_desk.revoke_token(gate, permit, token_id)
    return RedirectResponse("/access/tokens", 303)


@router.get("/sessions", response_model=None)
def show_sessions(request: Request, gate: GateParam, permit: Reader) -> Response:
    """Everybody's sessions."""
    found = sessions_desk.list_sessions(gate, permit)
    return _draw(request, permit, "access_sessions.html", sessions=found["items"])


@router.post("/sessions/{session_id}/end", response_model=None)
def end_session(gate: GateParam, permit: Giver, session_id: Number, form: SignedForm) -> Response:
    """End anybody's session."""
    sessions_desk.end_session(gate, permit, session_id)
    return RedirectResponse("/access/sessions", 303)


def _address(user: str) -> str:
    return f"/access/users/{quote(user, safe='')}"


def _do(request: Request, permit: Permit, user: str, deed: Callable[[], object]) -> Response:
    """Do something with an account and show it again, with the reason where it was refused."""
    try:
        deed()
    except REFUSALS as error:
        return _draw_user(request, permit, user, _refusal(request, error))
    return RedirectResponse(_address(user), 303)


def _refusal(request: Request, error: Any) -> Refusal:
    return refusal_of(error, words_of(request, services_of(request)))


def _reader(request: Request, permit: Permit) -> Permit:
    """The permit to read of who acts; whoever makes accounts or gives roles has it too."""
    return permit_of(request, permit.principal, Permission.ACCESS_READ)


def _draw_accounts(request: Request, permit: Permit, refusal: Refusal | None = None) -> Response:
    reader = _reader(request, permit)
    page = accounts_page(gate_of(request), reader)
    return _draw(request, reader, "access.html", refusal, page=page)


def _draw_user(
    request: Request, permit: Permit, name: str, refusal: Refusal | None = None
) -> Response:
    services, gate, reader = services_of(request), gate_of(request), _reader(request, permit)
    giver = None
    if reader.principal.may(Permission.GRANTS_WRITE):
        giver = permit_of(request, reader.principal, Permission.GRANTS_WRITE)
    page = user_page(gate, reader, giver, name, words_of(request, services))
    return _draw(request, reader, "access_user.html", refusal, page=page, now=gate.clock())


def _draw(
    request: Request, permit: Permit, name: str, refusal: Refusal | None = None, **context: Any
) -> Response:
    services = services_of(request)
    return draw(
        request,
        name,
        refusal.status if refusal else 200,
        refusal=refusal,
        organisations=services.register_source().organisations,
        everywhere=permit.everywhere,
        may_revoke=permit.everywhere and permit.principal.may(Permission.GRANTS_WRITE),
        zone=ZoneInfo(services.settings.timezone),
        **context,
    )
