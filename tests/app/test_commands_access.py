"""``users``, ``grants`` and ``tokens`` on the command line."""

import getpass
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.model import Organisation, Register
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records
from tests.quotawatt.access.people import NOW, PASSWORD

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with one organisation, and a file with a password."""
    monkeypatch.setenv("QUOTAWATT_SERIES_URL", "memory")
    monkeypatch.setenv("COLUMNS", "160")
    home = tmp_path / "home"
    records = open_records("sqlite", home)
    register = Register(
        organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")]
    )
    save_register(records, register, "test", NOW)
    records.dispose()
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    return home


def run(home: Path, *words: str, given: str | None = None) -> Result:
    result = RUNNER.invoke(app, [*words, "--home", str(home)], input=given)
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rows(home: Path, *words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(home, *words, "--json").stdout.splitlines()]


def add(home: Path, user: str) -> Result:
    file = str(home.parent / "password")
    return run(home, "users", "add", user, "--password-file", file, "--lang", "en")


def test_an_account_gets_roles_and_a_token(home: Path) -> None:
    assert "Account wang is made and has no role yet" in add(home, "Wang").stdout
    given = run(home, "grants", "add", "wang", "manager", "--over", "ORG-1", "--lang", "en")
    assert given.stdout == "wang: manager, ORG-1 (by region)\n"
    (grant,) = rows(home, "grants", "list", "wang")
    assert (grant["role"], grant["granted_by"]) == ("manager", f"cli:{getpass.getuser()}")
    made = run(home, "tokens", "make", "wang", "grafana", "--days", "7", "--lang", "en")
    secret = made.stdout.splitlines()[-1]
    assert secret.startswith("qw_")
    (token,) = rows(home, "tokens", "list")
    assert token["permissions"] == ["results.read"]
    assert secret not in json.dumps(token)
    run(home, "tokens", "revoke", str(token["id"]))
    assert rows(home, "tokens", "list")[0]["revoked_at"] is not None
    run(home, "grants", "remove", str(grant["id"]))
    assert rows(home, "grants", "list") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["账号：1 个", "管理者: ORG-1 (按属地)", "待改初始密码"]),
        ("en", ["Accounts: 1", "manager: ORG-1 (by region)", "first password"]),
    ],
)
def test_the_tables_in_both_languages(home: Path, language: str, words: list[str]) -> None:
    add(home, "wang")
    run(home, "grants", "add", "wang", "manager", "--over", "ORG-1")
    run(home, "tokens", "make", "wang", "grafana", "--permission", "results.read")
    shown = run(home, "users", "list", "--lang", language).stdout
    for word in words:
        assert word in shown
    assert "wang" in run(home, "grants", "list", "--lang", language).stdout
    assert "wang/grafana" in run(home, "tokens", "list", "--lang", language).stdout


def test_the_three_are_set_up_with_first_passwords(home: Path) -> None:
    words = ["--system-admin", "sys", "--security-admin", "chief", "--auditor", "audit"]
    shown = run(home, "users", "setup", *words, "--lang", "en").stdout
    assert len(set(re.findall(r"First password of \w+: (\S+)", shown))) == 3
    roles = {row["user"]: row["role"] for row in rows(home, "grants", "list")}
    assert roles == {"sys": "system_admin", "chief": "security_admin", "audit": "auditor"}
    # Whoever holds the home folder still has the last word, and is named.
    assert "Account wang" in add(home, "wang").stdout
    with pytest.raises(StateError, match="must remain, got chief"):
        run(home, "users", "block", "chief")
    with pytest.raises(StateError, match="only role"):
        run(home, "grants", "add", "audit", "manager")


def test_the_three_must_be_three(home: Path) -> None:
    words = ["--system-admin", "sys", "--security-admin", "SYS", "--auditor", "audit"]
    with pytest.raises(InputError, match="three people"):
        run(home, "users", "setup", *words)
    assert rows(home, "users", "list") == []


def test_passwords_come_from_a_prompt_a_file_or_are_made(home: Path) -> None:
    run(home, "users", "add", "wang", given=f"{PASSWORD}\n{PASSWORD}\n")
    run(home, "users", "add", "li", "--password-file", "-", given=PASSWORD)
    made = run(home, "users", "add", "zhao", "--generate", "--lang", "en").stdout
    assert re.search(r"First password of zhao: \S{16}\n", made)
    run(home, "users", "add", "sun", "--no-password")
    has = {row["name"]: row["has_password"] for row in rows(home, "users", "list")}
    assert has == {"wang": True, "li": True, "zhao": True, "sun": False}
    set_ = run(home, "users", "password", "wang", "--generate", "--lang", "en").stdout
    assert "must be changed at the next sign-in" in set_


def test_a_password_that_is_refused_makes_no_account(home: Path) -> None:
    with pytest.raises(InputError, match="12 to 256 characters, got 5"):
        run(home, "users", "add", "wang", given="short\nshort\n")
    with pytest.raises(InputError, match="file must be readable"):
        run(home, "users", "add", "wang", "--password-file", str(home / "nothing"))
    assert rows(home, "users", "list") == []


def test_blocking_and_opening_again(home: Path) -> None:
    add(home, "wang")
    assert "blocked" in run(home, "users", "block", "wang", "--lang", "en").stdout
    assert rows(home, "users", "list")[0]["blocked"] is True
    assert "open again" in run(home, "users", "unblock", "wang", "--lang", "en").stdout
    with pytest.raises(NotFoundError, match="got 'nobody'"):
        run(home, "users", "block", "nobody")


def test_what_is_done_is_in_the_ledger_under_the_users_name(home: Path) -> None:
    made = run(home, "users", "add", "wang", "--generate", "--lang", "en").stdout
    run(home, "grants", "add", "wang", "viewer")
    records = open_records("sqlite", home)
    entries = Ledger(records).entries(1000)
    records.dispose()
    deeds = [(e.actor, e.action) for e in entries if e.subject == "users/wang"]
    me = f"cli:{getpass.getuser()}"
    assert deeds == [(me, "user_added"), (me, "grant_added")]
    found = re.search(r"First password of wang: (\S+)", made)
    assert found
    assert found[1] not in " ".join(e.detail for e in entries)
