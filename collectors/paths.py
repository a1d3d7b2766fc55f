"""Paths: where in a payload something stands.

A path is written as keys joined by dots, or as a list of keys where a key has a dot in it. A whole number
as key counts the entries of a list from 0. Where many places are meant (the ``at`` of a group), ``key[]``
stands for every entry of the list at that key, ``*`` for any characters of a key (or, alone, for every
entry of a list), and ``{channel}`` captures what stands in its place as the channel.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from quotawatt.errors import InputError

Path = tuple[str, ...]

CHANNEL = "{channel}"
KEY_LIMIT = 256
_WILD = re.compile(r"\*|\{channel\}")


class _Each(Enum):
    ENTRY = "[]"


EACH = _Each.ENTRY
"""The step to every entry of a list."""


class Fit(NamedTuple):
    """That a key fits; ``channel`` is what it captures, None where it captures none."""

    channel: str | None


@dataclass(frozen=True, slots=True)
class Wild:
    """The step to every key that fits. ``regex`` None: to all; ``captures``: the key is a channel.

    A key of more than 256 characters is no device's, and fits none.
    """

    regex: re.Pattern[str] | None
    captures: bool

    def fit(self, key: str) -> Fit | None:
        """Whether a key fits, and as which channel."""
        if not key or len(key) > KEY_LIMIT:
            return None
        if self.regex is None:
            return Fit(key if self.captures else None)
        found = self.regex.fullmatch(key)
        return found and Fit(found["channel"] if self.captures else None)


Step = str | Wild | _Each


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


def key_pattern(key: str, ignore_case: bool = False) -> Wild:
    """What fits a key with ``*`` and, at most once, ``{channel}``."""
    if key in ("*", CHANNEL):
        return Wild(None, key == CHANNEL)
    pieces = [re.escape(piece) for piece in _WILD.split(key)]
    groups = [".*" if wild == "*" else "(?P<channel>.+)" for wild in _WILD.findall(key)]
    regex = pieces[0] + "".join(g + p for g, p in zip(groups, pieces[1:], strict=True))
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return Wild(re.compile(regex, flags), CHANNEL in key)


def compile_steps(path: Path) -> tuple[Step, ...]:
    """The steps that a path takes."""
    return tuple(step for key in path for step in _steps(key))


def _steps(key: str) -> Iterator[Step]:
    entries = 0
    while key.endswith("[]"):
        key, entries = key[:-2], entries + 1
    if key:
        yield key if is_plain(key) else key_pattern(key)
    yield from [EACH] * entries


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


def getter(path: Path) -> Callable[[object], object]:
    """``look_up`` of one path, prepared."""
    if len(path) != 1:
        return lambda node: look_up(node, path)
    key = path[0]

    def get(node: object) -> object:
        return node.get(key) if type(node) is dict else look_up(node, path)

    return get


def _entry(entries: list[object], key: str) -> object:
    if not (key.isascii() and key.isdigit()) or int(key) >= len(entries):
        return None
    return entries[int(key)]


def children(node: object) -> Iterable[tuple[str, object]]:
    """Keys and values of an object; numbers and entries of a list; nothing of anything else."""
    if isinstance(node, dict):
        return node.items()
    if isinstance(node, list):
        return [(str(i), child) for i, child in enumerate(node)]
    return ()
