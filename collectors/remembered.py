"""Answers about keys that are remembered: devices send the same topics and keys all the time."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

KEYS = 2_000
CHARACTERS = 64


class Remembered(dict[str, T]):
    """What ``find`` says of a key, asked once: ``remembered[key]``.

    However many keys come, and however long they are, at most ``keys`` of at most ``characters`` are held:
    where one more comes, all are forgotten and asked for again.
    """

    def __init__(
        self, find: Callable[[str], T], keys: int = KEYS, characters: int = CHARACTERS
    ) -> None:
        super().__init__()
        self._find = find
        self._keys = keys
        self._characters = characters

    def __missing__(self, key: str) -> T:
        found = self._find(key)
        if len(key) <= self._characters:
            if len(self) >= self._keys:
                self.clear()
            self[key] = found
        return found
