"""Cases that people make of findings, by the rule ``finding:CODE``: they follow the finding.

While the finding is open the case fires; where a check does not find it any more, or somebody has accepted
it, the case is clear from then on, and closes as every other. Rules with ``from: findings`` make cases by
themselves and have nothing to do with this.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from alerts.cases.book import latest_of
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, CaseState, Step
from alerts.cases.opening import Scene, new_case
from alerts.cases.policy import ACTOR, FINDING_PREFIX
from alerts.cases.rows import in_chunks
from alerts.cases.taking import Deed, take_step
from alerts.wording import Context
from quotawatt.errors import StateError
from quotawatt.register.findings_book import ACCEPTED, OPEN
from quotawatt.register.findings_decisions import read_finding
from quotawatt.rulebook.alert_rules import SEVERITIES, Source
from quotawatt.storage.tables import findings

_Row = Mapping[str, Any]


def open_from_finding(conn: Connection, number: int, act: Act, context: Context) -> Step:
    """A case of an open finding, made by a person, who has thereby not taken it up yet.

    Raises NotFoundError for an unknown finding, and StateError where it is not open or where it, or another
    of the same code and subject, has an open case.
    """
    row = read_finding(conn, number)
    if row["state"] != OPEN:
        raise StateError(f"a case must be made of an open finding, got {number}: {row['state']}")
    pair = (f"{FINDING_PREFIX}{row['code']}", row["subject"])
    latest = latest_of(conn, [pair], lock=True).get(pair)
    if latest is not None and latest.state in OPEN_STATES:
        raise StateError(f"a finding must have one open case at most, got {number} in {latest.id}")
    case = new_case(
        Scene(conn, context, act.at),
        rule=pair[0],
        subject=pair[1],
        asset=pair[1].partition("/")[0],
        source=Source.FINDINGS.value,
        severity=row["severity"] if row["severity"] in SEVERITIES else SEVERITIES[0],
        began_at=row["first_seen"],
        figures={**row["detail"], "finding": number},
    )
    case = replace(case, organisation=case.organisation or row["organisation"] or "")
    return take_step(conn, case, CaseEvent.OPENED, act, {"finding": number})


def deeds_of_findings(conn: Connection, found: Sequence[Case], now: datetime) -> Iterator[Deed]:
    """What has become of the findings of those of the cases, open and locked, that are about one."""
    numbers = {
        case.id: int(case.figures["finding"])
        for case in found
        if case.rule.startswith(FINDING_PREFIX)
    }
    rows = _findings(conn, sorted(set(numbers.values())))
    for case in found:
        row = rows.get(numbers.get(case.id, 0))
        if row is not None:
            yield from _followed(case, row, now)


def _followed(case: Case, row: _Row, now: datetime) -> Iterator[Deed]:
    act, stands = Act(ACTOR, now), row["state"] == OPEN
    if stands and not case.firing:
        changes: dict[str, Any] = {"firing": True, "clear_since": None}
        yield Deed(case, CaseEvent.FIRED_AGAIN, act, {}, changes)
        if case.state is CaseState.PROPOSED:
            changes |= {"proposed_at": None, "proposed_by": None}
            yield Deed(case, CaseEvent.SENT_BACK, act, {"why": "fired_again"}, changes)
    elif not stands and case.firing:
        since = row["accepted_at"] if row["state"] == ACCEPTED else row["cleared_at"]
        changes = {"firing": False, "clear_since": since or now}
        yield Deed(case, CaseEvent.CLEARED, act, {"finding": row["state"]}, changes)


def _findings(conn: Connection, numbers: Sequence[int]) -> dict[int, _Row]:
    found: dict[int, _Row] = {}
    for chunk in in_chunks(numbers):
        rows = conn.execute(select(findings).where(findings.c.id.in_(chunk))).mappings()
        found |= {row["id"]: row for row in rows}
    return found
