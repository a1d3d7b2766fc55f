"""One subject's use with the weather beside it: what models are fitted to and judged on."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import pandas as pd


class Interval(StrEnum):
    """How long the intervals of a series are; days and months are those of its time zone."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class UseSeries:
    """Use of one subject in one measure, intervals in a row.

    subject, measure, unit
        As results are named: code of an asset, ``electricity_import_kwh``, ``kWh``.
    zone, country
        Whose days, working hours and holidays they are; ``country`` is an ISO 3166 code.
    frame
        Index ``start``: beginnings of the intervals, UTC, ascending, without gaps or repetitions (what is
        missing is NaN). Columns, float64: ``use`` (in ``unit``, of the interval) and ``temperature_c``
        (mean outdoor temperature of the interval); NaN where not known.
    """

    subject: str
    measure: str
    unit: str
    zone: ZoneInfo
    country: str
    interval: Interval
    frame: pd.DataFrame
