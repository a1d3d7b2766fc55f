"""Tokens: shown once, limited, expiring, revocable."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from quotawatt.access.grants import Grants
from quotawatt.access.principal import Grant, Principal, TokenScope
from quotawatt.access.roles import Permission, Role
from quotawatt.access.tokens import PREFIX, Token, Tokens
from quotawatt.access.users import Users
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.access_tables import tokens as table
from tests.quotawatt.access.people import HOLDER, NOW, QUICK, add_user

END = NOW + timedelta(days=30)
READ = TokenScope(frozenset({Permission.RESULTS_READ}))
WANG = Principal("wang", user="wang")


def made(records: Engine, scope: TokenScope = READ, name: str = "grafana") -> tuple[Token, str]:
    return Tokens(records).make(WANG, "wang", name, scope, END, NOW)


@pytest.fixture
def tokens(records: Engine) -> Tokens:
    add_user(records, "wang", Grant(Role.MANAGER, "ORG-1"))
    return Tokens(records)


def test_a_token_stands_for_its_owner(records: Engine, tokens: Tokens) -> None:
    token, secret = made(records)
    assert secret.startswith(PREFIX)
    who = tokens.principal(secret, NOW)
    assert who is not None
    assert (who.name, who.user) == ("wang/grafana", "wang")
    assert who.token == READ
    assert who.may(Permission.RESULTS_READ)
    assert not who.may(Permission.ALERTS_ACT)
    assert not who.may(Permission.OWN)
    assert token.last_used_at is None
    assert tokens.read(token.id).last_used_at == NOW


def test_nothing_else_opens(records: Engine, tokens: Tokens) -> None:
    _, secret = made(records)
    for wrong in ("", PREFIX, secret[3:], secret[:-1], secret + "A", secret.lower(), "qw_\ud800"):
        assert tokens.principal(wrong, NOW) is None


def test_the_secret_is_kept_nowhere(records: Engine, tokens: Tokens) -> None:
    _, secret = made(records)
    with records.connect() as conn:
        kept = str(conn.execute(select(table)).one())
    told = " ".join(e.detail for e in Ledger(records).entries())
    assert secret not in kept + told
    assert secret[len(PREFIX) :] not in kept + told


def test_it_ends_at_its_time_and_when_it_is_revoked(records: Engine, tokens: Tokens) -> None:
    token, secret = made(records)
    assert tokens.principal(secret, END - timedelta(seconds=1)) is not None
    assert tokens.principal(secret, END) is None
    tokens.revoke(WANG, token.id, NOW)
    assert tokens.principal(secret, NOW) is None
    with pytest.raises(NotFoundError, match="a token must exist by its number"):
        tokens.revoke(WANG, token.id, NOW)


def test_it_loses_what_its_owner_loses(records: Engine, tokens: Tokens) -> None:
    _, secret = made(records)
    (grant,) = Grants(records).listed("wang")
    Grants(records).remove(HOLDER, grant.id, NOW)
    who = tokens.principal(secret, NOW)
    assert who is not None
    assert not who.may(Permission.RESULTS_READ)


def test_it_stops_while_its_owner_is_blocked(records: Engine, tokens: Tokens) -> None:
    _, secret = made(records)
    users = Users(records, QUICK)
    users.set_blocked(HOLDER, "wang", True, NOW)
    assert tokens.principal(secret, NOW) is None
    with pytest.raises(NotFoundError, match="not blocked, got 'wang'"):
        made(records, name="another")
    users.set_blocked(HOLDER, "wang", False, NOW)
    assert tokens.principal(secret, NOW) is not None


def test_a_name_is_free_again_once_its_token_is_gone(records: Engine, tokens: Tokens) -> None:
    first, _ = made(records)
    with pytest.raises(StateError, match="a token's name must be free, got grafana of wang"):
        made(records)
    tokens.revoke(WANG, first.id, NOW)
    second, _ = made(records)
    assert [t.id for t in tokens.listed("wang")] == [first.id, second.id]


@pytest.mark.parametrize("permission", [Permission.ACCOUNTS_WRITE, Permission.GRANTS_WRITE])
def test_accounts_and_roles_take_a_person(
    records: Engine, tokens: Tokens, permission: Permission
) -> None:
    with pytest.raises(InputError, match="kept by somebody signed in"):
        made(records, TokenScope(frozenset({permission})))


def test_what_breaks_a_rule_is_refused(records: Engine, tokens: Tokens) -> None:
    for name in ("", " x", "a/b", "x" * 65, "a\nb"):
        with pytest.raises(InputError, match="1 to 64 printable characters"):
            made(records, name=name)
    with pytest.raises(InputError, match="at least one permission, got none"):
        made(records, TokenScope(frozenset()))
    for end in (NOW, NOW + timedelta(days=367)):
        with pytest.raises(InputError, match="within 366 days from now"):
            tokens.make(WANG, "wang", "x", READ, end, NOW)


def test_that_of_another_cannot_be_revoked_as_ones_own(records: Engine, tokens: Tokens) -> None:
    token, secret = made(records)
    with pytest.raises(NotFoundError):
        tokens.revoke(Principal("li", user="li"), token.id, NOW, user="li")
    assert tokens.principal(secret, NOW) is not None


def test_making_and_revoking_is_in_the_ledger(records: Engine, tokens: Tokens) -> None:
    token, _ = made(records)
    tokens.revoke(HOLDER, token.id, NOW)
    made_entry, revoked = Ledger(records).entries()[-2:]
    assert (made_entry.actor, made_entry.action) == ("wang", "token_made")
    assert '"permissions":["results.read"]' in made_entry.detail
    assert (revoked.actor, revoked.action) == ("cli:root", "token_revoked")
    assert revoked.subject == "users/wang"
