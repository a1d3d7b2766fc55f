"""Figures of the register that a rule can divide by."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from analytics.totals.segments import followed_tree, segments
from analytics.yearly.accounts import mean_area_m2
from quotawatt.register.model import Register
from quotawatt.rulebook.indicators import GROSS_AREA

PEOPLE = ("in_post", "non_establishment", "service", "students")
"""Components of the head-count that are people who use energy every day; beds and visitors are none."""

FigureOf = Callable[[str], float | None]
"""A figure of an asset by its code; None: not known, or nothing."""


def figure_of(figure: str, register: Register, day: date) -> FigureOf:
    """The look-up of one of ``alert_rules.REGISTER_FIGURES`` as of a local day; it asks once an asset."""
    following = day + timedelta(days=1)

    def area(code: str) -> float | None:
        return mean_area_m2(code, segments(register, day, following))

    def people(code: str) -> float | None:
        if code not in register.organisations:
            return None
        held = register.as_of(day)
        return held.headcount_mean(code, PEOPLE, day, following, followed_tree(held, code))

    return cache(area if figure == GROSS_AREA else people)
