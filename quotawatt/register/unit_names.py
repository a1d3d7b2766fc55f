"""How units and their multiples are written, behind a heading or a number."""

import re
from collections.abc import Mapping
from functools import cache

from quotawatt.register.header_table import header_table, spelled


@cache
def unit_spellings(unit: str) -> frozenset[str]:
    """How a unit is written; nothing for none."""
    others = header_table()["units"].get(unit, ())
    return frozenset(spelled(name) for name in (unit, *others)) if unit else frozenset()


@cache
def multiples(unit: str) -> Mapping[str, int]:
    """How multiples of a unit are written -> how many of it they are."""
    table = header_table()["multiples"].get(unit, {})
    return {spelled(name): times for times, names in table.items() for name in names}


@cache
def heading_with_unit() -> re.Pattern[str]:
    """A heading with a unit behind it, without brackets."""
    table = header_table()
    known = {*table["units"], *table["multiples"]}
    names = {name for unit in known for name in (*unit_spellings(unit), *multiples(unit))}
    return re.compile(f"^(.+?)[/_:,]?({'|'.join(map(re.escape, sorted(names, key=len)[::-1]))})$")
