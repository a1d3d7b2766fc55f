"""Accounts: made without rights, blocked, and their passwords."""

import pytest
from sqlalchemy import Engine

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.access.users import Users
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from tests.quotawatt.access.people import (
    HOLDER,
    NOW,
    OTHER_PASSWORD,
    PASSWORD,
    QUICK,
    add_ready_user,
    add_user,
)

SYSTEM = Principal("sys", user="sys")


@pytest.fixture
def users(records: Engine) -> Users:
    return Users(records, QUICK)


def test_an_account_is_made_with_a_password_that_must_be_changed(users: Users) -> None:
    made = users.add(SYSTEM, " Wang.Fang ", "王芳", PASSWORD, NOW)
    assert made.name == "wang.fang"
    assert made.display_name == "王芳"
    assert made.must_change_password
    assert made.created_by == "sys"
    assert users.read("WANG.FANG") == made
    assert users.listed() == [made]


def test_one_without_a_password_signs_in_elsewhere(users: Users) -> None:
    made = users.add(SYSTEM, "li", "", None, NOW)
    assert not made.has_password
    assert not made.must_change_password
    assert made.display_name == "li"


@pytest.mark.parametrize("name", ["", "x", "a b", "a/b", "cli:root", "x" * 65, "a\nb", ".x"])
def test_a_name_that_breaks_the_rule_is_refused(users: Users, name: str) -> None:
    with pytest.raises(InputError, match="an account's name must be 2 to 64 letters"):
        users.add(SYSTEM, name, "", PASSWORD, NOW)


def test_parts_of_the_system_are_no_accounts(users: Users) -> None:
    with pytest.raises(InputError, match="must not be one of a part of the system, got console"):
        users.add(SYSTEM, "Console", "", PASSWORD, NOW)


def test_a_name_is_taken_once_however_it_is_written(users: Users) -> None:
    users.add(SYSTEM, "wang", "", PASSWORD, NOW)
    with pytest.raises(StateError, match="must be free, got wang"):
        users.add(SYSTEM, "ＷＡＮＧ", "", PASSWORD, NOW)


def test_an_unknown_account_is_not_found(users: Users) -> None:
    with pytest.raises(NotFoundError, match="must exist by its name, got 'nobody'"):
        users.read("nobody")


def test_nobody_blocks_themselves(users: Users) -> None:
    users.add(HOLDER, "sys", "", PASSWORD, NOW)
    with pytest.raises(StateError, match="must be blocked by another, got sys"):
        users.set_blocked(SYSTEM, "sys", True, NOW)


def test_the_last_security_administrator_cannot_be_blocked(records: Engine, users: Users) -> None:
    add_user(records, "first", Grant(Role.SECURITY_ADMIN))
    with pytest.raises(StateError, match="security administrator over the whole must remain"):
        users.set_blocked(HOLDER, "first", True, NOW)
    add_user(records, "second", Grant(Role.SECURITY_ADMIN))
    assert users.set_blocked(HOLDER, "first", True, NOW).blocked
    with pytest.raises(StateError, match="must remain, got second"):
        users.set_blocked(HOLDER, "second", True, NOW)
    assert not users.set_blocked(HOLDER, "first", False, NOW).blocked


def test_one_changes_ones_own_password_with_the_present_one(users: Users) -> None:
    users.add(SYSTEM, "wang", "", PASSWORD, NOW)
    me = Principal("wang", user="wang")
    with pytest.raises(InputError, match="the present password must be given"):
        users.change_password(me, OTHER_PASSWORD, "whatever it may be 1", NOW)
    with pytest.raises(InputError, match="must differ from the present one"):
        users.change_password(me, PASSWORD, PASSWORD, NOW)
    with pytest.raises(InputError, match="12 to 256 characters"):
        users.change_password(me, PASSWORD, "short", NOW)
    users.change_password(me, PASSWORD, OTHER_PASSWORD, NOW)
    assert not users.read("wang").must_change_password


def test_a_password_is_set_for_others_but_not_for_who_administers(
    records: Engine, users: Users
) -> None:
    add_ready_user(records, "wang", Grant(Role.MANAGER))
    users.set_password(SYSTEM, "wang", OTHER_PASSWORD, NOW)
    assert users.read("wang").must_change_password
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN):
        add_ready_user(records, role.value, Grant(role))
        with pytest.raises(StateError, match="must be set by the command line"):
            users.set_password(SYSTEM, role.value, OTHER_PASSWORD, NOW)
        users.set_password(HOLDER, role.value, OTHER_PASSWORD, NOW)


def test_all_of_it_is_in_the_ledger_and_no_password(records: Engine, users: Users) -> None:
    users.add(SYSTEM, "wang", "王芳", PASSWORD, NOW)
    users.change_password(Principal("wang", user="wang"), PASSWORD, OTHER_PASSWORD, NOW)
    users.rename(SYSTEM, "wang", "王芳芳", NOW)
    users.set_password(SYSTEM, "wang", PASSWORD, NOW)
    users.set_blocked(SYSTEM, "wang", True, NOW)
    users.set_blocked(SYSTEM, "wang", True, NOW)
    users.set_blocked(SYSTEM, "wang", False, NOW)
    entries = Ledger(records).entries()
    assert [(e.actor, e.action) for e in entries] == [
        ("sys", "user_added"),
        ("wang", "password_changed"),
        ("sys", "user_renamed"),
        ("sys", "password_set"),
        ("sys", "user_blocked"),
        ("sys", "user_unblocked"),
    ]
    assert {e.subject for e in entries} == {"users/wang"}
    told = " ".join(e.detail for e in entries)
    assert "王芳芳" in told
    for secret in (PASSWORD, OTHER_PASSWORD, "$argon2"):
        assert secret not in told
