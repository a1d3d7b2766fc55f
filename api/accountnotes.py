"""What people decided and said of accounts, shown beside their figures; it never changes one."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from api.services import Services
from quotawatt.explanations.book import explanations_of
from quotawatt.explanations.states import APPROVED, SUBMITTED
from quotawatt.explanations.values import Explanation
from quotawatt.spans import DAY

_Account = tuple[str, str, int]


def with_notes(items: Iterable[dict[str, Any]], services: Services) -> list[dict[str, Any]]:
    """Accounts as rows, each with two entries more.

    explanations
        Those of its overrun that are approved, or handed in and not yet decided.
    original_tiers
        What the quota itself says on the judged day; None where the account is no quota's. It differs from
        ``tiers`` where a decision has revised them.
    """
    rows = list(items)
    found: dict[_Account, list[dict[str, Any]]] = {}
    with services.records.connect() as conn:
        for year in sorted({row["year"] for row in rows}):
            for one in explanations_of(conn, year, (APPROVED, SUBMITTED)):
                key = (one.overrun.asset, one.overrun.quota, year)
                found.setdefault(key, []).append(_shown(one))
    return [
        {
            **row,
            "explanations": found.get((row["asset"], row["quota"], row["year"]), []),
            "original_tiers": _original(row, services),
        }
        for row in rows
    ]


def _original(row: Mapping[str, Any], services: Services) -> dict[str, float] | None:
    first = row["first"] or date(row["year"], 1, 1)
    book = services.rulebook.as_of(first + (row["days"] - 1) * DAY)
    quota = book.quotas.get(row["quota"])
    return None if quota is None else {tier.value: value for tier, value in quota.tiers.items()}


def _shown(one: Explanation) -> dict[str, Any]:
    said = {name: getattr(one.overrun, name) for name in ("reason", "measures", "amount", "unit")}
    return {"number": one.id, "state": one.state, "decided_by": one.decided_by, **said}
