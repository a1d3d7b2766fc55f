"""Who can be given a case, and who is refused by name."""

from datetime import date
from typing import Any

import pytest

from alerts.cases.assigning import key_of, require_assignee
from alerts.people.accounts import read_accounts
from alerts.people.recipients import Recipient, Staff
from quotawatt.errors import InputError, StateError
from quotawatt.register.kinds import Duty
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of
from tests.alerts.cases.scene import NOW, REGISTER, ZONE, Desk, add_account, fired


def register_with(duty: Duty) -> Register:
    """The small register with this duty alone."""
    records: dict[str, Any] = dict(records_of(REGISTER))
    return Register(**{**records, "duties": [duty]})


def given(desk: Desk, wanted: str, register: Register = REGISTER) -> Recipient:
    """Whoever is given the case of a new alert."""
    case = desk.happen(fired(), "fired")[0].case
    with desk.records.connect() as conn:
        staff = Staff(register, read_accounts(conn), ZONE)
        return require_assignee(conn, staff, case, wanted, NOW)


def test_an_account_that_may_act_there(desk: Desk) -> None:
    add_account(desk.records, "zhao", ("officer", "ORG-1"))
    assert given(desk, " Zhao ").key == "account:zhao"


def test_an_account_with_a_right_over_others_only(desk: Desk) -> None:
    add_account(desk.records, "zhao", ("officer", "ORG-3"), ("viewer", "ORG-2"))
    with pytest.raises(StateError, match=r"alerts\.act over MTR-1, got zhao"):
        given(desk, "zhao")


def test_a_holder_of_a_duty(desk: Desk) -> None:
    found = given(desk, "contact:BLD-1/deputy/1")
    assert (found.name.zh, found.mobile) == ("值班员", "13800000000")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("zhao", "account:zhao who is blocked"),
        ("nobody", "account:nobody who has no account"),
        ("contact:BLD-1/owner/1", "contact:BLD-1/owner/1 who holds that duty no more"),
    ],
)
def test_somebody_who_is_not_there_is_named(desk: Desk, wanted: str, words: str) -> None:
    add_account(desk.records, "zhao", ("officer", ""), blocked=True)
    with pytest.raises(StateError, match=f"somebody who is there, got {words}"):
        given(desk, wanted)


def test_an_owner_who_left_is_refused_from_that_day(desk: Desk) -> None:
    duty = Duty(
        "BLD-1", "owner", "管理员", date(2020, 1, 1), date(2023, 6, 5), email="a@example.org"
    )
    register = register_with(duty)
    with pytest.raises(StateError, match="contact:BLD-1/owner/1 who holds that duty no more"):
        given(desk, "contact:BLD-1/owner/1", register)


def test_a_duty_over_something_else(desk: Desk) -> None:
    duty = Duty("ORG-3", "owner", "管理员", date(2020, 1, 1), email="a@example.org")
    register = register_with(duty)
    with pytest.raises(StateError, match="a duty over MTR-1, got contact:ORG-3/owner/1"):
        given(desk, "contact:ORG-3/owner/1", register)


@pytest.mark.parametrize("wanted", ["", "channel:log", "account:", "post:x"])
def test_keys_that_are_none(wanted: str) -> None:
    with pytest.raises(InputError, match="must be account:NAME or contact:ASSET/DUTY/RANK, got"):
        key_of(wanted)
