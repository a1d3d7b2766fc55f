"""Sessions: when they end."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from quotawatt.access.grants import Grants
from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.access.sessions import Sessions, end_session
from quotawatt.access.users import Users
from quotawatt.errors import NotFoundError
from quotawatt.storage.access_tables import sessions as table
from tests.quotawatt.access.people import (
    HOLDER,
    NOW,
    OTHER_PASSWORD,
    PASSWORD,
    QUICK,
    add_user,
    give,
)

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)


@pytest.fixture
def sessions(records: Engine) -> Sessions:
    return Sessions(records, IDLE, LONGEST, "installation-token")


def opened(records: Engine, sessions: Sessions, user: str = "wang") -> str:
    with records.begin() as conn:
        return sessions.open(conn, user, "192.0.2.1", NOW)


def test_a_session_is_found_by_its_secret_alone(records: Engine, sessions: Sessions) -> None:
    secret = opened(records, sessions)
    found = sessions.find(secret, NOW)
    assert found is not None
    assert (found.user, found.address) == ("wang", "192.0.2.1")
    for wrong in ("", secret[:-1], secret + "x", secret.swapcase(), "\ud800"):
        assert sessions.find(wrong, NOW) is None


def test_the_secret_is_not_kept(records: Engine, sessions: Sessions) -> None:
    secret = opened(records, sessions)
    with records.connect() as conn:
        kept = str(conn.execute(select(table)).one())
    assert secret not in kept


def test_one_that_is_not_used_ends(records: Engine, sessions: Sessions) -> None:
    secret = opened(records, sessions)
    assert sessions.find(secret, NOW + IDLE - timedelta(seconds=1)) is not None
    assert sessions.find(secret, NOW + IDLE + timedelta(minutes=30)) is not None
    assert sessions.find(secret, NOW + 3 * IDLE) is None


def test_one_that_is_used_ends_all_the_same(records: Engine, sessions: Sessions) -> None:
    secret = opened(records, sessions)
    for hour in range(1, 12):
        assert sessions.find(secret, NOW + timedelta(hours=hour)) is not None
    assert sessions.find(secret, NOW + LONGEST) is None


def test_that_of_the_installation_ends_with_its_token(records: Engine, sessions: Sessions) -> None:
    secret = opened(records, sessions, "")
    found = sessions.find(secret, NOW)
    assert found is not None
    assert found.user == ""
    assert Sessions(records, IDLE, LONGEST, "another token").find(secret, NOW) is None


def test_signing_out_ends_one(records: Engine, sessions: Sessions) -> None:
    mine, other = opened(records, sessions), opened(records, sessions)
    found = sessions.find(mine, NOW)
    assert found is not None
    with records.begin() as conn:
        assert end_session(conn, found.id, NOW) == "wang"
    assert sessions.find(mine, NOW) is None
    assert sessions.find(other, NOW) is not None
    with records.begin() as conn, pytest.raises(NotFoundError, match="must be open"):
        end_session(conn, found.id, NOW)


def test_that_of_another_account_cannot_be_ended_as_ones_own(
    records: Engine, sessions: Sessions
) -> None:
    found = sessions.find(opened(records, sessions), NOW)
    assert found is not None
    with records.begin() as conn, pytest.raises(NotFoundError):
        end_session(conn, found.id, NOW, user="li")


@pytest.mark.parametrize("deed", ["password", "own password", "block", "grant", "ungrant"])
def test_they_end_when_what_they_rest_on_changes(
    records: Engine, sessions: Sessions, deed: str
) -> None:
    add_user(records, "chief", Grant(Role.SECURITY_ADMIN))
    add_user(records, "wang", Grant(Role.VIEWER))
    add_user(records, "li")
    secret, others = opened(records, sessions), opened(records, sessions, "li")
    users, grants = Users(records, QUICK), Grants(records)
    if deed == "password":
        users.set_password(HOLDER, "wang", OTHER_PASSWORD, NOW)
    elif deed == "own password":
        users.change_password(Principal("wang", user="wang"), PASSWORD, OTHER_PASSWORD, NOW)
    elif deed == "block":
        users.set_blocked(HOLDER, "wang", True, NOW)
    elif deed == "grant":
        give(records, HOLDER, "wang", Role.OFFICER, "ORG-1")
    else:
        grants.remove(HOLDER, grants.listed("wang")[0].id, NOW)
    assert sessions.find(secret, NOW) is None
    assert sessions.find(others, NOW) is not None


def test_ones_own_stays_when_one_changes_the_password(records: Engine, sessions: Sessions) -> None:
    add_user(records, "wang")
    mine, other = opened(records, sessions), opened(records, sessions)
    found = sessions.find(mine, NOW)
    assert found is not None
    me = Principal("wang", user="wang", session=found.id)
    Users(records, QUICK).change_password(me, PASSWORD, OTHER_PASSWORD, NOW)
    assert sessions.find(mine, NOW) is not None
    assert sessions.find(other, NOW) is None


def test_the_first_security_administrator_ends_those_of_the_installation(
    records: Engine, sessions: Sessions
) -> None:
    secret = opened(records, sessions, "")
    add_user(records, "wang", Grant(Role.MANAGER))
    assert sessions.find(secret, NOW) is not None
    add_user(records, "chief", Grant(Role.SECURITY_ADMIN))
    assert sessions.find(secret, NOW) is None


def test_open_ones_are_listed(records: Engine, sessions: Sessions) -> None:
    opened(records, sessions)
    opened(records, sessions, "li")
    assert [s.user for s in sessions.listed(NOW)] == ["li", "wang"]
    assert [s.user for s in sessions.listed(NOW, "wang")] == ["wang"]
    assert sessions.listed(NOW + IDLE) == []
