"""What the commands of the analytics make of the API's answers."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

_COURSE = ("actual", "expected", "low", "high")


def course_of(answer: Mapping[str, Any]) -> tuple[pd.DataFrame, ZoneInfo]:
    """The course that ``baselines/expected`` answers: columns as there, NaN for what is not known."""
    starts = pd.to_datetime([row["start"] for row in answer["items"]], utc=True)
    values = [[row[name] for name in _COURSE] for row in answer["items"]]
    frame = pd.DataFrame(values, columns=list(_COURSE), index=pd.DatetimeIndex(starts), dtype=float)
    frame.index.name = "start"
    return frame, ZoneInfo(answer["timezone"])
