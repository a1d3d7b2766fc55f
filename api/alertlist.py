"""Alerts as routes and pages show them: the row, the rule's words, the clause, the asset's names."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_

from alerts.cases.model import Case
from alerts.cases.of_alerts import acknowledgement_of, cases_of_alerts
from alerts.messages.words import input_unit, input_word
from alerts.places import organisation_of
from api.citations import both, cited_clause
from api.queries import page_of_seen_rows
from api.services import Services
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Rule, Source
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date
from quotawatt.storage.tables import alerts


def list_alerts(
    services: Services,
    register: Register,
    states: Collection[str],
    limit: int,
    offset: int,
    sees: Callable[[str], bool],
    asset: str | None = None,
    within: ColumnElement[bool] | None = None,
) -> tuple[int, list[dict[str, Any]]]:
    """How many alerts on assets that are seen are in these states, and one page, longest firing first.

    ``asset`` and ``within``, a further condition such as that of ``in_year``, narrow the list.
    """
    conditions: list[ColumnElement[bool]] = [alerts.c.state.in_(sorted(states))]
    if asset is not None:
        conditions.append(alerts.c.asset == asset)
    if within is not None:
        conditions.append(within)
    order = [alerts.c.firing_since.is_(None), alerts.c.firing_since, alerts.c.id]
    total, rows = page_of_seen_rows(
        services.records, alerts, alerts.c.asset, sees, conditions, order, limit, offset
    )
    with services.records.connect() as conn:
        known = cases_of_alerts(conn, [row["id"] for row in rows])
    return total, [alert_item(row, known.get(row["id"]), register, services) for row in rows]


def in_year(year: int, with_others: bool) -> ColumnElement[bool]:
    """Alerts about an account of this year, ``ASSET/ACCOUNT/YEAR``.

    ``with_others`` adds those that are about no account, whose subject is a code alone.
    """
    of_the_year = alerts.c.subject.like(f"%/%/{year}")
    return or_(of_the_year, alerts.c.subject.not_like("%/%")) if with_others else of_the_year


def alert_item(
    row: Mapping[str, Any], case: Case | None, register: Register, services: Services
) -> dict[str, Any]:
    """One alert with its newest case, in the words and by the clauses in force when it began."""
    began_at = row["firing_since"] or row["pending_since"] or row["evaluated_at"]
    began = local_date(began_at, ZoneInfo(services.settings.timezone))
    asset = register.assets.get(row["asset"])
    organisation = organisation_of(register, row["asset"])
    return {
        **row,
        **acknowledgement_of(case),
        "name": {
            "zh": asset.name_zh if asset else row["asset"],
            "en": asset.name_en if asset else row["asset"],
        },
        "organisation": organisation.code if organisation else None,
        **words_of_rule(row["rule"], row["subject"], services.rulebook.as_of(began)),
    }


def words_of_rule(rule_id: str, subject: str, rulebook: Rulebook) -> dict[str, Any]:
    """What a rule says, with its clause, and the account that the subject names.

    A rule that is not in the rulebook shows by its id, without words or clause.
    """
    rule = rulebook.rules.get(rule_id)
    return {
        "title": both(rule.title) if rule else {"zh": rule_id, "en": rule_id},
        "input": rule.input if rule else None,
        "measured": _measured(rule) if rule else None,
        "account": account_of(subject, rulebook),
        "year": year_of(subject),
        "advice": both(rule.advice) if rule else None,
        "trust": rule.trust.value if rule else None,
        "clause": cited_clause(rulebook, rule.cites) if rule else None,
    }


def _measured(rule: Rule) -> dict[str, dict[str, str]] | None:
    """What the alert's value is of, in words, and its unit; None where the value says only yes or no."""
    if rule.source is Source.FINDINGS:
        return None
    return {"name": both(input_word(rule)), "unit": both(input_unit(rule))}


def year_of(subject: str) -> int | None:
    """The year of a subject ``ASSET/ACCOUNT/YEAR``; None where it is about no yearly account."""
    *account, year = subject.split("/")
    return int(year) if len(account) == 2 and year.isdecimal() else None


def account_of(subject: str, rulebook: Rulebook) -> dict[str, Any] | None:
    """The quota or target that a subject ``ASSET/ACCOUNT/YEAR`` is about, with its own clause.

    ``indicator`` is what it limits; of a carbon target ``carbon_target``. An assigned target and a
    vehicle's limit have the title of their indicator, and its clause where it has one.
    """
    _, _, rest = subject.partition("/")
    name = rest.partition("/")[0]
    quota = rulebook.quotas.get(name)
    indicator = rulebook.indicators.get(name.removeprefix("assigned-"))
    account = quota or rulebook.targets.get(name) or indicator
    if account is None:
        return None
    return {
        "id": name,
        "indicator": quota.indicator if quota else indicator.id if indicator else "carbon_target",
        "title": both(account.title),
        "trust": account.trust.value,
        "clause": cited_clause(rulebook, account.cites) if account.cites else None,
    }
