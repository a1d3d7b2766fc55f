"""Which topics a device may publish under: the topic patterns of its family, with its own name filled in.

A subscriber can't see who published, so only the broker can hold a device to its own name. What is granted
is therefore exactly what would be decoded as this device; a name with which more would be granted than
that is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

from collectors.specs import MessageSpec, Profile
from collectors.topics import compile_topic
from quotawatt.errors import InputError

NATIVE = "native"
NAME_LIMIT = 128
_DEVICE = re.compile(r"\{device#?\}")
_OTHER = re.compile(r"\{channel\}|\{name\}|\*")
_FORBIDDEN = set('+#:%$"\\')


class Grant(NamedTuple):
    """Topic filters (with ``+`` and ``#``) that an account of the broker may publish under, sorted."""

    account: str
    topics: tuple[str, ...]


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
        self._patterns = [compile_topic(text) for text in sorted(texts) if _DEVICE.search(text)]
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
        for message in self._messages.get(profile, ()):
            for text in message.topics:
                if _by_topic(message):
                    found |= _own_topics(text, device)
                elif gateway:
                    found |= _any_topics(text)
        if self._fixed & set(device.split("/")):
            self._require_own(found, device)
        return frozenset(found)

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
    devices: Mapping[str, str], accounts: Mapping[str, Sequence[str]], families: Families
) -> tuple[list[Grant], list[str]]:
    """What each account may publish, and what had to be refused, in words.

    devices
        Device -> its profile; the native one where none is known.
    accounts
        Account -> devices it speaks for, where that is not each for itself.

    An account that is refused, or of which no topic is known, is granted nothing.
    """
    spoken_for = {device for own in accounts.values() for device in own}
    alone = {device: (device,) for device in devices if device not in spoken_for}
    found: list[Grant] = []
    refused: list[str] = []
    for account, own in sorted({**alone, **accounts}.items()):
        gateway = account in accounts
        topics: set[str] = set()
        try:
            require_name(account, "an account of the broker")
            for device in own:
                topics |= families.topics(device, devices.get(device, NATIVE), gateway=gateway)
        except InputError as error:
            refused.append(str(error))
            continue
        if topics:
            found.append(Grant(account, tuple(sorted(topics))))
        else:
            refused.append(
                f"a device whose messages name it in the payload needs an account that speaks for "
                f"it, got {account!r}"
            )
    return found, refused


def _by_topic(message: MessageSpec) -> bool:
    return message.device == "{device}"


def _fixed_levels(text: str) -> Iterator[str]:
    return (level for level in text.split("/") if not re.search(r"[{}*+#]", level))


def _own_topics(text: str, device: str) -> set[str]:
    """The filters of one pattern for one device: none where its name does not fit the pattern."""
    places = _DEVICE.findall(text)
    if not places:
        # Without a place for it, the whole topic is the device.
        return {device} if compile_topic(text).match(device) is not None else set()
    parts = device.split("/")
    found = set()
    for cuts in combinations(range(1, len(parts)), len(places) - 1):
        bounds = zip((0, *cuts), (*cuts, len(parts)), strict=True)
        pieces = ["/".join(parts[start:end]) for start, end in bounds]
        if all(
            "#" in place or "/" not in piece for place, piece in zip(places, pieces, strict=True)
        ):
            found |= _filled(text, pieces)
    return found


def _filled(text: str, pieces: Sequence[str]) -> set[str]:
    """The pattern with these pieces in its places for the device, all other places being wildcards."""
    rest = iter(pieces)
    levels = []
    for level in text.split("/"):
        wild = _OTHER.search(level) is not None
        if wild and _DEVICE.search(level):
            return set()  # MQTT has no wildcard inside a level: it would cover other devices
        levels.append("+" if wild else _DEVICE.sub(lambda _: next(rest), level))
    return _ended(levels)


def _any_topics(text: str) -> set[str]:
    """The filter of one pattern for any device; none where that would be every topic."""
    levels = ["+" if _OTHER.search(t) or _DEVICE.search(t) else t for t in text.split("/")]
    return {found for found in _ended(levels) if set(found) - set("+#/")}


def _ended(levels: Sequence[str]) -> set[str]:
    """The levels as a filter, ``{name#}`` at its end being ``#``; elsewhere MQTT can't say it."""
    if any("{name#}" in level for level in levels[:-1]):
        return set()
    last = "#" if "{name#}" in levels[-1] else levels[-1]
    return {"/".join([*levels[:-1], last])}


def _examples(granted: str, pattern: str) -> Iterator[str]:
    """Topics that the filter covers, with levels that the pattern asks for among them."""
    choices = sorted({"x", *_fixed_levels(pattern)})
    levels = [choices if level in ("+", "#") else [level] for level in granted.split("/")]
    return ("/".join(chosen) for chosen in product(*levels))
