"""Signing in to the console: with a password, the identity provider or the installation's token; and out."""

import secrets
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.access import Permit, needs
from api.auth import COOKIE, Gate, address_of, gate_of, same_secret, too_many
from api.console.drawing import Form, SignedForm, draw, safe_next
from api.console.navigation import first_page
from api.console.oidc import provider_of
from api.params import Given
from quotawatt.access.roles import Permission
from quotawatt.access.users import canonical_name
from quotawatt.errors import InputError, StateError

router = APIRouter(include_in_schema=False)

FORM_COOKIE = "quotawatt_login"
"""Ties the sign-in form to the browser that it was drawn for: nobody can be signed in as another unawares."""
OIDC_COOKIE = "quotawatt_oidc"
_FORM_S = 3600
_OIDC_S = 600

NextParam = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/login", response_model=None)
def show_login(request: Request, following: NextParam = "/") -> Response:
    """The form that asks for name and password."""
    return _draw_form(request, safe_next(following))


@router.post("/login", response_model=None)
def log_in(request: Request, form: Form) -> Response:
    """Open a session with name and password, or with the installation's token while it opens one."""
    drawn_for = request.cookies.get(FORM_COOKIE, "")
    if not drawn_for or not same_secret(form.get("csrf", ""), drawn_for):
        raise HTTPException(
            403, "the sign-in must be sent by its own form, got another or an old one"
        )
    following = safe_next(form.get("next", "/"))
    if form.get("token"):
        return sign_in_with_token(request, form["token"].strip(), following)
    name, password = canonical_name(form.get("user", ""))[:64], form.get("password", "")
    gate, address = gate_of(request), address_of(request)
    wait_s = gate.limits.sign_in_wait_s(name, address)
    if wait_s is not None:
        raise too_many(wait_s)
    secret = gate.sign_ins.with_password(name, password, address, gate.clock())
    if secret is None:
        gate.limits.sign_in_failed(name, address)
        return _draw_form(request, following, wrong="sign_in_wrong", status=401)
    return _signed_in(request, secret, _beginning(gate, secret, following))


@router.post("/logout", response_model=None)
def log_out(
    request: Request, permit: Annotated[Permit, needs(Permission.OWN)], form: SignedForm
) -> Response:
    """End the session."""
    gate = gate_of(request)
    gate.sign_ins.out(permit.principal, gate.clock())
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/login/oidc", response_model=None)
def ask_provider(request: Request, services: Given, following: NextParam = "/") -> Response:
    """Lead to the identity provider, with what its answer must fit."""
    provider = provider_of(request.app, services.settings)
    asked = provider.question(_callback(request, services.settings.oidc_redirect_url))
    answer = RedirectResponse(asked.address, 303)
    # It comes back from another site, so this cookie must be sent along then: lax, not strict.
    answer.set_cookie(
        OIDC_COOKIE,
        urlencode({**asked.kept(), "next": safe_next(following)}),
        max_age=_OIDC_S,
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
        path="/login/oidc",
    )
    return answer


@router.get("/login/oidc/callback", response_model=None)
def take_answer(request: Request, services: Given) -> Response:
    """Open a session for whom the identity provider names."""
    provider = provider_of(request.app, services.settings)
    gate, address = gate_of(request), address_of(request)
    wait_s = gate.limits.sign_in_wait_s("", address)
    if wait_s is not None:
        raise too_many(wait_s)
    kept = dict(parse_qsl(request.cookies.get(OIDC_COOKIE, "")))
    try:
        callback = _callback(request, services.settings.oidc_redirect_url)
        who = provider.answer(dict(request.query_params), kept, callback, gate.clock())
        secret = gate.sign_ins.with_identity(who.name, who.subject, address, gate.clock())
    except (InputError, StateError):
        gate.limits.sign_in_failed("", address)
        return _draw_form(request, "/", wrong="oidc_wrong", status=401)
    # A page of ours leads on: after a redirect from another site browsers keep strict cookies back.
    following = _beginning(gate, secret, safe_next(kept.get("next", "/")))
    answer = draw(request, "goon.html", following=following)
    gate.set_cookie(answer, secret, secure=_is_secure(request))
    answer.delete_cookie(OIDC_COOKIE, path="/login/oidc")
    return answer


def sign_in_with_token(request: Request, token: str, following: str) -> Response:
    """Open a session with the installation's token, as long as it opens anything over the network."""
    gate, address = gate_of(request), address_of(request)
    wait_s = gate.limits.sign_in_wait_s("", address)
    if wait_s is not None:
        raise too_many(wait_s)
    if not gate.token_ok(token):
        gate.limits.sign_in_failed("", address)
        gate.sign_ins.failed("", "token", address, gate.clock())
        return _draw_form(request, following, wrong="token_wrong", status=401)
    if not gate.token_opens():
        return _draw_form(request, following, wrong="token_closed", status=401)
    secret = gate.sign_ins.with_installation(address, gate.clock())
    return _signed_in(request, secret, following)


def _beginning(gate: Gate, secret: str, following: str) -> str:
    """Where to go on: not everybody may see the overview, and a first password must be changed first."""
    who = gate.by_session(secret)
    must_change = who is not None and who.must_change_password
    return first_page(who) if must_change or following == "/" else following


def _signed_in(request: Request, secret: str, following: str) -> Response:
    answer = RedirectResponse(following, 303)
    gate_of(request).set_cookie(answer, secret, secure=_is_secure(request))
    answer.delete_cookie(FORM_COOKIE, httponly=True, samesite="strict", path="/login")
    return answer


def _draw_form(
    request: Request, following: str, wrong: str | None = None, status: int = 200
) -> Response:
    """The form; each is drawn with a secret of its own, which its browser keeps beside it."""
    drawn_for = secrets.token_urlsafe(24)
    settings = request.app.state.services.settings
    page = draw(
        request,
        "login.html",
        status,
        wrong=wrong,
        following=following,
        csrf=drawn_for,
        with_token=gate_of(request).token_opens(),
        provider=settings.oidc_name if settings.oidc_issuer else None,
    )
    page.set_cookie(
        FORM_COOKIE,
        drawn_for,
        max_age=_FORM_S,
        httponly=True,
        samesite="strict",
        secure=_is_secure(request),
        path="/login",
    )
    return page


def _callback(request: Request, configured: str) -> str:
    """Where the provider answers to: the setting, else as this request was addressed."""
    return configured or str(request.url_for("take_answer"))


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
