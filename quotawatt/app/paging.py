"""What commands ask the API: one answer, or all rows of a listing."""

from collections.abc import Iterator, Mapping
from typing import Any

from quotawatt.app.client import call
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

_PAGE = 500


def ask(settings: Settings, path: str, params: Mapping[str, Any]) -> Any:
    """What the API answers to a GET."""
    return call(settings, home_clock(settings.home), "GET", f"/api/v1/{path}", params=params)


def post(settings: Settings, path: str, body: Any) -> Any:
    """What the API answers to a POST."""
    return call(settings, home_clock(settings.home), "POST", f"/api/v1/{path}", body=body)


def pages(settings: Settings, path: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All rows of a listing."""
    offset = 0
    while True:
        page = ask(settings, path, {**params, "limit": _PAGE, "offset": offset})
        yield from page["items"]
        offset += _PAGE
        if offset >= page["total"]:
            return
