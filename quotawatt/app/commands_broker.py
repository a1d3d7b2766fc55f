"""``broker``: access rules and passwords for the MQTT broker, made from the register."""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from quotawatt.app.console import HomeOption, LanguageOption, settings_for, stderr
from quotawatt.app.texts import text
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.settings import Settings

AccountsOption = Annotated[
    Path | None,
    typer.Option("--accounts", help="CSV account,device: accounts that speak for several devices."),
]
OnboardingOption = Annotated[
    str | None,
    typer.Option(
        "--onboarding", help="An account that may publish anything, for devices not heard yet."
    ),
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


class _Devices(NamedTuple):
    """Devices of the register.

    heard
        Those of bindings that have not ended, and the families that each was heard by.
    gone
        Those of which all bindings have ended.
    channels
        The channels of each one heard that are bound now.
    """

    heard: dict[str, set[str]]
    gone: set[str]
    channels: dict[str, set[str]]


def acl(
    form: Annotated[str, typer.Option("--format", help="mosquitto or emqx.")] = "mosquitto",
    output: Annotated[Path | None, typer.Option("--output", help="Default: print it.")] = None,
    accounts: AccountsOption = None,
    onboarding: OnboardingOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write access rules: each registered device may publish as itself, the collector reads everything.

    Where commands are enabled the collector may write the command topics of registered devices as well, and
    each device may read its own.
    """
    from collectors.acl import Families, Grant, grants
    from collectors.commandacl import command_topics, with_commands
    from collectors.commanding import catalogue
    from collectors.profile import load_all_profiles
    from quotawatt.app.broker_files import ACL_FORMATS, write_private

    if form not in ACL_FORMATS:
        raise InputError(f"a format must be one of {', '.join(ACL_FORMATS)}, got {form!r}")
    settings = settings_for(home, language)
    profiles = load_all_profiles(settings.profiles)
    devices, spoken_for = _devices(settings), _accounts(accounts)
    found, refused = grants(devices.heard, spoken_for, Families(profiles))
    if settings.commands_enabled:
        topics = command_topics(devices.channels, devices.heard, catalogue(profiles))
        found = with_commands(found, topics, spoken_for)
    names = [grant.account for grant in found]
    if onboarding is not None:
        found.insert(0, Grant(_onboarding(onboarding, names), ("#",)))
        names.append(onboarding)
        _say("broker_onboarding", settings, account=onboarding)
    rules = ACL_FORMATS[form](found, _collector(settings, names))
    for words in refused:
        _tell(f"not granted: {words}")
    if output is None:
        typer.echo(rules, nl=False)
        return
    # No secret stands in it, and the broker runs as another user.
    write_private(output, rules, mode=0o644)
    _tell(f"{output}: {len(found)} accounts, {len(refused)} refused")
    _say_next(output, settings)


def passwords(
    output: Annotated[Path, typer.Option("--output", help="The broker's password file.")],
    given: Annotated[
        Path | None, typer.Option("--given", help="CSV account,password: passwords to take.")
    ] = None,
    made: Annotated[
        Path | None, typer.Option("--made", help="New CSV file for the passwords that are made up.")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", help="An account to take out; may repeat.")
    ] = None,
    accounts: AccountsOption = None,
    onboarding: OnboardingOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write hashed passwords for the accounts; one that has none yet gets one made up."""
    from quotawatt.app.broker_files import (
        password_lines,
        read_pairs,
        read_passwords,
        without,
        write_made,
        write_private,
    )

    settings = settings_for(home, language)
    devices, spoken_for = _devices(settings), _accounts(accounts)
    served = {device for own in spoken_for.values() for device in own}
    names = {*spoken_for, *(devices.heard.keys() - served)}
    if onboarding is not None:
        names.add(_onboarding(onboarding, names))
    listed = [_collector(settings, names), *_usable(names)]
    taken = dict(read_pairs(given, ("account", "password"))) if given else {}
    if own := settings.mqtt_password.get_secret_value():
        taken[listed[0]] = own
    if held := sorted(set(remove or ()) & set(listed)):
        raise InputError(f"an account to remove must not be in use, got {', '.join(held)}")
    kept = without(read_passwords(output), remove or ())
    lines, fresh = password_lines(listed, taken, kept)
    if fresh:
        write_made(made, fresh)
    write_private(output, lines)
    _tell(f"{output}: {len(listed)} accounts, {len(fresh)} new")
    _say_kept(kept.keys() - set(listed), devices.gone, settings)
    _say_next(output, settings)


def _say_kept(others: set[str], gone: set[str], settings: Settings) -> None:
    for key, names in (("broker_kept", others - gone), ("broker_gone", others & gone)):
        if names:
            _say(key, settings, names=", ".join(sorted(names)))


def _say_next(path: Path, settings: Settings) -> None:
    """What the broker needs before it goes by a file that was written."""
    found = path.stat()
    mode = f"{stat.S_IMODE(found.st_mode):04o}"
    _say("broker_next", settings, owner=f"{found.st_uid}:{found.st_gid}", mode=mode)


def _say(key: str, settings: Settings, **values: Any) -> None:
    _tell(text(key, settings.language, **values))


def _tell(words: str) -> None:
    stderr.print(words, markup=False, highlight=False, soft_wrap=True)


def _onboarding(name: str, others: Iterable[str]) -> str:
    """The account of devices that were not heard yet, which must be nobody else's: it writes everything."""
    from collectors.acl import require_name

    require_name(name, "an onboarding account")
    if name in others:
        raise InputError(f"an onboarding account must be no device's, got {name!r}")
    return name


def _usable(names: Iterable[str]) -> list[str]:
    """The names that may be accounts; the others are told."""
    from collectors.acl import require_name

    found = []
    for name in sorted(names):
        try:
            found.append(require_name(name, "an account of the broker"))
        except InputError as error:
            _tell(f"left out: {error}")
    return found


def _devices(settings: Settings) -> _Devices:
    """The devices of the register, those apart that are bound no more."""
    from collectors.families import load_families
    from quotawatt.app.home import prepare_home
    from quotawatt.register.repository import load_register
    from quotawatt.storage.records import open_records

    now = system_clock()
    records = open_records(settings.records_url, prepare_home(settings.home))
    try:
        families = load_families(records)
        bindings = load_register(records).bindings
    finally:
        records.dispose()
    named = {b.device for b in bindings if not b.device.startswith(_BY_HAND)}
    channels: dict[str, set[str]] = {}
    for binding in bindings:
        if binding.device in named and (binding.valid_until is None or binding.valid_until > now):
            channels.setdefault(binding.device, set()).add(binding.channel)
    heard = {device: families.get(device, set()) for device in sorted(channels)}
    return _Devices(heard, named - channels.keys(), channels)


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
