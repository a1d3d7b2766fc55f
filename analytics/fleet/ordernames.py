"""What places are called: by the register's geofences."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotawatt.fleet.trips import Place
from quotawatt.geography.fences import Fence, fence_of
from quotawatt.register.fleet import Geofence

_BETWEEN = re.compile(r"[;,、\n]|->|→")


@dataclass(frozen=True)
class NamedPlaces:
    """Areas with all that they are called, as ``plain`` writes it."""

    areas: Sequence[tuple[frozenset[str], Fence]]

    def unvisited(self, told: str, places: Iterable[Place | None]) -> tuple[str, ...]:
        """The destinations that are areas of the register and in none of which a place lies.

        told
            Destinations as the order has them; one that no area is called is not judged.
        """
        seen = [place for place in places if place is not None]
        latitudes = [place.latitude_deg for place in seen]
        longitudes = [place.longitude_deg for place in seen]
        return tuple(
            name
            for name in destinations(told)
            if (fences := self._called(name))
            and not any(fence.contains(latitudes, longitudes).any() for fence in fences)
        )

    def _called(self, name: str) -> list[Fence]:
        return [fence for names, fence in self.areas if plain(name) in names]


def named_places(geofences: Iterable[Geofence]) -> NamedPlaces:
    """The geofences in use, each called by its code and both names."""
    return NamedPlaces(
        [
            (frozenset(plain(name) for name in (g.code, g.name_zh, g.name_en) if name), fence_of(g))
            for g in geofences
            if g.status == "in_use"
        ]
    )


def destinations(told: str) -> list[str]:
    """The destinations of an order, one by one."""
    parts = (part.strip() for part in _BETWEEN.split(unicodedata.normalize("NFKC", told)))
    return [part for part in parts if part]


def plain(name: str) -> str:
    """A name as names are compared: plain forms, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
