"""``broker``: access rules and passwords for the MQTT broker, made from the register."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.console import HomeOption, settings_for, stderr
from quotawatt.errors import InputError
from quotawatt.settings import Settings

AccountsOption = Annotated[
    Path | None,
    typer.Option("--accounts", help="CSV account,device: accounts that speak for several devices."),
]
COLLECTOR = "collector"
# Readings by hand carry a device of this form; nothing ever publishes as one.
_BY_HAND = "asset:"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="Files for the MQTT broker.", no_args_is_help=True)
    group.command("acl")(acl)
    group.command("passwords")(passwords)
    app.add_typer(group, name="broker")


def acl(
    form: Annotated[str, typer.Option("--format", help="mosquitto or emqx.")] = "mosquitto",
    output: Annotated[Path | None, typer.Option("--output", help="Default: print it.")] = None,
    accounts: AccountsOption = None,
    home: HomeOption = None,
) -> None:
    """Write access rules: each registered device may publish as itself, the collector reads everything."""
    from collectors.acl import Families, grants
    from collectors.profile import load_all_profiles
    from quotawatt.app.broker_files import ACL_FORMATS, write_private
    from quotawatt.clock import system_clock

    if form not in ACL_FORMATS:
        raise InputError(f"a format must be one of {', '.join(ACL_FORMATS)}, got {form!r}")
    settings = settings_for(home)
    devices = _devices(settings, system_clock())
    found, refused = grants(
        devices, _accounts(accounts), Families(load_all_profiles(settings.profiles))
    )
    collector = _collector(settings, [grant.account for grant in found])
    text = ACL_FORMATS[form](found, collector)
    for words in refused:
        stderr.print(f"granted nothing: {words}", markup=False, highlight=False, soft_wrap=True)
    if output is None:
        typer.echo(text, nl=False)
        return
    # No secret stands in it, and the broker runs as another user.
    write_private(output, text, mode=0o644)
    stderr.print(f"{output}: {len(found)} accounts, {len(refused)} refused", soft_wrap=True)


def passwords(
    output: Annotated[Path, typer.Option("--output", help="The broker's password file.")],
    given: Annotated[
        Path | None, typer.Option("--given", help="CSV account,password: passwords to take.")
    ] = None,
    made: Annotated[
        Path | None, typer.Option("--made", help="New CSV file for the passwords that are made up.")
    ] = None,
    accounts: AccountsOption = None,
    home: HomeOption = None,
) -> None:
    """Write hashed passwords for the accounts; one that has none yet gets one made up."""
    from quotawatt.app.broker_files import (
        password_lines,
        read_pairs,
        read_passwords,
        write_made,
        write_private,
    )
    from quotawatt.clock import system_clock

    settings = settings_for(home)
    spoken_for = _accounts(accounts)
    served = {device for own in spoken_for.values() for device in own}
    names = {*spoken_for, *(d for d in _devices(settings, system_clock()) if d not in served)}
    collector = _collector(settings, names)
    taken = dict(read_pairs(given, ("account", "password"))) if given else {}
    if own := settings.mqtt_password.get_secret_value():
        taken[collector] = own
    listed = [collector, *_usable(names)]
    text, fresh = password_lines(listed, taken, read_passwords(output))
    if fresh:
        write_made(made, fresh)
    write_private(output, text)
    stderr.print(f"{output}: {len(listed)} accounts, {len(fresh)} new", soft_wrap=True)


def _usable(names: Iterable[str]) -> list[str]:
    """The names that may be accounts; the others are told."""
    from collectors.acl import require_name

    found = []
    for name in sorted(names):
        try:
            found.append(require_name(name, "an account of the broker"))
        except InputError as error:
            stderr.print(f"left out: {error}", markup=False, highlight=False, soft_wrap=True)
    return found


def _devices(settings: Settings, now: datetime) -> dict[str, str]:
    """The devices of bindings that have not ended, and the family that each turned out to be of."""
    from collectors.acl import NATIVE
    from collectors.families import load_families
    from quotawatt.app.home import prepare_home
    from quotawatt.register.repository import load_register
    from quotawatt.storage.records import open_records

    records = open_records(settings.records_url, prepare_home(settings.home))
    try:
        families = load_families(records)
        bindings = load_register(records).bindings
    finally:
        records.dispose()
    present = {b.device for b in bindings if b.valid_until is None or b.valid_until > now}
    return {d: families.get(d, NATIVE) for d in sorted(present) if not d.startswith(_BY_HAND)}


def _accounts(path: Path | None) -> dict[str, list[str]]:
    """Accounts that speak for several devices, and for which."""
    from quotawatt.app.broker_files import read_pairs

    found: dict[str, list[str]] = {}
    for account, device in read_pairs(path, ("account", "device")) if path else ():
        found.setdefault(account, []).append(device)
    return found


def _collector(settings: Settings, others: Iterable[str]) -> str:
    """The collectors' own account, which must be nobody else's: it reads what all devices send."""
    from collectors.acl import require_name

    name = require_name(settings.mqtt_user or COLLECTOR, "setting QUOTAWATT_MQTT_USER")
    if name in others:
        raise InputError(f"the collectors' account must be no device's, got {name!r}")
    return name
