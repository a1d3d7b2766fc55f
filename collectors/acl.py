"""Which topics a device may publish under: the topic patterns of its family, with its own name filled in.

A subscriber can't see who published, so only the broker can hold a device to its own name. What is granted
is therefore what would be decoded as this device, and no topic that its families know and never look at,
such as those of commands; a name with which more would be granted than that is refused.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from collectors.filters import DEVICE, any_topics, covered, covers, own_topics, widest
from collectors.specs import MessageSpec, Profile
from collectors.topics import compile_topic
from quotawatt.errors import InputError

NATIVE = "native"
NAME_LIMIT = 128
# Levels that a topic filter can say exactly.
_SAYABLE = re.compile(r"[^{}*]+|\{(device#?|channel|name#?)\}|\*")
_FORBIDDEN = set('+#:%$"\\')


class Grant(NamedTuple):
    """Topic filters (with ``+`` and ``#``) that an account of the broker may publish under, sorted.

    ``denied`` are those among them that it may not, because nothing under them is ever read; ``commands``
    the topics by which it is told something: it may read them, and the collectors write them.
    """

    account: str
    topics: tuple[str, ...]
    denied: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def require_name(name: str, what: str) -> str:
    """Return a name that may stand in an account or a topic of the broker's files.

    Raises InputError where a character of it has a meaning there: a name must not become a rule.
    """
    bad = not name.isprintable() or bool(set(name) & _FORBIDDEN) or any(map(str.isspace, name))
    if bad or not 0 < len(name) <= NAME_LIMIT or "" in name.split("/"):
        raise InputError(
            f"{what} must have 1 to {NAME_LIMIT} printable characters, no space, none of "
            f"{' '.join(sorted(_FORBIDDEN))}, and no empty level, got {name!r}"
        )
    return name


class Families:
    """The topics of all profiles, to find those of a device by.

    profiles
        Built-in and own ones.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._messages: Mapping[str, Sequence[MessageSpec]] = {p.id: p.messages for p in profiles}
        texts = {t for p in profiles for m in p.messages if _by_topic(m) for t in m.topics}
        self._patterns = [compile_topic(text) for text in sorted(texts) if DEVICE.search(text)]
        self._fixed = frozenset(level for text in texts for level in _fixed_levels(text))

    def topics(self, device: str, profile: str, *, gateway: bool) -> frozenset[str]:
        """Filters of the topics whose messages are read as this device's, in one family.

        gateway
            The account speaks for several devices: then also the topics of messages that name their
            device in the payload, where no broker can tell which device it is.

        Raises InputError where the name is unsafe, or would cover the topics of other devices.
        """
        require_name(device, "a device that publishes")
        found: set[str] = set()
        for message in filter(_is_read, self._messages.get(profile, ())):
            for text in message.topics:
                if _by_topic(message):
                    found |= own_topics(text, device)
                elif gateway:
                    found |= any_topics(text)
        if self._fixed & set(device.split("/")):
            self._require_own(found, device)
        return frozenset(found)

    def denied(self, device: str, profile: str) -> frozenset[str]:
        """Filters within those of ``topics`` whose messages the family knows and never looks at."""
        found: set[str] = set()
        read: set[str] = set()
        messages = [m for m in self._messages.get(profile, ()) if _by_topic(m)]
        levels = {at for m in messages if _is_read(m) for t in m.topics for at in _places(t)}
        for message in messages:
            for text in message.topics:
                if _is_read(message):
                    read |= own_topics(text, device)
                elif _is_never_read(message) and _is_sayable(text, levels):
                    # What an earlier kind reads comes to that one.
                    found |= {t for t in own_topics(text, device) if not covered(t, read)}
        return frozenset(t for t in found if covered(t, read))

    def _require_own(self, filters: Iterable[str], device: str) -> None:
        """A name that looks like a part of some family's topics may be taken for it."""
        for granted, pattern in product(filters, self._patterns):
            for topic in _examples(granted, pattern.text):
                found = pattern.match(topic)
                # What lies below its own name is its own too.
                if found is not None and not f"{found.device}/".startswith(("/", f"{device}/")):
                    raise InputError(
                        f"a device that publishes must not be named like a part of a family's "
                        f"topics ({pattern.text}), got {device!r}"
                    )


def grants(
    devices: Mapping[str, Collection[str]],
    accounts: Mapping[str, Sequence[str]],
    families: Families,
) -> tuple[list[Grant], list[str]]:
    """What each account may publish, and what had to be refused, in words.

    devices
        Device -> the profiles it was heard by. The native one always is among what it may use.
    accounts
        Account -> devices it speaks for, where that is not each for itself.

    An account that is refused, or of which no topic is known, is granted nothing.
    """
    spoken_for = {device for own in accounts.values() for device in own}
    alone = {device: (device,) for device in devices if device not in spoken_for}
    found: list[Grant] = []
    refused: list[str] = []
    for account, own in sorted({**alone, **accounts}.items()):
        pairs = [(d, p) for d in own for p in sorted({NATIVE, *devices.get(d, ())})]
        try:
            require_name(account, "an account of the broker")
            topics = {p: families.topics(*p, gateway=account in accounts) for p in pairs}
        except InputError as error:
            refused.append(str(error))
            continue
        refused += [_unnamed(*pair) for pair in pairs if pair[1] != NATIVE and not topics[pair]]
        if any(topics.values()):
            found.append(_grant(account, topics, families))
        elif all(profile == NATIVE for _, profile in pairs):
            refused.append(_unnamed(account, NATIVE))
    return found, refused


def _grant(
    account: str, topics: Mapping[tuple[str, str], frozenset[str]], families: Families
) -> Grant:
    """What these topics, by device and profile, come to for an account."""
    every = frozenset().union(*topics.values())
    # Its own form stays in sight, whatever covers it.
    native = frozenset().union(*(own for (_, profile), own in topics.items() if profile == NATIVE))
    never = frozenset().union(*(families.denied(device, profile) for device, profile in topics))
    # What one family never looks at may be another's reading.
    denied = {t for t in never if not any(covers(t, topic) for topic in every)}
    return Grant(account, tuple(sorted(native | widest(every))), tuple(sorted(widest(denied))))


def _unnamed(device: str, profile: str) -> str:
    return (
        f"a device whose topics of family {profile} do not name it needs an account that speaks for "
        f"it (--accounts), got {device!r}"
    )


def _is_read(message: MessageSpec) -> bool:
    """Whether readings come of such messages, or are understood by them."""
    return bool(message.groups or message.announces or message.format == "native")


def _is_never_read(message: MessageSpec) -> bool:
    """Whether such messages are known by their topic alone, and never looked at."""
    return message.format == "any" and not message.shape and not _is_read(message)


def _places(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("/"))


def _is_sayable(text: str, read: Collection[tuple[int, str]]) -> bool:
    """Whether a filter of this pattern denies no more than the pattern says.

    A level that is wild in part becomes ``+``; that does no harm where it does so in what is read, too.
    """
    named = DEVICE.search(text) is not None
    return named and all(_SAYABLE.fullmatch(at[1]) or at in read for at in _places(text))


def _by_topic(message: MessageSpec) -> bool:
    return message.device == "{device}"


def _fixed_levels(text: str) -> Iterator[str]:
    return (level for level in text.split("/") if not re.search(r"[{}*+#]", level))


def _examples(granted: str, pattern: str) -> Iterator[str]:
    """Topics that the filter covers, with levels that the pattern asks for among them."""
    choices = sorted({"x", *_fixed_levels(pattern)})
    levels = granted.split("/")
    if levels[-1] == "#":
        # As many further levels as the pattern has.
        levels[-1:] = ["+"] * max(1, pattern.count("/") + 2 - len(levels))
    asked = [choices if level == "+" else [level] for level in levels]
    return ("/".join(chosen) for chosen in product(*asked))
