"""Figures under a heading that names a unit, 购入量(吨), in the unit of their row's quantity."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quotawatt.hand import rules
from quotawatt.quantities import quantity
from quotawatt.register.header_table import header_table, spelled
from quotawatt.register.problems import Problem
from quotawatt.register.rows import Row
from quotawatt.register.unit_names import multiples, unit_spellings


def in_own_units(row: Row, name: str) -> tuple[Mapping[str, Any], list[Problem]]:
    """The cells of a row of this quantity, and the columns whose unit is none of the quantity's."""
    cells, problems = dict(row.cells), []
    for column, unit in row.units.items():
        figure = cells.get(column)
        if figure is None:
            continue
        times = times_of(unit, name)
        if times is None:
            rule = rules.UNIT.of(quantity=name, unit=quantity(name).unit)
            problems.append(Problem(row.where.at(column), rule, unit))
        else:
            # In decimal, so that 2.3 times 1000 is 2300.
            cells[column] = float(Decimal(repr(float(figure))) * times)
    return cells, problems


def times_of(unit: str, name: str) -> int | None:
    """How many of a quantity's unit one of ``unit`` is; None where it is no unit of the quantity."""
    plain, own = spelled(unit), quantity(name).unit
    others = {spelled(other) for other in header_table()["also"].get(name, ())}
    if plain in unit_spellings(own) or plain in others:
        return 1
    return multiples(own).get(plain)
