"""Topic patterns: which MQTT topics a profile reads, and what their levels say.

A pattern is a topic whose levels may be ``+`` (any one level) and, at the end, ``#`` (any further levels).
Inside a level ``*`` stands for any characters, ``{channel}`` captures the channel, ``{device}`` the
device; ``{device#}`` captures one or more levels. Several device placeholders are joined with ``/``, so
that equal names under different prefixes stay different devices.
"""

import re
from dataclasses import dataclass

from quotawatt.errors import InputError

_PIECE = re.compile(r"\{[^{}]*\}|[*{}]|[^{}*]+")
_REGEXES = {"{device#}": "(.+?)", "{device}": "([^/]+)", "{channel}": "(?P<channel>[^/]+)"}


@dataclass(frozen=True, slots=True)
class TopicPattern:
    """A compiled pattern."""

    text: str
    regex: re.Pattern[str]

    def match(self, topic: str) -> tuple[str, str] | None:
        """(device, channel) of a topic that fits, each empty where the pattern has no place for it."""
        found = self.regex.fullmatch(topic)
        if found is None:
            return None
        channel = self.regex.groupindex.get("channel")
        devices = [g for i, g in enumerate(found.groups(), 1) if i != channel]
        return "/".join(devices), found["channel"] if channel else ""


def compile_topic(pattern: str) -> TopicPattern:
    """Compile a pattern. Raises InputError where it breaks the rules above."""
    levels = pattern.split("/")
    rest = levels[-1] == "#"
    if rest:
        levels.pop()
    regex = "/".join(_level_regex(level, pattern) for level in levels) + (
        "(?:/.*)?" if rest else ""
    )
    if not levels or regex.count("?P<channel>") > 1:
        raise InputError(f"a topic has a first level and at most one {{channel}}, got {pattern!r}")
    return TopicPattern(pattern, re.compile(regex, re.DOTALL))


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
            f"a topic's placeholders are +, *, {{device}}, {{device#}}, {{channel}} and, as its last "
            f"level, #; got {piece!r} in {pattern!r}"
        )
    return re.escape(piece)
