"""Topic patterns: which MQTT topics a profile reads, and what their levels say.

A pattern is a topic whose levels may be ``+`` (any one level) and, at the end, ``#`` (any further levels).
Inside a level ``*`` stands for any characters, ``{channel}`` captures the channel, ``{name}`` the name of
the one value that the message holds, ``{device}`` the device; ``{device#}`` and ``{name#}`` capture one or
more levels. Several device placeholders are joined with ``/``, so that equal names under different
prefixes stay different devices.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from quotawatt.errors import InputError

_PIECE = re.compile(r"\{[^{}]*\}|[*{}]|[^{}*]+")
_REGEXES = {
    "{device#}": "(.+?)",
    "{device}": "([^/]+)",
    "{channel}": "(?P<channel>[^/]+)",
    "{name}": "(?P<name>[^/]+)",
    "{name#}": "(?P<name>.+)",
}
ANY = "#"
"""The pattern of every topic."""


class Topic(NamedTuple):
    """What a topic says; empty where its pattern has no place for it."""

    device: str
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class TopicPattern:
    """A compiled pattern. ``first`` and ``last`` are those levels where they are fixed texts, else None."""

    text: str
    regex: re.Pattern[str]
    first: str | None
    last: str | None

    @property
    def names(self) -> bool:
        """Whether a topic names the value that its message holds."""
        return "name" in self.regex.groupindex

    def match(self, topic: str) -> Topic | None:
        """What a topic that fits says."""
        found = self.regex.fullmatch(topic)
        if found is None:
            return None
        named = found.groupdict()
        others = self.regex.groupindex.values()
        devices = [g for i, g in enumerate(found.groups(), 1) if i not in others]
        return Topic("/".join(devices), named.get("channel", ""), named.get("name", ""))


def compile_topic(pattern: str) -> TopicPattern:
    """Compile a pattern. Raises InputError where it breaks the rules above."""
    levels = pattern.split("/")
    rest = levels[-1] == "#"
    if rest:
        levels.pop()
    regex = "/".join(_level_regex(level, pattern) for level in levels)
    regex = ".*" if not levels else regex + ("(?:/.*)?" if rest else "")
    if max(regex.count("?P<channel>"), regex.count("?P<name>")) > 1 or not pattern:
        rule = "a topic has at least one level and at most one {channel} and one {name}"
        raise InputError(f"{rule}, got {pattern!r}")
    if pattern.count("#}") > 2:  # each of them takes the time of a topic's length times over
        raise InputError(f"a topic has at most two of {{device#}} and {{name#}}, got {pattern!r}")
    first = _fixed(levels[0]) if levels else None
    last = None if rest else _fixed(levels[-1])
    return TopicPattern(pattern, re.compile(regex, re.DOTALL), first, last)


def _fixed(level: str) -> str | None:
    return None if set(level) & set("+*{") else level


def _level_regex(level: str, pattern: str) -> str:
    if level == "+":
        return "[^/]+"
    parts = [_piece_regex(piece, pattern) for piece in _PIECE.findall(level)]
    return "".join(parts)


def _piece_regex(piece: str, pattern: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece in _REGEXES:
        return _REGEXES[piece]
    if set(piece) & set("{}+#"):
        raise InputError(
            "a topic's placeholders are +, *, {device}, {device#}, {channel}, {name}, {name#} and, as its "
            f"last level, #; got {piece!r} in {pattern!r}"
        )
    return re.escape(piece)
