"""What each role may do, and that the document says the same."""

import re
from pathlib import Path

from quotawatt.access.principal import Grant, Principal, TokenScope
from quotawatt.access.roles import PERMISSIONS, Permission, Role
from quotawatt.secretfiles import SECRETS
from quotawatt.settings import Settings

DOCUMENT = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
WRITES = {p for p in Permission if not p.value.endswith(".read") and p is not Permission.OWN}


def test_the_documents_table_is_the_one_that_decides() -> None:
    table = re.findall(r"^\| `([a-z.]+)` \|(.*)\|$", DOCUMENT, re.MULTILINE)
    told = {name: [bool(cell.strip()) for cell in cells.split("|")] for name, cells in table}
    assert told == {p.value: [p in PERMISSIONS[role] for role in Role] for p in Permission}
    heads = re.search(r"^\| permission \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert heads
    assert heads[1].split(" | ") == [f"`{role.value}`" for role in Role]


def test_the_document_names_settings_that_exist() -> None:
    named = set(re.findall(r"QUOTAWATT_([A-Z_]+)", DOCUMENT)) - {"HOME"}
    known = {name.upper() for name in Settings.model_fields}
    assert named <= known | {f"{name.upper()}_FILE" for name in SECRETS}
    assert {f"{name.upper()}_FILE" for name in SECRETS} <= named


def test_none_of_the_three_can_do_anothers_part() -> None:
    system, security, audit = (
        PERMISSIONS[r] & WRITES for r in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
    )
    assert system == {Permission.ACCOUNTS_WRITE, Permission.DELIVERY_ACT}
    assert security == {Permission.GRANTS_WRITE}
    assert audit == set()
    assert not (WRITES & PERMISSIONS[Role.VIEWER])


def test_everybody_may_keep_their_own_account_but_no_token_may_unasked() -> None:
    assert all(Permission.OWN in permissions for permissions in PERMISSIONS.values())
    assert Principal("wang", user="wang").may(Permission.OWN)
    scope = TokenScope(frozenset({Permission.RESULTS_READ}))
    token = Principal("wang/t", (Grant(Role.MANAGER),), user="wang", token=scope)
    assert not token.may(Permission.OWN)
    assert token.may(Permission.RESULTS_READ)
    assert not token.may(Permission.REGISTER_WRITE)
