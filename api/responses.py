"""The errors of routes as the API's description shows them."""

from typing import Any

from api.problems import PROBLEM_JSON
from api.schemas import Problem

_TEXTS = {
    400: "What was sent cannot be read: no JSON, or none of the form that its header says",
    401: "No valid token or session",
    403: "A change from the console without its page's token",
    404: "Nothing goes by that code or number",
    409: "What is asked does not fit the present state",
    412: "`If-Match` names another version than the present one; nothing was changed",
    413: "More was sent than is taken",
    422: "Something handed in breaks a rule",
    428: "A change must name the version that it is of, in `If-Match`",
    429: "More was asked than is allowed for now; `Retry-After` says when to try again",
    503: "A store does not answer; try again later",
}

COMMON = (400, 401, 403, 404, 409, 413, 422, 429, 503)
"""What any guarded route may answer."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of these statuses, each a problem (RFC 9457)."""
    content = {PROBLEM_JSON: {"schema": Problem.model_json_schema()}}
    return {status: {"description": _TEXTS[status], "content": content} for status in statuses}
