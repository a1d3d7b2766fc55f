"""Pictures of the analytics as files: PNG, SVG or PDF, drawn without any display."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from analytics.grid import Floats
from quotawatt.app.texts_analytics import analytics_text
from quotawatt.errors import InputError

INK, BLUE, ORANGE, PALE, RED, GREY = (
    *("#23303b", "#2b6cb0", "#c05621", "#f6ad55", "#c53030", "#c9d1d8"),
)

_SUFFIXES = (".png", ".svg", ".pdf")
_CHINESE_FONTS = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimHei"),
    *("PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP"),
)
# Dates in figures: matplotlib's names of months are English.
_DATES = {
    "formats": ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"],
    "zero_formats": ["", "%Y-%m", "%Y-%m", "%m-%d", "%H:%M", "%H:%M"],
    "offset_formats": ["", "", "", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H:%M"],
}
_STYLE: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "font.size": 9,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "quotawatt",
    "text.color": INK,
}

Words = Callable[..., str]
"""The text of a key, in the language of the picture."""


def save_picture(
    path: Path, language: str, draw: Callable[[Figure, Words], None], size_in: tuple[float, float]
) -> None:
    """Draw into a new file.

    Labels are Chinese only where a font of the machine has the characters, else English.

    Raises InputError for a suffix that is none of PNG, SVG and PDF, and where the file cannot be written.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(f"a picture must end in {', '.join(_SUFFIXES)}, got {path}")
    fonts = chinese_fonts()
    spoken = language if fonts or language == "en" else "en"

    def words(key: str, **values: object) -> str:
        return analytics_text(key, spoken, **values)

    style: Any = {**_STYLE, "font.family": [*fonts[:1], "DejaVu Sans"]}
    with rc_context(style):
        figure = Figure(figsize=size_in, layout="constrained")
        draw(figure, words)
        try:
            figure.savefig(path, dpi=130, metadata={"Date": None} if path.suffix == ".svg" else {})
        except OSError as error:
            raise InputError(f"a picture must be writable, got {path} ({error.strerror})") from None


def chinese_fonts() -> list[str]:
    """Fonts of this machine that have the Chinese characters, the best first."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in _CHINESE_FONTS if name in known]


def time_axis(axes: Axes, zone: ZoneInfo) -> None:
    """Label the times of an axis by the zone's clock."""
    locator = AutoDateLocator(tz=zone, minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=zone, **_DATES))


def band(axes: Axes, frame: pd.DataFrame, label: str) -> None:
    """What was expected as a line, with its band around."""
    at = pd.DatetimeIndex(frame.index).to_pydatetime()
    low, high = (frame[name].to_numpy(dtype=float) for name in ("low", "high"))
    axes.fill_between(at, low, high, color=PALE, alpha=0.45, linewidth=0, label=label)


def amounts(axes: Axes, values: "pd.Series[float]", **how: Any) -> None:
    """A line that breaks where a value is missing."""
    at = pd.DatetimeIndex(values.index).to_pydatetime()
    axes.plot(at, values.to_numpy(dtype=float), **how)


def from_zero(axes: Axes, *shown: Floats) -> None:
    """Let the axis of amounts begin at zero where nothing is below it."""
    finite = np.concatenate([one[np.isfinite(one)] for one in shown])
    if len(finite) and finite.min() >= 0:
        axes.set_ylim(bottom=0)
