"""What people and telemetry made of the cases of a rule, added to the rule's effects."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from alerts.cases.model import CaseEvent, Step
from alerts.cases.policy import rule_of
from alerts.wording import Context
from quotawatt.rulebook.effects import Effects, add_effects


def count_steps(conn: Connection, steps: Iterable[Step], context: Context) -> None:
    """Count what was acknowledged and closed, by rule, on the context's day.

    A rule that the rulebook does not have, such as that of a finding's case, is not counted.
    """
    counts = Counter((step.case.rule, step.event) for step in steps)
    for name in sorted({name for name, _ in counts}):
        effects = Effects(
            acknowledged=counts[name, CaseEvent.ACKNOWLEDGED], closed=counts[name, CaseEvent.CLOSED]
        )
        rule = rule_of(context, name)
        if rule is not None and effects != Effects():
            add_effects(conn, rule, context.today, effects)
