"""How the system is, as the api and the console show it."""

from collections.abc import Mapping
from typing import Any

from api.queries import counts
from api.services import Services
from quotawatt.readings import Grain
from quotawatt.spans import Span


def health_report(services: Services) -> dict[str, Any]:
    """Health of the roles and of both stores.

    Raises StoreError, or the database's own error, where a store that the api stands on does not
    answer. Another part's trouble makes the whole ``degraded``, no more: the api still answers.
    """
    now = services.clock()
    # The smallest question there is; whether it is answered is all that counts.
    services.series.read_results(Grain.DAY, ["-"], ["carbon_kgco2"], Span(now, now))
    totals = dict(counts(services.records))
    parts = {"store": {"ok": True}, **services.health()}
    well = all(is_well(part) for part in parts.values())
    return {"status": "ok" if well else "degraded", "now": now, "parts": parts, "counts": totals}


def is_well(part: object) -> bool:
    """Whether a part is well: it says neither ``ok`` nor ``connected`` false."""
    if isinstance(part, Mapping):
        return part.get("ok") is not False and part.get("connected") is not False
    return part is not False
