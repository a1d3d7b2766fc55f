"""A forecast in a picture: the day's hours with their band, and what came of them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.figure import Figure

from quotawatt.app.plots import (
    BLUE,
    ORANGE,
    Words,
    amounts,
    band,
    from_zero,
    save_picture,
    time_axis,
)

Row = Mapping[str, Any]


def plot_forecast(path: Path, answer: Row, zone: ZoneInfo, language: str) -> None:
    """Draw a forecast, as the API answers it."""
    save_picture(path, language, partial(_draw, answer, zone), (8.0, 3.6))


def _draw(answer: Row, zone: ZoneInfo, figure: Figure, words: Words) -> None:
    hours = pd.DataFrame(answer["hours"]).set_index("start")
    hours.index = pd.DatetimeIndex(pd.to_datetime(hours.index, utc=True))
    hours = hours.astype(float)
    axes = figure.add_subplot()
    band(axes, hours, words("plot_band", level=round(100 * answer["level"])))
    amounts(axes, hours["expected"], color=ORANGE, marker=".", label=words("plot_expected"))
    if hours["actual"].notna().any():
        amounts(axes, hours["actual"], color=BLUE, marker=".", label=words("plot_actual"))
    axes.set_title(f"{answer['subject']} · {answer['day']}", loc="left", fontweight="bold")
    axes.set_ylabel(answer["unit"])
    from_zero(axes, hours[["expected", "low"]].to_numpy(dtype=float).ravel())
    axes.legend(ncols=3, loc="upper right", bbox_to_anchor=(1, 1.12))
    time_axis(axes, zone)
