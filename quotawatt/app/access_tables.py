"""Accounts, roles and tokens as the command line prints them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.table import Table

from quotawatt.app.console import NONE, local_time, printable, table_console
from quotawatt.app.texts_access import access_text
from quotawatt.settings import Settings

Rows = Sequence[Mapping[str, Any]]


def print_users(users: Rows, grants: Rows, settings: Settings) -> None:
    """Accounts with their roles and when they last signed in."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    cells = [
        (
            user["name"],
            user["display_name"],
            access_text(_state(user), lang),
            "\n".join(_role_over(g, lang) for g in grants if g["user"] == user["name"]) or NONE,
            local_time(user["last_sign_in_at"], zone),
        )
        for user in users
    ]
    headings = ("col_user", "col_display_name", "col_state", "col_roles", "col_last_sign_in")
    _print("users_title", headings, cells, lang)


def print_grants(grants: Rows, settings: Settings) -> None:
    """Who has which role over what, since when and by whom."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    cells = [
        (
            str(grant["id"]),
            grant["user"],
            access_text(f"role_{grant['role']}", lang),
            over(grant, lang),
            local_time(grant["granted_at"], zone),
            grant["granted_by"],
        )
        for grant in grants
    ]
    headings = ("col_id", "col_user", "col_role", "col_over", "col_since", "col_by")
    _print("grants_title", headings, cells, lang)


def print_tokens(tokens: Rows, settings: Settings) -> None:
    """Tokens with what they may do, where, and until when."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    cells = [
        (
            str(token["id"]),
            f"{token['user']}/{token['name']}",
            "\n".join(token["permissions"]),
            over(token, lang),
            access_text("revoked", lang)
            if token["revoked_at"]
            else local_time(token["expires_at"], zone),
            local_time(token["last_used_at"], zone),
        )
        for token in tokens
    ]
    headings = ("col_id", "col_token", "col_permissions", "col_over", "col_ends", "col_last_used")
    _print("tokens_title", headings, cells, lang)


def over(row: Mapping[str, Any], language: str) -> str:
    """The subtree of a grant or token."""
    if not row["organisation"]:
        return access_text("over_all", language)
    return f"{row['organisation']} ({access_text('tree_' + row['tree'], language)})"


def _role_over(grant: Mapping[str, Any], language: str) -> str:
    return f"{access_text('role_' + grant['role'], language)}: {over(grant, language)}"


def _state(user: Mapping[str, Any]) -> str:
    if user["blocked"]:
        return "blocked"
    return "first_password" if user["must_change_password"] else "open"


def _print(
    title: str, headings: Iterable[str], rows: Sequence[Sequence[str]], language: str
) -> None:
    table = Table(
        *(access_text(heading, language) for heading in headings),
        title=access_text(title, language, count=len(rows)),
        title_justify="left",
        header_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for row in rows:
        # Names are what somebody entered: no markup, no control characters.
        table.add_row(*("\n".join(printable(line) for line in cell.split("\n")) for cell in row))
    table_console().print(table, markup=False, highlight=False)
