"""The console: the overview and devices pages, signing in and out, and acknowledging an alert."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.auth import COOKIE, gate_of, require_csrf, session_of
from api.console import formatting
from api.console.intake import intake
from api.console.overview import Choice, overview
from api.console.texts import LANGUAGES, Words
from api.params import Given, services_of
from api.services import Services

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "quotawatt_language"
FORM_LIMIT_BYTES = 16_384
_LANGUAGE_S = 365 * 86_400

router = APIRouter(include_in_schema=False)

_templates = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
_templates.env.globals["fmt"] = formatting


def words_of(request: Request, services: Services) -> Words:
    """The language asked for in the address, else that of the cookie, else that of the settings."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        for language in LANGUAGES:
            if asked == language:
                return Words(language)
    return Words(services.settings.language)


def draw(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    """A page from a template, in the reader's language, which is remembered."""
    words = words_of(request, services_of(request))
    page = _templates.TemplateResponse(
        request,
        name,
        {"t": words, "other_language_href": _other_language(request, words), **context},
        status_code=status,
        headers={"Content-Language": words.html_lang},
    )
    if request.query_params.get("lang") == words.language:
        page.set_cookie(
            LANGUAGE_COOKIE, words.language, max_age=_LANGUAGE_S, samesite="strict", httponly=True
        )
    return page


def problem_page(request: Request, problem: Mapping[str, Any]) -> Response:
    """A problem drawn for a browser."""
    return draw(request, "problem.html", int(problem["status"]), problem=problem)


async def form_fields(request: Request) -> dict[str, str]:
    """Fields of a posted form, the first of each name. Answers 413 where the form is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT_BYTES:
            raise HTTPException(
                413, f"a form must be at most {FORM_LIMIT_BYTES} bytes, got more than that"
            )
    fields = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


Form = Annotated[dict[str, str], Depends(form_fields)]


@router.get("/", response_model=None)
def show_overview(
    request: Request,
    services: Given,
    token: Annotated[str | None, Query(max_length=1000)] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    building: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Everything at a glance. ``?token=`` signs in and leads on without the token in the address."""
    if token is not None:
        return _sign_in(request, token, _address(request))
    session = session_of(request)
    if session is None:
        return RedirectResponse(_login_address(request), 303)
    page = overview(services, words_of(request, services), Choice(year, building))
    return draw(request, "overview.html", page=page, csrf=gate_of(request).csrf_token(session))


@router.get("/devices", response_model=None)
def show_intake(request: Request, services: Given) -> Response:
    """Devices that are not bound, dead letters by reason, and what has come in."""
    session = session_of(request)
    if session is None:
        return RedirectResponse(_login_address(request), 303)
    csrf = gate_of(request).csrf_token(session)
    return draw(request, "intake.html", page=intake(services), csrf=csrf)


@router.get("/login", response_model=None)
def show_login(request: Request) -> Response:
    """The form that asks for the token."""
    return draw(request, "login.html", wrong=False)


@router.post("/login", response_model=None)
def log_in(request: Request, form: Form) -> Response:
    """Open a session with the token."""
    return _sign_in(request, form.get("token", "").strip(), "/")


@router.post("/logout", response_model=None)
def log_out(request: Request, form: Form) -> Response:
    """Forget the session in this browser."""
    session = session_of(request)
    if session is not None:
        require_csrf(request, session, form.get("csrf", ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.post("/alerts/{alert_id}/acknowledge", response_model=None)
def acknowledge(request: Request, services: Given, alert_id: int, form: Form) -> Response:
    """Acknowledge an alert from its card, and lead back to it."""
    session = session_of(request)
    if session is None:
        return RedirectResponse("/login", 303)
    require_csrf(request, session, form.get("csrf", ""))
    comment = form.get("comment", "").strip()[:2000]
    services.alerts.acknowledge(alert_id, "console", comment, services.clock())
    chosen = {name: form[name] for name in ("year", "building") if form.get(name)}
    return RedirectResponse(f"/?{urlencode(chosen)}#alert-{alert_id}", 303)


def _sign_in(request: Request, token: str, target: str) -> Response:
    gate = gate_of(request)
    if not gate.token_ok(token):
        return draw(request, "login.html", 401, wrong=True)
    answer = RedirectResponse(target, 303)
    gate.set_cookie(answer, secure=request.url.scheme == "https")
    return answer


def _login_address(request: Request) -> str:
    """The sign-in, in the language that was asked for."""
    asked = request.query_params.get("lang")
    return f"/login?{urlencode({'lang': asked})}" if asked in LANGUAGES else "/login"


def _address(request: Request, **changes: str) -> str:
    """The page's own address with changed parameters, and never the token."""
    kept = {k: v for k, v in request.query_params.items() if k != "token"}
    query = urlencode({**kept, **changes})
    return f"{request.url.path}?{query}" if query else request.url.path


def _other_language(request: Request, words: Words) -> str:
    """Where the same page is in the other language; pages that were posted to lead to the overview."""
    other = "en" if words.language == "zh" else "zh"
    path = request.url.path if request.method == "GET" else "/"
    return f"{path}?{_address(request, lang=other).partition('?')[2]}"
