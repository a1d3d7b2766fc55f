"""Cases for the tests of their routes and pages."""

from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import Engine

from alerts.cases.model import Act, Case, CaseEvent, CaseState
from alerts.cases.taking import take_step
from tests.api.scene import NOW, Scene

QUOTA = "db37t2672-city-b-electricity"
_numbers = count(1)

_CASE = Case(
    id=0,
    rule="",
    subject="BLD-2",
    asset="BLD-2",
    organisation="ORG-2",
    site="SITE-1",
    source="results",
    severity="warning",
    state=CaseState.OPEN,
    firing=True,
    began_at=NOW,
    opened_at=NOW,
    changed_at=NOW,
)


def add_case(scene: Scene, **changes: Any) -> int:
    """One more case, of BLD-2 and a rule of its own unless ``changes`` say otherwise."""
    return keep_case(scene.records, **changes)


def keep_case(records: Engine, **changes: Any) -> int:
    """The same in a record store."""
    case = replace(_CASE, **{"rule": f"rule-{next(_numbers)}", **changes})
    with records.begin() as conn:
        return take_step(conn, case, CaseEvent.OPENED, Act("alerts", case.opened_at)).case.id
