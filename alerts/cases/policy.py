"""What a rule says of its cases: due date, time to verify, who closes. Working days are those of China."""

from datetime import date, datetime, timedelta

from alerts.wording import Context
from quotawatt.calendars import is_working_day
from quotawatt.errors import InputError
from quotawatt.rulebook.alert_rules import CasePolicy, Rule
from quotawatt.spans import local_date

ACTOR = "alerts"
"""Who the ledger names for what happens to a case by itself."""

TELEMETRY, MANAGER, RETRACTED = "telemetry", "manager", "retracted"
"""How a case was closed."""

FINDING_PREFIX = "finding:"
"""Of the rule of a case that a person made of a finding: ``finding:CODE``."""

MOST_WORKING_DAYS = 250
"""A year's; a case that may take longer has no date."""


def rule_of(context: Context, rule: str) -> Rule | None:
    """The rule as it is in force; None where the rulebook has none, or a person made the case."""
    return context.rulebook.as_of(context.today).rules.get(rule)


def policy_of(context: Context, rule: str) -> CasePolicy:
    """The policy of a rule's cases; the usual one where the rulebook does not say."""
    found = rule_of(context, rule)
    return CasePolicy() if found is None else found.case


def due_on(policy: CasePolicy, context: Context, asset: str, opened_at: datetime) -> date | None:
    """The local day until whose end it has to be put right; None: the policy names none.

    Counted in working days after the day of the opening, at the asset's place.
    """
    if policy.due_working_days is None:
        return None
    zone = context.register.zone_of_asset(asset) or context.zone
    return after_working_days(local_date(opened_at, zone), policy.due_working_days)


def after_working_days(day: date, count: int) -> date:
    """The working day that is ``count`` working days after ``day``; with 0 the day itself.

    Raises InputError for a count that is none, or beyond ``MOST_WORKING_DAYS``.
    """
    if not 0 <= count <= MOST_WORKING_DAYS:
        raise InputError(f"working days must be 0 to {MOST_WORKING_DAYS}, got {count}")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
