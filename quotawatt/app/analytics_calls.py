"""What the commands of the analytics ask the API, page by page where there are pages."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from quotawatt.app.analytics_views import Row
from quotawatt.app.client import call
from quotawatt.app.home import home_clock
from quotawatt.settings import Settings

_PAGE = 500
_COURSE = ("actual", "expected", "low", "high")


def ask(settings: Settings, path: str, params: Mapping[str, Any]) -> Any:
    """What the API answers to a GET."""
    return call(settings, home_clock(settings.home), "GET", f"/api/v1/{path}", params=params)


def post(settings: Settings, path: str, body: Any) -> Any:
    """What the API answers to a POST."""
    return call(settings, home_clock(settings.home), "POST", f"/api/v1/{path}", body=body)


def pages(settings: Settings, path: str, params: Mapping[str, Any]) -> Iterator[Row]:
    """All rows of a listing."""
    offset = 0
    while True:
        page = ask(settings, path, {**params, "limit": _PAGE, "offset": offset})
        yield from page["items"]
        offset += _PAGE
        if offset >= page["total"]:
            return


def course_of(answer: Mapping[str, Any]) -> tuple[pd.DataFrame, ZoneInfo]:
    """The course that ``baselines/expected`` answers: columns as there, NaN for what is not known."""
    starts = pd.to_datetime([row["start"] for row in answer["items"]], utc=True)
    values = [[row[name] for name in _COURSE] for row in answer["items"]]
    frame = pd.DataFrame(values, columns=list(_COURSE), index=pd.DatetimeIndex(starts), dtype=float)
    frame.index.name = "start"
    return frame, ZoneInfo(answer["timezone"])
