"""Grants: who may give what to whom, and the separation of the three."""

import threading
from itertools import permutations

import pytest
from sqlalchemy import Engine

from quotawatt.access.grants import Grants, chiefs
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.access.separation import ADMINISTRATIVE, require_separate
from quotawatt.errors import NotFoundError, StateError
from quotawatt.ledger import Ledger
from tests.quotawatt.access.people import HOLDER, NOW, add_ready_user, add_user, give

CHIEF = Principal("chief", user="chief")
BUSINESS = [role for role in Role if role not in ADMINISTRATIVE]


@pytest.mark.parametrize(("held", "wanted"), list(permutations(Role, 2)))
def test_the_three_are_apart_from_each_other_and_from_all_work(held: Role, wanted: Role) -> None:
    if {held, wanted} & ADMINISTRATIVE:
        with pytest.raises(StateError, match=f"only role, got {wanted} for wang, who is {held}"):
            require_separate("wang", [held], wanted)
    else:
        require_separate("wang", [held], wanted)


@pytest.mark.parametrize("role", Role)
def test_the_same_role_may_be_held_over_several_subtrees(records: Engine, role: Role) -> None:
    add_ready_user(records, "wang")
    give(records, CHIEF, "wang", role, "ORG-1")
    give(records, CHIEF, "wang", role, "ORG-2", "system")
    assert [g.grant.organisation for g in Grants(records).listed("wang")] == ["ORG-1", "ORG-2"]


def test_a_role_is_given_once(records: Engine) -> None:
    add_ready_user(records, "wang", Grant(Role.VIEWER))
    with pytest.raises(StateError, match="must be given once"):
        give(records, CHIEF, "wang", Role.VIEWER)


def test_nobody_gives_to_or_takes_from_themselves(records: Engine) -> None:
    add_user(records, "chief", Grant(Role.SECURITY_ADMIN))
    add_user(records, "second", Grant(Role.SECURITY_ADMIN))
    with pytest.raises(StateError, match="given by another, got chief"):
        give(records, CHIEF, "chief", Role.SECURITY_ADMIN, "ORG-1")
    (mine,) = Grants(records).listed("chief")
    with pytest.raises(StateError, match="taken away by another, got chief"):
        Grants(records).remove(CHIEF, mine.id, NOW)


def test_the_last_security_administrator_stays(records: Engine) -> None:
    add_user(records, "chief", Grant(Role.SECURITY_ADMIN))
    (only,) = Grants(records).listed("chief")
    with pytest.raises(StateError, match="must remain, got chief"):
        Grants(records).remove(HOLDER, only.id, NOW)
    # One over a part gives no role over the whole, so it does not count.
    add_user(records, "county", Grant(Role.SECURITY_ADMIN, "ORG-2"))
    with pytest.raises(StateError, match="must remain, got chief"):
        Grants(records).remove(HOLDER, only.id, NOW)
    add_user(records, "second", Grant(Role.SECURITY_ADMIN))
    Grants(records).remove(HOLDER, only.id, NOW)
    with records.connect() as conn:
        assert chiefs(conn) == ["second"]


def test_two_that_remove_each_other_at_once_leave_one(records: Engine) -> None:
    for name in ("one", "two"):
        add_user(records, name, Grant(Role.SECURITY_ADMIN))
    numbers = [g.id for g in Grants(records).listed()]
    together, refused = threading.Barrier(2), []

    def remove(number: int) -> None:
        together.wait()
        try:
            Grants(records).remove(HOLDER, number, NOW)
        except StateError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=remove, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(Grants(records).listed()) == 1


def test_two_roles_of_the_three_at_once_become_one(records: Engine) -> None:
    add_ready_user(records, "wang")
    together, refused = threading.Barrier(2), []

    def add(role: Role) -> None:
        together.wait()
        try:
            give(records, HOLDER, "wang", role)
        except StateError as error:
            refused.append(str(error))

    wanted = (Role.AUDITOR, Role.SYSTEM_ADMIN)
    threads = [threading.Thread(target=add, args=(role,)) for role in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(Grants(records).listed("wang")) == 1


@pytest.mark.parametrize("role", sorted(ADMINISTRATIVE))
def test_who_made_an_account_cannot_use_it_as_administrator(records: Engine, role: Role) -> None:
    add_user(records, "wang")
    with pytest.raises(StateError, match="that has changed its first password, got wang"):
        give(records, CHIEF, "wang", role)
    assert give(records, HOLDER, "wang", role).user == "wang"


def test_unknown_accounts_and_numbers_are_not_found(records: Engine) -> None:
    with pytest.raises(NotFoundError, match="got 'nobody'"):
        give(records, CHIEF, "nobody", Role.VIEWER)
    with pytest.raises(NotFoundError, match="a grant must exist by its number, got 7"):
        Grants(records).remove(CHIEF, 7, NOW)


def test_giving_and_taking_is_in_the_ledger(records: Engine) -> None:
    add_ready_user(records, "wang")
    stored = give(records, CHIEF, "wang", Role.OFFICER, "ORG-1", "system")
    Grants(records).remove(CHIEF, stored.id, NOW)
    given, taken = Ledger(records).entries()[-2:]
    assert (given.actor, given.action, given.subject) == ("chief", "grant_added", "users/wang")
    assert '"after":{"organisation":"ORG-1","role":"officer","tree":"system"}' in given.detail
    assert taken.action == "grant_removed"
    assert '"before":{"organisation":"ORG-1"' in taken.detail
