"""Errors as problem details (RFC 9457), ``application/problem+json``, for every path and every cause."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.register_rules import plain_problem
from quotawatt.errors import (
    InputError,
    NotFoundError,
    QuotawattError,
    RegisterError,
    StateError,
    StoreError,
)
from quotawatt.register.problems import Problem

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5

_log = logging.getLogger(__name__)

_STATUS_OF: tuple[tuple[type[QuotawattError], int], ...] = (
    (NotFoundError, 404),
    (StateError, 409),
    (InputError, 422),
    (StoreError, 503),
)

ProblemPage = Callable[[Request, Mapping[str, Any]], Response]
"""Draws a problem as a web page, for a browser that asked for one."""


def problem_body(request: Request, status: int, detail: str, **extra: Any) -> dict[str, Any]:
    """The members of a problem: type, title, status, detail (rule, then value), instance."""
    phrase = HTTPStatus(status).phrase
    return {
        "type": f"urn:quotawatt:problem:{phrase.lower().replace(' ', '-')}",
        "title": phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        **extra,
    }


def problem_response(
    body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem as a response."""
    return JSONResponse(
        body,
        status_code=int(body["status"]),
        media_type=PROBLEM_JSON,
        headers=dict(headers or {}),
    )


def install_problem_handlers(app: FastAPI, page: ProblemPage) -> None:
    """Answer every error of the application with a problem; in the console, draw it by ``page``."""

    def answer(
        request: Request,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> Response:
        body = problem_body(request, status, detail, **extra)
        wants_page = "text/html" in request.headers.get("accept", "")
        if wants_page and not request.url.path.startswith("/api/"):
            drawn = page(request, body)
            drawn.headers.update(headers or {})
            return drawn
        return problem_response(body, headers)

    def on_own_error(request: Request, error: Exception) -> Response:
        status = next((s for kind, s in _STATUS_OF if isinstance(error, kind)), 500)
        if status == 500:
            return on_crash(request, error)
        headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
        return answer(request, status, str(error), headers, **_listed(error))

    def on_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        detail = _plain_detail(request, error)
        return answer(request, error.status_code, detail, error.headers)

    def on_bad_request(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [_rule_then_value(e) for e in error.errors()]
        return answer(request, 422, "; ".join(errors), errors=errors)

    def on_database_error(request: Request, error: Exception) -> Response:
        if isinstance(error, DataError):
            # PostgreSQL keeps no NUL in a text, and no number beyond its column.
            return answer(request, 422, f"a value must be one that can be stored, got {error.orig}")
        _log.error("the record store does not answer", exc_info=error)
        detail = f"the record store must answer, got {type(error).__name__}"
        return answer(request, 503, detail, {"Retry-After": str(RETRY_AFTER_S)})

    def on_crash(request: Request, error: Exception) -> Response:
        _log.error("unexpected error on %s", request.url.path, exc_info=error)
        return answer(request, 500, "an unexpected error was met; it is in the server's log")

    app.add_exception_handler(QuotawattError, on_own_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_bad_request)
    app.add_exception_handler(DBAPIError, on_database_error)
    app.add_exception_handler(Exception, on_crash)


def _listed(error: Exception) -> dict[str, Any]:
    """What a problem of the register tells beside its text: each broken rule by itself."""
    if not isinstance(error, RegisterError):
        return {}
    return {"problems": [plain_problem(p) for p in error.found if isinstance(p, Problem)]}


def _plain_detail(request: Request, error: HTTPException) -> str:
    """The error's own words, or, where the framework gives a bare phrase, rule and value."""
    if error.status_code == 404 and error.detail == HTTPStatus(404).phrase:
        return f"a path must be one that the server knows, got {request.url.path}"
    if error.status_code == 405:
        return f"the method must be one that the path allows, got {request.method}"
    return str(error.detail)


def _rule_then_value(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])
    if error["type"] == "missing":
        return f"{where}: must be given, got nothing"
    if error["type"] == "json_invalid":
        return f"body: must be JSON, got {error['ctx']['error']} at character {error['loc'][-1]}"
    return f"{where}: {error['msg']}, got {error['input']!r}"
