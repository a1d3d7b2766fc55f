"""Paths: where in a payload something stands.

A path is written as keys joined by dots, or as a list of keys where a key has a dot in it. A whole number
as key counts the entries of a list from 0. Where many places are meant (the ``at`` of a group), ``key[]``
stands for every entry of the list at that key, ``*`` for any characters of a key (or, alone, for every
entry of a list), and ``{channel}`` captures what stands in its place as the channel.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from quotawatt.errors import DecodeError, InputError

Path = tuple[str, ...]

PLACES_LIMIT = 10_000
CHANNEL = "{channel}"
_WILD = re.compile(r"\*|\{channel\}")


class _Each(Enum):
    ENTRY = "[]"


EACH = _Each.ENTRY
"""The step to every entry of a list."""


@dataclass(frozen=True, slots=True)
class Wild:
    """The step to every key that fits. ``regex`` None: to all; ``captures``: the key is a channel."""

    regex: re.Pattern[str] | None
    captures: bool


Step = str | Wild | _Each


class Place(NamedTuple):
    """A place that a path leads to.

    channel
        What ``{channel}`` stands for there.
    captured
        What each key that was no plain one stands for, in their order; entries of lists by number.
    """

    node: object
    channel: str
    captured: tuple[str, ...] = ()


def split_path(path: object) -> Path:
    """Keys of a path as a profile writes it; none for the empty one.

    Raises InputError where it is neither a text nor a list of texts and numbers, or has an empty key.
    """
    if isinstance(path, str):
        keys = path.split(".") if path else []
    elif isinstance(path, (list, tuple)):
        keys = [str(k) if isinstance(k, int) and not isinstance(k, bool) else k for k in path]
    else:
        keys = [""]
    if not all(isinstance(key, str) and key for key in keys):
        raise InputError(f"a path must be keys joined by dots, or a list of keys, got {path!r}")
    return tuple(keys)


def joined(path: Sequence[str]) -> str:
    """A path in one line, to be read."""
    return ".".join(path)


def is_plain(key: str) -> bool:
    """Whether a key stands for itself only."""
    return not (key.endswith("[]") or _WILD.search(key))


def key_pattern(key: str, ignore_case: bool = False) -> re.Pattern[str]:
    """A key with ``*`` and ``{channel}`` as a regular expression with a group a wildcard.

    Raises InputError where ``{channel}`` occurs twice.
    """
    if key.count(CHANNEL) > 1:
        raise InputError(f"a key must have at most one {{channel}}, got {key!r}")
    pieces = [re.escape(piece) for piece in _WILD.split(key)]
    groups = ["(.*)" if wild == "*" else "(?P<channel>.+)" for wild in _WILD.findall(key)]
    regex = pieces[0] + "".join(g + p for g, p in zip(groups, pieces[1:], strict=True))
    return re.compile(regex, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def compile_steps(path: Path) -> tuple[Step, ...]:
    """A path prepared for ``expand``. Raises InputError where a key is wrong."""
    return tuple(step for key in path for step in _steps(key))


def _steps(key: str) -> Iterator[Step]:
    entries = 0
    while key.endswith("[]"):
        key, entries = key[:-2], entries + 1
    if key:
        yield key if is_plain(key) else _wild(key)
    yield from [EACH] * entries


def _wild(key: str) -> Wild:
    if key in ("*", CHANNEL):
        return Wild(None, key == CHANNEL)
    return Wild(key_pattern(key), CHANNEL in key)


def look_up(node: object, path: Path) -> object:
    """The value at a path of plain keys; None where there is nothing."""
    for key in path:
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, list):
            node = _entry(node, key)
        else:
            return None
    return node


def _entry(entries: list[object], key: str) -> object:
    if not (key.isascii() and key.isdigit()) or int(key) >= len(entries):
        return None
    return entries[int(key)]


def expand(node: object, steps: Sequence[Step], channel: str) -> list[Place]:
    """The places that a path leads to; ``channel`` holds where none is captured.

    Raises DecodeError (``bad_payload``) where they are more than 10,000.
    """
    places = [Place(node, channel)]
    for step in steps:
        places = [found for place in places for found in _next(place, step)]
        if len(places) > PLACES_LIMIT:
            rule = f"a payload must have at most {PLACES_LIMIT} places for a group"
            raise DecodeError("bad_payload", f"{rule}, got {len(places)}")
    return places


def _next(place: Place, step: Step) -> list[Place]:
    node, channel, captured = place
    if isinstance(step, str):
        child = look_up(node, (step,))
        return [] if child is None else [Place(child, channel, captured)]
    if step is EACH:
        entries = node if isinstance(node, list) else []
        return [Place(child, channel, (*captured, str(i))) for i, child in enumerate(entries)]
    return _fitting(place, step)


def _fitting(place: Place, step: Wild) -> list[Place]:
    node, channel, captured = place
    regex, captures = step.regex, step.captures
    if regex is None:
        keyed = [(key, key, child) for key, child in children(node) if key]
    else:
        fits = ((key, regex.fullmatch(key), child) for key, child in children(node))
        keyed = [(key, found["channel"] if captures else "", c) for key, found, c in fits if found]
    return [
        Place(child, caught if captures else channel, (*captured, key))
        for key, caught, child in keyed
    ]


def children(node: object) -> Iterable[tuple[str, object]]:
    """Keys and values of an object; numbers and entries of a list; nothing of anything else."""
    if isinstance(node, dict):
        return node.items()
    if isinstance(node, list):
        return [(str(i), child) for i, child in enumerate(node)]
    return ()
