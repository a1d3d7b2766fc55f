"""Alerts as routes and pages show them: the row, the rule's words, the clause, the asset's names."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from alerts.places import organisation_of
from api.citations import both, cited_clause
from api.queries import page_of_rows
from api.services import Services
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.storage.tables import alerts


def list_alerts(
    services: Services,
    register: Register,
    states: Collection[str],
    limit: int,
    offset: int,
    asset: str | None = None,
) -> tuple[int, list[dict[str, Any]]]:
    """How many alerts are in these states, and one page of them, longest firing first."""
    conditions: list[ColumnElement[bool]] = [alerts.c.state.in_(sorted(states))]
    if asset is not None:
        conditions.append(alerts.c.asset == asset)
    order = [alerts.c.firing_since.is_(None), alerts.c.firing_since, alerts.c.id]
    total, rows = page_of_rows(services.records, alerts, conditions, order, limit, offset)
    return total, [alert_item(row, register, services.rulebook) for row in rows]


def alert_item(row: Mapping[str, Any], register: Register, rulebook: Rulebook) -> dict[str, Any]:
    """One alert; a rule that has left the rulebook shows by its id, without words or clause."""
    asset = register.assets.get(row["asset"])
    organisation = organisation_of(register, row["asset"])
    rule = rulebook.rules.get(row["rule"])
    return {
        **row,
        "name": {
            "zh": asset.name_zh if asset else row["asset"],
            "en": asset.name_en if asset else row["asset"],
        },
        "organisation": organisation.code if organisation else None,
        "title": both(rule.title) if rule else {"zh": row["rule"], "en": row["rule"]},
        "input": rule.input if rule else None,
        "account": account_of(row["subject"], rulebook),
        "advice": both(rule.advice) if rule else None,
        "trust": rule.trust.value if rule else None,
        "clause": cited_clause(rulebook, rule.cites) if rule else None,
    }


def account_of(subject: str, rulebook: Rulebook) -> dict[str, Any] | None:
    """The quota or target that a subject ``ASSET/ACCOUNT/YEAR`` is about, with its own clause."""
    _, _, rest = subject.partition("/")
    name = rest.partition("/")[0]
    account = rulebook.quotas.get(name) or rulebook.targets.get(name)
    if account is None:
        return None
    return {
        "id": name,
        "title": both(account.title),
        "trust": account.trust.value,
        "clause": cited_clause(rulebook, account.cites),
    }
