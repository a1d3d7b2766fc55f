"""How the system is, as the api and the console show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.queries import counts
from api.services import Services
from quotawatt.errors import StoreError
from quotawatt.readings import Grain
from quotawatt.spans import Span


def health_report(services: Services) -> dict[str, Any]:
    """Health of the series store (part ``store``) and of the roles, and totals since installation.

    One that is not well makes the whole ``degraded``. Raises StoreError, or the database's own error,
    where the record store does not answer: it is where the roles tell how they are.
    """
    now = services.clock()
    problem = _series_problem(services, now)
    totals = dict(counts(services.records))
    parts = {"store": {"ok": not problem, "problem": problem}, **services.health()}
    well = all(is_well(part) for part in parts.values())
    return {"status": "ok" if well else "degraded", "now": now, "parts": parts, "counts": totals}


def _series_problem(services: Services, now: datetime) -> str:
    """What the series store answers to the smallest question there is; empty where it answers it."""
    try:
        services.series.read_results(Grain.DAY, ["-"], ["carbon_kgco2"], Span(now, now))
    except StoreError as error:
        return str(error)
    return ""


def is_well(part: object) -> bool:
    """Whether a part is well: it says neither ``ok`` nor ``connected`` false."""
    if isinstance(part, Mapping):
        return part.get("ok") is not False and part.get("connected") is not False
    return part is not False
