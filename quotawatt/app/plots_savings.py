"""Savings in a picture: use against the adjusted baseline by month, and what has been saved so far."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analytics.grid import Floats
from quotawatt.app.plots import BLUE, GREY, ORANGE, PALE, Words, save_picture

Row = Mapping[str, Any]


def plot_savings(path: Path, content: Row, language: str) -> None:
    """Draw savings; ``content`` as ``analytics.savings.contents`` makes it."""
    save_picture(path, language, partial(_draw, content), (10.0, 5.4))


def _draw(content: Row, figure: Figure, words: Words) -> None:
    figure.suptitle(str(content["subject"]), x=0.01, ha="left", fontweight="bold")
    months = [str(row["month"]) for row in content["months"]]
    place = np.arange(len(months))
    upper, lower = figure.subplots(2, 1, sharex=True)
    upper.bar(
        place - 0.2, _column(content, "adjusted"), 0.4, color=ORANGE, label=words("plot_adjusted")
    )
    upper.bar(place + 0.2, _column(content, "actual"), 0.4, color=BLUE, label=words("plot_actual"))
    upper.set_ylabel(content["unit"])
    upper.legend(ncols=2, loc="upper right", bbox_to_anchor=(1, 1.2))
    saved, width = _column(content, "cumulative"), _column(content, "cumulative_half_width")
    lower.axhline(0, color=GREY, linewidth=0.8)
    lower.fill_between(
        place, saved - width, saved + width, color=PALE, alpha=0.45, linewidth=0,
        label=words("plot_band", level=90),
    )  # fmt: skip
    lower.plot(place, saved, color=ORANGE, marker=".", label=words("plot_cumulative"))
    lower.set_ylabel(content["unit"])
    lower.set_xticks(place, months, rotation=45 if len(months) > 14 else 0)
    lower.legend(ncols=2, loc="upper left")


def _column(content: Row, name: str) -> Floats:
    values = [row[name] for row in content["months"]]
    return np.array([np.nan if value is None else value for value in values], dtype=float)
