"""Rules that the parts of a profile break together, each sound by itself."""

from collections.abc import Iterator

from collectors.commandspecs import command_problems
from collectors.specs import GroupSpec, Profile


def between(profile: Profile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The rules that the parts of a sound profile break together, each with its place."""
    for name, command in profile.commands.items():
        for rule in command_problems(name, command, profile.commands):
            yield ("commands", name), rule
    had: set[str] = set()
    for i, message in enumerate(profile.messages):
        if had.issuperset(message.topics):
            yield ("messages", i), "a message must come before one that takes all of its topics"
        if not message.shape:
            had |= set(message.topics)
    if any(message.announces for message in profile.messages):
        return
    for i, message in enumerate(profile.messages):
        for j, group in enumerate(message.groups):
            for rule in _unannounced(group):
                yield ("messages", i, "groups", j), rule


def _unannounced(spec: GroupSpec) -> Iterator[str]:
    """What a group must not have in a profile in which nothing is announced."""
    told = spec.named is not None and spec.named.unit is not None
    if not told and any(field.unit_given for field in spec.fields):
        yield "unit_given must stand with announces or named.unit"
    if spec.named and spec.named.alias is not None:
        yield "named.alias must stand with announces"
