"""What the access matrix asks of the routes of cases."""

from typing import Any

from alerts.cases.model import Act, Case, CaseEvent, CaseState
from alerts.cases.taking import take_step
from quotawatt.findings import Finding
from quotawatt.register.findings_book import note_findings
from tests.api.access_world import WORLD
from tests.api.sample import INSIDE, Sample, World, listing, over, shared
from tests.api.scene import NOW

_V1 = "/api/v1"
_ONE = f"{_V1}/cases/{{made}}"
_WORDS = {"comment": "tried"}
_made = iter(range(10_000))


def made_case(world: World, _: str, where: str) -> int:
    """A case of ORG-2's meter or of ORG-1's, made anew: each of another rule."""
    n = 2 if where == INSIDE else 1
    case = Case(
        id=0,
        rule=f"tried-{next(_made)}",
        subject=f"MTR-{n}",
        asset=f"MTR-{n}",
        organisation=f"ORG-{n}",
        site="SITE-1",
        source="results",
        severity="warning",
        state=CaseState.OPEN,
        firing=True,
        began_at=NOW,
        opened_at=NOW,
        changed_at=NOW,
    )
    with world.scene.records.begin() as conn:
        return take_step(conn, case, CaseEvent.OPENED, Act("alerts", NOW)).case.id


def _finding(world: World, _: str, where: str) -> int:
    """A finding of ORG-2's meter or of ORG-1's, made anew."""
    subject = "MTR-2" if where == INSIDE else "MTR-1"
    found = Finding(f"tried_{next(_made)}", subject)
    with world.scene.records.begin() as conn:
        note_findings(conn, "tried", [found], WORLD, NOW)
        listed = conn.exec_driver_sql("select max(id) from findings").scalar_one()
    return int(listed)


def _act(verb: str, body: dict[str, Any]) -> dict[tuple[str, str], Sample]:
    address = f"{_ONE}/{verb}"
    headers = {"If-Match": "*"}
    sample = over(address, address, make=made_case, body=body, outside_body=body, headers=headers)
    return {("POST", f"{_V1}/cases/{{number}}/{verb}"): sample}


_EVIDENCE = f"{_ONE}/evidence/{'0' * 64}"
_OVERRUN = {"reason": "tried", "measures": "tried", "amount": 1.0}

CASE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_V1}/cases"): listing(f"{_V1}/cases"),
    # What goes on for ever is asked for what there is.
    ("GET", f"{_V1}/events"): shared(f"{_V1}/events?follow=false"),
    ("GET", f"{_V1}/cases/statistics"): listing(f"{_V1}/cases/statistics?from=2023-01-01"),
    ("GET", f"{_V1}/cases/{{number}}"): over(_ONE, _ONE, make=made_case),
    ("GET", f"{_V1}/cases/{{number}}/evidence/{{sha256}}"): over(
        _EVIDENCE, _EVIDENCE, make=made_case, may_be_missing=True
    ),
    # Without a file it ends there for who may.
    ("POST", f"{_V1}/cases/{{number}}/evidence"): shared(f"{_V1}/cases/1/evidence"),
    **_act("acknowledge", {}),
    **_act("assign", {"assignee": "account:nobody"}),
    **_act("comment", _WORDS),
    **_act("measure", _WORDS),
    **_act("due", {"working_days": 3}),
    **_act("explain", _OVERRUN),
    **_act("propose", _WORDS),
    **_act("send-back", _WORDS),
    **_act("close", _WORDS),
    **_act("reopen", _WORDS),
    ("POST", f"{_V1}/findings/{{number}}/case"): over(
        *[f"{_V1}/findings/{{made}}/case"] * 2, make=_finding, body={}, outside_body={}
    ),
}
