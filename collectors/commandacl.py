"""Command topics in the broker's access rules: the collectors may write them, each device reads its own."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from collectors.acl import Grant
from collectors.filters import covers
from quotawatt.devicecommands import Catalogue, telegram
from quotawatt.errors import InputError


def command_topics(
    channels: Mapping[str, Collection[str]],
    families: Mapping[str, Collection[str]],
    catalogue: Catalogue,
) -> dict[str, tuple[str, ...]]:
    """The topics by which each device can be told something, sorted; devices without any are left out.

    channels
        The channels of each device that are bound now.
    families
        The profiles that each device was heard by.
    """
    found = {
        device: tuple(sorted(set(_topics(device, bound, families.get(device, ()), catalogue))))
        for device, bound in channels.items()
    }
    return {device: topics for device, topics in found.items() if topics}


def with_commands(
    grants: Sequence[Grant],
    topics: Mapping[str, Sequence[str]],
    accounts: Mapping[str, Sequence[str]],
) -> list[Grant]:
    """The grants, each with the command topics of the devices that it is for.

    accounts
        Account -> devices it speaks for, where that is not each for itself.

    A filter that denies a command topic goes: it would keep the device from reading it.
    """
    return [_with_commands(grant, topics, accounts) for grant in grants]


def _with_commands(
    grant: Grant, topics: Mapping[str, Sequence[str]], accounts: Mapping[str, Sequence[str]]
) -> Grant:
    devices = accounts.get(grant.account, (grant.account,))
    own = tuple(sorted({topic for device in devices for topic in topics.get(device, ())}))
    denied = (f for f in grant.denied if not any(covers(f, topic) for topic in own))
    return grant._replace(commands=own, denied=tuple(denied))


def _topics(
    device: str, channels: Collection[str], families: Collection[str], catalogue: Catalogue
) -> Iterator[str]:
    for family in families:
        for command in catalogue.get(family, {}).values():
            value = command.low if command.kind.takes_value else None
            for channel in channels:
                try:
                    yield telegram(command, device, channel, value).topic
                except InputError:
                    continue  # a channel that the family does not command, or a name that is unsafe
