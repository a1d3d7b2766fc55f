"""What the access matrix asks of the routes of baselines."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.expected.lessons import Lesson, version_of
from quotawatt.storage.baseline_keeping import keep
from quotawatt.storage.baselines import SCHEDULE
from tests.api.sample import INSIDE, Sample, World, body_over, listing, over
from tests.api.scene import NOW, ZONE

_V1 = "/api/v1/baselines"
_MEASURE = "electricity_import_kwh"


def add_baseline(records: Engine, subject: str) -> None:
    """A baseline of December 2023: 10 kWh in each hour of working time, 2 kWh in others."""
    fitted = _fitted(subject)
    as_of = NOW - pd.Timedelta(days=31)
    with records.begin() as conn:
        keep(conn, [version_of(Lesson(_series(subject), ()), fitted, as_of, as_of, SCHEDULE)])


@cache
def _fitted(subject: str) -> FittedBaseline:
    fitted = fit_baseline(_series(subject), candidates=("calendar",))
    assert isinstance(fitted, FittedBaseline)
    return fitted


@cache
def _series(subject: str) -> UseSeries:
    hours = pd.date_range(NOW - pd.Timedelta(days=91), periods=60 * 24, freq="h", name="start")
    local = hours.tz_convert(ZONE)
    works = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18)
    use = np.where(works, 10.0, 2.0) + np.random.default_rng(1).normal(0, 0.2, len(hours))
    frame = pd.DataFrame({"use": use, "temperature_c": np.nan}, index=hours)
    return UseSeries(subject, _MEASURE, "kWh", ZONE, "CN", Interval.HOUR, frame)


def _made(world: World, _: str, where: str) -> int:
    add_baseline(world.scene.records, "BLD-2" if where == INSIDE else "BLD-1")
    return 0


def _asked(subject: str) -> dict[str, Any]:
    return {"subject": subject, "measure": _MEASURE}


def _about(route: str, more: str = "") -> tuple[str, str]:
    queries = (f"?subject={subject}&measure={_MEASURE}{more}" for subject in ("BLD-2", "BLD-1"))
    inside, outside = (f"{_V1}/{route}{query}" for query in queries)
    return inside, outside


BASELINE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _V1): listing(_V1),
    ("GET", f"{_V1}/versions"): over(*_about("versions"), make=_made),
    ("GET", f"{_V1}/expected"): over(*_about("expected", "&from=2023-12-20"), make=_made),
    ("POST", f"{_V1}/refit"): body_over(f"{_V1}/refit", _asked("BLD-2"), _asked("BLD-1")),
}
