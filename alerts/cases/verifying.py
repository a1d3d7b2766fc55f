"""Cases that telemetry closes: what they are about has stayed clear for as long as their rule asks.

A case whose rule leaves the closing to a manager (``close: manager``) waits for one. The time without data
does not count: what is not known to be clear has no ``clear_since``, and the time begins anew when data
return. So it does where the condition was met again and only waited: nobody is told of that, but it was not
clear.
Nobody need have answered the case; its last step says whether somebody had.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from alerts.cases.counting import count_steps
from alerts.cases.findings import deeds_of_findings
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, CaseState, Step
from alerts.cases.policy import ACTOR, FINDING_PREFIX, TELEMETRY, policy_of
from alerts.cases.rows import case_of, in_chunks
from alerts.cases.taking import Deed, take_steps
from alerts.engine.transition import Phase
from alerts.wording import Context
from quotawatt.rulebook.alert_rules import Closing
from quotawatt.storage.case_tables import cases
from quotawatt.storage.tables import alerts


def verify(conn: Connection, context: Context, now: datetime) -> list[Step]:
    """Close what has stayed clear long enough as of ``now``; cases of findings follow their findings.

    ``conn`` comes from ``engine.begin()``. Doing it again at the same instant does nothing. Returns the
    steps.
    """
    of_findings = cases.c.rule.startswith(FINDING_PREFIX)
    cleared = and_(cases.c.firing.is_(False), cases.c.clear_since.is_not(None))
    is_open = cases.c.state.in_(sorted(OPEN_STATES))
    query = select(cases).where(is_open, or_(of_findings, cleared)).order_by(cases.c.id)
    rows = conn.execute(query.with_for_update()).mappings()
    found = [case_of(dict(row)) for row in rows]
    followed = list(deeds_of_findings(conn, found, now))
    moved = {deed.case.id for deed in followed}
    clear = _clear(conn, [case for case in found if case.id not in moved])
    closing = _closings(clear, context, now)
    steps = take_steps(conn, [*followed, *closing])
    count_steps(conn, steps, context)
    return steps


def _clear(conn: Connection, found: Sequence[Case]) -> Iterator[tuple[Case, datetime]]:
    """Those that are clear, and since when: a wait that was dropped ends where its alert was last changed."""
    numbers = sorted({case.alert for case in found if case.alert is not None})
    waited: dict[int, datetime | None] = {}
    for chunk in in_chunks(numbers):
        query = select(alerts.c.id, alerts.c.state, alerts.c.evaluated_at).where(
            alerts.c.id.in_(chunk),
            alerts.c.state.in_([Phase.PENDING.value, Phase.INACTIVE.value]),
        )
        for row in conn.execute(query):
            dropped_at = row.evaluated_at if row.state == Phase.INACTIVE.value else None
            waited[row.id] = dropped_at
    for case in found:
        since = case.clear_since
        if since is None:
            continue
        ended = waited.get(case.alert, since) if case.alert is not None else since
        if ended is not None:
            yield case, max(since, ended)


def _closings(
    clear: Iterable[tuple[Case, datetime]], context: Context, now: datetime
) -> Iterator[Deed]:
    for case, since in clear:
        policy = policy_of(context, case.rule)
        if policy.close is not Closing.TELEMETRY:
            continue
        if now - since >= policy.verify_for:
            detail = {
                "how": TELEMETRY,
                "clear_since": since.isoformat(),
                "unanswered": case.state is CaseState.OPEN,
            }
            changes = {"closed_at": now, "closed_by": ACTOR, "closed_how": TELEMETRY}
            yield Deed(case, CaseEvent.CLOSED, Act(ACTOR, now), detail, changes)
