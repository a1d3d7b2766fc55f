"""Files of measured energy as series: CSV as loggers, utilities and data sets write it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from analytics.baselines.series import UseSeries
from quotawatt.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How to read the file.

    column, time_column
        Headings; by default the only column of numbers, and the first column.
    temperature, temperature_column
        A file of its own with outdoor temperature, or the same one; the heading in it.
    fahrenheit
        Whether temperature is in °F; None: as its heading says, else °C.
    zone, country
        Whose clock and days they are.
    times, edge
        Whether times without an offset are of the zone's clock or UTC, and which end of the interval they name.
    """

    column: str = ""
    time_column: str = ""
    temperature: Path | None = None
    temperature_column: str = ""
    fahrenheit: bool | None = None
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    times: Literal["local", "utc"] = "local"
    edge: Literal["start", "end"] = "start"
    measure: str = "electricity_import_kwh"
    unit: str = ""
    subject: str = ""


class Read(NamedTuple):
    """A series and what was wrong with its file."""

    series: UseSeries
    findings: tuple[Finding, ...]


def read_series(path: Path, layout: Layout) -> Read:
    """The series of one column of a file.

    Raises InputError with file:line, rule and value.
    """
    raise NotImplementedError
