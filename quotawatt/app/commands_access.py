"""``users``, ``grants`` and ``tokens``: who may use the installation, and for what."""

import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.access_tables import over, print_grants, print_tokens, print_users
from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.texts_access import access_text
from quotawatt.errors import InputError
from quotawatt.settings import Settings

UserArgument = Annotated[str, typer.Argument(help="Name of the account.")]
OverOption = Annotated[
    str, typer.Option("--over", help="Top of the subtree of organisations; default: the whole.")
]
TreeOption = Annotated[str, typer.Option("--tree", help="region or system.")]
PasswordOption = Annotated[
    Path | None,
    typer.Option("--password-file", help="File with the password, - for the standard input."),
]
GenerateOption = Annotated[
    bool, typer.Option("--generate", help="Make a first password and show it once.")
]

_V1 = "/api/v1"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    users = typer.Typer(help="Accounts.", no_args_is_help=True)
    users.command("list")(users_list)
    users.command("add")(users_add)
    users.command("block")(users_block)
    users.command("unblock")(users_unblock)
    users.command("password")(users_password)
    users.command("setup")(users_setup)
    app.add_typer(users, name="users")
    grants = typer.Typer(help="Roles of accounts.", no_args_is_help=True)
    grants.command("list")(grants_list)
    grants.command("add")(grants_add)
    grants.command("remove")(grants_remove)
    app.add_typer(grants, name="grants")
    tokens = typer.Typer(help="Tokens that programs carry.", no_args_is_help=True)
    tokens.command("list")(tokens_list)
    tokens.command("make")(tokens_make)
    tokens.command("revoke")(tokens_revoke)
    app.add_typer(tokens, name="tokens")


# --- accounts ----------------------------------------------------------------------------------------


def users_list(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """All accounts with their roles."""
    settings = settings_for(home, language)
    users = _call(settings, "GET", "/users")["items"]
    if as_json:
        show_json(users)
    else:
        print_users(users, _call(settings, "GET", "/grants")["items"], settings)


def users_add(
    user: UserArgument,
    name: Annotated[str, typer.Option("--name", help="As people read it.")] = "",
    password_file: PasswordOption = None,
    generate: GenerateOption = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Signs in through the identity provider only.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Make an account without any right; its first password must be changed at the first sign-in."""
    settings = settings_for(home, language)
    password = None if no_password else _password(settings, user, password_file, generate)
    body = {"name": user, "display_name": name, "password": password}
    made = _call(settings, "POST", "/users", body=body)
    if generate and not no_password:
        _tell_password(settings, made["name"], str(password))
    _say(settings, "user_added", user=made["name"])


def users_block(
    user: UserArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Block an account: its sessions end, its tokens open nothing."""
    settings = settings_for(home, language)
    _call(settings, "PATCH", f"/users/{user}", body={"blocked": True})
    _say(settings, "user_blocked", user=user)


def users_unblock(
    user: UserArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Open a blocked account again."""
    settings = settings_for(home, language)
    _call(settings, "PATCH", f"/users/{user}", body={"blocked": False})
    _say(settings, "user_unblocked", user=user)


def users_password(
    user: UserArgument,
    password_file: PasswordOption = None,
    generate: GenerateOption = False,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an account a password that must be changed at the next sign-in."""
    settings = settings_for(home, language)
    password = _password(settings, user, password_file, generate)
    _call(settings, "POST", f"/users/{user}/password", body={"password": password})
    if generate:
        _tell_password(settings, user, password)
    _say(settings, "password_set", user=user)


def users_setup(
    system_admin: Annotated[str, typer.Option(help="Keeps the system, makes accounts.")],
    security_admin: Annotated[str, typer.Option(help="Gives and takes roles.")],
    auditor: Annotated[str, typer.Option(help="Reads everything, changes nothing.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Set up the system administrator, the security administrator and the auditor (三员), at the first start.

    Each gets an account with a first password. From then on the installation's token opens nothing over the
    network.
    """
    settings = settings_for(home, language)
    three = {"system_admin": system_admin, "auditor": auditor, "security_admin": security_admin}
    if len({name.strip().casefold() for name in three.values()}) < len(three):
        raise InputError(f"the three must be three people, got {', '.join(three.values())}")
    for role, user in three.items():
        password = _generated()
        body = {"name": user, "password": password}
        made = _call(settings, "POST", "/users", body=body)
        _call(settings, "POST", "/grants", body={"user": made["name"], "role": role})
        _say(settings, "password_made", user=made["name"], password=password)
    _say(settings, "password_told")
    _say(settings, "setup_done")


# --- roles -------------------------------------------------------------------------------------------


def grants_list(
    user: Annotated[str | None, typer.Argument(help="Only of this account.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who has which role over what."""
    settings = settings_for(home, language)
    grants = _call(settings, "GET", "/grants", params={"user": user})["items"]
    if as_json:
        show_json(grants)
    else:
        print_grants(grants, settings)


def grants_add(
    user: UserArgument,
    role: Annotated[
        str,
        typer.Argument(help="viewer, officer, manager, auditor, system_admin or security_admin."),
    ],
    organisation: OverOption = "",
    tree: TreeOption = "region",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an account a role over a subtree of organisations."""
    settings = settings_for(home, language)
    body = {"user": user, "role": role, "organisation": organisation, "tree": tree}
    made = _call(settings, "POST", "/grants", body=body)
    lang = settings.language
    words = access_text(f"role_{made['role']}", lang)
    _say(settings, "grant_added", user=made["user"], role=words, over=over(made, lang))


def grants_remove(
    number: Annotated[int, typer.Argument(help="Number of the grant, as listed.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a role away."""
    settings = settings_for(home, language)
    _call(settings, "DELETE", f"/grants/{number}")
    _say(settings, "grant_removed", number=number)


# --- tokens ------------------------------------------------------------------------------------------


def tokens_list(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """All tokens, without their secrets."""
    settings = settings_for(home, language)
    tokens = _call(settings, "GET", "/tokens")["items"]
    if as_json:
        show_json(tokens)
    else:
        print_tokens(tokens, settings)


def tokens_make(
    user: UserArgument,
    name: Annotated[str, typer.Argument(help="What it is for, as the ledger names it.")],
    permission: Annotated[
        list[str] | None, typer.Option("--permission", help="May repeat. Default: results.read.")
    ] = None,
    organisation: OverOption = "",
    tree: TreeOption = "region",
    days: Annotated[int, typer.Option("--days", help="So long it lives.")] = 90,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token of an account, which can do what the account can, within its limits. Shown once."""
    settings = settings_for(home, language)
    body = {
        "user": user,
        "name": name,
        "permissions": permission or ["results.read"],
        "organisation": organisation,
        "tree": tree,
        "days": days,
    }
    made = _call(settings, "POST", "/tokens", body=body)
    if as_json:
        show_json([made])
        return
    ends = datetime.fromisoformat(made["expires_at"]).astimezone(ZoneInfo(settings.timezone))
    _say(settings, "token_made", user=made["user"], name=name, ends=f"{ends:%Y-%m-%d %H:%M}")
    typer.echo(made["token"])


def tokens_revoke(
    number: Annotated[int, typer.Argument(help="Number of the token, as listed.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Revoke a token: from now on it opens nothing."""
    settings = settings_for(home, language)
    _call(settings, "DELETE", f"/tokens/{number}")
    _say(settings, "token_revoked", number=number)


# --- passwords ---------------------------------------------------------------------------------------


def _password(settings: Settings, user: str, file: Path | None, generate: bool) -> str:
    """A password from a file, made, or asked for twice; never from the command line, which others see."""
    if generate:
        return _generated()
    if file is None:
        asked = access_text("password_ask", settings.language, user=user)
        return str(typer.prompt(asked, hide_input=True, confirmation_prompt=True))
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the password's file must be readable, got {file} ({error})") from None
    return text.rstrip("\r\n")


def _generated() -> str:
    """A first password of 96 random bits."""
    return secrets.token_urlsafe(12)


def _tell_password(settings: Settings, user: str, password: str) -> None:
    _say(settings, "password_made", user=user, password=password)
    _say(settings, "password_told")


def _say(settings: Settings, key: str, **values: object) -> None:
    words = access_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _call(settings: Settings, method: str, path: str, **more: Any) -> Any:
    return call(settings, home_clock(settings.home), method, _V1 + path, **more)
