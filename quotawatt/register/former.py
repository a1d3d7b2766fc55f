"""What the columns of assets held before they were changed: reading former values, and what held on a day.

Days are local days at the asset's place. A column holds the former value that ends first after the day,
else what the asset's row says; so there are neither gaps nor overlaps.
"""

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from quotawatt.errors import InputError
from quotawatt.register.kinds import Asset, FormerValue
from quotawatt.register.rows import column_of, kind_of, parse_cell

Formers = Mapping[str, Mapping[str, Sequence[FormerValue]]]
"""Former values by asset and column, each in the order in which they ended."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a column held over ``[valid_from, valid_until)``; None: always before, still after."""

    value: Any
    valid_from: date | None
    valid_until: date | None


def formers_of(former_values: Iterable[FormerValue]) -> Formers:
    """Former values by asset and column."""
    found: dict[str, dict[str, list[FormerValue]]] = {}
    for former in former_values:
        found.setdefault(former.asset, {}).setdefault(former.attribute, []).append(former)
    for attributes in found.values():
        for held in attributes.values():
            held.sort(key=_end)
    return found


def held_on(asset: Asset, formers: Mapping[str, Sequence[FormerValue]], day: date) -> Asset:
    """The asset with the values of that day; itself where none was another.

    Raises InputError where a former value is none of its column.
    """
    values = {
        name: value_of(asset, held[position])
        for name, held in formers.items()
        if (position := bisect_right(held, day, key=_end)) < len(held)
    }
    return dataclasses.replace(asset, **values) if values else asset


def history(asset: Asset, formers: Mapping[str, Sequence[FormerValue]]) -> dict[str, list[Held]]:
    """Of each column that was ever changed what it held, in order; the last is what the row says."""
    found: dict[str, list[Held]] = {}
    for name, held in formers.items():
        since: date | None = None
        steps: list[Held] = []
        for former in held:
            steps.append(Held(value_of(asset, former), since, former.valid_until))
            since = former.valid_until
        found[name] = [*steps, Held(getattr(asset, name), since, None)]
    return found


def value_of(asset: Asset, former: FormerValue) -> Any:
    """The value that a former value stands for. Raises InputError where it is none of its column."""
    try:
        return _parsed(kind_of(asset), former.attribute, former.value)
    except (KeyError, ValueError) as error:
        rule = f"a former value must be one of {former.asset}'s column {former.attribute}"
        raise InputError(f"{rule}, got {former.value!r} ({error})") from None


@lru_cache(maxsize=65536)
def _parsed(kind: str, attribute: str, text: str) -> Any:
    return parse_cell(column_of(kind, attribute), text)


def _end(former: FormerValue) -> date:
    return former.valid_until
