"""Places: where in a payload the paths of groups lead, all of them found in one pass.

Paths that begin alike share their beginning, and the keys of an object are looked up once for all of its
wildcards: what a payload doesn't hold costs next to nothing, however much of it a profile knows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from collectors.paths import EACH, Path, Step, Wild, children, compile_steps, look_up
from collectors.remembered import Remembered
from quotawatt.errors import DecodeError

PLACES_LIMIT = 10_000


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


class Places:
    """Finds the places of several paths, which are numbered from 0 in their order."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._root = _Branch()
        for number, path in enumerate(paths):
            branch = self._root
            for step in compile_steps(path):
                branch = branch.next(step)
            branch.numbers.append(number)

    def find(self, root: object, channel: str) -> dict[int, list[Place]]:
        """The places by the number of their path; those of a path in their order in the payload.

        ``channel`` holds where none is captured. Raises DecodeError (``bad_payload``) where a path leads to
        more than 10,000 places.
        """
        found: dict[int, list[Place]] = {}
        self._root.walk([Place(root, channel)], found)
        return found


class _Branch:
    """What follows a common beginning of paths: further keys, or their end.

    fits
        Branches of the wildcards that fit a key, each with the channel captured (None: none).
    """

    __slots__ = ("entries", "fits", "numbers", "plain", "wild")

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.plain: dict[str, _Branch] = {}
        self.entries: _Branch | None = None
        self.wild: list[tuple[Wild, _Branch]] = []
        self.fits = Remembered(self._find)

    def next(self, step: Step) -> "_Branch":
        """The branch behind a step, a new one where there is none."""
        if isinstance(step, str):
            return self.plain.setdefault(step, _Branch())
        if step is EACH:
            self.entries = self.entries or _Branch()
            return self.entries
        for wild, branch in self.wild:
            if wild == step:
                return branch
        self.wild.append((step, _Branch()))
        return self.wild[-1][1]

    def walk(self, places: list[Place], found: dict[int, list[Place]]) -> None:
        """Put the places of all paths that go through these into ``found``."""
        if len(places) > PLACES_LIMIT:
            rule = f"a payload must have at most {PLACES_LIMIT} places for a group"
            raise DecodeError("bad_payload", f"{rule}, got {len(places)}")
        for number in self.numbers:
            found[number] = places
        for key, branch in self.plain.items():
            if inner := _at_key(places, key):
                branch.walk(inner, found)
        if self.entries is not None and (inner := _entries(places)):
            self.entries.walk(inner, found)
        if self.wild:
            for branch, inner in self._fitting(places).items():
                branch.walk(inner, found)

    def _fitting(self, places: list[Place]) -> "dict[_Branch, list[Place]]":
        fitting: dict[_Branch, list[Place]] = {}
        for node, channel, captured in places:
            for key, child in children(node):
                for branch, caught in self.fits[key]:
                    of = channel if caught is None else caught
                    fitting.setdefault(branch, []).append(Place(child, of, (*captured, key)))
        return fitting

    def _find(self, key: str) -> "tuple[tuple[_Branch, str | None], ...]":
        tried = ((wild.fit(key), branch) for wild, branch in self.wild)
        return tuple((branch, fit.channel) for fit, branch in tried if fit is not None)


def _at_key(places: list[Place], key: str) -> list[Place]:
    inner = []
    for node, channel, captured in places:
        child = node.get(key) if type(node) is dict else look_up(node, (key,))
        if child is not None:
            inner.append(Place(child, channel, captured))
    return inner


def _entries(places: list[Place]) -> list[Place]:
    return [
        Place(child, channel, (*captured, str(i)))
        for node, channel, captured in places
        if isinstance(node, list)
        for i, child in enumerate(node)
    ]
