"""Drawing the console's pages, and reading the forms that they send."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.access import asker_of
from api.auth import COOKIE, gate_of, require_csrf
from api.console.inbox_view import unread_of
from api.console.navigation import navigation
from api.console.texts import LANGUAGES, Words
from api.params import services_of
from api.services import Services
from quotawatt import formatting

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "quotawatt_language"
FORM_LIMIT_BYTES = 65_536
"""Two texts of 2,000 Chinese characters fit in: each is sent as nine bytes."""

_LANGUAGE_S = 365 * 86_400

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
    """A page from a template, in the reader's language, which is remembered.

    Its forms send ``csrf`` along; it belongs to the session and is empty outside one. ``who`` is the one
    who asks, None where nobody is known; ``sections`` are the pages that they may open, ``unread`` is how
    many messages of their inbox they have not read.
    """
    services = services_of(request)
    words = words_of(request, services)
    who = asker_of(request)
    secret = request.cookies.get(COOKIE, "")
    common = {
        "t": words,
        "other_language_href": _other_language(request, words),
        "csrf": gate_of(request).csrf_token(secret) if secret else "",
        "who": who,
        "sections": navigation(who, request.url.path),
        # A page that says that a store fails does not ask it.
        "unread": unread_of(services, who) if status < 500 else 0,
    }
    page = _templates.TemplateResponse(
        request,
        name,
        {**common, **context},
        status_code=status,
        headers={"Content-Language": words.html_lang},
    )
    if request.query_params.get("lang") == words.language:
        page.set_cookie(
            LANGUAGE_COOKIE, words.language, max_age=_LANGUAGE_S, samesite="strict", httponly=True
        )
    return page


def problem_page(request: Request, problem: Mapping[str, Any]) -> Response:
    """A problem drawn for a browser; who is not signed in is led to where that is done."""
    if problem["status"] == 401:
        return RedirectResponse(login_address(request), 303)
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


def signed_form(request: Request, form: Form) -> dict[str, str]:
    """Fields of a form that was drawn for this very session. Answers 403 for any other."""
    require_csrf(request, form.get("csrf", ""))
    return form


SignedForm = Annotated[dict[str, str], Depends(signed_form)]
"""What every page that changes something takes; the one exception is signing in."""


def login_address(request: Request) -> str:
    """The sign-in, in the language that was asked for; it leads back to the page that was asked for."""
    asked = request.query_params.get("lang")
    query: dict[str, str] = {"lang": asked} if asked in LANGUAGES else {}
    back = own_address(request) if request.method == "GET" else "/"
    if back.partition("?")[0] != "/" or "year" in back or "building" in back:
        query["next"] = back
    return f"/login?{urlencode(query)}" if query else "/login"


def safe_next(address: str) -> str:
    """Where to go on after signing in: a path of our own, else the overview.

    Only what browsers cannot take for another site's address: one slash first, and neither a backslash nor
    a control character anywhere.
    """
    own = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if own and address.isprintable() else "/"


def own_address(request: Request, **changes: str) -> str:
    """The page's own address with changed parameters, and never a token."""
    kept = {k: v for k, v in request.query_params.items() if k != "token"}
    query = urlencode({**kept, **changes})
    return f"{request.url.path}?{query}" if query else request.url.path


def _other_language(request: Request, words: Words) -> str:
    """Where the same page is in the other language; pages that were posted to lead to the overview."""
    other = "en" if words.language == "zh" else "zh"
    path = request.url.path if request.method == "GET" else "/"
    return f"{path}?{own_address(request, lang=other).partition('?')[2]}"
