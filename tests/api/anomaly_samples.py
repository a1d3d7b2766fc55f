"""What the access matrix asks of the routes of anomalies, and an anomaly to ask about."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.events.event import EventState
from analytics.events.matching import Change
from analytics.jobs.anomalybook import call_ordinary, enter
from quotawatt.register.model import Register
from tests.api.access_world import WORLD
from tests.api.sample import INSIDE, Sample, World, listing, over
from tests.api.scene import NOW

_V1 = "/api/v1/anomalies"
_BEGINS = datetime(2023, 12, 20, 14, tzinfo=UTC)
_days = count()


def anomaly(subject: str, **changes: Any) -> Anomaly:
    """Nights at the end of 2023 in which a subject ran on."""
    values: dict[str, Any] = {
        "measure": "electricity_import_kwh",
        "shape": Shape.RUN,
        "likely": Likely.NIGHT_RUNNING,
        "start": _BEGINS,
        "end": _BEGINS + timedelta(days=9),
        "open": True,
        "hours": 90,
        "size": 369.0,
        "expected": 120.0,
        "confidence": 0.93,
        "evidence": {"nights": 9},
    }
    return Anomaly(subject=subject, **{**values, **changes})


def add_anomaly(
    records: Engine, register: Register, found: Anomaly, state: EventState = EventState.OPEN
) -> int:
    """Enter an anomaly; its number."""
    with records.begin() as conn:
        enter(conn, [(Change(None, state, found), 1)], register, NOW)
        return int(conn.exec_driver_sql("select max(id) from anomalies").scalar_one())


def made_anomaly(world: World, _: str, where: str) -> int:
    """An event of ORG-2's meter or of ORG-1's, made anew."""
    subject = "MTR-2" if where == INSIDE else "MTR-1"
    begins = _BEGINS - timedelta(days=20 * next(_days))
    found = anomaly(subject, start=begins, end=begins + timedelta(days=9))
    return add_anomaly(world.scene.records, WORLD, found)


def made_ordinary(world: World, user: str, where: str) -> int:
    """One that somebody has called ordinary."""
    number = made_anomaly(world, user, where)
    call_ordinary(world.scene.records, number, "test", "tried", NOW)
    return number


_COMMENT = {"comment": "tried"}
_ONE = f"{_V1}/{{made}}"

ANOMALY_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _V1): listing(_V1),
    ("GET", f"{_V1}/{{number}}"): over(_ONE, _ONE, make=made_anomaly),
    ("POST", f"{_V1}/{{number}}/ordinary"): over(
        *[f"{_ONE}/ordinary"] * 2, make=made_anomaly, body=_COMMENT, outside_body=_COMMENT
    ),
    ("POST", f"{_V1}/{{number}}/not-ordinary"): over(
        *[f"{_ONE}/not-ordinary"] * 2, make=made_ordinary
    ),
}

_PAGE = "/anomalies/{made}"

ANOMALY_PAGE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/anomalies"): listing("/anomalies"),
    ("GET", "/anomalies/{number}"): over(_PAGE, _PAGE, make=made_anomaly),
    ("POST", "/anomalies/{number}/ordinary"): over(
        *[f"{_PAGE}/ordinary"] * 2, make=made_anomaly, form=_COMMENT
    ),
    ("POST", "/anomalies/{number}/not-ordinary"): over(
        *[f"{_PAGE}/not-ordinary"] * 2, make=made_ordinary, form={}
    ),
}
