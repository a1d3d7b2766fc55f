"""How cases went: how many, how quickly taken up and closed, by whom, in time or not. Frames in, values out.

Times run from the opening: to the first acknowledgement, and to the last closing (a case that was reopened
counts to the end). Working days are those of China's calendar that begin after the day of the opening, up to
and with the day of the end: 0 on the same day. Retracted cases are counted, and timed no further.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from alerts.cases.model import OPEN_STATES, CaseState
from alerts.cases.policy import MANAGER, TELEMETRY
from quotawatt.calendars import is_working_day
from quotawatt.spans import HOUR, local_date

_DAY = timedelta(days=1)
_TIMED = ("acknowledge_h", "acknowledge_working_days", "close_h", "close_working_days")


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile (linear between neighbours); None: nothing to count."""

    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of some cases.

    unanswered
        Closed by telemetry before anybody took them up.
    overdue
        Open past their due date, or closed after it.
    in_time_pct
        Of those that are closed, or open past their date, and have one: the share closed by it. None: there
        are none.
    """

    cases: int
    open: int
    firing: int
    closed_by_telemetry: int
    closed_by_manager: int
    retracted: int
    unanswered: int
    overdue: int
    reopened: int
    in_time_pct: float | None
    times: Mapping[str, Spread]


def statistics_of(facts: pa.Table, now: datetime, zone: ZoneInfo) -> pa.Table:
    """The facts (``alerts.cases.facts``) with what is counted of each case, as of ``now``.

    Adds ``month`` (of the opening, ``YYYY-MM`` in ``zone``), ``acknowledge_h``, ``close_h`` and the like in
    working days (null: not done), ``judged`` (whether the due date says anything yet) and ``late``.
    """
    rows = facts.to_pylist()
    opened = [local_date(row["opened_at"], zone) for row in rows]
    taken_up = [row["first_acknowledged_at"] for row in rows]
    ended = [_closed_at(row) for row in rows]
    added: dict[str, pa.Array[Any]] = {
        "month": pa.array([f"{day:%Y-%m}" for day in opened], pa.string())
    }
    for name, ends in (("acknowledge", taken_up), ("close", ended)):
        hours = [
            None if end is None else (end - row["opened_at"]) / HOUR
            for row, end in zip(rows, ends, strict=True)
        ]
        days = [None if end is None else local_date(end, zone) for end in ends]
        added[f"{name}_h"] = pa.array(hours, pa.float64())
        added[f"{name}_working_days"] = pa.array(_working_days(opened, days), pa.float64())
    today = local_date(now, zone)
    judged, late = [], []
    for row, end in zip(rows, ended, strict=True):
        by = today if end is None else local_date(end, zone)
        is_late = row["due_on"] is not None and by > row["due_on"]
        is_late &= row["state"] != CaseState.RETRACTED
        late.append(is_late)
        judged.append(is_late or (end is not None and row["due_on"] is not None))
    added |= {"judged": pa.array(judged, pa.bool_()), "late": pa.array(late, pa.bool_())}
    for name, values in added.items():
        facts = facts.append_column(name, values)
    return facts


def summary_of(counted: pa.Table) -> Summary:
    """What became of the cases of a table as ``statistics_of`` gives it."""
    states, how = _texts(counted, "state"), _texts(counted, "closed_how")
    closed = states == CaseState.CLOSED.value
    by_telemetry = closed & (how == TELEMETRY)
    never = np.array(counted["first_acknowledged_at"].is_null().to_pylist(), dtype=bool)
    late, judged = _flags(counted, "late").sum(), _flags(counted, "judged").sum()
    return Summary(
        cases=counted.num_rows,
        open=int(np.isin(states, [state.value for state in OPEN_STATES]).sum()),
        firing=int(_flags(counted, "firing").sum()),
        closed_by_telemetry=int(by_telemetry.sum()),
        closed_by_manager=int((closed & (how == MANAGER)).sum()),
        retracted=int((states == CaseState.RETRACTED.value).sum()),
        unanswered=int((by_telemetry & never).sum()),
        overdue=int(late),
        reopened=int((np.array(counted["reopened"].to_pylist(), dtype=int) > 0).sum()),
        in_time_pct=None if not judged else float(100.0 * (judged - late) / judged),
        times={name: _spread(counted, name) for name in _TIMED},
    )


def by_group(
    counted: pa.Table, column: str, groups_of: Callable[[str], Sequence[str]] = lambda one: (one,)
) -> dict[str, Summary]:
    """Summaries by the groups to which the values of a column belong; a value may belong to several.

    An organisation's cases count for those above it too, where ``groups_of`` is its path.
    """
    values = _texts(counted, column)
    members: dict[str, list[str]] = {}
    for value in sorted(set(values.tolist())):
        for group in groups_of(value):
            members.setdefault(group, []).append(value)
    return {
        group: summary_of(counted.filter(pa.array(np.isin(values, some))))
        for group, some in sorted(members.items())
    }


def _closed_at(row: Mapping[str, object]) -> datetime | None:
    ended = row["closed_at"]
    return ended if row["state"] == CaseState.CLOSED and isinstance(ended, datetime) else None


def _working_days(starts: Sequence[date], ends: Sequence[date | None]) -> list[float | None]:
    """Working days after each start up to and with its end; None where there is no end."""
    known = [end for end in ends if end is not None]
    if not known:
        return [None] * len(ends)
    first, last = min(starts), max(known)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    so_far = np.cumsum([is_working_day(day) for day in days])
    return [
        None if end is None else float(so_far[(end - first).days] - so_far[(start - first).days])
        for start, end in zip(starts, ends, strict=True)
    ]


def _texts(counted: pa.Table, name: str) -> npt.NDArray[np.str_]:
    return np.array(counted[name].to_pylist(), dtype=str)


def _flags(counted: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    return np.array(counted[name].to_pylist(), dtype=bool)


def _spread(counted: pa.Table, name: str) -> Spread:
    known = [value for value in counted[name].to_pylist() if value is not None]
    if not known:
        return Spread(None, None)
    median, p90 = np.percentile(known, [50, 90])
    return Spread(float(median), float(p90))
