"""Which fields read which key of an object, where keys are given as patterns."""

from collections.abc import Iterator, Sequence

from collectors.fields import Field
from collectors.paths import children

Fits = tuple[tuple[Field, str | None], ...]
"""Fields that fit a key, in their order, each with the channel that it captures (None: none)."""

_KEYS_LIMIT = 10_000


class KeyTable:
    """Looks fields up by key, and remembers what it found: devices send the same keys all the time."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = tuple(fields)
        self._known: dict[str, Fits] = {}

    def matches(self, holder: object) -> Iterator[tuple[str, object, Fits]]:
        """Key, value and fields of everything in an object (or list) that a field fits."""
        for key, value in children(holder):
            if fits := self.fits(key):
                yield key, value, fits

    def fits(self, key: str) -> Fits:
        """The fields that fit a key."""
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _KEYS_LIMIT:
                self._known.clear()
            found = self._known[key] = tuple(self._find(key))
        return found

    def _find(self, key: str) -> Iterator[tuple[Field, str | None]]:
        for field in self._fields:
            if field.pattern is None:
                if field.key == key:
                    yield field, None
            elif match := field.pattern.fullmatch(key):
                yield field, match.groupdict().get("channel")
