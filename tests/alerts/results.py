"""Daily results for the tests of alerts, as the analyser writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from quotawatt.readings import RESULTS
from quotawatt.spans import local_midnight

SHANGHAI = ZoneInfo("Asia/Shanghai")

Line = tuple[str, str, str, float | None]  # subject, measure, local day, value


def midnight(day: str) -> datetime:
    """Local midnight in Shanghai, UTC."""
    return local_midnight(date.fromisoformat(day), SHANGHAI)


def results_table(lines: Iterable[Line]) -> pa.Table:
    """Lines as a table of schema RESULTS."""
    rows = [
        {
            "subject": subject,
            "measure": measure,
            "start": midnight(day),
            "value": value,
            "quality": "measured" if value is not None else "missing",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for subject, measure, day, value in lines
    ]
    return pa.Table.from_pylist(rows, schema=RESULTS)
