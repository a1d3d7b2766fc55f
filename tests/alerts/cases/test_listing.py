"""Which cases are listed, and in which order."""

from datetime import date

import pytest
from sqlalchemy import Engine

from alerts.cases.acts import acknowledge, assign, close, set_due
from alerts.cases.book import list_cases
from alerts.cases.listing import Wanted, by_importance, conditions_of
from alerts.cases.model import CaseState
from tests.alerts.cases.scene import HOUR, NOW, Desk, act, fired

TODAY = date(2023, 6, 5)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """1 a warning, 2 critical and given to zhao, 3 acknowledged and due, 4 closed."""
    for subject, severity in (
        ("MTR-1", "warning"),
        ("VEH-1", "critical"),
        ("BLD-1/area/2023", "warning"),
        ("BLD-1/100%_/2023", "critical"),
    ):
        desk.happen(fired(subject, severity=severity), "fired", at=NOW)
    desk.do(assign, 2, act("wang"), "account:zhao")
    desk.do(acknowledge, 3, act("li", at=NOW + HOUR))
    desk.do(set_due, 3, act("wang"), TODAY, TODAY)
    desk.do(close, 4, act("wang", "fine"))
    return desk


def listed(desk: Desk, wanted: Wanted) -> list[int]:
    with desk.records.connect() as conn:
        _, found = list_cases(conn, conditions_of(wanted), by_importance(), 10)
    return [case.id for case in found]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [2, 3, 1, 4]),  # open first, the gravest, the newest
        (Wanted(states=[CaseState.ACKNOWLEDGED, CaseState.CLOSED]), [3, 4]),
        (Wanted(severities=["critical"]), [2, 4]),
        (Wanted(rules=["loss"]), []),
        (Wanted(organisations=["ORG-3"]), [2]),
        (Wanted(organisations=[]), []),
        (Wanted(asset="BLD-1"), [3, 4]),
        (Wanted(firing=False), []),
        (Wanted(overdue_on=date(2023, 6, 6)), [3]),
        (Wanted(overdue_on=TODAY), []),
        (Wanted(of_person="account:zhao"), [2]),
        (Wanted(of_person="contact:BLD-1/deputy/1"), [3, 1, 4]),
        (Wanted(words="AREA"), [3]),
        (Wanted(words="%"), [4]),
        (Wanted(words="主楼", named=["BLD-1"]), [3, 4]),
        (Wanted(words="超定额", titled=["over"]), [2, 3, 1, 4]),
    ],
)
def test_what_is_wanted(busy: Desk, wanted: Wanted, numbers: list[int]) -> None:
    assert listed(busy, wanted) == numbers


def test_pages_are_cut_by_the_store(records: Engine) -> None:
    desk = Desk(records)
    for n in range(5):
        desk.happen(fired(f"MTR-{n}"), "fired")
    with records.connect() as conn:
        total, page = list_cases(conn, conditions_of(Wanted(words="mtr")), by_importance(), 2, 3)
    assert (total, [case.subject for case in page]) == (5, ["MTR-1", "MTR-0"])
