"""Topic filters of MQTT (``+``, ``#``) that a pattern comes to for a device, and comparing them."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from collectors.topics import compile_topic

DEVICE = re.compile(r"\{device#?\}")
"""A place for the device, or for a part of its name, in a pattern."""

_OTHER = re.compile(r"\{channel\}|\{name\}|\*")


def own_topics(text: str, device: str) -> set[str]:
    """The filters of one pattern for one device: none where its name does not fit the pattern."""
    places = DEVICE.findall(text)
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
        if wild and DEVICE.search(level):
            return set()  # MQTT has no wildcard inside a level: it would cover other devices
        levels.append("+" if wild else DEVICE.sub(lambda _: next(rest), level))
    return _ended(levels)


def any_topics(text: str) -> set[str]:
    """The filter of one pattern for any device; none where that would be every topic."""
    levels = ["+" if _OTHER.search(t) or DEVICE.search(t) else t for t in text.split("/")]
    return {found for found in _ended(levels) if set(found) - set("+#/")}


def _ended(levels: Sequence[str]) -> set[str]:
    """The levels as a filter, ``{name#}`` at its end being ``#``; elsewhere MQTT can't say it."""
    if any("{name#}" in level for level in levels[:-1]):
        return set()
    last = "#" if "{name#}" in levels[-1] else levels[-1]
    return {"/".join([*levels[:-1], last])}


def covers(wide: str, narrow: str) -> bool:
    """Whether every topic that fits the filter ``narrow`` fits ``wide`` too."""
    levels = narrow.split("/")
    for place, level in enumerate(wide.split("/")):
        if level == "#":
            return True
        if place >= len(levels) or levels[place] == "#" or level not in ("+", levels[place]):
            return False
    return wide.count("/") == narrow.count("/")


def covered(narrow: str, filters: Iterable[str]) -> bool:
    """Whether one of these filters covers it."""
    return any(covers(wide, narrow) for wide in filters)


def widest(filters: Collection[str]) -> set[str]:
    """The filters without those that another covers."""
    return {f for f in filters if not covered(f, (other for other in filters if other != f))}
