"""Pictures of how readings become use: drawn from what the functions of consumption answer, as SVG.

Above, what the device showed, a dot a reading and a cross for one that is left out; below, the use of each
hour: filled where it is measured, pale where it is estimated, and nothing where it is missing.
"""

from collections.abc import Iterator
from html import escape

import numpy as np

from analytics.consumption.cleaning import CleanReadings, clean
from analytics.consumption.explain import explain_hours
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import HOUR_US, Grid, micros_of
from quotawatt.app.consumption_cases import CASES, POINT, START, Case, at
from quotawatt.readings import readings_table
from quotawatt.spans import Span

_LEFT, _HOUR, _TOP, _MIDDLE, _BOTTOM = 46, 62, 22, 112, 196
_INK, _FAINT, _BAR, _PALE, _RED = "#23303b", "#c9d1d8", "#2b6cb0", "#a9c7e8", "#c53030"


def pictures() -> dict[str, str]:
    """The picture of each case, by the name of its file."""
    return {f"{case.name}.svg": picture(case) for case in CASES}


def picture(case: Case) -> str:
    """One case as SVG."""
    span, wiring = Span(START, at(case.hours)), Wiring(case.register)
    held = clean(readings_table(case.rows()), at(case.hours))
    use, _ = hourly_use(held, wiring, [POINT], span, case.amounts)
    explained = explain_hours(held, wiring, POINT, span, case.amounts)
    left_out = {(r.device, r.time) for hour in explained for r in hour.left_out}
    crossed = {(device, micros_of(time)) for device, time in left_out}
    width = _LEFT + case.hours * _HOUR + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 216" font-size="11" '
        f'font-family="sans-serif" fill="{_INK}" role="img" aria-label="{escape(case.name)}">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_axes(case),
        *_readings(held, crossed),
        *_bars(use),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _axes(case: Case) -> Iterator[str]:
    right = _LEFT + case.hours * _HOUR
    for hour in range(case.hours + 1):
        x = _LEFT + hour * _HOUR
        yield f'<path d="M{x} {_TOP}V{_BOTTOM}" stroke="{_FAINT}"/>'
        yield f'<text x="{x}" y="{_BOTTOM + 14}" text-anchor="middle">{hour}:00</text>'
    yield f'<path d="M{_LEFT} {_BOTTOM}H{right}" stroke="{_INK}"/>'
    unit = "kW" if any(b.quantity for b in case.bindings) else "kWh"
    yield f'<text x="4" y="{_TOP - 8}">{unit}</text>'
    yield f'<text x="4" y="{_MIDDLE + 22}">kWh/h</text>'


def _readings(held: CleanReadings, crossed: set[tuple[str, int]]) -> Iterator[str]:
    low, high = (float(f(held.value)) for f in (np.min, np.max)) if len(held.value) else (0.0, 1.0)
    for number, series in enumerate(held.series):
        rows = slice(*held.offsets[number : number + 2].tolist())
        pairs = zip(held.time_us[rows].tolist(), held.value[rows].tolist(), strict=True)
        for time_us, value in pairs:
            x = _x(time_us)
            y = _MIDDLE - (value - low) / max(high - low, 1e-9) * (_MIDDLE - _TOP - 14)
            yield _mark(x, y, (series.device, time_us) in crossed)
        yield from _ends(held, rows)


def _mark(x: float, y: float, is_crossed: bool) -> str:
    if is_crossed:
        path = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8"
        return f'<path d="{path}" stroke="{_RED}" stroke-width="2"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _ends(held: CleanReadings, rows: slice) -> Iterator[str]:
    """What the first and the last reading of a series show."""
    for row, anchor, beside in ((rows.start, "start", 2), (rows.stop - 1, "end", -2)):
        x, shown = _x(int(held.time_us[row])) + beside, f"{held.value[row]:,.0f}"
        yield f'<text x="{x:.1f}" y="{_TOP - 6}" text-anchor="{anchor}">{shown}</text>'


def _bars(use: Grid) -> Iterator[str]:
    most = max(float(np.nanmax(use.value, initial=0.0)), 1e-9)
    for hour, value in enumerate(use.value[0].tolist()):
        x = _LEFT + hour * _HOUR + 6
        if np.isnan(value):
            label = f'x="{x + 25}" y="{_BOTTOM - 6}" text-anchor="middle" font-size="16"'
            yield f'<text {label} fill="{_RED}">–</text>'
            continue
        height = value / most * (_BOTTOM - _MIDDLE - 34)
        colour = _PALE if use.estimated[0, hour] else _BAR
        y = _BOTTOM - height
        yield f'<rect x="{x}" y="{y:.1f}" width="50" height="{height:.1f}" fill="{colour}"/>'
        yield f'<text x="{x + 25}" y="{y - 4:.1f}" text-anchor="middle">{value:.4g}</text>'


def _x(time_us: int) -> float:
    return _LEFT + (time_us - micros_of(START)) / HOUR_US * _HOUR
