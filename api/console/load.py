"""The chosen building's year in months: what stands beside its charts, and in their place where none run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.readings import Grain
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

_MEASURES = ("electricity_import_kwh", "electricity_expected_kwh", "electricity_excess_pct")


@dataclass
class Month:
    """One month, ``YYYY-MM`` in the building's zone; energies in kWh.

    actual_kwh
        Use on all days that have any.
    days_modelled
        Days that have both an actual and an expected use: only these can be compared.
    paired_kwh, expected_kwh
        Actual and expected use on the modelled days; None where there is none.
    days_over
        Modelled days above the expected band; None where no day was modelled.
    """

    name: str
    actual_kwh: float | None = None
    days_modelled: int = 0
    paired_kwh: float | None = None
    expected_kwh: float | None = None
    days_over: int | None = None


def load_months(series: SeriesStore, building: str, span: Span, zone: ZoneInfo) -> list[Month]:
    """The months of the span that have any result, in order."""
    table = series.read_results(Grain.DAY, [building], list(_MEASURES), span)
    days: dict[Any, dict[str, float]] = {}
    for row in table.select(["measure", "start", "value"]).to_pylist():
        if row["value"] is not None:
            days.setdefault(row["start"], {})[row["measure"]] = row["value"]
    months: dict[str, Month] = {}
    for start in sorted(days):
        name = start.astimezone(zone).strftime("%Y-%m")
        _add_day(months.setdefault(name, Month(name)), days[start])
    return list(months.values())


def total(months: Sequence[Month]) -> Month:
    """All months together."""
    whole = Month("")
    for month in months:
        whole.actual_kwh = _plus(whole.actual_kwh, month.actual_kwh)
        whole.days_modelled += month.days_modelled
        whole.paired_kwh = _plus(whole.paired_kwh, month.paired_kwh)
        whole.expected_kwh = _plus(whole.expected_kwh, month.expected_kwh)
        if month.days_over is not None:
            whole.days_over = (whole.days_over or 0) + month.days_over
    return whole


def _add_day(month: Month, day: dict[str, float]) -> None:
    actual = day.get("electricity_import_kwh")
    expected = day.get("electricity_expected_kwh")
    month.actual_kwh = _plus(month.actual_kwh, actual)
    if actual is not None and expected is not None:
        month.days_modelled += 1
        month.paired_kwh = _plus(month.paired_kwh, actual)
        month.expected_kwh = _plus(month.expected_kwh, expected)
        over = day.get("electricity_excess_pct", 0.0) > 0
        month.days_over = (month.days_over or 0) + over


def _plus(sum_: float | None, value: float | None) -> float | None:
    return sum_ if value is None else (sum_ or 0.0) + value
