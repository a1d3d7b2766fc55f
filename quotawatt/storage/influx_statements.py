"""What the InfluxDB adapter asks, in InfluxQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from quotawatt.quantities import QUANTITIES
from quotawatt.readings import SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import micros
from quotawatt.storage.influx_lines import literal
from quotawatt.storage.influx_points import SUSPECT, fields
from quotawatt.storage.resolution import Candidates

_Item = TypeVar("_Item")

# So many places or subjects are named in one statement, and so long is a query of several statements:
# its address would grow too long otherwise.
PLACES_A_QUERY = 100
QUERY_LENGTH = 20_000
_HOUR_US = 3_600_000_000

_BY_TAGS = "GROUP BY device, channel, revision"


class Place(NamedTuple):
    """A device's channel: the points of one place hold all its quantities."""

    device: str
    channel: str


def place(key: SeriesKey) -> Place:
    """Where a series is kept."""
    return Place(key.device, key.channel)


def groups(series: Collection[SeriesKey]) -> Iterator[tuple[list[str], Sequence[Place]]]:
    """Places that are asked for the same quantities, each group short enough for one query.

    What is no quantity has no readings and is left out.
    """
    quantities: defaultdict[Place, set[str]] = defaultdict(set)
    for key in series:
        if key.quantity in QUANTITIES:
            quantities[place(key)].add(key.quantity)
    places: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    for where in sorted(quantities):
        places[tuple(sorted(quantities[where]))].append(where)
    for names, together in places.items():
        for chosen in chunks(together, PLACES_A_QUERY):
            yield list(names), chosen


def at(places: Collection[Place]) -> str:
    """The condition that a point belongs to one of the places."""
    return f"({' OR '.join(_is(one) for one in places)})"


def readings_where(quantities: Sequence[str], where: str, tail: str = "") -> str:
    """The readings of these quantities at the points for which ``where`` holds."""
    return f"SELECT {fields(quantities)} FROM readings WHERE {where} {_BY_TAGS} {tail}"


def sound_where(quantity: str, where: str, direction: str, count: int) -> str:
    """The ``count`` readings of each place, not suspect, that come first in ``direction``."""
    there = f"{where} AND {_present(quantity)}"
    return readings_where([quantity], there, f"ORDER BY time {direction} LIMIT {count}")


def suspect_corrections_where(quantity: str, where: str) -> str:
    """The corrections of a quantity that have, or had, a suspect value."""
    return readings_where(
        [quantity], f"{where} AND revision <> '' AND {_present(quantity + SUSPECT)}"
    )


def values_where(quantities: Sequence[str], where: str, tail: str = "") -> str:
    """The values of these quantities that are not suspect, and no more, where ``where`` holds.

    A point that has none of them is not answered.
    """
    return f"SELECT {', '.join(quantities)} FROM readings WHERE {where} {_BY_TAGS} {tail}"


def hiding_where(quantities: Sequence[str], where: str) -> str:
    """The suspect values of corrections: each hides the reading that it corrects."""
    names = [name + SUSPECT for name in quantities]
    return values_where(names, f"{where} AND revision <> ''")


def latest_times(places: Collection[Place]) -> str:
    """The time of the last point of each of the places, whatever it holds."""
    return f"SELECT LAST(arrived) FROM readings WHERE {at(places)} GROUP BY device, channel"


def latest_since(time_us: int) -> str:
    """The time of the last point of every place that has one at an instant or after it."""
    return f"SELECT LAST(arrived) FROM readings WHERE time >= {time_us}u GROUP BY device, channel"


def activity_within(quantity: str, span: Span) -> Iterator[str]:
    """What a quantity did at each place: three statements, for a selector gives its time only by itself.

    The columns of the answers are named ``FIGURE:QUANTITY``.
    """
    source = f"FROM readings WHERE {_during(span)} GROUP BY device, channel"
    yield f'SELECT FIRST({quantity}) AS "first:{quantity}" {source}'
    yield f'SELECT LAST({quantity}) AS "last:{quantity}" {source}'
    figures = ("count", "COUNT"), ("minimum", "MIN"), ("maximum", "MAX")
    columns = (f'{function}({quantity}) AS "{name}:{quantity}"' for name, function in figures)
    yield f"SELECT {', '.join(columns)} {source}"


def corrected_within(span: Span) -> str:
    """The places that have corrections: there a point may hide another one."""
    where = f"{_during(span)} AND revision <> ''"
    return f"SELECT COUNT(arrived) FROM readings WHERE {where} GROUP BY device, channel"


def in_the_way(batch: Candidates, keys: Sequence[SeriesKey]) -> Iterator[str]:
    """The points of each place of ``batch`` from the first to the last of its times there.

    Places of the same quantities whose times begin in one hour and end in one hour are asked for together,
    so that a batch that comes again costs few statements and reads little that is not in the way.
    """
    extents: dict[Place, tuple[int, int]] = {}
    names: defaultdict[Place, set[str]] = defaultdict(set)
    for number, first_us, last_us in _extents(batch, len(keys)):
        where = place(keys[number])
        known_first, known_last = extents.get(where, (first_us, last_us))
        extents[where] = min(first_us, known_first), max(last_us, known_last)
        names[where].add(keys[number].quantity)
    alike: defaultdict[tuple[tuple[str, ...], int, int], list[Place]] = defaultdict(list)
    for where, (first_us, last_us) in extents.items():
        quantities = tuple(sorted(names[where]))
        alike[quantities, first_us // _HOUR_US, last_us // _HOUR_US].append(where)
    for (quantities, *_), places in alike.items():
        for some in chunks(places, PLACES_A_QUERY):
            first_us = min(extents[where][0] for where in some)
            last_us = max(extents[where][1] for where in some)
            during = f"time >= {first_us}u AND time <= {last_us}u"
            yield readings_where(quantities, f"{at(some)} AND {during}")


def results_wanted(
    subjects: Collection[str] | None, measures: Collection[str], span: Span
) -> Iterator[str]:
    """Conditions that together choose results, withdrawn ones too, each short enough for one query."""
    if not measures:
        return
    chosen = _any("measure", sorted(set(measures)))
    when = _during(span)
    if subjects is None:
        yield f"{when} AND {chosen}"
    for some in chunks(sorted(set(subjects or ())), PLACES_A_QUERY):
        yield f"{when} AND {chosen} AND {_any('subject', some)}"


def queries(statements: Iterable[str]) -> Iterator[str]:
    """The statements, in their order, as few queries as their length allows."""
    together: list[str] = []
    for statement in statements:
        if together and sum(map(len, together)) + len(statement) > QUERY_LENGTH:
            yield "; ".join(together)
            together = []
        together.append(statement)
    if together:
        yield "; ".join(together)


def chunks(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """``items`` in pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _during(span: Span) -> str:
    """The condition that a point lies within the span."""
    return f"time >= {micros(span.start)}u AND time < {micros(span.end)}u"


def _is(where: Place) -> str:
    """The condition that a point belongs to the place; InfluxQL takes a tag left out for empty."""
    return f"(device = {literal(where.device)} AND channel = {literal(where.channel)})"


def _any(name: str, values: Sequence[str]) -> str:
    """The condition that a tag has one of the values."""
    return f"({' OR '.join(f'{name} = {literal(value)}' for value in values)})"


def _present(field: str) -> str:
    """The condition that a point has this field, a number: no comparison holds for one that is absent."""
    return f"({field} > 0 OR {field} <= 0)"


def _extents(batch: Candidates, count: int) -> Iterator[tuple[int, int, int]]:
    """Number, first and last time of each series in ``batch``, of ``count`` that there are."""
    limits = np.iinfo(np.int64)
    first = np.full(count, limits.max)
    last = np.full(count, limits.min)
    np.minimum.at(first, batch.series, batch.time_us)
    np.maximum.at(last, batch.series, batch.time_us)
    for number in np.unique(batch.series).tolist():
        yield number, int(first[number]), int(last[number])
