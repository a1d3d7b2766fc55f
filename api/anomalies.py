"""Anomalies as people and programs read them: rows of the record store with names and words."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, case

from analytics.consumption.points import Wiring
from analytics.events.event import EventState
from analytics.events.finding import CODES
from analytics.events.wording import event_advice, event_context, event_sentence
from analytics.jobs.anomalybook import event_of
from analytics.jobs.eventcourse import course_span, event_course
from analytics.jobs.hand import own_points
from analytics.jobs.yearquotas import YearQuotas
from analytics.totals.tree import Tree
from api.findinglist import named
from api.services import Services
from quotawatt.measures import measure
from quotawatt.register.finding_texts import finding_texts
from quotawatt.register.model import Register
from quotawatt.storage.analytics_tables import anomalies

_LANGUAGES = ("zh", "en")
_OF_COURSE = ("actual", "expected", "low", "high")


def anomaly_items(services: Services, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their subjects' names, their kind, sentence and advice in words."""
    register, now = services.register_source(), services.clock()
    assets = {str(row["asset"]) for row in rows}
    quotas = YearQuotas.read(services.series, register, services.rulebook, now, assets)
    return [_item(services, register, quotas, row) for row in rows]


def _item(
    services: Services, register: Register, quotas: YearQuotas, row: Mapping[str, Any]
) -> dict[str, Any]:
    event = event_of(row)
    zone = ZoneInfo(services.settings.timezone)
    context = event_context(event, register, zone, quotas.quota_of(event.key))
    return {
        **row,
        "name": {language: named(register, row["subject"], language) for language in _LANGUAGES},
        "unit": measure(row["measure"]).unit,
        "title": dict(finding_texts()[f"{CODES}{row['likely']}"].title),
        "sentence": event_sentence(event, context),
        "advice": event_advice(event),
    }


def anomaly_course(services: Services, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The hours around an event, oldest first."""
    event = event_of(row)
    with services.records.connect() as conn:
        own = own_points(conn)
    wiring = Wiring(services.register_source())
    tree = Tree(wiring, ZoneInfo(services.settings.timezone), own)
    course = event_course(services.series, services.records, tree, event, course_span(event))
    values = {
        name: [float(v) if np.isfinite(v) else None for v in course[name]] for name in _OF_COURSE
    }
    return [
        {"start": start.to_pydatetime(), **{name: values[name][n] for name in _OF_COURSE}}
        for n, start in enumerate(course.index)
    ]


def by_urgency() -> list[ColumnElement[Any]]:
    """Those that go on first, of these the newest first."""
    goes_on = case({EventState.OPEN.value: 0}, value=anomalies.c.state, else_=1)
    return [goes_on, anomalies.c.start.desc(), anomalies.c.id.desc()]
