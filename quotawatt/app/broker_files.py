"""The broker's own files: access rules and passwords, as mosquitto and EMQX read them."""

import base64
import csv
import hashlib
import io
import os
import secrets
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from collectors.acl import Grant, require_name
from quotawatt.errors import InputError, StoreError

ITERATIONS = 1000
"""Of PBKDF2. The broker computes it for every connection in its only thread: 1,000 take it under 1 ms."""

_SALT_BYTES = 12
_HEAD = "Written by quotawatt broker acl; changed by writing it anew"


def mosquitto_acl(grants: Sequence[Grant], collector: str) -> str:
    """An ``acl_file``: the collector reads everything, each account writes its own, nobody else anything.

    Where devices are told something the collector writes that too, and each account reads its own.
    """
    lines = [f"# {_HEAD}", f"user {collector}", "topic read #", "topic read $SYS/#"]
    lines += [f"topic write {topic}" for topic in _commands(grants)]
    for account, topics, denied, commands in grants:
        lines += ["", f"user {account}", *(f"topic deny {topic}" for topic in denied)]
        lines += [f"topic write {topic}" for topic in topics]
        lines += [f"topic read {topic}" for topic in commands]
    return "\n".join(lines) + "\n"


def emqx_acl(grants: Sequence[Grant], collector: str) -> str:
    """The same for EMQX's file authorizer (``acl.conf``): Erlang terms, the first that fits decides."""
    lines = [
        f"%% {_HEAD}",
        f'{{allow, {{user, "{collector}"}}, subscribe, ["#", "$SYS/#"]}}.',
        *_emqx_rule("allow", collector, "publish", _commands(grants)),
    ]
    for account, topics, denied, commands in grants:
        lines += _emqx_rule("deny", account, "publish", denied)
        lines += _emqx_rule("allow", account, "publish", topics)
        lines += _emqx_rule("allow", account, "subscribe", commands)
    return "\n".join([*lines, "{deny, all}."]) + "\n"


def _emqx_rule(verb: str, account: str, what: str, topics: Sequence[str]) -> list[str]:
    listed = ", ".join(f'"{topic}"' for topic in topics)
    return [f'{{{verb}, {{user, "{account}"}}, {what}, [{listed}]}}.'] if topics else []


def _commands(grants: Sequence[Grant]) -> list[str]:
    return sorted({topic for grant in grants for topic in grant.commands})


ACL_FORMATS: Mapping[str, Callable[[Sequence[Grant], str], str]] = {
    "mosquitto": mosquitto_acl,
    "emqx": emqx_acl,
}


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password as mosquitto keeps it: ``$7$iterations$salt$hash``, PBKDF2 with SHA-512."""
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(("$7", str(ITERATIONS), *parts))


def read_passwords(path: Path) -> dict[str, str]:
    """Hashed passwords by account from a mosquitto password file; empty where there is none yet.

    Raises StoreError where it can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"a password file must be readable, got {path} ({error})") from None
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {account: kept for account, _, kept in pairs}


def read_pairs(path: Path, columns: tuple[str, str]) -> list[tuple[str, str]]:
    """Rows of a CSV file with these two columns.

    Raises InputError that names the file and the line, never a value: it may be a password.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(
            f"a file of {', '.join(columns)} must be readable CSV, got {path}"
        ) from None
    if not rows or tuple(rows[0]) != columns:
        raise InputError(f"{path}:1 the columns must be {','.join(columns)}")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != 2 or not all(row):
            raise InputError(f"{path}:{number} a row must hold {' and '.join(columns)}")
    return [(first, second) for first, second in rows[1:]]


def password_lines(
    accounts: Sequence[str], given: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The text of a password file, and the passwords that were made up for accounts without one.

    kept
        Hashed passwords by account, as the file has them. Those of other accounts stay, behind.

    A given password goes before one that is kept. Raises InputError where one is given to an account
    that is not listed.
    """
    if strangers := sorted(set(given) - set(accounts)):
        raise InputError(
            "a password must be given to an account of the register, of --accounts, of --onboarding or "
            f"of the collectors, got {', '.join(strangers)}"
        )
    made = {a: secrets.token_urlsafe(18) for a in accounts if a not in given and a not in kept}
    fresh = {**given, **made}
    lines = [
        f"{require_name(account, 'an account of the broker')}:"
        f"{hashed(fresh[account]) if account in fresh else kept[account]}\n"
        for account in accounts
    ]
    others = [f"{account}:{entry}\n" for account, entry in kept.items() if account not in accounts]
    return "".join(lines + others), made


def without(kept: Mapping[str, str], removed: Collection[str]) -> dict[str, str]:
    """The accounts of a password file but these. Raises InputError where one is not among them."""
    if absent := sorted(set(removed) - set(kept)):
        raise InputError(f"an account to remove must be in the file, got {', '.join(absent)}")
    return {account: entry for account, entry in kept.items() if account not in removed}


def write_made(path: Path | None, made: Mapping[str, str]) -> None:
    """Write passwords in the clear for whoever sets the devices up: the only copy there is.

    Raises InputError where no new file is named for them.
    """
    if path is None or path.exists():
        raise InputError(
            f"passwords that are made up ({len(made)}) need a new file (--made), got {path or 'none'}"
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("account", "password"), *made.items()])
    write_private(path, text.getvalue())


def write_private(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file whole or not at all. It keeps its owner, group and mode.

    mode
        Of a new file: by default nobody but its owner may read it.

    Raises StoreError, also where the owner can't be kept: the broker could no longer read it.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if path.exists():
                before = path.stat()
                os.fchown(descriptor, before.st_uid, before.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
            file.write(text)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StoreError(
            f"a file must be writable and keep its owner, got {path} ({error.strerror})"
        ) from None
