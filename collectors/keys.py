"""Which fields read which key of an object, where keys are given as patterns."""

from collections.abc import Iterator, Sequence

from collectors.fields import Field
from collectors.paths import children
from collectors.remembered import Remembered

Fits = tuple[tuple[Field, str | None], ...]
"""Fields that fit a key, in their order, each with the channel that it captures (None: none)."""


class KeyTable:
    """Looks fields up by key."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = tuple(fields)
        self._fits = Remembered(lambda key: tuple(self._find(key)))

    def matches(self, holder: object) -> list[tuple[str, object, Fits]]:
        """Key, value and fields of everything in an object (or list) that a field fits."""
        known = self._fits
        return [(key, value, fits) for key, value in children(holder) if (fits := known[key])]

    def _find(self, key: str) -> Iterator[tuple[Field, str | None]]:
        for field in self._fields:
            if field.pattern is None:
                if field.key == key:
                    yield field, None
            elif (fit := field.pattern.fit(key)) is not None:
                yield field, fit.channel
